/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/life_logins.h"

#include <stdlib.h>

#include "base/memory.h"

enum { SESSIONS = 8192, FAILURES = 4096, FAILURE_PLACES = 4 };
#define TOLD_AGAIN_US (30 * SECOND_US)

struct session {
	uint64_t process;
	uint32_t account;
	struct ip ip;
};

/* of one address and name: told by one side, and not yet by the other */
struct failure {
	uint64_t key;
	int64_t t_us;
	int32_t ahead; /* tellings of the backend that the server has not repeated; negative: of the server */
};

struct life_logins {
	struct session sessions[SESSIONS];
	struct failure failures[FAILURES]; /* each in one of FAILURE_PLACES in a row: the oldest there makes way */
};

struct life_logins *life_logins_new(void) { return memory_zero(1, sizeof(struct life_logins)); }
void life_logins_free(struct life_logins *logins) { free(logins); }

static uint64_t process_key(uint32_t host, uint32_t pid)
{
	return (uint64_t)host << 32 | pid;
}

static size_t session_at(uint64_t process)
{
	return hash_mix(process, 0x9e3779b97f4a7c15ull) % SESSIONS;
}

bool life_logins_begin(struct life_logins *logins, uint32_t host, uint32_t pid, uint32_t account, const struct ip *ip)
{
	uint64_t process = process_key(host, pid);
	struct session *session = &logins->sessions[session_at(process)];

	if (session->process == process && session->account == account && ip_equal(&session->ip, ip))
		return false;
	*session = (struct session){ process, account, *ip };
	return true;
}

void life_logins_end(struct life_logins *logins, uint32_t host, uint32_t pid)
{
	uint64_t process = process_key(host, pid);
	struct session *session = &logins->sessions[session_at(process)];

	if (session->process == process)
		session->account = 0;
}

uint32_t life_logins_who(const struct life_logins *logins, uint32_t host, uint32_t pid, struct ip *ip)
{
	uint64_t process = process_key(host, pid);
	const struct session *session = &logins->sessions[session_at(process)];

	if (session->process != process || !session->account)
		return 0;
	*ip = session->ip;
	return session->account;
}

static struct failure *failure_of(struct life_logins *logins, int64_t t_us, const struct ip *ip, uint64_t name)
{
	uint64_t key = hash_pair(ip_host_key(ip), name) | 1;
	struct failure *row = &logins->failures[(key >> 1) % FAILURES / FAILURE_PLACES * FAILURE_PLACES], *failure = row;

	for (unsigned i = 0; i < FAILURE_PLACES && failure->key != key; i++)
		if (row[i].key == key || row[i].t_us < failure->t_us)
			failure = &row[i];
	if (failure->key != key || t_us - failure->t_us > TOLD_AGAIN_US)
		*failure = (struct failure){ .key = key };
	failure->t_us = t_us;
	return failure;
}

bool life_logins_backend_told(struct life_logins *logins, int64_t t_us, const struct ip *ip, uint64_t name)
{
	if (failure_of(logins, t_us, ip, name)->ahead++ < 0)
		return true;
	return name && failure_of(logins, t_us, ip, 0)->ahead++ < 0; /* or by a server that names nobody */
}

bool life_logins_server_told(struct life_logins *logins, int64_t t_us, const struct ip *ip, uint64_t name)
{
	if (!name)
		return failure_of(logins, t_us, ip, 0)->ahead-- > 0;
	if (failure_of(logins, t_us, ip, name)->ahead-- <= 0)
		return false;
	failure_of(logins, t_us, ip, 0)->ahead--;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "state/wrong_passwords.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

enum { SETS = WRONG_PASSWORDS_MAX / WRONG_PASSWORDS_EACH, DEVICE_LEAST = 3 };

struct wrong_password {
	uint64_t mark; /* digest of account and password; 0: free */
	int64_t first_us, last_us;
	uint32_t account, times;
	struct ip ip;
	uint32_t networks[WRONG_PASSWORDS_NETWORKS]; /* that tried it, the latest first; 0: free */
};

struct wrong_passwords {
	uint64_t key;
	struct wrong_password cells[SETS][WRONG_PASSWORDS_EACH];
};

struct wrong_passwords *wrong_passwords_new(void)
{
	struct wrong_passwords *passwords = memory_zero(1, sizeof *passwords);

	passwords->key = hash_seed();
	return passwords;
}

void wrong_passwords_free(struct wrong_passwords *passwords) { free(passwords); }

static size_t set_of(uint32_t account) { return (size_t)(account * 0x9e3779b1u) % SETS; }

static uint32_t network_of(const struct ip *ip)
{
	uint64_t key = ip_block_key(ip);

	return (uint32_t)(key ^ key >> 32) | 1;
}

static bool is_over(const struct wrong_password *cell, int64_t t_us)
{
	return !cell->mark || t_us - cell->last_us > WRONG_PASSWORDS_US;
}

/* what is over, then what came once, then what was longest ago */
static bool goes_before(const struct wrong_password *one, const struct wrong_password *other, int64_t t_us)
{
	if (is_over(one, t_us) != is_over(other, t_us))
		return is_over(one, t_us);
	if ((one->times > 1) != (other->times > 1))
		return one->times <= 1;
	return one->last_us < other->last_us;
}

static struct wrong_password *find(struct wrong_passwords *passwords, uint32_t account, uint64_t mark, int64_t t_us)
{
	struct wrong_password *set = passwords->cells[set_of(account)], *last = set;

	for (unsigned i = 0; i < WRONG_PASSWORDS_EACH; i++) {
		if (set[i].mark == mark && set[i].account == account && !is_over(&set[i], t_us))
			return &set[i];
		if (goes_before(&set[i], last, t_us))
			last = &set[i];
	}
	*last = (struct wrong_password){ .mark = mark, .account = account, .first_us = t_us, .last_us = t_us };
	return last;
}

/* the network to the front; false where it is new */
static bool note_network(struct wrong_password *cell, uint32_t network)
{
	unsigned at = 0;
	bool known;

	while (at < WRONG_PASSWORDS_NETWORKS - 1 && cell->networks[at] != network)
		at++;
	known = cell->networks[at] == network;
	for (; at > 0; at--)
		cell->networks[at] = cell->networks[at - 1];
	cell->networks[0] = network;
	return known;
}

enum event_repeat wrong_passwords_hear(struct wrong_passwords *passwords, const struct event *event, struct text pwhash)
{
	struct wrong_password *cell;
	bool repeated, here;

	if (event->kind != EVENT_AUTH || event->ok || !event->account || !pwhash.n)
		return REPEAT_NOT;
	cell = find(passwords, event->account, hash_text(hash_pair(passwords->key, event->account), pwhash) | 1, event->t_us);
	repeated = cell->times > 0;
	here = note_network(cell, network_of(&event->ip));
	cell->times += cell->times < UINT32_MAX;
	cell->last_us = event->t_us > cell->last_us ? event->t_us : cell->last_us;
	cell->ip = event->ip;
	return !repeated ? REPEAT_NOT : here ? REPEAT_HERE : REPEAT_ELSEWHERE;
}

static int busier(const void *a, const void *b)
{
	const struct wrong_passwords_device *one = a, *other = b;

	return (one->times < other->times) - (one->times > other->times);
}

size_t wrong_passwords_devices(const struct wrong_passwords *passwords, uint32_t account,
			       struct wrong_passwords_device devices[WRONG_PASSWORDS_EACH])
{
	const struct wrong_password *set = passwords->cells[set_of(account)];
	size_t count = 0;

	for (unsigned i = 0; i < WRONG_PASSWORDS_EACH; i++)
		if (set[i].mark && set[i].account == account && set[i].times >= DEVICE_LEAST)
			devices[count++] = (struct wrong_passwords_device){ set[i].first_us, set[i].last_us, set[i].times, set[i].ip };
	qsort(devices, count, sizeof *devices, busier);
	return count;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A policy service on a real loop in a folder of its own, and clients with real sockets. The loop turns while they wait. */
#ifndef SEKISHO_TESTS_POLICY_WORLD_H
#define SEKISHO_TESTS_POLICY_WORLD_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "intake/policy_server.h"

enum { LATER_MAX = 64 };
#define PATIENCE_US (20 * SECOND_US)

static char folder[64], path[96], where[128];
static uv_loop_t loop;
static struct policy_server *server;
static struct error error;

/* what the handler does, and what it saw */
static bool later;             /* answer when told to */
static struct policy_ticket tickets[LATER_MAX];
static char logins[LATER_MAX][64];
static uint32_t asked_count, faulty_count;
static char faulty_client[POLICY_CLIENT_MAX], faulty_why[sizeof error.text];
static const char *action;     /* NULL: the login */

static inline void asked(void *context, const struct policy_request *request, struct policy_ticket ticket)
{
	if (later && asked_count < LATER_MAX) {
		tickets[asked_count] = ticket;
		text_copy(logins[asked_count], sizeof logins[0], request->login);
	}
	asked_count++;
	if (!later)
		policy_server_answer(server, ticket, action ? text_of(action) : request->login);
}

static inline void faulty(void *context, const char *client, const struct error *why)
{
	faulty_count++;
	snprintf(faulty_client, sizeof faulty_client, "%s", client);
	snprintf(faulty_why, sizeof faulty_why, "%s", why->text);
}

static inline int begin(void **state)
{
	static const struct policy_handler handler = { asked, faulty, NULL };

	snprintf(folder, sizeof folder, "/tmp/sekisho-policy-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/policy", folder);
	snprintf(where, sizeof where, "unix:%s", path);
	later = false;
	action = NULL;
	asked_count = faulty_count = 0;
	uv_loop_init(&loop);
	server = policy_server_new(&loop, &handler);
	return policy_server_listen(server, where, &error) ? 0 : -1;
}

static inline int end(void **state)
{
	if (server)
		policy_server_close(server);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop) | rmdir(folder);
}

/* ---- clients */

static inline void turn(void) { uv_run(&loop, UV_RUN_NOWAIT); }

static inline void turns(int count)
{
	while (count--)
		turn();
}

static inline int client(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* as much as the kernel takes */
static inline size_t try_say(int fd, const char *text, size_t bytes)
{
	ssize_t sent = send(fd, text, bytes, MSG_NOSIGNAL);

	return sent > 0 ? (size_t)sent : 0;
}

static inline void say_bytes(int fd, const char *text, size_t bytes)
{
	int64_t end_us = clock_steady() + PATIENCE_US;

	for (size_t said = 0; said < bytes; turn()) {
		said += try_say(fd, text + said, bytes - said);
		assert_true(clock_steady() < end_us);
	}
}

static inline void say(int fd, const char *text) { say_bytes(fd, text, strlen(text)); }

static inline const char *request_of(const char *login)
{
	static char text[512];

	snprintf(text, sizeof text,
		 "request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=192.0.2.1\nrecipient=x@far.test\n"
		 "instance=1.2.3\nsasl_username=%s\n\n", login);
	return text;
}

/* until so many bytes came, or the end: then what came */
static inline struct text hear_bytes(int fd, size_t bytes)
{
	static char heard[256 * 1024];
	int64_t end_us = clock_steady() + PATIENCE_US;
	size_t n = 0;

	assert_true(bytes <= sizeof heard);
	while (n < bytes && clock_steady() < end_us) {
		ssize_t got = recv(fd, heard + n, bytes - n, 0);

		if (got == 0 || (got < 0 && errno != EAGAIN))
			break;
		n += got > 0 ? (size_t)got : 0;
		turn();
	}
	return (struct text){ heard, n };
}

static inline void hears(int fd, const char *wanted)
{
	struct text heard = hear_bytes(fd, strlen(wanted));

	if (!text_is(heard, text_of(wanted)))
		fail_msg("heard '%.*s', not '%s'", TEXT_ARG(heard), wanted);
}

static inline void hears_nothing(int fd)
{
	char byte;

	turns(5);
	assert_true(recv(fd, &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN);
}

static inline void hears_the_end(int fd)
{
	int64_t end_us = clock_steady() + PATIENCE_US;
	ssize_t got;
	char byte;

	while ((got = recv(fd, &byte, 1, 0)) < 0 && errno == EAGAIN && clock_steady() < end_us)
		turn();
	assert_true(got == 0 || (got < 0 && errno == ECONNRESET));
	close(fd);
}

static inline void asks(int fd, const char *login, const char *answer)
{
	say(fd, request_of(login));
	hears(fd, answer);
}

static inline void wait_for(const uint32_t *count, uint32_t wanted)
{
	int64_t end_us = clock_steady() + PATIENCE_US;

	while (*count < wanted && clock_steady() < end_us)
		turn();
	assert_int_equal(*count, wanted);
}

static inline uint32_t open_now(void)
{
	struct policy_tally tally;

	policy_server_tally(server, &tally);
	return tally.open;
}

static inline void wait_for_open(uint32_t wanted)
{
	int64_t end_us = clock_steady() + PATIENCE_US;

	while (open_now() != wanted && clock_steady() < end_us)
		turn();
	assert_int_equal(open_now(), wanted);
}

static inline void answer(uint32_t n, const char *text) { policy_server_answer(server, tickets[n], text_of(text)); }

/* asks on and on without reading an answer, until no more is taken; how many bytes were */
static inline size_t ask_without_reading(int fd, const char *text)
{
	size_t n = strlen(text), said = 0;

	for (int quiet = 0; quiet < 50; quiet++) {
		size_t sent = try_say(fd, text + said % n, n - said % n);

		said += sent;
		quiet = sent ? 0 : quiet;
		turn();
	}
	return said;
}
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The policy service on a real loop with real sockets: whole, half and piped requests, answers that come late and out of
 * order, clients that leave, do not read, or talk nonsense, and thousands of them. */
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "intake/policy_server.h"

enum { LATER_MAX = 64, THOUSANDS = 5500 };
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

static void asked(void *context, const struct policy_request *request, struct policy_ticket ticket)
{
	if (later && asked_count < LATER_MAX) {
		tickets[asked_count] = ticket;
		text_copy(logins[asked_count], sizeof logins[0], request->login);
	}
	asked_count++;
	if (!later)
		policy_server_answer(server, ticket, action ? text_of(action) : request->login);
}

static void faulty(void *context, const char *client, const struct error *why)
{
	faulty_count++;
	snprintf(faulty_client, sizeof faulty_client, "%s", client);
	snprintf(faulty_why, sizeof faulty_why, "%s", why->text);
}

static int begin(void **state)
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

static int end(void **state)
{
	if (server)
		policy_server_close(server);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop) | rmdir(folder);
}

/* ---- clients */

static void turn(void) { uv_run(&loop, UV_RUN_NOWAIT); }

static void turns(int count)
{
	while (count--)
		turn();
}

static int client(void)
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
static size_t try_say(int fd, const char *text, size_t bytes)
{
	ssize_t sent = send(fd, text, bytes, MSG_NOSIGNAL);

	return sent > 0 ? (size_t)sent : 0;
}

static void say_bytes(int fd, const char *text, size_t bytes)
{
	int64_t end_us = clock_steady() + PATIENCE_US;

	for (size_t said = 0; said < bytes; turn()) {
		said += try_say(fd, text + said, bytes - said);
		assert_true(clock_steady() < end_us);
	}
}

static void say(int fd, const char *text) { say_bytes(fd, text, strlen(text)); }

static const char *request_of(const char *login)
{
	static char text[512];

	snprintf(text, sizeof text,
		 "request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=192.0.2.1\nrecipient=x@far.test\n"
		 "instance=1.2.3\nsasl_username=%s\n\n", login);
	return text;
}

/* until so many bytes came, or the end: then what came */
static struct text hear_bytes(int fd, size_t bytes)
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

static void hears(int fd, const char *wanted)
{
	struct text heard = hear_bytes(fd, strlen(wanted));

	if (!text_is(heard, text_of(wanted)))
		fail_msg("heard '%.*s', not '%s'", TEXT_ARG(heard), wanted);
}

static void hears_nothing(int fd)
{
	char byte;

	turns(5);
	assert_true(recv(fd, &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN);
}

static void hears_the_end(int fd)
{
	int64_t end_us = clock_steady() + PATIENCE_US;
	ssize_t got;
	char byte;

	while ((got = recv(fd, &byte, 1, 0)) < 0 && errno == EAGAIN && clock_steady() < end_us)
		turn();
	assert_true(got == 0 || (got < 0 && errno == ECONNRESET));
	close(fd);
}

static void asks(int fd, const char *login, const char *answer)
{
	say(fd, request_of(login));
	hears(fd, answer);
}

static void wait_for(const uint32_t *count, uint32_t wanted)
{
	int64_t end_us = clock_steady() + PATIENCE_US;

	while (*count < wanted && clock_steady() < end_us)
		turn();
	assert_int_equal(*count, wanted);
}

static uint32_t open_now(void)
{
	struct policy_tally tally;

	policy_server_tally(server, &tally);
	return tally.open;
}

static void wait_for_open(uint32_t wanted)
{
	int64_t end_us = clock_steady() + PATIENCE_US;

	while (open_now() != wanted && clock_steady() < end_us)
		turn();
	assert_int_equal(open_now(), wanted);
}

static void answer(uint32_t n, const char *text) { policy_server_answer(server, tickets[n], text_of(text)); }

/* ---- whole requests, and pieces */

static void answers_one_after_the_other(void **state)
{
	int fd = client();
	struct policy_tally tally;

	for (int i = 0; i < 3; i++)
		asks(fd, "alice", "action=alice\n\n");
	policy_server_tally(server, &tally);
	assert_int_equal(tally.requests, 3);
	assert_int_equal(tally.connections, 1);
	assert_int_equal(tally.open, 1);
	close(fd);
	wait_for_open(0);
}

static void answers_on_loopback(void **state)
{
	static const char *const forms[] = { "inet:127.0.0.1:%u", "inet:[::1]:%u" };
	const struct in6_addr loopback = IN6ADDR_LOOPBACK_INIT;

	for (size_t i = 0; i < 2; i++) {
		struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = loopback };
		struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		struct sockaddr *address = i ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
		socklen_t size = i ? sizeof v6 : sizeof v4;
		int probe = socket(address->sa_family, SOCK_STREAM, 0), fd = socket(address->sa_family, SOCK_STREAM, 0);

		if (bind(probe, address, size) != 0) {
			print_message("no %s on this machine: left out\n", forms[i]);
			close(probe);
			close(fd);
			continue;
		}
		assert_int_equal(getsockname(probe, address, &size), 0);
		close(probe);
		snprintf(where, sizeof where, forms[i], ntohs(i ? v6.sin6_port : v4.sin_port));
		assert_true(policy_server_listen(server, where, &error));
		assert_int_equal(connect(fd, address, size), 0);
		fcntl(fd, F_SETFL, O_NONBLOCK);
		asks(fd, "alice", "action=alice\n\n");
		say(fd, "junk\n\n");
		hears(fd, "action=DUNNO\n\n");
		assert_string_equal(faulty_client, i ? "::1" : "127.0.0.1");
		hears_the_end(fd);
	}
}

static void takes_bytes_one_by_one(void **state)
{
	const char *text = request_of("alice");
	int fd = client();

	for (int round = 0; round < 2; round++) {
		for (const char *p = text; *p; p++) {
			hears_nothing(fd);
			say_bytes(fd, p, 1);
		}
		hears(fd, "action=alice\n\n");
	}
	close(fd);
}

static void takes_two_in_one_packet(void **state)
{
	char two[2048];
	int fd = client(), n = snprintf(two, sizeof two, "%s", request_of("alice"));

	snprintf(two + n, sizeof two - (size_t)n, "%s", request_of("bob"));
	say(fd, two);
	hears(fd, "action=alice\n\naction=bob\n\n");
	say_bytes(fd, two, (size_t)n + 20); /* one and a piece of the next */
	hears(fd, "action=alice\n\n");
	hears_nothing(fd);
	say(fd, two + n + 20);
	hears(fd, "action=bob\n\n");
	close(fd);
}

static void takes_what_is_odd(void **state)
{
	int fd = client();

	say(fd, "request=smtpd_access_policy\r\nsasl_username=crlf\r\n\r\n");
	hears(fd, "action=crlf\n\n");
	asks(fd, "\xe5\xb1\xff", "action=\xe5\xb1\xff\n\n");
	close(fd);
}

/* ---- answers given later */

static void answers_out_of_order(void **state)
{
	int fds[3];

	later = true;
	for (int i = 0; i < 3; i++) {
		fds[i] = client();
		say(fds[i], request_of(i == 0 ? "a" : i == 1 ? "b" : "c"));
		wait_for(&asked_count, (uint32_t)i + 1);
		hears_nothing(fds[i]);
	}
	answer(2, "third");
	answer(0, "first");
	answer(0, "twice"); /* only the first one counts */
	hears(fds[2], "action=third\n\n");
	hears(fds[0], "action=first\n\n");
	hears_nothing(fds[0]);
	hears_nothing(fds[1]);
	answer(1, "second");
	hears(fds[1], "action=second\n\n");
	for (int i = 0; i < 3; i++)
		close(fds[i]);
}

static void keeps_the_order_of_one_connection(void **state)
{
	char all[4096];
	int fd = client(), n = 0;

	later = true;
	for (int i = 0; i < 4; i++) {
		char login[] = { (char)('a' + i), '\0' };

		n += snprintf(all + n, sizeof all - (size_t)n, "%s", request_of(login));
	}
	say_bytes(fd, all, (size_t)n - 7);
	for (uint32_t i = 0; i < 3; i++) {
		char wanted[32];

		wait_for(&asked_count, i + 1);
		hears_nothing(fd);
		assert_int_equal(asked_count, i + 1); /* the next one waits for its turn */
		answer(i, logins[i]);
		snprintf(wanted, sizeof wanted, "action=%c\n\n", (char)('a' + i));
		hears(fd, wanted);
	}
	hears_nothing(fd);
	say_bytes(fd, all + n - 7, 7);
	wait_for(&asked_count, 4);
	answer(3, "d");
	hears(fd, "action=d\n\n");
	close(fd);
}

static void answers_who_has_said_all(void **state)
{
	int fd = client();

	later = true;
	say(fd, request_of("alice"));
	shutdown(fd, SHUT_WR);
	wait_for(&asked_count, 1);
	turns(5);
	answer(0, "late");
	hears(fd, "action=late\n\n");
	hears_the_end(fd);
	wait_for_open(0);
}

static void survives_who_left_before_the_answer(void **state)
{
	int fd = client(), second;

	later = true;
	say(fd, request_of("alice"));
	wait_for(&asked_count, 1);
	close(fd);
	turns(5);
	answer(0, "too late"); /* EPIPE */
	wait_for_open(0);
	turns(2);
	second = client(); /* has the place of the first */
	say(second, request_of("bob"));
	wait_for(&asked_count, 2);
	assert_int_equal(tickets[1].connection, tickets[0].connection);
	answer(0, "of another");
	hears_nothing(second);
	answer(1, "own");
	hears(second, "action=own\n\n");
	policy_server_answer(server, (struct policy_ticket){ 4711, 0 }, TEXT("nobody's"));
	close(second);
}

static void survives_who_is_gone_when_it_answers(void **state)
{
	for (int i = 0; i < 50; i++) {
		int fd = client();

		try_say(fd, request_of("alice"), strlen(request_of("alice")));
		close(fd);
	}
	wait_for(&asked_count, 50);
	wait_for_open(0);
}

static void cleans_the_answer(void **state)
{
	static char longest[POLICY_ACTION_MAX + 100], wanted[POLICY_ACTION_MAX + 20];
	int fd = client();

	action = "554 5.7.1 no\n\naction=OK\r\n\x7f";
	asks(fd, "alice", "action=554 5.7.1 no  action=OK   \n\n");
	action = memset(longest, 'x', sizeof longest - 1);
	snprintf(wanted, sizeof wanted, "action=%.*s\n\n", POLICY_ACTION_MAX, longest);
	asks(fd, "alice", wanted);
	close(fd);
}

/* ---- nonsense */

static void answers_dunno_and_closes(void **state)
{
	static const struct {
		const char *text;
		size_t bytes;
		const char *named;
	} rows[] = {
#define ROW(text, named) { text, sizeof(text) - 1, named }
		ROW("\n", "'request'"),
		ROW("sender=a\n\n", "'request' is missing"),
		ROW("request=junk_policy\n\nrequest=junk_policy\n\n", "'request' is not"),
		ROW("EHLO there\r\n", "line 1"),
		ROW("request=smtpd_access_policy\nsasl_username=al\0ice\n\n", "'sasl_username'"),
		ROW("request=smtpd_access_policy\nsasl_username=al\tice\n\n", "'sasl_username'"),
		ROW("request=smtpd_access_policy\nsize=\xff\n\n", "'size'"),
#undef ROW
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = client();

		say_bytes(fd, rows[i].text, rows[i].bytes);
		hears(fd, "action=DUNNO\n\n");
		hears_the_end(fd);
		assert_int_equal(faulty_count, i + 1);
		assert_non_null(strstr(faulty_why, rows[i].named));
		assert_non_null(strstr(faulty_client, "pid "));
	}
	wait_for_open(0);
	assert_int_equal(asked_count, 0);
}

static void answers_what_came_before_the_nonsense(void **state)
{
	char text[1024];
	int fd = client();

	snprintf(text, sizeof text, "%sjunk\n\n%s", request_of("alice"), request_of("bob"));
	say(fd, text);
	hears(fd, "action=alice\n\naction=DUNNO\n\n");
	hears_the_end(fd);
	assert_int_equal(asked_count, 1);
}

/* a request of a megabyte: told DUNNO, and its rest thrown away, not kept */
static void refuses_a_megabyte(void **state)
{
	enum { MEGABYTE = 1024 * 1024 };
	char *text = memory_new(MEGABYTE);
	int fd = client();

	for (int i = 0; i < MEGABYTE; i++)
		text[i] = i % 64 == 1 ? '=' : i % 64 == 63 ? '\n' : 'x';
	say_bytes(fd, text, MEGABYTE);
	hears(fd, "action=DUNNO\n\n");
	hears_the_end(fd);
	assert_int_equal(faulty_count, 1);
	assert_non_null(strstr(faulty_why, "longer than 65536 bytes"));
	fd = client();
	say_bytes(fd, text, POLICY_REQUEST_MAX - 1);
	hears_nothing(fd);
	say(fd, "=");
	hears(fd, "action=DUNNO\n\n");
	free(text);
	close(fd);
	wait_for_open(0);
}

static void bounds_half_requests(void **state)
{
	enum { HALF = POLICY_REQUEST_MAX - 1, MOST = POLICY_RESTS_BYTES / HALF };
	char *half = memory_new(HALF);
	static int fds[MOST + 1];
	int last;

	memset(half, 'x', HALF);
	half[1] = '=';
	for (int i = 0; i <= MOST; i++)
		say_bytes(fds[i] = client(), half, HALF);
	wait_for(&faulty_count, 1);
	assert_non_null(strstr(faulty_why, "half requests"));
	last = client();
	asks(last, "alice", "action=alice\n\n"); /* whole ones are not touched by it */
	for (int i = 0; i <= MOST; i++)
		close(fds[i]);
	close(last);
	free(half);
	wait_for_open(0);
}

/* ---- slow readers, and silence */

/* asks on and on without reading an answer, until no more is taken; how many bytes were */
static size_t ask_without_reading(int fd, const char *text)
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

static void does_not_read_who_does_not_read(void **state)
{
	const char *text = request_of("alice");
	int slow = client(), other = client();
	size_t bytes = ask_without_reading(slow, text), whole = bytes / strlen(text);

	assert_true(whole > 100 && asked_count < whole);
	say(other, "request=smtpd_access_policy\nsasl_username=bob\n\n");
	hears(other, "action=bob\n\n");
	close(other);
	for (size_t i = 0; i < whole; i++)
		hears(slow, "action=alice\n\n");
	hears_nothing(slow);
	say(slow, text + bytes % strlen(text));
	hears(slow, "action=alice\n\n");
	assert_int_equal(asked_count, whole + 2);
	close(slow);
}

static void survives_who_leaves_answers_unread(void **state)
{
	int fd = client();

	ask_without_reading(fd, request_of("alice"));
	close(fd);
	wait_for_open(0);
}

/* all kinds of silence at once: it takes as long as it takes */
static void closes_who_is_silent(void **state)
{
	int idle = client(), half = client(), deaf = client(), leaving = client(), drip = client(), waits = client();
	int64_t began_us = clock_steady();
	struct policy_tally tally;

	asks(idle, "idle", "action=idle\n\n");
	say(half, "request=smtpd_access_policy\nsender=");
	ask_without_reading(deaf, request_of("deaf"));
	say(leaving, "junk\n");
	hears(leaving, "action=DUNNO\n\n");
	later = true;
	asked_count = 0;
	say(waits, request_of("waits"));
	wait_for(&asked_count, 1);
	while (clock_steady() - began_us < POLICY_SILENCE_US + 3 * SECOND_US) {
		try_say(drip, "x", 1); /* a byte now and then makes no request */
		usleep(50000);
		turn();
	}
	policy_server_tally(server, &tally);
	assert_int_equal(tally.slow, 3);
	assert_int_equal(tally.open, 2);
	answer(0, "after all");
	hears(waits, "action=after all\n\n");
	later = false;
	asks(idle, "idle", "action=idle\n\n");
	close(idle);
	close(half);
	close(deaf);
	close(leaving);
	close(drip);
	close(waits);
}

/* ---- thousands */

/* how many clients there can be, each with two descriptors here */
static uint32_t clients_allowed(uint32_t wanted)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= 2 * (rlim_t)wanted + 100)
		return wanted;
	print_message("only %llu descriptors allowed: scaled down from %u clients\n", (unsigned long long)limit.rlim_cur, wanted);
	return (uint32_t)((limit.rlim_cur - 100) / 2);
}

static void serves_thousands(void **state)
{
	uint32_t count = clients_allowed(THOUSANDS);
	int *fds = memory_zero(count, sizeof *fds);

	for (uint32_t i = 0; i < count; i++) {
		while ((fds[i] = client()) < 0)
			turn();
		if (i % 100 == 0)
			turn();
	}
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < count; i++)
			say(fds[i], request_of("alice"));
		for (uint32_t i = 0; i < count; i++)
			hears(fds[i], "action=alice\n\n");
	}
	assert_int_equal(open_now(), count);
	for (uint32_t i = 0; i < count; i++)
		close(fds[i]);
	wait_for_open(0);
	free(fds);
}

static void closes_those_beyond_its_limit(void **state)
{
	uint32_t count = clients_allowed(POLICY_CONNECTIONS_MAX + 1);
	int *fds = memory_zero(count, sizeof *fds), fd;
	struct policy_tally tally;

	for (uint32_t i = 0; i < count; i++) {
		while ((fds[i] = client()) < 0)
			turn();
	}
	if (count > POLICY_CONNECTIONS_MAX) {
		hears_the_end(fds[--count]);
		policy_server_tally(server, &tally);
		assert_int_equal(tally.refused_connections, 1);
	}
	asks(fds[0], "alice", "action=alice\n\n");
	while (count)
		close(fds[--count]);
	wait_for_open(0);
	fd = client();
	asks(fd, "alice", "action=alice\n\n");
	close(fd);
	free(fds);
}

/* without descriptors new clients are closed at once, so that Postfix goes on, and the others are served */
static void goes_on_without_descriptors(void **state)
{
	int fd = client(), waiting, probe;
	struct rlimit limit, low;

	asks(fd, "alice", "action=alice\n\n");
	waiting = client();
	probe = dup(fd);
	close(probe);
	getrlimit(RLIMIT_NOFILE, &limit);
	low = limit;
	low.rlim_cur = (rlim_t)probe;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	hears_the_end(waiting);
	asks(fd, "alice", "action=alice\n\n");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	waiting = client();
	asks(waiting, "bob", "action=bob\n\n");
	close(waiting);
	close(fd);
}

/* ---- the end */

static void closes_with_everything_open(void **state)
{
	int idle = client(), half = client(), asked_fd = client(), deaf = client();

	asks(idle, "idle", "action=idle\n\n");
	say(half, "request=");
	ask_without_reading(deaf, request_of("deaf"));
	later = true;
	asked_count = 0;
	say(asked_fd, request_of("asked"));
	wait_for(&asked_count, 1);
	policy_server_close(server);
	answer(0, "too late");
	server = NULL;
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_not_equal(access(path, F_OK), 0);
	hears_the_end(idle);
	close(half);
	close(asked_fd);
	close(deaf);
}

static void asked_and_closed(void *context, const struct policy_request *request, struct policy_ticket ticket)
{
	struct policy_server *own = server;

	server = NULL;
	policy_server_close(own);
	policy_server_answer(own, ticket, TEXT("DUNNO"));
}

static void closes_while_it_is_asked(void **state)
{
	static const struct policy_handler handler = { asked_and_closed, faulty, NULL };
	int fd;

	policy_server_close(server);
	uv_run(&loop, UV_RUN_DEFAULT);
	server = policy_server_new(&loop, &handler);
	assert_true(policy_server_listen(server, where, &error));
	fd = client();
	say(fd, request_of("alice"));
	hears_the_end(fd);
}

static void refuses_a_second_one(void **state)
{
	static const struct policy_handler handler = { asked, faulty, NULL };
	struct policy_server *second = policy_server_new(&loop, &handler);
	int fd;

	assert_false(policy_server_listen(second, where, &error));
	assert_non_null(strstr(error.text, path));
	policy_server_close(second);
	fd = client();
	asks(fd, "alice", "action=alice\n\n");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define SERVED(test) cmocka_unit_test_setup_teardown(test, begin, end)
		SERVED(answers_one_after_the_other),
		SERVED(answers_on_loopback),
		SERVED(takes_bytes_one_by_one),
		SERVED(takes_two_in_one_packet),
		SERVED(takes_what_is_odd),
		SERVED(answers_out_of_order),
		SERVED(keeps_the_order_of_one_connection),
		SERVED(answers_who_has_said_all),
		SERVED(survives_who_left_before_the_answer),
		SERVED(survives_who_is_gone_when_it_answers),
		SERVED(cleans_the_answer),
		SERVED(answers_dunno_and_closes),
		SERVED(answers_what_came_before_the_nonsense),
		SERVED(refuses_a_megabyte),
		SERVED(bounds_half_requests),
		SERVED(does_not_read_who_does_not_read),
		SERVED(survives_who_leaves_answers_unread),
		SERVED(closes_who_is_silent),
		SERVED(serves_thousands),
		SERVED(closes_those_beyond_its_limit),
		SERVED(goes_on_without_descriptors),
		SERVED(closes_with_everything_open),
		SERVED(closes_while_it_is_asked),
		SERVED(refuses_a_second_one),
#undef SERVED
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The policy service: whole, half and piped requests, answers that come late and out of order, clients that leave or talk
 * nonsense. */
#include "policy_world.h"

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
		cmocka_unit_test_setup_teardown(answers_one_after_the_other, begin, end),
		cmocka_unit_test_setup_teardown(answers_on_loopback, begin, end),
		cmocka_unit_test_setup_teardown(takes_bytes_one_by_one, begin, end),
		cmocka_unit_test_setup_teardown(takes_two_in_one_packet, begin, end),
		cmocka_unit_test_setup_teardown(takes_what_is_odd, begin, end),
		cmocka_unit_test_setup_teardown(answers_out_of_order, begin, end),
		cmocka_unit_test_setup_teardown(keeps_the_order_of_one_connection, begin, end),
		cmocka_unit_test_setup_teardown(answers_who_has_said_all, begin, end),
		cmocka_unit_test_setup_teardown(survives_who_left_before_the_answer, begin, end),
		cmocka_unit_test_setup_teardown(survives_who_is_gone_when_it_answers, begin, end),
		cmocka_unit_test_setup_teardown(cleans_the_answer, begin, end),
		cmocka_unit_test_setup_teardown(answers_dunno_and_closes, begin, end),
		cmocka_unit_test_setup_teardown(answers_what_came_before_the_nonsense, begin, end),
		cmocka_unit_test_setup_teardown(refuses_a_megabyte, begin, end),
		cmocka_unit_test_setup_teardown(bounds_half_requests, begin, end),
		cmocka_unit_test_setup_teardown(closes_with_everything_open, begin, end),
		cmocka_unit_test_setup_teardown(closes_while_it_is_asked, begin, end),
		cmocka_unit_test_setup_teardown(refuses_a_second_one, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

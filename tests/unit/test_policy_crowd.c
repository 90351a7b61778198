/* SPDX-License-Identifier: Apache-2.0 */
/* The policy service with those who do not read, are silent, and with thousands of clients. */
#include <sys/resource.h>

#include "policy_world.h"

enum { THOUSANDS = 5500 };

/* ---- slow readers, and silence */

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
	say_bytes(waits, request_of("waits"), 20); /* whose request is whole waits as long as the answer takes */
	say(waits, request_of("waits") + 20);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(does_not_read_who_does_not_read, begin, end),
		cmocka_unit_test_setup_teardown(survives_who_leaves_answers_unread, begin, end),
		cmocka_unit_test_setup_teardown(closes_who_is_silent, begin, end),
		cmocka_unit_test_setup_teardown(serves_thousands, begin, end),
		cmocka_unit_test_setup_teardown(closes_those_beyond_its_limit, begin, end),
		cmocka_unit_test_setup_teardown(goes_on_without_descriptors, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

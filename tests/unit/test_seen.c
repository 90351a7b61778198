/* SPDX-License-Identifier: Apache-2.0 */
/* Logins and outcomes, remembered for everybody, and kept for those of whom there is an incident, on a real desk. */
#include "desk_help.h"

#include <string.h>

#include "gate/seen.h"

enum { ALICE = 3, BOB = 4, HOME = 1, THIEF = 9 };

static struct ip ip_of(unsigned host) { return (struct ip){ { [10] = 0xff, 0xff, 203, 0, (uint8_t)(host >> 8), (uint8_t)host } }; }

static void login(struct seen *seen, uint32_t account, unsigned host, bool ok, int64_t t_us, enum profile_familiar familiar)
{
	seen_event(seen, &(struct event){ .t_us = t_us, .kind = EVENT_AUTH, .account = account, .ok = ok, .count = 1, .ip = ip_of(host) }, familiar);
}

static void outcome(struct seen *seen, uint32_t account, enum event_result result, bool again, enum profile_familiar familiar)
{
	seen_event(seen, &(struct event){ .t_us = NOON, .kind = EVENT_OUTCOME, .account = account, .result = result, .again = again,
					  .count = 1, .ip = ip_of(THIEF) }, familiar);
}

static void take(void *context, uint64_t incident_of_it, struct text account, struct text told)
{
	struct seen_tally *tally = context;

	assert_true(seen_read(told, tally));
}

/* what the desk has of incident 7 */
static struct seen_tally kept(struct desk *desk)
{
	struct desk_reader *reader;
	struct seen_tally tally = { .source_count = 999 };
	struct error error = { "" };

	desk_finish(desk);
	reader = open_reader();
	assert_true(desk_each_seen(reader, 7, take, &tally, &error));
	desk_reader_close(reader);
	return tally;
}

static struct desk *desk_with_incident(void)
{
	struct desk *desk = open_desk();
	struct told told = { 0 };

	assert_true(write_one(desk, put_everything, &told));
	return desk;
}

static void remembers_what_was_before_the_incident(void **state)
{
	struct desk *desk = desk_with_incident();
	struct seen *seen = seen_new(desk);
	struct seen_tally tally;

	login(seen, ALICE, THIEF, false, NOON - 2 * HOUR_US, FAMILIAR_NOT); /* long before */
	login(seen, ALICE, THIEF, false, NOON - MINUTE_US - 2, FAMILIAR_NOT);
	login(seen, BOB, THIEF, true, NOON - 2, FAMILIAR_NOT);
	login(seen, ALICE, HOME, true, NOON - 1, FAMILIAR_WELL); /* the owner at home is nobody's affair */
	login(seen, ALICE, THIEF, true, NOON, FAMILIAR_NOT);
	outcome(seen, ALICE, RESULT_BOUNCED, false, FAMILIAR_NOT);
	seen_begin(seen, 7, ALICE, NOON - MINUTE_US);
	seen_begin(seen, 7, ALICE, NOON - DAY_US); /* not twice */
	login(seen, ALICE, THIEF + 1, true, NOON + 5, FAMILIAR_FIRST);
	outcome(seen, ALICE, RESULT_SENT, false, FAMILIAR_FIRST);
	outcome(seen, ALICE, RESULT_DEFERRED, false, FAMILIAR_NOT);
	outcome(seen, ALICE, RESULT_DEFERRED, false, FAMILIAR_NOT);
	outcome(seen, ALICE, RESULT_DEFERRED, true, FAMILIAR_NOT); /* the same recipient once more */
	outcome(seen, ALICE, RESULT_SENT, true, FAMILIAR_NOT);
	outcome(seen, ALICE, RESULT_BOUNCED, false, FAMILIAR_WELL);
	seen_event(seen, &(struct event){ .kind = EVENT_SUBMIT, .account = ALICE, .count = 1 }, FAMILIAR_NOT);
	assert_false(seen_look(seen));
	tally = kept(desk);
	assert_int_equal(tally.source_count, 2);
	assert_int_equal(tally.sources[0].logins, 1);
	assert_int_equal(tally.sources[0].failures, 1);
	assert_int_equal(tally.sources[0].first_us, NOON - MINUTE_US - 2);
	assert_int_equal(tally.sources[0].last_us, NOON);
	assert_int_equal(tally.sources[1].familiar, FAMILIAR_FIRST);
	assert_int_equal(tally.bounced[FAMILIAR_NOT], 1);
	assert_int_equal(tally.bounced[FAMILIAR_WELL], 0);
	assert_int_equal(tally.sent[FAMILIAR_NOT], 1);
	assert_int_equal(tally.sent[FAMILIAR_FIRST], 1);
	assert_int_equal(tally.deferred[FAMILIAR_NOT], 1);
	seen_free(seen);
	desk_close(desk);
}

static void restore(void *context, uint64_t number, struct text account, struct text told) { seen_restore(context, number, ALICE, told); }

static void goes_on_after_a_restart_until_it_is_over(void **state)
{
	struct desk *desk = desk_with_incident();
	struct seen *seen = seen_new(desk);
	struct desk_reader *reader;
	struct error error = { "" };

	seen_begin(seen, 7, ALICE, NOON);
	outcome(seen, ALICE, RESULT_SENT, false, FAMILIAR_NOT);
	seen_look(seen);
	assert_int_equal(kept(desk).sent[FAMILIAR_NOT], 1);
	seen_free(seen);
	seen = seen_new(desk);
	reader = open_reader();
	assert_true(desk_each_seen(reader, 0, restore, seen, &error));
	desk_reader_close(reader);
	outcome(seen, ALICE, RESULT_SENT, false, FAMILIAR_NOT);
	seen_begin(seen, 8, BOB, NOON);
	seen_end(seen, ALICE);
	seen_end(seen, ALICE);
	outcome(seen, ALICE, RESULT_SENT, false, FAMILIAR_NOT); /* of another one, if there will be one */
	outcome(seen, BOB, RESULT_SENT, false, FAMILIAR_NOT);
	seen_look(seen);
	assert_int_equal(kept(desk).sent[FAMILIAR_NOT], 2);
	seen_end(seen, BOB);
	seen_free(seen);
	desk_close(desk);
}

static void has_limits(void **state)
{
	struct desk *desk = desk_with_incident();
	struct seen *seen = seen_new(desk);
	struct seen_tally tally;
	unsigned looks = 1;

	login(seen, ALICE, THIEF, true, NOON, FAMILIAR_NOT);
	for (unsigned i = 0; i < SEEN_RECENT_MAX; i++) /* and so that is forgotten */
		login(seen, BOB, i, true, NOON, FAMILIAR_NOT);
	seen_begin(seen, 7, ALICE, NOON);
	for (unsigned i = 0; i < 2 * SEEN_SOURCES_MAX; i++)
		login(seen, ALICE, 1000 + i, true, NOON, FAMILIAR_NOT);
	for (uint32_t i = 0; i < 50; i++)
		seen_begin(seen, 100 + i, 100 + i, NOON);
	while (seen_look(seen))
		looks++;
	assert_int_equal(looks, 51 / SEEN_WRITES_MAX + 1);
	tally = kept(desk);
	assert_int_equal(tally.source_count, SEEN_SOURCES_MAX);
	assert_true(tally.left_out);
	assert_true(ip_equal(&tally.sources[0].ip, &(struct ip){ { [10] = 0xff, 0xff, 203, 0, 3, 0xe8 } }));
	seen_free(seen);
	desk_close(desk);
}

static void close_alice(struct desk_batch *batch)
{
	struct desk_incident closed = incident;

	closed.state = DESK_CLOSED;
	closed.closed_us = NOON;
	desk_put_incident(batch, &closed);
	desk_put_seen(batch, closed.id, TEXT("{}"));
}

static void forget_alice(struct desk_batch *batch) { desk_forget(batch, letter.account); }
static void expire(struct desk_batch *batch) { desk_expire(batch, NOON + 1000000, NOON + 1, NOON + 1); }

static void is_forgotten_with_its_incident(void **state)
{
	void (*const ends[])(struct desk_batch *batch) = { forget_alice, expire };
	struct desk *desk = desk_with_incident();
	struct told told = { 0 };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		assert_true(write_one(desk, close_alice, &told));
		assert_int_equal(kept(desk).source_count, 0); /* there is one */
		assert_true(write_one(desk, ends[i], &told));
		assert_int_equal(kept(desk).source_count, 999);
		assert_true(write_one(desk, close_alice, &told)); /* nothing is left behind for the next of that number */
		assert_true(write_one(desk, ends[i], &told));
	}
	desk_close(desk);
}

static void reads_no_nonsense(void **state)
{
	static const struct { const char *told; bool good; size_t sources; } cases[] = {
		{ "", false, 0 }, { "[]", false, 0 }, { "{", false, 0 }, { "{}", true, 0 },
		{ "{\"sent\":[-1,99999999999,\"x\"],\"logins\":7}", true, 0 },
		{ "{\"logins\":[[\"192.0.2.1\",0,1,1,1,1],[\"nowhere\",0,1,1,1,1],[\"192.0.2.2\",9,1,1,1,1],[\"192.0.2.3\",0,-1,1,1,1],[],7]}", true, 1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct seen_tally tally;

		assert_int_equal(seen_read(text_of(cases[i].told), &tally), cases[i].good);
		assert_int_equal(tally.source_count, cases[i].sources);
		assert_int_equal(tally.sent[0], 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(remembers_what_was_before_the_incident),
		TEST(goes_on_after_a_restart_until_it_is_over),
		TEST(has_limits),
		TEST(is_forgotten_with_its_incident),
		TEST(reads_no_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Stories told to a backtest: who would have noticed, when, for how long; two configurations beside each other; and what
 * calibration makes of known distributions. */
#include "story.h"

#include <math.h>

#include "engine/backtest.h"
#include "engine/calibration.h"

#define LIMITS { 14, 11, 22 }
#define BRAKES { 60, 30 }

static struct story story;
static struct backtest *backtest;
static struct calibration *calibration;

/* as from a log: the message's number is its id */
static void hear(void *context, const struct event *event)
{
	char id[16];

	snprintf(id, sizeof id, "m%u", event->message);
	backtest_event(context, event, event->message ? text_of(id) : TEXT_NONE);
}

static void begin_with(const struct backtest_options *options, size_t count)
{
	story_begin_with(&story, NULL);
	calibration = calibration_new();
	backtest = backtest_new(story.accounts, options, count, calibration);
	story_listen(&story, hear, backtest);
}

static int begin(void **state)
{
	begin_with(&(struct backtest_options){ { .limits = LIMITS }, BRAKES }, 1);
	return 0;
}

static int end(void **state)
{
	backtest_free(backtest);
	calibration_free(calibration);
	story_end(&story);
	return 0;
}

static const struct backtest_side *finish(size_t side)
{
	backtest_end(backtest);
	return &backtest_result(backtest)->sides[side];
}

static const struct backtest_touched *of(const char *who, size_t side)
{
	return backtest_touched(backtest, side, story_account(&story, who));
}

/* ---- who notices */

static void owners_do_not(void **state)
{
	const struct backtest_result *result = backtest_result(backtest);

	story_commuter_days(&story, "alice", 1, 12);
	story_usual_days(&story, "bob", 1, 5, OFFICE);
	finish(0);
	assert_int_equal(result->accounts, 2);
	assert_int_equal(result->messages, (12 + 5) * 4);
	assert_int_equal(result->account_days, 12 + 5);
	assert_int_equal(result->day_count, 12);
	assert_int_equal(result->sides[0].touched_count, 0);
	assert_int_equal(result->sides[0].locks + result->sides[0].held + result->sides[0].refused, 0);
	assert_null(of("alice", 0));
}

/* somebody who only guesses at an account makes no account-day */
static void failed_logins_are_no_days(void **state)
{
	story_usual_days(&story, "alice", 1, 2, HOME);
	story_at(&story, 3, "12:00");
	story_mistypes(&story, "alice", VIETNAM, 20);
	finish(0);
	assert_int_equal(backtest_result(backtest)->account_days, 2);
}

static void botnet(unsigned day)
{
	story_at(&story, day, "03:10");
	story.pace_s = 2;
	story_sends(&story, "alice", BOTNET(40), 60, STRANGERS);
}

static void thieves_are_locked(void **state)
{
	const struct backtest_touched *alice;
	const struct backtest_side *side;

	story_commuter_days(&story, "alice", 1, 9);
	botnet(10);
	side = finish(0);
	alice = of("alice", 0);
	assert_non_null(alice);
	assert_int_equal(alice->locks, 1);
	assert_int_equal(side->locked, 1);
	assert_int_equal(side->locks, 1);
	assert_int_equal(side->days[9].locks, 1);
	assert_true(alice->locked_us >= story_time(10, "03:10") && alice->locked_us < story_time(10, "03:12"));
	assert_true(alice->bits >= 22);
	assert_int_equal(alice->bits_us, alice->locked_us);
	assert_true(alice->left <= 5); /* her own of the evening before are not among them */
	assert_int_equal(alice->left + alice->held + alice->refused, 60);
	assert_int_equal(alice->held, alice->released + alice->discarded);
	assert_int_equal(side->left, alice->left);
	assert_int_equal(side->days[9].held, side->held);
	assert_int_equal(side->days[9].refused, side->refused);
}

/* the owner is back, and is robbed again */
static void a_lock_ends_with_the_owner(void **state)
{
	const struct backtest_side *side;

	story_commuter_days(&story, "alice", 1, 9);
	botnet(10);
	story_at(&story, 10, "09:00");
	story_verified(&story, "alice");
	story.pace_s = 20;
	story_commuter_days(&story, "alice", 11, 15);
	botnet(16);
	side = finish(0);
	assert_int_equal(side->locks, 2);
	assert_int_equal(side->locked, 1);
	assert_int_equal(of("alice", 0)->locks, 2);
	assert_true(of("alice", 0)->locked_us < story_time(11, "00:00"));
}

/* one letter from an unknown country waits for minutes, though nothing else ever happens */
static void what_waits_is_let_go_in_time(void **state)
{
	const struct backtest_touched *alice;
	const struct backtest_side *side;

	story_usual_days(&story, "alice", 1, 20, HOME);
	story_at(&story, 21, "09:00");
	story_sends(&story, "alice", VIETNAM, 1, STRANGERS);
	side = finish(0);
	alice = of("alice", 0);
	assert_int_equal(side->locks, 0);
	assert_int_equal(side->held, 1);
	assert_int_equal(side->released, 1);
	assert_int_equal(side->waited, 1);
	assert_true(alice->longest_us >= 5 * MINUTE_US && alice->longest_us <= 15 * MINUTE_US);
	assert_int_equal(backtest_wait(side, 0.5), alice->longest_us / SECOND_US);
	assert_int_equal(backtest_wait(side, 1), alice->longest_us / SECOND_US);
}

/* ---- the same as a live guard */

struct live {
	int64_t wake_us;
	struct guard *guard;
	uint64_t held, refused, locks;
};

static void judge(void *context, const struct event *event)
{
	struct live *live = context;
	struct guard_answer answer = { .wake_us = WHEN_NONE };
	char id[16];

	while (live->wake_us != WHEN_NONE && live->wake_us <= event->t_us) { /* woken when it asked, as a good caller does */
		struct event tick = { .kind = EVENT_TICK, .t_us = live->wake_us };

		live->wake_us = WHEN_NONE;
		guard_event(live->guard, &tick, TEXT_NONE, &answer);
		live->wake_us = answer.wake_us;
	}
	snprintf(id, sizeof id, "m%u", event->message);
	guard_event(live->guard, event, event->message ? text_of(id) : TEXT_NONE, &answer);
	live->wake_us = answer.wake_us != WHEN_NONE ? answer.wake_us : live->wake_us;
	live->held += answer.action == GUARD_HOLD;
	live->refused += answer.action == GUARD_REFUSE;
	live->locks += answer.lock;
	hear(backtest, event);
}

static void judges_as_judge_does(void **state)
{
	struct engine *engine = engine_new(&(struct engine_options){ .limits = LIMITS });
	struct live live = { .guard = guard_new(engine, story.accounts, &(struct brakes_limits)BRAKES), .wake_us = WHEN_NONE };
	const struct backtest_side *side;

	story_listen(&story, judge, &live);
	story_commuter_days(&story, "alice", 1, 9);
	story_usual_days(&story, "bob", 1, 9, OFFICE);
	story.last_us[story_account(&story, "bob")] = INT64_MIN;
	botnet(10);
	story_at(&story, 11, "10:00");
	story.pace_s = 300;
	story_sends(&story, "bob", LAGOS, 20, PEOPLE("contacts", 120, .dead = 3));
	side = finish(0);
	assert_true(live.held && live.refused && live.locks);
	assert_int_equal(side->held, live.held);
	assert_int_equal(side->refused, live.refused);
	assert_int_equal(side->locks, live.locks);
	guard_free(live.guard);
	engine_free(engine);
}

/* an outcome that names no account is its message's */
static void hear_nameless(void *context, const struct event *event)
{
	struct event nameless = *event;

	if (event->kind == EVENT_OUTCOME)
		nameless.account = ACCOUNT_NONE;
	hear(context, &nameless);
}

static void outcomes_without_an_account(void **state)
{
	story_listen(&story, hear_nameless, backtest);
	story_commuter_days(&story, "alice", 1, 9);
	story_at(&story, 10, "12:00");
	story.width = 8; /* the message itself does not tell enough for a lock */
	story_sends(&story, "alice", VIETNAM, 1, PEOPLE("dead", .dead = 100));
	assert_int_equal(finish(0)->locks, 1);
	assert_int_equal(of("alice", 0)->locks, 1);
	assert_null(backtest_touched(backtest, 0, ACCOUNT_NONE));
}

/* ---- two beside each other */

static int begin_twice(void **state)
{
	static const struct backtest_options options[] = {
		{ { .limits = LIMITS }, BRAKES }, { { .limits = { 90, 95, 100 } }, BRAKES },
	};

	begin_with(options, 2);
	return 0;
}

static void two_do_not_disturb_each_other(void **state)
{
	const struct backtest_side *first, *second;

	story_commuter_days(&story, "alice", 1, 9);
	botnet(10);
	first = finish(0);
	second = &backtest_result(backtest)->sides[1];
	assert_int_equal(first->locked, 1);
	assert_true(first->refused > 40);
	assert_int_equal(second->locked, 0);
	assert_int_equal(second->refused, 0);
	assert_null(of("alice", 1));
	assert_int_equal(backtest_result(backtest)->day_count, 10);
}

/* ---- calibration */

/* each account has one day; a signal has these bits on so many of them */
static void see(struct calibration *to, unsigned signal, uint32_t first, uint32_t count, float bits)
{
	struct profile profile;

	profile_init(&profile);
	profile_set_bits(&profile, signal, bits);
	for (uint32_t i = first; i < first + count; i++)
		calibration_see(to, i, true, &profile);
}

static bool is_small(const void *context, uint32_t account) { return account < *(const uint32_t *)context; }

static void asks_for_what_bits_claim(void **state)
{
	struct calibration_result result;

	see(calibration, 0, 1, 1024 * 8 - 128, 0);
	see(calibration, 0, 20000, 128, 12); /* on one day of 64, where 6 bits may be */
	calibration_end(calibration, NULL, NULL, NULL, &result);
	assert_int_equal(result.account_days, 1024 * 8);
	assert_true(result.enough);
	assert_true(fabs(result.rows[0].suggested - 0.55) < 0.001); /* 7 bits are the first that are exceeded too often */
	assert_true(result.rows[0].most == 12 && result.rows[0].p99 == 12 && result.rows[0].median == 0);
	assert_int_equal(result.rows[0].over_half, 128);
	for (unsigned i = 1; i < PROFILE_SIGNALS; i++) {
		assert_true(result.rows[i].suggested == 1);
		assert_true(result.rows[i].most == 0);
	}
}

static void one_odd_day_asks_for_nothing(void **state)
{
	struct calibration_result result;

	see(calibration, 2, 1, 5000, 0.9f);
	see(calibration, 2, 6000, 1, 24);
	calibration_end(calibration, NULL, NULL, NULL, &result);
	assert_true(result.rows[2].suggested == 1);
	assert_true(result.rows[2].most == 24);
}

static void leaves_thieves_out(void **state)
{
	struct calibration_result result;
	uint32_t first_honest = 101;

	see(calibration, 5, 1, 100, 16);
	see(calibration, 5, first_honest, 900, 0);
	calibration_end(calibration, is_small, &first_honest, NULL, &result);
	assert_int_equal(result.account_days, 900);
	assert_int_equal(result.left_out, 100);
	assert_true(result.rows[5].most == 0 && result.rows[5].suggested == 1);
}

static void goes_on_from_the_weights_in_force(void **state)
{
	struct calibration_result result;
	struct evidence_weights weights;

	evidence_weights_init(&weights);
	weights.factor[0] = 2;
	see(calibration, 0, 1, 1000, 2); /* each day, where only 1 bit may be on half of them */
	calibration_end(calibration, NULL, NULL, &weights, &result);
	assert_true(fabs(result.rows[0].suggested - 1) < 0.001);
	assert_true(result.rows[0].factor == 2);
}

static void the_highest_of_a_day_counts(void **state)
{
	struct calibration_result result;
	struct profile profile;

	profile_init(&profile);
	for (unsigned day = 0; day < 32; day++) {
		calibration_see(calibration, 7, true, &profile);
		profile_set_bits(&profile, 1, day == 3 ? 5 : 1);
		calibration_see(calibration, 7, false, &profile);
		profile_set_bits(&profile, 1, 0.5f);
		calibration_see(calibration, 7, false, &profile);
	}
	calibration_end(calibration, NULL, NULL, NULL, &result);
	assert_int_equal(result.account_days, 32);
	assert_true(result.rows[1].most == 5 && result.rows[1].median == 1);
}

static void too_few_days_ask_for_nothing(void **state)
{
	struct calibration_result result;

	see(calibration, 0, 1, 15, 12);
	calibration_end(calibration, NULL, NULL, NULL, &result);
	assert_false(result.enough);
	assert_true(result.rows[0].suggested == 1);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(owners_do_not),
		STORY(failed_logins_are_no_days),
		STORY(thieves_are_locked),
		STORY(a_lock_ends_with_the_owner),
		STORY(what_waits_is_let_go_in_time),
		STORY(judges_as_judge_does),
		STORY(outcomes_without_an_account),
		cmocka_unit_test_setup_teardown(two_do_not_disturb_each_other, begin_twice, end),
		STORY(asks_for_what_bits_claim),
		STORY(one_odd_day_asks_for_nothing),
		STORY(leaves_thieves_out),
		STORY(goes_on_from_the_weights_in_force),
		STORY(the_highest_of_a_day_counts),
		STORY(too_few_days_ask_for_nothing),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

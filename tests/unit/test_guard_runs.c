/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of mail that is held: what the content filter flags is not bought off by what became of it, what is over goes out, and what
 * waits for its owner waits for as long as that takes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "engine/guard.h"

static struct accounts *accounts;
static struct engine *engine;
static struct guard *guard;
static struct guard_answer answer;
static int64_t now_us;
static uint32_t alice, bob;
static unsigned released;
static char last_released[16];

static int begin(void **state)
{
	uint64_t key;

	accounts = accounts_new("example.jp");
	alice = accounts_add(accounts, TEXT("alice"), &key);
	bob = accounts_add(accounts, TEXT("bob"), &key);
	engine = engine_new(&(struct engine_options){ .limits = { 14, 11, 99 } });
	guard = guard_new(engine, accounts, &(struct brakes_limits){ 60, 30 });
	now_us = 20000 * DAY_US;
	released = 0;
	return 0;
}

static int end(void **state)
{
	guard_free(guard);
	engine_free(engine);
	accounts_free(accounts);
	return 0;
}

static void accuse(float bits)
{
	struct profile *profile = profiles_get((struct profiles *)(uintptr_t)engine_profiles(engine), alice);

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (strcmp(signals[i]->name, "complaint") == 0)
			profile_set_bits(profile, i, bits);
}

static void count_released(void)
{
	released += (unsigned)answer.release_count;
	if (answer.release_count)
		text_copy(last_released, sizeof last_released, answer.release[answer.release_count - 1]);
}

static enum guard_action submit(uint32_t account, unsigned number, bool spam)
{
	struct event_detail detail = { .filtered = true };
	struct event event = { .kind = EVENT_SUBMIT, .t_us = now_us, .account = account, .count = 1, .detail = &detail, .spam = spam };
	char id[16];

	snprintf(id, sizeof id, "m%u", number);
	guard_event(guard, &event, text_of(id), &answer);
	count_released();
	return answer.action;
}

static void pass_minutes(unsigned minutes)
{
	struct event tick = { .kind = EVENT_TICK };

	while (minutes--) {
		now_us += MINUTE_US;
		tick.t_us = now_us;
		guard_event(guard, &tick, (struct text){ 0 }, &answer);
		count_released();
	}
}

static void submit_many(unsigned count, bool spam)
{
	for (unsigned i = 1; i <= count; i++, now_us += 10 * SECOND_US)
		assert_int_equal(submit(alice, i, spam), GUARD_HOLD);
}

static void what_is_flagged_leaves_one_by_one(void **state)
{
	accuse(16);
	submit_many(100, true);
	pass_minutes(24 * 60);
	assert_in_range(released, 4, 30);
}

static void what_is_not_flagged_does_not_wait_behind_it(void **state)
{
	accuse(16);
	submit_many(100, true);
	pass_minutes(24 * 60);
	accuse(16);
	assert_int_equal(submit(alice, 777, false), GUARD_HOLD);
	pass_minutes(8);
	assert_string_equal(last_released, "m777");
}

static void what_nobody_flags_goes_with_the_rest(void **state)
{
	accuse(16);
	submit_many(100, false);
	pass_minutes(20);
	assert_int_equal(released, 100);
}

static void a_list_that_is_over_goes_out(void **state)
{
	accuse(12.5f);
	submit_many(36, false); /* six minutes */
	pass_minutes(2);
	assert_in_range(released, 1, 8);
	pass_minutes(2);
	assert_int_equal(released, 36);
}

static void what_lacks_little_for_a_lock_is_probed_though_it_is_over(void **state)
{
	accuse(24);
	submit_many(36, false);
	pass_minutes(6);
	assert_in_range(released, 1, 8);
}

static void what_waits_for_its_owner_outlives_the_memory(void **state)
{
	accuse(16);
	submit_many(3, false);
	guard_restore_lock(guard, alice, FAMILIAR_WELL);
	for (unsigned i = 0; i < 20; i++, now_us += DAY_US) {
		submit(bob, 1000 + i, false);
		assert_int_equal(released, 0);
	}
	assert_false(guard_knows(guard, TEXT("m1000")));
	assert_true(guard_knows(guard, TEXT("m1")) && guard_knows(guard, TEXT("m2")) && guard_knows(guard, TEXT("m3")));
	guard_lift(guard, alice, &answer);
	assert_int_equal(answer.release_count, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_flagged_leaves_one_by_one),
		TEST(what_is_not_flagged_does_not_wait_behind_it),
		TEST(what_nobody_flags_goes_with_the_rest),
		TEST(a_list_that_is_over_goes_out),
		TEST(what_lacks_little_for_a_lock_is_probed_though_it_is_over),
		TEST(what_waits_for_its_owner_outlives_the_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

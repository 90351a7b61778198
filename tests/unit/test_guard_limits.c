/* SPDX-License-Identifier: Apache-2.0 */
/* The guard at its limits, made small: what it remembers of messages, and their numbers, which begin anew after four
 * thousand million. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine/guard.h"

#define GUARD_LETTERS_MAX 64
#include "../../src/engine/guard.c"
#include "../../src/engine/guard_memory.c"

static struct accounts *accounts;
static struct engine *engine;
static struct guard *guard;
static struct guard_answer answer;
static int64_t now_us;
static uint32_t alice;

static int begin(void **state)
{
	uint64_t key;

	accounts = accounts_new("example.jp");
	alice = accounts_add(accounts, TEXT("alice"), &key);
	engine = engine_new(&(struct engine_options){ .limits = { 14, 11, 99 } });
	guard = guard_new(engine, accounts, &(struct brakes_limits){ 60, 30 });
	now_us = 20000 * DAY_US;
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

static enum guard_action tell(enum event_kind kind, const char *id)
{
	struct event_detail detail = { 0 };
	struct event event = { .kind = (uint8_t)kind, .t_us = now_us, .account = alice, .count = 1, .detail = &detail };

	if (kind == EVENT_TICK || kind == EVENT_OUTCOME)
		event.detail = NULL;
	guard_event(guard, &event, text_of(id), &answer);
	return answer.action;
}

static enum guard_action submit(unsigned number)
{
	char id[16];

	snprintf(id, sizeof id, "m%u", number);
	return tell(EVENT_SUBMIT, id);
}

static bool knows(unsigned number)
{
	char id[16];

	snprintf(id, sizeof id, "m%u", number);
	return guard_find_letter(guard, text_of(id)) != 0;
}

static void the_oldest_is_forgotten(void **state)
{
	for (unsigned i = 1; i <= 1000; i++) {
		assert_int_equal(submit(i), GUARD_PASS);
		assert_true(knows(i));
		assert_int_equal(knows(i < 64 ? 1 : i - 63), true);
		assert_false(i > 64 && knows(i - 64));
		assert_in_range(guard->letter_of.count, 1, 64);
	}
	assert_in_range(guard_bytes(guard), 1, 1 << 20);
}

/* nothing is lost for want of memory */
static void the_oldest_held_goes_out(void **state)
{
	unsigned released = 0;

	accuse(24);
	for (unsigned i = 1; i <= 200; i++) {
		assert_int_equal(submit(i), GUARD_HOLD);
		for (size_t k = 0; k < answer.release_count; k++) {
			char id[16];

			snprintf(id, sizeof id, "m%u", ++released);
			assert_true(text_is(answer.release[k], text_of(id)));
		}
		assert_int_equal(released, i > 64 ? i - 64 : 0);
	}
	assert_int_equal(guard_find_watch(guard, alice)->held, 64);
}

static void numbers_begin_anew(void **state)
{
	unsigned released = 0;

	guard->first = guard->next = UINT32_MAX - 40;
	accuse(24);
	for (unsigned i = 1; i <= 60; i++) {
		assert_int_equal(submit(i), GUARD_HOLD);
		assert_int_equal(answer.release_count, 0);
		assert_true(knows(i));
	}
	for (unsigned i = 1; i <= 60; i++)
		assert_true(knows(i));
	assert_true(guard->next < 100);
	assert_int_equal(guard->next - guard->first, 60 + 1); /* none has number 0 */
	now_us += DAY_US;
	for (unsigned i = 0; i < 100; i++, now_us += 2 * MINUTE_US) {
		tell(EVENT_TICK, "");
		released += (unsigned)answer.release_count;
	}
	assert_int_equal(released, 60);
	for (unsigned i = 100; i < 300; i++)
		submit(i);
	assert_false(knows(60) || knows(100));
}

/* a spammer whose mail is all held, or all bounces, makes no long list of what is due */
static void one_account_is_due_once(void **state)
{
	accuse(24);
	for (unsigned i = 1; i <= 60; i++)
		submit(i);
	assert_in_range(guard->heap_count, 1, 2);
	now_us += HOUR_US;
	tell(EVENT_TICK, "");
	assert_int_equal(answer.release_count, 1);
	assert_in_range(guard->heap_count, 1, 2);
}

/* its queue was emptied by forgetting while it was probed: the next one held comes due all the same */
static void what_is_held_after_forgetting_comes_due(void **state)
{
	unsigned released = 0;

	accuse(24);
	submit(1);
	submit(2);
	submit(3);
	now_us += 15 * MINUTE_US;
	tell(EVENT_TICK, "");
	assert_int_equal(answer.release_count, 1);
	accuse(0);
	guard_find_watch(guard, alice)->accepted_bits = 17; /* what follows passes, until there is no room for the held */
	for (unsigned i = 4; i < 70; i++)
		if (submit(i) == GUARD_PASS)
			released += (unsigned)answer.release_count;
	now_us += 10 * MINUTE_US;
	tell(EVENT_TICK, "");
	accuse(24);
	guard_find_watch(guard, alice)->accepted_bits = 0;
	assert_int_equal(submit(100), GUARD_HOLD);
	for (unsigned i = 0; i < 30; i++, now_us += MINUTE_US) {
		tell(EVENT_TICK, "");
		if (answer.release_count)
			return;
	}
	fail_msg("it is held forever");
}

/* a heap is in order, whatever goes in */
static void the_heap_is_in_order(void **state)
{
	uint64_t random = 20261122;
	int64_t last_us = INT64_MIN;

	for (unsigned i = 0; i < 1000; i++) {
		random = random * 6364136223846793005ull + 1442695040888963407ull;
		heap_put(guard, (int64_t)(random >> 40), i);
	}
	while (guard->heap_count) {
		assert_true(guard->heap[0].t_us >= last_us);
		last_us = guard->heap[0].t_us;
		guard_heap_drop(guard);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_oldest_is_forgotten),
		TEST(the_oldest_held_goes_out),
		TEST(numbers_begin_anew),
		TEST(one_account_is_due_once),
		TEST(what_is_held_after_forgetting_comes_due),
		TEST(the_heap_is_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

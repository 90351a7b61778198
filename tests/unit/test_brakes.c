/* SPDX-License-Identifier: Apache-2.0 */
/* The brakes: buckets, each refilled evenly. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/when.h"
#include "verdict/brakes.h"

#define NOON (20000 * DAY_US + 12 * HOUR_US)

static struct brakes brakes;

static unsigned allowed(uint64_t domain, int64_t t_us, unsigned times)
{
	unsigned count = 0;

	while (times--)
		count += brakes_allow(&brakes, domain, t_us);
	return count;
}

static void so_many_at_once(void **state)
{
	static const struct { float all, domain; unsigned wanted; } rows[] = {
		{ 60, 30, 30 }, { 30, 60, 30 }, { 1, 1, 1 }, { 0, 10, 0 }, { 10, 0, 0 }, { 0.5f, 10, 0 }, { 2.9f, 10, 2 },
		{ 1e6f, 1e6f, 500 }, { -1, -1, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		brakes_init(&brakes, &(struct brakes_limits){ rows[i].all, rows[i].domain });
		assert_int_equal(allowed(7, NOON, 500), rows[i].wanted);
	}
}

static void refilled_evenly(void **state)
{
	brakes_init(&brakes, &(struct brakes_limits){ 6, 6 });
	assert_int_equal(allowed(7, NOON, 100), 6);
	assert_int_equal(allowed(7, NOON + 9 * MINUTE_US, 100), 0);
	assert_int_equal(allowed(7, NOON + 10 * MINUTE_US, 100), 1);
	assert_int_equal(allowed(7, NOON + 30 * MINUTE_US, 100), 2);
	assert_int_equal(allowed(7, NOON + 30 * MINUTE_US, 100), 0);
	assert_int_equal(allowed(7, NOON + 30 * DAY_US, 100), 6); /* never more than the most */
}

/* asked each second, it gives no more than asked once an hour */
static void however_often_it_is_asked(void **state)
{
	unsigned count = 0;

	brakes_init(&brakes, &(struct brakes_limits){ 10, 10 });
	for (int64_t s = 0; s < 10 * 3600; s++)
		count += brakes_allow(&brakes, 7, NOON + s * SECOND_US);
	assert_in_range(count, 108, 110); /* ten, and ten an hour */
	brakes_init(&brakes, &(struct brakes_limits){ 60, 60 });
	assert_int_equal(allowed(7, NOON, 100), 60);
	count = 0;
	for (int64_t t_us = 0; t_us < 2 * MINUTE_US + SECOND_US; t_us += 25) /* in the middle of a flood */
		count += brakes_allow(&brakes, 7, NOON + t_us);
	assert_int_equal(count, 2);
}

static void one_domain_leaves_room_for_others(void **state)
{
	brakes_init(&brakes, &(struct brakes_limits){ 10, 4 });
	assert_int_equal(allowed(7, NOON, 100), 4);
	assert_int_equal(allowed(8, NOON, 100), 4);
	assert_int_equal(allowed(9, NOON, 100), 2); /* all together */
	assert_int_equal(allowed(7 + BRAKES_DOMAINS, NOON + HOUR_US, 100), 4); /* shares a bucket */
	assert_int_equal(allowed(7, NOON + HOUR_US, 100), 0);
}

/* what one bucket refuses, the other does not count */
static void a_refusal_costs_nothing(void **state)
{
	brakes_init(&brakes, &(struct brakes_limits){ 5, 1 });
	assert_int_equal(allowed(7, NOON, 100), 1);
	for (uint64_t domain = 8; domain < 12; domain++)
		assert_int_equal(allowed(domain, NOON, 100), 1);
	assert_int_equal(allowed(13, NOON, 1), 0);
	assert_true(brakes.all.used <= 5);
}

static void clocks(void **state)
{
	brakes_init(&brakes, &(struct brakes_limits){ 3, 3 });
	assert_int_equal(allowed(7, NOON, 100), 3);
	assert_int_equal(allowed(7, NOON - DAY_US, 100), 0); /* a clock that goes back refills nothing */
	assert_int_equal(allowed(7, NOON, 100), 0);
	assert_int_equal(allowed(7, NOON - 400 * DAY_US, 100), 0);
	assert_int_equal(allowed(7, NOON + 4000 * DAY_US, 100), 3);
	brakes_init(&brakes, &(struct brakes_limits){ 3, 3 });
	assert_int_equal(allowed(7, 0, 100), 3);
	assert_int_equal(allowed(7, INT64_MAX / 2, 100), 3);
	assert_true(brakes.all.used >= 0 && brakes.all.used <= 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_many_at_once),
		cmocka_unit_test(refilled_evenly),
		cmocka_unit_test(however_often_it_is_asked),
		cmocka_unit_test(one_domain_leaves_room_for_others),
		cmocka_unit_test(a_refusal_costs_nothing),
		cmocka_unit_test(clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

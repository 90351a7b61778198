/* SPDX-License-Identifier: Apache-2.0 */
/* How much lies behind a flood: the interval holds the truth nineteen times of twenty, where lists are as the field notes say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "attribution/flood.h"

static void nothing_came_back(void **state)
{
	struct flood_estimate estimate = flood_estimate(0);

	assert_true(!estimate.low && !estimate.likely && !estimate.high);
}

/* 1 to 30 % come back: a handful is already tens to thousands */
static void estimates_lie_where_floods_do(void **state)
{
	static const struct { uint64_t bounces, likely_least, likely_most; } cases[] = {
		{ 1, 5, 30 }, { 5, 40, 120 }, { 20, 180, 400 }, { 383, 3400, 7000 }, { 9000, 80000, 170000 }, { 90000, 800000, 1700000 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct flood_estimate estimate = flood_estimate(cases[i].bounces);

		if (estimate.likely < cases[i].likely_least || estimate.likely > cases[i].likely_most)
			fail_msg("%llu bounces: about %llu", (unsigned long long)cases[i].bounces, (unsigned long long)estimate.likely);
		assert_true(estimate.low >= cases[i].bounces && estimate.low < estimate.likely && estimate.likely < estimate.high);
	}
}

static void more_bounces_are_more_messages(void **state)
{
	struct flood_estimate before = flood_estimate(1);

	for (uint64_t bounces = 2; bounces < 40000; bounces = bounces * 5 / 4 + 1) {
		struct flood_estimate now = flood_estimate(bounces);

		assert_true(now.low >= before.low && now.likely > before.likely && now.high > before.high);
		before = now;
	}
}

static double uniform(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
}

/* a share from 1 to 30 %, alike in its logarithm; messages are sent until so many came back */
static uint64_t send_until(uint64_t bounces, uint64_t *seed)
{
	double share = 0.01 * pow(30, uniform(seed));
	uint64_t sent = 0;

	while (bounces) {
		sent++;
		bounces -= uniform(seed) < share;
	}
	return sent;
}

static void the_truth_is_within(void **state)
{
	static const uint64_t bounces[] = { 3, 10, 20, 100 };
	uint64_t seed = 7;

	for (size_t i = 0; i < sizeof bounces / sizeof *bounces; i++) {
		struct flood_estimate estimate = flood_estimate(bounces[i]);
		unsigned within = 0;

		for (unsigned trial = 0; trial < 2000; trial++) {
			uint64_t sent = send_until(bounces[i], &seed);

			within += sent >= estimate.low && sent <= estimate.high;
		}
		if (within < 1850)
			fail_msg("%llu bounces: %u of 2000", (unsigned long long)bounces[i], within);
	}
}

static void says_it(void **state)
{
	char said[300];

	flood_say(20, 0, said, sizeof said);
	assert_non_null(strstr(said, "20 came back so far"));
	assert_non_null(strstr(said, "95 %"));
	flood_say(383, 1000, said, sizeof said);
	assert_string_equal(said, "383 came back of 1000 that were sent, as the ledger has them.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_came_back), cmocka_unit_test(estimates_lie_where_floods_do),
		cmocka_unit_test(more_bounces_are_more_messages), cmocka_unit_test(the_truth_is_within), cmocka_unit_test(says_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

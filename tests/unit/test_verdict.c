/* SPDX-License-Identifier: Apache-2.0 */
/* From bits to a decision: what each group may add, and what happens at the limits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

#include "verdict/verdict.h"

static const struct verdict_limits limits = { .suspect_bits = 14, .hold_bits = 11, .lock_bits = 22 };

struct said {
	const char *signal;
	float bits;
};

static void set(struct profile *profile, const struct said *said)
{
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		if (strcmp(signals[i]->name, said->signal) == 0) {
			profile_set_bits(profile, i, said->bits);
			return;
		}
	}
	fail_msg("no signal %s", said->signal);
}

static struct verdict decide(const struct said *said, size_t count)
{
	struct profile profile;
	struct verdict verdict = { 0 };

	profile_init(&profile);
	for (size_t i = 0; i < count && said[i].signal; i++)
		set(&profile, &said[i]);
	verdict_decide(&profile, &limits, &verdict);
	return verdict;
}

static void acts_at_the_limits(void **state)
{
	static const struct { float bits; enum verdict_action wanted; } rows[] = {
		{ 0, VERDICT_PASS },     { -4, VERDICT_PASS },    { 10.95f, VERDICT_PASS }, { 11, VERDICT_HOLD },
		{ 21.95f, VERDICT_HOLD }, { 22, VERDICT_LOCK },   { 24, VERDICT_LOCK },     { 120, VERDICT_LOCK },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct said said = { "bounces", rows[i].bits };

		assert_int_equal(decide(&said, 1).action, rows[i].wanted);
	}
}

static void groups_add_up(void **state)
{
	static const struct said said[] = {
		{ "new_country", 5 }, { "guessed", 3 }, { "new_recipients", 4 }, { "bounces", 6 },
	};
	struct verdict verdict = decide(said, 4);

	assert_true(fabsf(verdict.bits - 18) < 0.1f);
	assert_true(fabsf(verdict.group_bits[GROUP_PLACE] - 5) < 0.1f);
	assert_true(fabsf(verdict.group_bits[GROUP_GUESSING] - 3) < 0.1f);
	assert_true(fabsf(verdict.group_bits[GROUP_BEHAVIOUR] - 4) < 0.1f);
	assert_true(fabsf(verdict.group_bits[GROUP_OUTCOME] - 6) < 0.1f);
	assert_int_equal(verdict.action, VERDICT_HOLD);
}

/* all that each group could ever say at once */
static void what_one_group_may_do_alone(void **state)
{
	static const struct {
		const char *name;
		struct said said[4];
		enum verdict_action most;
	} rows[] = {
		{ "places", { { "new_country", 12 }, { "new_network", 6 }, { "travel", 8 }, { "spread", 4 } }, VERDICT_PASS },
		{ "four countries in a day", { { "new_country", 12 }, { "travel", 8 }, { "spread", 12 } }, VERDICT_HOLD },
		{ "guessing", { { "guessed", 8 } }, VERDICT_PASS },
		{ "behaviour", { { "rate", 16 }, { "new_recipients", 9 } }, VERDICT_HOLD },
		{ "places nobody can be in at once", { { "spread", 24 } }, VERDICT_LOCK },
		{ "outcomes", { { "bounces", 22 }, { "refused", 12 }, { "returned", 14 } }, VERDICT_LOCK },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct verdict verdict = decide(rows[i].said, 4);

		if (verdict.action != rows[i].most)
			fail_msg("%s alone: %d with %.1f bits, wanted %d", rows[i].name, verdict.action, (double)verdict.bits,
				 rows[i].most);
	}
}

static void two_groups_lock(void **state)
{
	static const struct said places_and_deeds[] = { { "new_country", 12 }, { "rate", 16 } };
	static const struct said places_and_bounces[] = { { "new_country", 7 }, { "bounces", 16 } };

	assert_int_equal(decide(places_and_deeds, 2).action, VERDICT_LOCK);
	assert_int_equal(decide(places_and_bounces, 2).action, VERDICT_LOCK);
}

/* a new telephone at a new place at home, that writes to many */
static void own_doing_waits_for_one_word_from_elsewhere(void **state)
{
	static const struct said said[] = { { "rate", 16 }, { "client", 4.5f }, { "new_network", 4 }, { "filter", 3 } };
	static const struct said abroad[] = { { "rate", 16 }, { "client", 4.5f }, { "new_country", 7 } };
	struct verdict verdict = decide(said, 3);

	assert_int_equal(verdict.action, VERDICT_HOLD);
	assert_true(fabsf(verdict.bits - 21) < 0.1f);
	assert_int_equal(decide(said, 4).action, VERDICT_LOCK);
	assert_int_equal(decide(abroad, 3).action, VERDICT_LOCK);
}

static void credit_of_one_group_pays_for_no_other(void **state)
{
	static const struct said good_mail[] = { { "new_country", 7 }, { "rate", 6 }, { "bounces", -4 } };
	static const struct said within[] = { { "refused", 6 }, { "bounces", -4 } };
	struct verdict verdict = decide(good_mail, 3);

	assert_true(fabsf(verdict.bits - 13) < 0.1f);
	assert_true(fabsf(decide(within, 2).bits - 2) < 0.1f);
}

/* no sum may exceed what the groups allow, nor fall below nothing */
static void sums_stay_in_bounds(void **state)
{
	for (int bits = -120; bits <= 120; bits += 8) {
		struct verdict verdict = { 0 };
		struct profile profile;

		profile_init(&profile);
		for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
			profile_set_bits(&profile, i, (float)bits);
		verdict_decide(&profile, &limits, &verdict);
		assert_true(verdict.group_bits[GROUP_PLACE] >= 0 && verdict.group_bits[GROUP_PLACE] <= 24);
		assert_true(verdict.group_bits[GROUP_BEHAVIOUR] >= 0 && verdict.group_bits[GROUP_BEHAVIOUR] <= 22);
		assert_true(verdict.group_bits[GROUP_OUTCOME] >= 0);
		assert_true(bits > 0 ? verdict.action == VERDICT_LOCK || bits < 22 : verdict.action == VERDICT_PASS);
	}
}

static void limits_are_the_callers(void **state)
{
	static const struct verdict_limits strict = { 1, 1, 2 }, never = { 1000, 1000, 1000 };
	struct said said = { "bounces", 3 };
	struct verdict verdict = { 0 };
	struct profile profile;

	profile_init(&profile);
	set(&profile, &said);
	verdict_decide(&profile, &strict, &verdict);
	assert_int_equal(verdict.action, VERDICT_LOCK);
	verdict_decide(&profile, &never, &verdict);
	assert_int_equal(verdict.action, VERDICT_PASS);
}

static void says_how_it_came_to_it(void **state)
{
	static const struct said said[] = { { "spread", 20 }, { "rate", 9 }, { "guessed", 7 }, { "returned", 3 } };
	struct verdict verdict = decide(said, 4);
	float sum = 0;

	for (unsigned i = 0; i < GROUP_COUNT; i++)
		sum += verdict.group_bits[i];
	assert_true(sum == verdict.bits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acts_at_the_limits),
		cmocka_unit_test(groups_add_up),
		cmocka_unit_test(what_one_group_may_do_alone),
		cmocka_unit_test(two_groups_lock),
		cmocka_unit_test(own_doing_waits_for_one_word_from_elsewhere),
		cmocka_unit_test(credit_of_one_group_pays_for_no_other),
		cmocka_unit_test(sums_stay_in_bounds),
		cmocka_unit_test(limits_are_the_callers),
		cmocka_unit_test(says_how_it_came_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

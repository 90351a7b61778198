/* SPDX-License-Identifier: Apache-2.0 */
/* The weights that settings name: how they are written, and what they do to what a signal adds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

#include "evidence/weights.h"

static unsigned number_of(const char *name)
{
	unsigned i = 0;

	while (strcmp(signals[i]->name, name) != 0)
		i++;
	return i;
}

static void are_one_by_default(void **state)
{
	struct evidence_weights weights;

	evidence_weights_init(&weights);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		assert_true(weights.factor[i] == 1);
	assert_int_equal(weights.named, 0);
}

static void are_read(void **state)
{
	static const struct { const char *item; const char *signal; float factor; } rows[] = {
		{ "rate=0.8", "rate", 0.8f },      { "rate = 0.8 ", "rate", 0.8f }, { "slow=0", "slow", 0 },
		{ "bounces=4", "bounces", 4 },     { "bounces=4.0", "bounces", 4 }, { "hour=0.125", "hour", 0.125f },
		{ "refused=1.000001", "refused", 1.000001f },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct evidence_weights weights;
		struct error error = { "" };

		evidence_weights_init(&weights);
		if (!evidence_weights_take(&weights, text_of(rows[i].item), &error))
			fail_msg("%s: %s", rows[i].item, error.text);
		assert_true(fabsf(weights.factor[number_of(rows[i].signal)] - rows[i].factor) < 1e-6f);
		assert_int_equal(weights.named, 1u << number_of(rows[i].signal));
	}
}

static void are_refused(void **state)
{
	static const struct { const char *item, *why; } rows[] = {
		{ "", "is no weight" },           { "rate", "is no weight" },      { "=1", "no signal ''" },
		{ "rates=1", "no signal 'rates'" }, { "Rate=1", "no signal" },       { "rate=", "from 0 to 4" },
		{ "rate=4.1", "from 0 to 4" },    { "rate=5", "from 0 to 4" },     { "rate=-1", "from 0 to 4" },
		{ "rate=1.", "from 0 to 4" },     { "rate=.5", "from 0 to 4" },    { "rate=1e1", "from 0 to 4" },
		{ "rate=0,8", "from 0 to 4" },    { "rate=1=2", "from 0 to 4" },   { "rate=0.1234567", "from 0 to 4" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct evidence_weights weights;
		struct error error = { "" };

		evidence_weights_init(&weights);
		assert_false(evidence_weights_take(&weights, text_of(rows[i].item), &error));
		if (!strstr(error.text, rows[i].why))
			fail_msg("%s: '%s' does not say '%s'", rows[i].item, error.text, rows[i].why);
		for (unsigned k = 0; k < PROFILE_SIGNALS; k++)
			assert_true(weights.factor[k] == 1);
	}
}

static void are_named_once(void **state)
{
	struct evidence_weights weights;
	struct error error = { "" };

	evidence_weights_init(&weights);
	assert_true(evidence_weights_take(&weights, TEXT("rate=1"), &error));
	assert_false(evidence_weights_take(&weights, TEXT("rate=2"), &error));
	assert_non_null(strstr(error.text, "set twice"));
}

/* a message whose content a filter flagged */
static float bits_with(const float *factors, unsigned times)
{
	struct event_detail detail = { .filtered = true };
	struct event event = { .t_us = DAY_US, .kind = EVENT_SUBMIT, .count = 1, .spam = true, .detail = &detail };
	struct profile profile;
	struct population *population = population_new();
	struct evidence_view view = { .event = &event, .profile = &profile, .population = population, .factors = factors };

	profile_init(&profile);
	while (times--)
		evidence_weigh(&profile, &view);
	population_free(population);
	return profile_bits(&profile, number_of("filter"));
}

static void weigh(void **state)
{
	float factors[PROFILE_SIGNALS];
	float plain = bits_with(NULL, 1);

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		factors[i] = 1;
	assert_true(plain > 0.5f);
	assert_true(bits_with(factors, 1) == plain);
	factors[number_of("filter")] = 0.5f;
	assert_true(fabsf(bits_with(factors, 1) - plain / 2) < 0.02f);
	factors[number_of("filter")] = 0;
	assert_true(bits_with(factors, 1) == 0);
	factors[number_of("filter")] = 4; /* what it may reach stays */
	assert_true(bits_with(factors, 50) == bits_with(NULL, 50));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_one_by_default),
		cmocka_unit_test(are_read),
		cmocka_unit_test(are_refused),
		cmocka_unit_test(are_named_once),
		cmocka_unit_test(weigh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

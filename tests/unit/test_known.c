/* SPDX-License-Identifier: Apache-2.0 */
/* The filter of known recipients: it may take a stranger for known now and then, never the other way round. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/hash.h"
#include "state/known.h"

enum { PAIRS = 200000, ACCOUNTS = 1000 };

static uint64_t rcpt(uint64_t number) { return hash_pair(HASH_FIXED, number) | 1; }
static uint32_t account_of(uint32_t number) { return 1 + number % ACCOUNTS; }

static struct known *filled(void)
{
	struct known *known = known_new();

	for (uint32_t i = 0; i < PAIRS; i++)
		known_add(known, account_of(i), rcpt(i / 3)); /* many have the same friends */
	return known;
}

static void nothing_is_known_at_first(void **state)
{
	struct known *known = known_new();

	for (uint32_t i = 0; i < 1000; i++)
		assert_false(known_has(known, i, rcpt(i)));
	known_free(known);
	known_free(NULL);
}

static void whoever_was_written_to_is_known(void **state)
{
	struct known *known = filled();

	for (uint32_t i = 0; i < PAIRS; i++)
		assert_true(known_has(known, account_of(i), rcpt(i / 3)));
	known_free(known);
}

static void strangers_are_hardly_ever_known(void **state)
{
	struct known *known = filled();
	unsigned wrong = 0;

	for (uint32_t i = 0; i < PAIRS; i++)
		wrong += known_has(known, account_of(i), rcpt(1000000 + i));
	assert_in_range(wrong, 0, PAIRS * 3 / 100);
	known_free(known);
}

static void accounts_do_not_share_their_friends(void **state)
{
	struct known *known = known_new();
	unsigned wrong = 0;

	for (uint32_t i = 0; i < PAIRS; i++)
		known_add(known, 1, rcpt(i));
	for (uint32_t i = 0; i < PAIRS; i++)
		wrong += known_has(known, 2 + i % 7, rcpt(i)) + known_has(known, 1u << 31 | 1, rcpt(i));
	assert_in_range(wrong, 0, 2 * PAIRS * 3 / 100);
	known_free(known);
}

static void adding_twice_is_adding_once(void **state)
{
	struct known *known = known_new();

	for (uint32_t i = 0; i < PAIRS; i++)
		known_add(known, 5, rcpt(i % 10));
	for (uint32_t i = 0; i < 10; i++)
		assert_true(known_has(known, 5, rcpt(i)));
	known_free(known);
}

/* Filling both generations takes 48 million keys, and a few more, for strangers that are taken for known are not
 * counted: only where that is quick, in a build without sanitizers. */
static void two_generations_forget_the_oldest_only(void **state)
{
	const uint32_t all = 2u * KNOWN_KEYS_MAX + KNOWN_KEYS_MAX / 20;
	struct known *known = known_new();
	int64_t start_us = clock_steady();
	unsigned wrong = 0, old = 0;

	for (uint32_t i = 0; i < 1000000; i++)
		known_add(known, 9, rcpt(i));
	if (clock_steady() - start_us > 60 * 1000) {
		known_free(known);
		skip();
	}
	for (uint32_t i = 1000000; i < all; i++)
		known_add(known, 9, rcpt(i));
	for (uint32_t i = all - KNOWN_KEYS_MAX; i < all; i += 97)
		assert_true(known_has(known, 9, rcpt(i)));
	for (uint32_t i = 0; i < PAIRS; i++) {
		wrong += known_has(known, 9, rcpt(1ull << 40 | i));
		old += known_has(known, 9, rcpt(i));
	}
	assert_in_range(wrong, 0, PAIRS * 3 / 100);
	assert_in_range(old, 0, PAIRS * 3 / 100);
	known_free(known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known_at_first),
		cmocka_unit_test(whoever_was_written_to_is_known),
		cmocka_unit_test(strangers_are_hardly_ever_known),
		cmocka_unit_test(accounts_do_not_share_their_friends),
		cmocka_unit_test(adding_twice_is_adding_once),
		cmocka_unit_test(two_generations_forget_the_oldest_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

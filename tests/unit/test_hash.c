/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/table.h"

static void comes_out_alike_in_every_run(void **state)
{
	static const struct { struct text text; uint64_t wanted; } cases[] = {
		{ TEXT(""), 0xfae74a6d45076f8bull },
		{ TEXT("a"), 0xff9c1ae9e56778fcull },
		{ TEXT("alice@example.org"), 0x5b846343e13f78a9ull },
		{ TEXT("a recipient of more than thirty-two bytes@example.org"), 0x4190437977f6da4eull },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(hash_text(HASH_FIXED, cases[i].text), cases[i].wanted);
}

static void every_bit_of_every_length_matters(void **state)
{
	char bytes[48];

	for (size_t n = 1; n <= sizeof bytes; n++) {
		struct text text = { bytes, n };
		uint64_t plain;

		memset(bytes, 'a', sizeof bytes);
		plain = hash_text(HASH_FIXED, text);
		for (size_t bit = 0; bit < n * 8; bit++) {
			bytes[bit / 8] ^= (char)(1 << bit % 8);
			if (hash_text(HASH_FIXED, text) == plain)
				fail_msg("length %zu: bit %zu does not matter", n, bit);
			bytes[bit / 8] ^= (char)(1 << bit % 8);
		}
	}
}

static void lengths_differ(void **state)
{
	static const char zeros[64];
	struct table seen = { 0 };
	bool made;

	for (size_t n = 0; n <= sizeof zeros; n++) {
		table_put(&seen, hash_text(HASH_FIXED, (struct text){ zeros, n }), 0, &made);
		assert_true(made);
	}
	table_done(&seen);
}

static void what_stands_around_does_not_matter(void **state)
{
	assert_int_equal(hash_text(1, text_head(TEXT("alice@example.org>"), 17)), hash_text(1, text_head(TEXT("alice@example.org, x"), 17)));
}

/* names as logs have them fall evenly into buckets, by the low bits and by the high ones */
static void spreads_names(void **state)
{
	static unsigned low[4096], high[4096];
	struct table seen = { 0 };
	char name[32];
	bool made;

	for (int i = 0; i < 409600; i++) {
		int n = snprintf(name, sizeof name, "user%06d@example.org", i);
		uint64_t hash = hash_text(HASH_FIXED, (struct text){ name, (size_t)n });

		low[hash & 4095]++;
		high[hash >> 52]++;
		table_put(&seen, hash | 1, 0, &made);
		assert_true(made);
	}
	for (int i = 0; i < 4096; i++) {
		assert_in_range(low[i], 50, 170);
		assert_in_range(high[i], 50, 170);
	}
	table_done(&seen);
}

static void seeds_part_processes_and_tables(void **state)
{
	assert_int_not_equal(hash_seed(), 0);
	assert_int_equal(hash_seed(), hash_seed());
	assert_int_not_equal(hash_text(1, TEXT("alice")), hash_text(2, TEXT("alice")));
	assert_int_not_equal(hash_text(1, TEXT("")), hash_text(2, TEXT("")));
}

static void pairs_have_an_order(void **state)
{
	assert_int_not_equal(hash_pair(1, 2), hash_pair(2, 1));
	assert_int_not_equal(hash_pair(1, 2), hash_pair(1, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_out_alike_in_every_run),
		cmocka_unit_test(every_bit_of_every_length_matters),
		cmocka_unit_test(lengths_differ),
		cmocka_unit_test(what_stands_around_does_not_matter),
		cmocka_unit_test(spreads_names),
		cmocka_unit_test(seeds_part_processes_and_tables),
		cmocka_unit_test(pairs_have_an_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a guesser tries first for an account, and that the policy refuses each word of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "password/likely.h"

enum { YEAR = 2026 };

static const char *const company[] = { "Nippon Trading", "acme", NULL };

static size_t place_of(const struct likely *likely, const char *word)
{
	for (size_t i = 0; i < likely_count(likely); i++)
		if (text_is(likely_word(likely, i), text_of(word)))
			return i;
	return SIZE_MAX;
}

/* ---- what has to be there, and how early */

static const struct wanted {
	const char *account, *word;
	size_t before;
} wanted[] = {
	{ "tanaka@example.jp", "tanaka", 10 },
	{ "tanaka@example.jp", "tanaka123", 10 },
	{ "tanaka@example.jp", "tanaka1234", 10 },
	{ "tanaka@example.jp", "123456", 10 },
	{ "tanaka@example.jp", "nippontrading2026", 10 },
	{ "tanaka@example.jp", "1qaz2wsx", 10 },
	{ "tanaka@example.jp", "1234qwer", 10 },
	{ "tanaka@example.jp", "example2026", 30 },
	{ "tanaka@example.jp", "nippon2026", 60 },
	{ "tanaka@example.jp", "acme2026", 60 },
	{ "tanaka@example.jp", "asdf1234", 60 },
	{ "tanaka@example.jp", "Tanaka123", 100 },
	{ "tanaka@example.jp", "aknat", SIZE_MAX },
	{ "tanaka@example.jp", "akanat", 100 },
	{ "tanaka@example.jp", "akanat123", 100 },
	{ "tanaka@example.jp", "tanakatanaka", 100 },
	{ "tanaka@example.jp", "zaq12wsx", 100 },
	{ "tanaka@example.jp", "Example2026", 100 },
	{ "tanaka@example.jp", "Nippon2026", 100 },
	{ "tanaka@example.jp", "tanaka2026", 100 },
	{ "tanaka@example.jp", "tanaka2025", 100 },
	{ "tanaka@example.jp", "sakura", 200 },
	{ "tanaka@example.jp", "elpmaxe", 300 },
	{ "tanaka@example.jp", "nipp0n2026", 500 },
	{ "tanaka@example.jp", "tanakaexample", 300 },
	{ "tanaka@example.jp", "T4naka", SIZE_MAX },
	{ "tanaka@example.jp", "t@n@k@123", 600 },
	{ "tomoko@example.jp", "t0m0k0123", 100 },
	{ "taro.yamada85@mail.acme-shop.co.jp", "taro.yamada85", 10 },
	{ "taro.yamada85@mail.acme-shop.co.jp", "taro.yamada85123", 10 },
	{ "taro.yamada85@mail.acme-shop.co.jp", "yamada123", 100 },
	{ "taro.yamada85@mail.acme-shop.co.jp", "taro1234", 100 },
	{ "taro.yamada85@mail.acme-shop.co.jp", "acmeshop2026", 200 },
	{ "taro.yamada85@mail.acme-shop.co.jp", "acme-shop", 20 },
	{ "info@shop.example.com.au", "example123", 30 },
	{ "info@example", "example123", 30 },
	{ "bare", "bare123", 10 },
};

static void the_likely_ones_come_early(void **state)
{
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		struct likely *likely = likely_new(text_of(wanted[i].account), company, YEAR);
		size_t place = place_of(likely, wanted[i].word);

		if (wanted[i].before == SIZE_MAX ? place != SIZE_MAX : place >= wanted[i].before)
			fail_msg("%s: '%s' stands at %zd, not before %zd", wanted[i].account, wanted[i].word, (ssize_t)place,
				 (ssize_t)wanted[i].before);
		likely_free(likely);
	}
}

/* ---- the other direction: the policy refuses every one */

static const char *const accounts[] = { "tanaka@example.jp", "taro.yamada85@mail.acme-shop.co.jp", "a@b.jp", "ab@xy.co.jp", "info@example.com",
					"0120@1.jp", "x", "o'brien+spam@sub.domain.example.org", "shop_2024@kyoto-u.ac.jp", "-._@...", "@", "",
					"\xe7\x94\xb0\xe4\xb8\xad@\xe4\xbe\x8b.jp", "yuki@sakura.ne.jp" };

static bool has(const struct password_verdict *verdict, enum password_fault fault)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (verdict->objections[i].fault == fault)
			return true;
	return false;
}

static void the_policy_refuses_each(void **state)
{
	size_t missed = 0, tried = 0;

	for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
		struct likely *likely = likely_new(text_of(accounts[i]), company, YEAR);
		const struct password_owner owner = { .address = text_of(accounts[i]), .names = company };

		assert_true(likely_count(likely) > LIKELY_MAX / 2);
		for (size_t word = 0; word < likely_count(likely); word++)
			for (size_t profile = 0; profile < password_profile_count; profile++) {
				struct password_policy policy = password_profiles[profile];
				struct password_verdict verdict;

				policy.symbols = NULL; /* that nothing is refused for a dot or an @ alone */
				policy.classes = 0;
				policy.bits = 0;
				password_judge_rules(&policy, &owner, likely_word(likely, word), &verdict);
				tried++;
				if (verdict.count)
					continue;
				missed++;
				print_message("%s, %s: '%.*s' (%s) is not refused\n", accounts[i], policy.profile,
					      TEXT_ARG(likely_word(likely, word)), password_fault_names[likely_fault(likely, word)]);
			}
		likely_free(likely);
	}
	assert_true(tried > 50000);
	assert_int_equal(missed, 0);
}

/* what is of words and runs may be several of these: sakura123 is a word with digits, and one with a run */
static bool is_of_words(enum password_fault fault) { return fault >= PASSWORD_REPEATS && fault <= PASSWORD_WORD_DIGITS; }

static bool is_like(const struct password_verdict *verdict, enum password_fault fault)
{
	bool like = has(verdict, fault);

	for (enum password_fault other = PASSWORD_REPEATS; is_of_words(fault) && other <= PASSWORD_WORD_DIGITS; other++)
		like = like || has(verdict, other);
	return like || has(verdict, PASSWORD_MIXTURE); /* @cm3123 */
}

/* whatever is short enough to be refused for that is still said to be what it is */
static void faults_are_those_of_the_policy(void **state)
{
	const struct password_owner owner = { .address = TEXT("tanaka@example.jp"), .names = company };
	struct password_policy policy = password_profiles[0];
	struct likely *likely = likely_new(owner.address, company, YEAR);
	size_t other = 0;

	policy.symbols = NULL;
	policy.least = 1;
	policy.most = PASSWORD_MAX;
	policy.classes = 0;
	policy.bits = 0;
	for (size_t word = 0; word < likely_count(likely); word++) {
		struct password_verdict verdict;

		password_judge_rules(&policy, &owner, likely_word(likely, word), &verdict);
		if (is_like(&verdict, likely_fault(likely, word)))
			continue;
		other++;
		print_message("'%.*s' is not %s\n", TEXT_ARG(likely_word(likely, word)), password_fault_names[likely_fault(likely, word)]);
	}
	likely_free(likely);
	assert_int_equal(other, 0);
}

/* ---- the list itself */

static int by_text(const void *a, const void *b)
{
	const struct text *left = a, *right = b;

	return strcmp(left->p, right->p);
}

static void each_comes_once_and_always_at_the_same_place(void **state)
{
	struct likely *first = likely_new(TEXT("tanaka@example.jp"), company, YEAR), *second = likely_new(TEXT("tanaka@example.jp"), company, YEAR);
	struct text words[LIKELY_MAX];
	size_t count = likely_count(first);

	assert_true(count > 3000 && count <= LIKELY_MAX);
	assert_int_equal(count, likely_count(second));
	for (size_t i = 0; i < count; i++) {
		words[i] = likely_word(first, i);
		assert_true(text_is(words[i], likely_word(second, i)));
		assert_true(words[i].n >= LIKELY_LEAST && words[i].n <= LIKELY_WORD_MAX && words[i].p[words[i].n] == '\0');
	}
	qsort(words, count, sizeof *words, by_text);
	for (size_t i = 1; i < count; i++)
		assert_false(text_is(words[i - 1], words[i]));
	likely_free(second);
	likely_free(first);
	likely_free(NULL);
}

static void a_version_is_of_names_and_year(void **state)
{
	static const char *const other[] = { "Nippon Trading", NULL };

	assert_true(likely_version(company, YEAR) == likely_version(company, YEAR));
	assert_false(likely_version(company, YEAR) == likely_version(company, YEAR + 1));
	assert_false(likely_version(company, YEAR) == likely_version(other, YEAR));
	assert_false(likely_version(other, YEAR) == likely_version(NULL, YEAR));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_likely_ones_come_early),
		cmocka_unit_test(the_policy_refuses_each),
		cmocka_unit_test(faults_are_those_of_the_policy),
		cmocka_unit_test(each_comes_once_and_always_at_the_same_place),
		cmocka_unit_test(a_version_is_of_names_and_year),
	};

	return cmocka_run_group_tests_name("likely", tests, NULL, NULL);
}

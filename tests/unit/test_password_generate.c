/* SPDX-License-Identifier: Apache-2.0 */
/* Random passwords: what a recipe asks for is in them, how strong they are is counted right, and all are equally likely. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <sodium.h>

#include "password/generate.h"
#include "password/words.h"

static bool all_of(const char *text, const char *characters) { return strspn(text, characters) == strlen(text); }

#define SMALL "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static struct password_made make(struct password_recipe recipe)
{
	struct password_made made;
	struct error error;

	if (!password_generate(&recipe, &made, &error))
		fail_msg("%s", error.text);
	return made;
}

/* ---- characters */

static void a_panel_gets_what_it_takes(void **state)
{
	for (unsigned length = 8; length <= 15; length++)
		for (unsigned i = 0; i < 300; i++) {
			struct password_made made = make((struct password_recipe){ .length = length, .classes = PASSWORD_ALL, .symbols = "-.," });

			assert_int_equal(strlen(made.text), length);
			assert_true(all_of(made.text, SMALL CAPITALS DIGITS "-.,"));
			assert_true(strpbrk(made.text, SMALL) && strpbrk(made.text, CAPITALS) && strpbrk(made.text, DIGITS) &&
				    strpbrk(made.text, "-.,"));
		}
}

static void plain_ones_have_nothing_that_is_mistaken(void **state)
{
	for (unsigned i = 0; i < 1000; i++) {
		struct password_made made = make((struct password_recipe){ .length = 20, .classes = PASSWORD_ALL, .symbols = "-|", .plain = true });

		assert_null(strpbrk(made.text, "0Oo1lI|"));
	}
}

/* by counting them all */
static void strength_is_counted_right(void **state)
{
	static const struct {
		struct password_recipe recipe;
		double count;
	} table[] = {
		{ { .length = 4, .classes = PASSWORD_DIGITS }, 10000 },
		{ { .length = 2, .classes = PASSWORD_DIGITS | PASSWORD_LOWER }, 520 },
		{ { .length = 3, .classes = PASSWORD_DIGITS | PASSWORD_LOWER }, 46656 - 1000 - 17576 },
		{ { .length = 3, .classes = PASSWORD_DIGITS | PASSWORD_SYMBOLS, .symbols = "-" }, 1331 - 1000 - 1 },
		{ { .length = 4, .classes = PASSWORD_ALL, .symbols = "-.," }, 24.0 * 26 * 26 * 10 * 3 },
		{ { .length = 4, .classes = PASSWORD_ALL, .symbols = "-.--" }, 24.0 * 26 * 26 * 10 * 2 },
		{ { .length = 2, .classes = PASSWORD_DIGITS, .plain = true }, 64 },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		double bits = make(table[i].recipe).bits;

		if (fabs(bits - log2(table[i].count)) > 0.1 || bits > log2(table[i].count))
			fail_msg("row %zu: %f, not %f", i, bits, log2(table[i].count));
	}
}

static void all_are_equally_likely(void **state)
{
	enum { DRAWS = 52000, KINDS = 520 };
	static unsigned seen[128][128];
	double chi = 0;
	unsigned kinds = 0;

	for (unsigned i = 0; i < DRAWS; i++) {
		struct password_made made = make((struct password_recipe){ .length = 2, .classes = PASSWORD_DIGITS | PASSWORD_LOWER });

		kinds += seen[(int)made.text[0]][(int)made.text[1]]++ == 0;
	}
	for (size_t a = 0; a < 128; a++)
		for (size_t b = 0; b < 128; b++)
			if (seen[a][b])
				chi += pow(seen[a][b] - (double)DRAWS / KINDS, 2) / ((double)DRAWS / KINDS);
	assert_int_equal(kinds, KINDS);
	assert_true(chi < 519 + 6 * sqrt(2 * 519)); /* six standard deviations */
}

static void as_long_as_the_strength_takes(void **state)
{
	struct password_made made = make((struct password_recipe){ .bits = 80, .classes = PASSWORD_ALL, .symbols = "-.," });
	struct password_made shorter;
	struct error error;

	assert_true(made.bits >= 80);
	assert_int_equal(strlen(made.text), 14);
	assert_false(password_generate(&(struct password_recipe){ .length = 13, .bits = 80, .classes = PASSWORD_ALL, .symbols = "-.," },
				       &shorter, &error));
}

/* ---- words */

static void the_list_is_sound(void **state)
{
	assert_true(password_word_count >= 2048);
	for (size_t i = 0; i < password_word_count; i++) {
		assert_true(all_of(password_words[i], SMALL));
		assert_in_range(strlen(password_words[i]), 3, PASSWORD_WORD_MAX);
		assert_true(!i || strcmp(password_words[i - 1], password_words[i]) < 0);
	}
}

static void words_stand_apart(void **state)
{
	struct password_made made = make((struct password_recipe){ .words = 5, .separator = "-" });
	unsigned dashes = 0;

	for (const char *c = made.text; *c; c++)
		dashes += *c == '-';
	assert_int_equal(dashes, 4);
	assert_true(all_of(made.text, SMALL "-"));
	assert_true(made.bits > 5 * log2((double)password_word_count) - 0.11 && made.bits <= 5 * log2((double)password_word_count));
}

static void words_have_all_classes_where_they_should(void **state)
{
	for (unsigned i = 0; i < 300; i++) {
		struct password_made made = make((struct password_recipe){ .words = 4, .separator = ".", .classes = PASSWORD_ALL, .plain = true });

		assert_true(strpbrk(made.text, SMALL) && strpbrk(made.text, CAPITALS) && strchr(made.text, '.'));
		assert_true(strchr("23456789", made.text[strlen(made.text) - 1]));
	}
}

static void words_fit_where_they_have_to(void **state)
{
	double shorter = 0;

	for (unsigned i = 0; i < 300; i++) {
		struct password_made made = make((struct password_recipe){ .words = 4, .length = 20, .separator = "-" });

		assert_true(strlen(made.text) <= 20);
		shorter = made.bits;
	}
	/* what is too long is not counted */
	assert_true(shorter < 4 * log2((double)password_word_count) - 0.2 && shorter > 4 * 10);
}

/* two words of three letters, and nothing else fits: as many as there are pairs of such */
static void short_words_are_counted_right(void **state)
{
	double three = 0;

	for (size_t i = 0; i < password_word_count; i++)
		three += strlen(password_words[i]) == 3;
	assert_true(fabs(make((struct password_recipe){ .words = 2, .length = 7, .separator = "-" }).bits - 2 * log2(three)) < 0.11);
}

/* ---- what cannot be */

static void recipes_that_cannot_be_followed(void **state)
{
	static const struct {
		struct password_recipe recipe;
		const char *why;
	} table[] = {
		{ { .length = 8, .classes = PASSWORD_DIGITS, .bits = 60 }, "8 characters of 10 are 26.5 bits, less than 60" },
		{ { .length = 3, .classes = PASSWORD_ALL, .symbols = "-" }, "3 characters are too few" },
		{ { .length = 257, .classes = PASSWORD_LOWER }, "at most 256" },
		{ { .length = 8, .classes = PASSWORD_ALL }, "no symbols" },
		{ { .length = 8, .classes = PASSWORD_SYMBOLS, .symbols = "|", .plain = true }, "no symbols" },
		{ { .length = 8 }, "no characters" },
		{ { .length = 8, .classes = PASSWORD_ALL, .symbols = "-a" }, "neither letters nor digits" },
		{ { .length = 8, .classes = PASSWORD_ALL, .symbols = "- " }, "neither letters nor digits" },
		{ { .length = 8, .classes = PASSWORD_LOWER, .symbols = "\xc3\xa9" }, "neither letters nor digits" },
		{ { .words = 25, .separator = "-" }, "at most 24 words" },
		{ { .words = 4 }, "begin with capitals" },
		{ { .words = 4, .separator = "x" }, "no letter" },
		{ { .words = 4, .separator = "\t" }, "no letter" },
		{ { .words = 4, .separator = "---------" }, "8 characters between" },
		{ { .words = 4, .separator = "1", .classes = PASSWORD_SYMBOLS }, "a symbol" },
		{ { .words = 1, .separator = "-", .classes = PASSWORD_SYMBOLS }, "a symbol" },
		{ { .words = 4, .separator = "-", .length = 14 }, "hardly ever fit" },
		{ { .words = 4, .separator = "-", .length = 2 }, "hardly ever fit" },
		{ { .words = 4, .separator = "-", .bits = 60 }, "4 words of" },
	};
	struct password_made made;
	struct error error;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_false(password_generate(&table[i].recipe, &made, &error));
		if (!strstr(error.text, table[i].why))
			fail_msg("'%s' does not say '%s'", error.text, table[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_panel_gets_what_it_takes),
		cmocka_unit_test(plain_ones_have_nothing_that_is_mistaken),
		cmocka_unit_test(strength_is_counted_right),
		cmocka_unit_test(all_are_equally_likely),
		cmocka_unit_test(as_long_as_the_strength_takes),
		cmocka_unit_test(the_list_is_sound),
		cmocka_unit_test(words_stand_apart),
		cmocka_unit_test(words_have_all_classes_where_they_should),
		cmocka_unit_test(words_fit_where_they_have_to),
		cmocka_unit_test(short_words_are_counted_right),
		cmocka_unit_test(recipes_that_cannot_be_followed),
	};

	assert_true(sodium_init() >= 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

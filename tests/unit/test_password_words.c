/* SPDX-License-Identifier: Apache-2.0 */
/* What the policy knows: spellings of romaji, keyboards, pieces of an address, words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <zxcvbn.h>

#include "password/dictionary.h"
#include "password/keyboards.h"
#include "password/most_used.h"
#include "password/romaji.h"
#include "password/strength.h"
#include "password/tokens.h"
#include "password/words.h"
#include "password/words_japanese.h"

enum { WANTED_MAX = 8, TEXTS = 20000, STRENGTHS = 3000 };

static uint64_t drawn;

static uint32_t draw(uint32_t below)
{
	drawn = drawn * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(drawn >> 33) % below;
}

static size_t put_word(char *to, const char *const *words, size_t count)
{
	const char *word = words[draw((uint32_t)count)];

	memcpy(to, word, strlen(word));
	return strlen(word);
}

/* words, pieces, signs, one after another, some of them disguised */
static struct text draw_text(char text[64])
{
	static const char *const pieces[] = {
		"tanaka", "orat", "Example", "elpmaxe", "85", "acme", "jp", "ynot", "2024", "qwer", "aaaa", "-", ".", "#x", "Z",
	};
	size_t n = 0, least = 1 + draw(30);

	while (n < least) {
		switch (draw(4)) {
		case 0: n += put_word(text + n, password_words, password_word_count); break;
		case 1: n += put_word(text + n, password_japanese_surnames, password_japanese_surname_count); break;
		case 2: n += put_word(text + n, pieces, sizeof pieces / sizeof *pieces); break;
		default: text[n++] = (char)('!' + draw('~' - '!'));
		}
	}
	for (size_t i = 0; i < n; i += 1 + draw(12)) {
		const char *plain = "oieastbg", *at = strchr(plain, text[i]);

		text[i] = at ? "013457@9"[at - plain] : text[i];
	}
	text[n] = '\0';
	return (struct text){ text, n };
}

/* ---- romaji */

static bool is_spelled(const char *word, const char *wanted)
{
	char spellings[ROMAJI_SPELLINGS_MAX][ROMAJI_MAX + 1];
	size_t count = romaji_spellings(word, spellings);

	for (size_t i = 0; i < count; i++)
		if (strcmp(spellings[i], wanted) == 0)
			return true;
	return false;
}

static void words_are_spelled_as_people_do(void **state)
{
	static const struct {
		const char *word, *spellings[WANTED_MAX], *others[WANTED_MAX];
	} table[] = {
		{ "shoutarou", { "shoutarou", "shotaro", "syoutarou", "syotaro", "shohtaroh" }, { "soutarou", "shoutaru" } },
		{ "satou", { "satou", "sato", "satoh" }, { "satu" } },
		{ "oono", { "oono", "ono", "ohno" }, { "on" } },
		{ "tsuchiya", { "tsuchiya", "tutiya" }, { "tsutiya" } },
		{ "fujii", { "fujii", "huzii", "fujii" }, { "fuji" } },
		{ "shinbashi", { "shinbashi", "shimbashi", "sinbasi", "shinnbashi" }, { "simbashi" } },
		{ "junko", { "junko", "jyunko", "zyunko", "junnko" }, { "zunko" } },
		{ "yuuki", { "yuuki", "yuki" }, { "yuhki" } },
		{ "chouchou", { "chouchou", "chocho", "tyoutyou", "cyoucyou" }, { "tyochou" } },
		{ "kanna", { "kanna" }, { "kannna", "kana" } },
		{ "shinya", { "shinya", "sinya" }, { "shinnya" } },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		for (size_t j = 0; j < WANTED_MAX; j++) {
			if (table[i].spellings[j] && !is_spelled(table[i].word, table[i].spellings[j]))
				fail_msg("%s is not spelled %s", table[i].word, table[i].spellings[j]);
			if (table[i].others[j] && is_spelled(table[i].word, table[i].others[j]))
				fail_msg("%s is spelled %s", table[i].word, table[i].others[j]);
		}
}

static void spellings_come_once_and_fit(void **state)
{
	char spellings[ROMAJI_SPELLINGS_MAX][ROMAJI_MAX + 1];
	size_t count = romaji_spellings("sakura", spellings);

	assert_int_equal(count, 1);
	assert_string_equal(spellings[0], "sakura");
	assert_int_equal(romaji_spellings("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", spellings), 0);
	count = romaji_spellings("kabushikigaisha", spellings);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(spellings[i], spellings[j]);
}

/* ---- keyboards */

static void runs_are_followed(void **state)
{
	static const struct {
		const char *text;
		size_t at, length;
	} table[] = {
		{ "1qaz2wsx", 0, 8 },  { "1qaz2wsx", 4, 4 },   { "zaq12wsx", 0, 4 }, { "qwertyuiop", 0, 10 }, { "poiuytrewq", 0, 10 },
		{ "QWErty", 0, 6 },    { "!\"#$%&'()", 0, 9 }, { "!@#$%^&*()", 0, 10 }, { "qwertyuiop@[", 0, 12 }, { "qwertyuiop[]", 0, 12 },
		{ "asdfghjkl;:]", 0, 12 }, { "1q2w3e4r5t", 0, 10 }, { "abcdefg", 0, 7 }, { "gfedcba", 0, 7 },     { "cba321", 0, 3 },
		{ "0okm9ijn", 0, 4 },  { "147258369", 0, 9 },  { "k7tw", 0, 1 },     { "a", 0, 1 },            { "az", 0, 2 },
		{ "\xff\xfe\xfd", 0, 1 }, { "12345\x80", 0, 5 },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (keyboard_run(text_of(table[i].text), table[i].at) != table[i].length)
			fail_msg("%s from %zu: %zu, wanted %zu", table[i].text, table[i].at, keyboard_run(text_of(table[i].text), table[i].at),
				 table[i].length);
}

/* ---- pieces of an address */

static bool has_token(const struct tokens *tokens, const char *wanted)
{
	for (size_t i = 0; i < tokens->count; i++)
		if (text_is(tokens->items[i].text, text_of(wanted)))
			return true;
	return false;
}

static void an_address_falls_into_pieces(void **state)
{
	static const char *const wanted[] = { "tanaka", "taro85", "taro", "85", "mail", "example-", "example", "co", "jp" };
	struct tokens tokens = { .count = 0 };

	tokens_of_address(&tokens, TEXT("tanaka.taro85@mail.Example.co.jp"));
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (has_token(&tokens, wanted[i]) != (i < 5 || i > 6))
			fail_msg("%s", wanted[i]);
	assert_true(has_token(&tokens, "Example"));
	assert_int_equal(tokens.count, 8);
}

static void pieces_are_bounded(void **state)
{
	struct tokens tokens = { .count = 0 };
	char long_one[4096];

	for (size_t i = 0; i < sizeof long_one; i++)
		long_one[i] = "ab1.c-d@"[(i * 7 + i / 8) % 8];
	tokens_of_address(&tokens, (struct text){ long_one, sizeof long_one });
	assert_true(tokens.count <= TOKENS_MAX);
	for (size_t i = 0; i < tokens.count; i++)
		assert_in_range(tokens.items[i].text.n, TOKEN_LEAST, TOKEN_MOST);
}

/* the short way never passes over what the long one finds */
static void pieces_are_looked_for_wherever_they_stand(void **state)
{
	static const char *const names[] = { "Acme Shoji 24", NULL };
	struct tokens tokens = { .count = 0 };
	struct letter letters[64];
	size_t stood = 0;

	tokens_of_address(&tokens, TEXT("tanaka.taro85@mail.example.co.jp"));
	tokens_of_names(&tokens, names);
	for (size_t i = 0; i < TEXTS; i++) {
		char room[64];
		struct text text = draw_text(room);

		letters_read(text, letters);
		for (size_t at = 0; at < text.n; at++)
			for (size_t j = 0; j < tokens.count; j++) {
				const struct token *token = &tokens.items[j];
				struct text rest = text_after(text, at);
				bool stands = token_begins(token, rest, letters + at, true) ||
					      token_begins_backwards(token, rest, letters + at, true);

				stood += stands;
				if (stands && !(tokens_at(&tokens, rest.p[0], letters[at]) >> j & 1))
					fail_msg("%s at %zu", room, at);
			}
	}
	assert_true(stood > TEXTS / 10);
}

/* ---- words */

static size_t letters_of(const char *text, struct letter letters[64])
{
	size_t n = 0;

	for (; text[n]; n++)
		letters[n] = letter_of(text[n]);
	return n;
}

static void words_are_found_in_disguise(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} table[] = {
		{ "sakura", true },  { "SAKURA", true },  { "5akura", true },	{ "$@kur4", true },   { "arukas", true },  { "himawari", true },
		{ "h1mawar1", true }, { "he11o", true },   { "zaq", false },	{ "xkqzvw", false },  { "sakurax", false }, { "sa-kura", false },
		{ "acorn", true },   { "satoh", true },	  { "qazwsxedc", false }, { "tr0ub4dor", false },
	};
	struct letter letters[64];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (dictionary_has(letters, letters_of(table[i].text, letters)) != table[i].is)
			fail_msg("%s", table[i].text);
}

static void expect_words(const char *const *words, size_t count)
{
	struct letter letters[64], backwards[64];

	for (size_t i = 0; i < count; i++) {
		size_t n = letters_of(words[i], letters);

		for (size_t j = 0; j < n; j++)
			backwards[j] = letters[n - 1 - j];
		if (!dictionary_has(letters, n) || !dictionary_has(backwards, n))
			fail_msg("%s is not found", words[i]);
	}
}

static void every_word_is_found(void **state)
{
	expect_words(password_words, password_word_count);
	expect_words(password_japanese_words, password_japanese_word_count);
	expect_words(password_japanese_places, password_japanese_place_count);
	expect_words(password_japanese_surnames, password_japanese_surname_count);
	expect_words(password_japanese_given_names, password_japanese_given_name_count);
}

/* Our words only take away from what zxcvbn says, and where none of them stands in a password it is what zxcvbn says, though it is asked once. */
static void strength_is_no_more_than_zxcvbn_says(void **state)
{
	static const struct tokens none = { .count = 0 };
	size_t same = 0, less = 0;

	for (size_t i = 0; i < STRENGTHS; i++) {
		struct dictionary_found found[DICTIONARY_FOUND_MAX];
		struct letter letters[64];
		char room[64];
		struct text text = draw_text(room);
		double plain = ZxcvbnMatch(room, NULL, NULL), ours;
		bool any = false;

		letters_read(text, letters);
		for (size_t at = 0; at < text.n; at++) {
			size_t count = dictionary_find(letters + at, text.n - at, found);

			any = any || (count && found[count - 1].length > 3);
		}
		ours = strength_of(text, letters, &none).bits;
		if (any ? ours > plain : ours != plain)
			fail_msg("%s: %f, by zxcvbn %f", room, ours, plain);
		same += ours == plain;
		less += ours < plain;
	}
	assert_true(same > STRENGTHS / 20 && less > STRENGTHS / 20);
}

static void those_that_begin_somewhere_are_all_found(void **state)
{
	struct dictionary_found found[DICTIONARY_FOUND_MAX];
	struct letter letters[64];
	size_t count = dictionary_find(letters, letters_of("sakurako", letters), found), longest = 0;

	for (size_t i = 0; i < count; i++) {
		assert_true(found[i].length > longest);
		longest = found[i].length;
	}
	assert_int_equal(longest, 8);
	assert_true(count >= 2);
	assert_int_equal(dictionary_find(letters, 2, found), 0);
}

static void most_used_ones_are_known(void **state)
{
	assert_true(dictionary_most_used(TEXT("1234qwer")));
	assert_true(dictionary_most_used(TEXT("P@ssw0rd")));
	assert_true(dictionary_most_used(TEXT("TRUSTNO1")));
	assert_false(dictionary_most_used(TEXT("xK9.mP2-qLr")));
	assert_false(dictionary_most_used(TEXT("")));
	for (size_t i = 0; i < password_most_used_count; i++)
		assert_true(dictionary_most_used(text_of(password_most_used[i])));
}

static void check_list(const char *const *words, size_t count, size_t least)
{
	assert_true(count >= least);
	for (size_t i = 0; i < count; i++) {
		assert_true(strlen(words[i]) >= 3 && strspn(words[i], "abcdefghijklmnopqrstuvwxyz") == strlen(words[i]));
		for (size_t j = 0; j < i; j++)
			if (strcmp(words[i], words[j]) == 0)
				fail_msg("%s stands twice", words[i]);
	}
}

static void lists_are_what_their_headers_say(void **state)
{
	check_list(password_japanese_words, password_japanese_word_count, 1500);
	check_list(password_japanese_places, password_japanese_place_count, 400);
	check_list(password_japanese_surnames, password_japanese_surname_count, 700);
	check_list(password_japanese_given_names, password_japanese_given_name_count, 2000);
	assert_true(password_most_used_count >= 1000 && keyboard_password_count >= 100);
	for (size_t i = 0; i < password_most_used_count; i++) {
		assert_in_range(strlen(password_most_used[i]), 4, PASSWORD_MOST_USED_MAX);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(password_most_used[i], password_most_used[j]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_spelled_as_people_do),
		cmocka_unit_test(spellings_come_once_and_fit),
		cmocka_unit_test(runs_are_followed),
		cmocka_unit_test(an_address_falls_into_pieces),
		cmocka_unit_test(pieces_are_bounded),
		cmocka_unit_test(pieces_are_looked_for_wherever_they_stand),
		cmocka_unit_test(words_are_found_in_disguise),
		cmocka_unit_test(every_word_is_found),
		cmocka_unit_test(strength_is_no_more_than_zxcvbn_says),
		cmocka_unit_test(those_that_begin_somewhere_are_all_found),
		cmocka_unit_test(most_used_ones_are_known),
		cmocka_unit_test(lists_are_what_their_headers_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

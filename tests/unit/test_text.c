/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

static void expect(const char *name, struct text came, struct text wanted)
{
	if (!text_is(came, wanted))
		print_error("%s: wanted '%.*s', came '%.*s'\n", name, TEXT_ARG(wanted), TEXT_ARG(came));
	assert_true(text_is(came, wanted));
}

static void trims_blanks(void **state)
{
	static const struct { const char *name; struct text text, wanted; } cases[] = {
		{ "nothing", { "", 0 }, { "", 0 } },
		{ "only blanks", { " \t\r\n ", 5 }, { "", 0 } },
		{ "both ends", { "\r\n a b\t", 7 }, { "a b", 3 } },
		{ "none to take", { "a", 1 }, { "a", 1 } },
		{ "a NUL is no blank", { " \0 ", 3 }, { "\0", 1 } },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect(cases[i].name, text_trim(cases[i].text), cases[i].wanted);
}

static void reads_numbers(void **state)
{
	static const struct { const char *name; struct text text; uint64_t most; bool ok; uint64_t wanted; } cases[] = {
		{ "zero", TEXT("0"), 0, true, 0 },
		{ "leading zeros", TEXT("007"), 7, true, 7 },
		{ "at the limit", TEXT("65535"), 65535, true, 65535 },
		{ "over the limit", TEXT("65536"), 65535, false, 0 },
		{ "nineteen digits", TEXT("9999999999999999999"), UINT64_MAX, true, 9999999999999999999u },
		{ "twenty digits could overflow", TEXT("10000000000000000000"), UINT64_MAX, false, 0 },
		{ "nothing", TEXT(""), 9, false, 0 },
		{ "a sign", TEXT("-1"), 9, false, 0 },
		{ "a plus", TEXT("+1"), 9, false, 0 },
		{ "a blank in front", TEXT(" 1"), 9, false, 0 },
		{ "a letter behind", TEXT("1a"), 9, false, 0 },
		{ "a NUL behind", { "1\0", 2 }, 9, false, 0 },
		{ "hexadecimal", TEXT("0x1"), 99, false, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t number = 4711;
		bool ok = text_number(cases[i].text, cases[i].most, &number);

		if (ok != cases[i].ok || number != (ok ? cases[i].wanted : 4711))
			print_error("%s: came %d, %llu\n", cases[i].name, ok, (unsigned long long)number);
		assert_int_equal(ok, cases[i].ok);
		assert_int_equal(number, ok ? cases[i].wanted : 4711);
	}
}

static void copies_and_always_terminates(void **state)
{
	char to[5];

	text_copy(to, sizeof to, TEXT("abcd"));
	assert_string_equal(to, "abcd");
	text_copy(to, sizeof to, TEXT("abcde"));
	assert_string_equal(to, "abcd");
	text_copy(to, sizeof to, TEXT_NONE);
	assert_string_equal(to, "");
	text_copy(to, 1, TEXT("abc"));
	assert_string_equal(to, "");
}

static void finds_and_compares(void **state)
{
	struct text t = TEXT("user=<a>, rip=1.2.3.4");

	assert_int_equal(text_find(t, '<'), 5);
	assert_int_equal(text_find(t, '!'), t.n);
	assert_int_equal(text_find(TEXT_NONE, 'a'), 0);
	assert_true(text_starts(t, TEXT("user=")) && text_starts(t, TEXT("")) && !text_starts(TEXT("us"), TEXT("user")));
	assert_true(text_ends(t, TEXT("3.4")) && text_ends(t, TEXT("")) && !text_ends(TEXT("4"), TEXT("3.4")));
	assert_true(text_holds(t, TEXT(", rip=")) && !text_holds(t, TEXT("lip=")));
	assert_true(text_is(TEXT(""), TEXT_NONE) && !text_is(TEXT("a"), TEXT("b")) && !text_is(TEXT("a"), TEXT("ab")));
	assert_false(text_is(TEXT("a"), TEXT("A")));
}

static void cuts_at_the_first_mark(void **state)
{
	struct text rest = TEXT("a,b,,"), head = TEXT("untouched");

	assert_true(text_cut(&rest, ',', &head));
	expect("the first", head, TEXT("a"));
	assert_true(text_cut(&rest, ',', &head));
	expect("the second", head, TEXT("b"));
	assert_true(text_cut(&rest, ',', &head));
	expect("an empty one", head, TEXT(""));
	assert_false(text_cut(&rest, ',', &head));
	expect("no more: the head stays", head, TEXT(""));
	expect("no more: so does the rest", rest, TEXT(""));
}

static void takes_what_stands_behind_a_mark(void **state)
{
	struct text rest = TEXT("untouched");

	assert_false(text_behind(TEXT("status=sent"), TEXT(", dsn="), &rest));
	expect("without the mark", rest, TEXT("untouched"));
	assert_true(text_behind(TEXT("a: b: c"), TEXT(": "), &rest));
	expect("the first mark", rest, TEXT("b: c"));
	assert_true(text_behind(TEXT("a: "), TEXT(": "), &rest));
	expect("at the end", rest, TEXT(""));
}

static void spans_what_is_of_a_class(void **state)
{
	static const struct { const char *name; struct text text; unsigned class; size_t wanted; } cases[] = {
		{ "a queue id", TEXT("4jXN1Z4BHrz1cs1T: x"), CHAR_ALNUM, 16 },
		{ "nothing", TEXT(""), CHAR_ALNUM, 0 },
		{ "to the end", TEXT("azAZ09"), CHAR_ALNUM, 6 },
		{ "a program", TEXT("postfix-in_1.2/smtpd[7]: x"), CHAR_PROGRAM, 20 },
		{ "marks of programs stand in no queue id", TEXT("a-b"), CHAR_ALNUM, 1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (text_span(cases[i].text, cases[i].class) != cases[i].wanted)
			print_error("%s\n", cases[i].name);
		assert_int_equal(text_span(cases[i].text, cases[i].class), cases[i].wanted);
	}
}

/* every byte there is, against what the two classes are said to be */
static void classes_are_what_they_are_said_to_be(void **state)
{
	for (int c = 0; c < 256; c++) {
		bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		assert_int_equal((text_classes[c] & CHAR_ALNUM) != 0, alnum);
		assert_int_equal((text_classes[c] & CHAR_PROGRAM) != 0, alnum || (c && strchr("-./_", c)));
	}
}

static void begins_with_one_of_a_list(void **state)
{
	static const struct text heads[] = { { "warning: ", 9 }, { "> ", 2 }, { "", 0 } }, none[] = { { "", 0 } };

	assert_true(text_starts_any(TEXT("warning: x"), heads));
	assert_true(text_starts_any(TEXT("> "), heads));
	assert_false(text_starts_any(TEXT(">"), heads));
	assert_false(text_starts_any(TEXT("warning"), heads));
	assert_false(text_starts_any(TEXT("x"), heads));
	assert_false(text_starts_any(TEXT_NONE, heads));
	assert_false(text_starts_any(TEXT("x"), none));
}

static void takes_whole_characters(void **state)
{
	static const struct {
		const char *name;
		struct text text;
		size_t bytes;
		uint32_t code;
	} cases[] = {
		{ "nothing", TEXT_NONE, 0, 0 },
		{ "NUL", { "\0", 1 }, 1, 0 },
		{ "the last of ASCII", TEXT("\x7f"), 1, 0x7f },
		{ "two bytes", TEXT("\xc3\xa9x"), 2, 0xe9 },
		{ "three", TEXT("太郎"), 3, 0x592a },
		{ "four", TEXT("\xf0\x9f\x93\xa7"), 4, 0x1f4e7 },
		{ "the last", TEXT("\xf4\x8f\xbf\xbf"), 4, 0x10ffff },
		{ "behind the last", TEXT("\xf4\x90\x80\x80"), 0, 0 },
		{ "first of no character", TEXT("\xf8\x88\x80\x80\x80"), 0, 0 },
		{ "no first byte", TEXT("\x80"), 0, 0 },
		{ "cut after one", TEXT("\xe5"), 0, 0 },
		{ "cut after two", { "\xe5\xa4\xaa", 2 }, 0, 0 },
		{ "cut by another", TEXT("\xe5\xa4" "a"), 0, 0 },
		{ "too long for a slash", TEXT("\xc0\xaf"), 0, 0 },
		{ "too long by a byte", TEXT("\xe0\x9f\xbf"), 0, 0 },
		{ "too long by two", TEXT("\xf0\x8f\xbf\xbf"), 0, 0 },
		{ "half a pair of UTF-16", TEXT("\xed\xa0\x80"), 0, 0 },
		{ "before the pairs", TEXT("\xed\x9f\xbf"), 3, 0xd7ff },
		{ "behind the pairs", TEXT("\xee\x80\x80"), 3, 0xe000 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t code = 4711;
		size_t n = text_character(cases[i].text, &code);

		if (n != cases[i].bytes || code != (n ? cases[i].code : 4711))
			fail_msg("%s: came %zu, %x", cases[i].name, n, (unsigned)code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trims_blanks),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(copies_and_always_terminates),
		cmocka_unit_test(finds_and_compares),
		cmocka_unit_test(cuts_at_the_first_mark),
		cmocka_unit_test(takes_what_stands_behind_a_mark),
		cmocka_unit_test(spans_what_is_of_a_class),
		cmocka_unit_test(classes_are_what_they_are_said_to_be),
		cmocka_unit_test(begins_with_one_of_a_list),
		cmocka_unit_test(takes_whole_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

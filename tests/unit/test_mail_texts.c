/* SPDX-License-Identifier: Apache-2.0 */
/* Character sets, fields, addresses and HTML of mails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"
#include "mail/address.h"
#include "mail/charset.h"
#include "mail/fields.h"
#include "mail/html_text.h"

static struct arena arena;

static int clear(void **state)
{
	arena_done(&arena);
	return 0;
}

static void is(const char *name, struct text came, const char *wanted)
{
	if (!text_is(came, text_of(wanted)))
		fail_msg("%s: wanted '%s', came '%.*s'", name, wanted, TEXT_ARG(came));
}

static void knows_character_sets(void **state)
{
	static const struct { const char *name; struct text bytes; const char *set, *wanted; } cases[] = {
		{ "ASCII", TEXT("abc"), "", "abc" },
		{ "UTF-8 under any name", TEXT("あ"), "iso-2022-jp", "あ" },
		{ "raw ISO-2022-JP", TEXT("\x1b$B$\"\x1b(Bx"), "", "あx" },
		{ "ISO-2022-JP called ASCII", TEXT("\x1b$B$\"\x1b(B"), "us-ascii", "あ" },
		{ "ISO-2022-JP called UTF-8", TEXT("\x1b$B$\"\x1b(B"), "utf-8", "あ" },
		{ "half-width kana in ISO-2022-JP", TEXT("\x1b(IJZ\x1b(B"), "ISO-2022-JP", "\xef\xbe\x8a\xef\xbe\x9a" },
		{ "half-width kana in Shift_JIS", TEXT("\x83\x65\xca\xda"), "Shift_JIS", "テ\xef\xbe\x8a\xef\xbe\x9a" },
		{ "Shift_JIS under a name that nobody knows", TEXT("\x82\xa0\x82\xa2"), "japanese", "あい" },
		{ "a circled figure of Windows", TEXT("\x87\x40"), "shift_jis", "①" },
		{ "EUC-JP without a name", TEXT("\xa4\xa2\xa4\xa4"), "", "あい" },
		{ "EUC-JP called ISO-2022-JP", TEXT("\xa4\xa2\xa4\xa4"), "iso-2022-jp", "あい" },
		{ "Latin 1", TEXT("caf\xe9"), "ISO-8859-1", "café" },
		{ "Latin 1 without a name", TEXT("caf\xe9!"), "", "café!" },
		{ "quotation marks of Windows", TEXT("\x93x\x94"), "iso-8859-1", "“x”" },
		{ "GB 2312", TEXT("\xc4\xe3"), "gb2312", "你" },
		{ "KOI8-R", TEXT("\xd0\xd2"), "koi8-r", "пр" },
		{ "UTF-8 that is cut", TEXT("\xe3\x81\x82\xe3\x81"), "utf-8", "あ\xef\xbf\xbd" },
		{ "a NUL", { "a\0b", 3 }, "", "a b" },
		{ "a NUL in UTF-8", { "あ\0い", 7 }, "", "あ い" },
		{ "a lonely escape", TEXT("あ\x1b[1m"), "utf-8", "あ [1m" },
		{ "an escape in Shift_JIS", TEXT("\x82\xa0\x1b"), "shift_jis", "あ " },
		{ "UTF-16", { "a\0\x42\x30", 4 }, "utf-16le", "aあ" },
		{ "UTF-7, which hides", TEXT("+ADw-\x1b"), "utf-7", "+ADw- " },
		{ "a very long name", TEXT("caf\xe9!"), "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "café!" },
	};
	struct charset *charset = charset_new();

	for (int round = 0; round < 3; round++) /* converters are kept open, and closed again */
		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
			is(cases[i].name, charset_utf8(charset, &arena, cases[i].bytes, text_of(cases[i].set)), cases[i].wanted);
	charset_free(charset);
}

static void tells_utf8(void **state)
{
	static const struct { struct text bytes; bool is; } cases[] = {
		{ TEXT(""), true }, { TEXT("a"), true }, { TEXT("\xc3\xa9"), true }, { TEXT("\xc0\x80"), false }, { TEXT("\xed\xa0\x80"), false },
		{ TEXT("\xf4\x90\x80\x80"), false }, { TEXT("\xf0\x9f\x98\x80"), true }, { TEXT("\xe3\x81"), false }, { { "\0", 1 }, false }, { TEXT("\x1b"), false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (charset_is_utf8(cases[i].bytes) != cases[i].is)
			fail_msg("case %zu", i);
}

/* ---- fields */

static void reads_fields_up_to_their_end(void **state)
{
	static const struct { const char *name, *text, *first, *rest; size_t count; } cases[] = {
		{ "up to the empty line", "A: 1\nB: 2\n\nrest\n", "1", "rest\n", 2 },
		{ "up to the end", "A: 1", "1", "", 1 },
		{ "up to what is none", "A: 1\nnone here\nB: 2\n", "1", "none here\nB: 2\n", 1 },
		{ "folded", "A: 1\n 2\n\t3\nB: 4\n", "1 2 3", "", 2 },
		{ "its value on the next line", "A:\n  1\n", "1", "", 1 },
		{ "a From line first", "\nFrom a@b Sun Nov 22 00:00:00 2026\nA: 1\n", "1", "", 1 },
		{ "CRLF", "A: 1\r\n 2\r\n\r\nrest", "1 2", "rest", 1 },
		{ "a line of blanks ends them", "A: 1\n \t\nrest", "1", "rest", 1 },
		{ "no name", ": 1\n", "", ": 1\n", 0 },
		{ "a sentence with a colon", "This is it: x\n", "", "This is it: x\n", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fields fields;
		struct text rest;

		fields_read(&arena, text_of(cases[i].text), &fields, &rest);
		is(cases[i].name, fields_value(&fields, "a"), cases[i].first);
		is(cases[i].name, rest, cases[i].rest);
		assert_int_equal(fields.count, cases[i].count);
	}
}

static void bounds_fields(void **state)
{
	size_t n = 0, room = 4 << 20;
	char *text = memory_new(room);
	struct fields fields;
	struct text rest;

	n = (size_t)snprintf(text, room, "A: ");
	while (n + 16 < room)
		n += (size_t)snprintf(text + n, room - n, "\xe3\x81\x82\n ");
	fields_read(&arena, (struct text){ text, n }, &fields, &rest);
	assert_int_equal(fields.count, 1);
	assert_true(fields.field[0].value.n <= FIELD_BYTES_MAX && charset_is_utf8(fields.field[0].value));
	assert_true(arena.total < 1 << 20);
	for (n = 0; n + 16 < room;)
		n += (size_t)snprintf(text + n, room - n, "A: b\n");
	fields_read(&arena, (struct text){ text, n }, &fields, &rest);
	assert_int_equal(fields.count, FIELDS_MAX);
	assert_int_equal(rest.n, 0);
	free(text);
}

/* ---- addresses */

static void finds_addresses(void **state)
{
	static const struct { const char *text, *wanted; } cases[] = {
		{ "alice@example.com", "alice@example.com" },
		{ "Alice <Alice@Example.COM>", "Alice@example.com" },
		{ "rfc822; alice@example.com", "alice@example.com" },
		{ "rfc822;<alice@example.com>", "alice@example.com" },
		{ "<@relay.example:alice@example.com>", "alice@example.com" },
		{ "\"bob\"@example.com", "bob@example.com" },
		{ "\"b ob\"@example.com", "\"b ob\"@example.com" },
		{ "a..b@docomo.example.jp", "a..b@docomo.example.jp" },
		{ ".a.@ezweb.example.jp.", ".a.@ezweb.example.jp" },
		{ "to=<a+b@example.com>, relay", "a+b@example.com" },
		{ "'a@example.com'", "a@example.com" },
		{ "(see a@example.com)", "a@example.com" },
		{ "a@[192.0.2.1]", "a@[192.0.2.1]" },
		{ "太郎@例え.jp", "太郎@例え.jp" },
		{ "<mailto:a@example.com>", "a@example.com" },
		{ "no address", "" },
		{ "@", "" },
		{ "a@", "" },
		{ "@example.com", "" },
		{ "<>", "" },
		{ "\"\"\"\"@", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text address;
		bool found = address_in(&arena, text_of(cases[i].text), &address);

		is(cases[i].text, address, cases[i].wanted);
		assert_int_equal(found, *cases[i].wanted != '\0');
	}
}

static void finds_one_address_after_another(void **state)
{
	struct text rest = TEXT("a@example.com, <b@example.com>;c@example.jp d"), address;
	static const char *const wanted[] = { "a@example.com", "b@example.com", "c@example.jp" };

	for (int i = 0; i < 3; i++) {
		assert_true(address_next(&arena, &rest, &address));
		is("one", address, wanted[i]);
	}
	assert_false(address_next(&arena, &rest, &address));
	assert_true(address_is(TEXT("a@example.com")));
	assert_false(address_is(TEXT("<a@example.com>")));
	assert_false(address_is(TEXT("a@example.com b")));
	assert_true(address_same(TEXT("A@example.com"), TEXT("a@EXAMPLE.com")));
}

/* ---- HTML */

static void shows_html_as_text(void **state)
{
	static const struct { const char *name, *html, *wanted; } cases[] = {
		{ "blocks", "<p>a</p><p>b<br>c</p>", "a\nb\nc" },
		{ "blanks", "a \n\t  b&nbsp; c", "a b c" },
		{ "characters by name", "&lt;a@example.com&gt; &#12354;", "<a@example.com> あ" },
		{ "letters by name", "Empf&auml;nger&nbsp;unbekannt &ndash; bo&icirc;te &#x50;leine &euro;5 &hellip;", "Empfänger unbekannt – boîte Pleine €5 …" },
		{ "no names", "a&b; &eacute &nosuchname; &;", "a&b; &eacute &nosuchname; &;" },
		{ "a tag with a mark in a value", "<a title=\"x > y\">a</a> <img alt='>'>b", "a b" },
		{ "what nobody sees", "<style>x{}</style>a<script>b</script><!-- c -->d", "ad" },
		{ "a table", "<table><tr><td>a</td><td>b</td></tr></table>", "a\nb" },
		{ "not ended", "<b>a<i>b", "ab" },
		{ "no HTML", "a < b", "a < b" },
		{ "nothing", "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		is(cases[i].name, text_trim(html_text(&arena, text_of(cases[i].html))), cases[i].wanted);
}

static void bears_deep_html(void **state)
{
	enum { TIMES = 100000 };
	char *html = memory_new(TIMES * 5);

	for (int i = 0; i < TIMES; i++)
		memcpy(html + i * 5, "<div>", 5);
	is("divisions alone", html_text(&arena, (struct text){ html, TIMES * 5 }), "");
	free(html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(knows_character_sets, clear), cmocka_unit_test(tells_utf8),
		cmocka_unit_test_teardown(reads_fields_up_to_their_end, clear), cmocka_unit_test_teardown(bounds_fields, clear),
		cmocka_unit_test_teardown(finds_addresses, clear), cmocka_unit_test_teardown(finds_one_address_after_another, clear),
		cmocka_unit_test_teardown(shows_html_as_text, clear), cmocka_unit_test_teardown(bears_deep_html, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

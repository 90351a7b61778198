/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes within a line of words, there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/quoted.h"

enum { ROOM = 64 };

static void written_and_cut_to_fit(void **state)
{
	static const struct {
		struct text plain;
		size_t size;
		const char *wanted;
	} rows[] = {
		{ TEXT(""), QUOTED_ROOM(0), "<>" },
		{ TEXT("taro@example.jp"), ROOM, "<taro@example.jp>" },
		{ TEXT("a b"), ROOM, "<a%20b>" },
		{ TEXT("<%>"), ROOM, "<%3C%25%3E>" },
		{ TEXT("\x01~\x7f\xff"), ROOM, "<%01~%7F%FF>" },
		{ TEXT("太"), ROOM, "<%E5%A4%AA>" },
		{ TEXT("a\0b"), ROOM, "<a%00b>" },
		{ TEXT("\n\n\n"), QUOTED_ROOM(3), "<%0A%0A%0A>" },
		{ TEXT("\n\n\n"), QUOTED_ROOM(3) - 1, "<%0A%0A>" }, /* no byte is cut in half */
		{ TEXT("\n"), QUOTED_ROOM(1) - 1, "<>" },
		{ TEXT("abc"), QUOTED_ROOM(0), "<>" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char quoted[ROOM];

		memset(quoted, 'x', sizeof quoted);
		assert_ptr_equal(quoted_write(rows[i].plain, quoted, rows[i].size), quoted);
		assert_string_equal(quoted, rows[i].wanted);
		assert_true(rows[i].size == ROOM || quoted[rows[i].size] == 'x');
	}
}

static void read_as_it_is_written(void **state)
{
	static const struct {
		struct text quoted;
		size_t size;
		struct text wanted;
		bool good;
	} rows[] = {
		{ TEXT("<>"), 1, TEXT(""), true },
		{ TEXT("<>"), 0, TEXT(""), false },
		{ TEXT("<abc>"), 4, TEXT("abc"), true },
		{ TEXT("<abc>"), 3, TEXT(""), false },
		{ TEXT("<%00%ff>"), ROOM, TEXT(""), false }, /* in capitals alone */
		{ TEXT("<%00%FF>"), ROOM, TEXT("\0\xff"), true },
		{ TEXT("<%61%3E>"), ROOM, TEXT("a>"), true },
		{ TEXT("<%3C%25>"), 3, TEXT("<%"), true },
		{ TEXT("<%3C%25>"), 2, TEXT(""), false },
		{ TEXT(""), ROOM, TEXT(""), false },
		{ TEXT("<"), ROOM, TEXT(""), false },
		{ TEXT(">"), ROOM, TEXT(""), false },
		{ TEXT("abc"), ROOM, TEXT(""), false },
		{ TEXT("<abc"), ROOM, TEXT(""), false },
		{ TEXT("abc>"), ROOM, TEXT(""), false },
		{ TEXT("<a>b>"), ROOM, TEXT(""), false },
		{ TEXT("<a<b>"), ROOM, TEXT(""), false },
		{ TEXT("<a b>"), ROOM, TEXT(""), false },
		{ TEXT("<a\0b>"), ROOM, TEXT(""), false },
		{ TEXT("<\x7f>"), ROOM, TEXT(""), false },
		{ TEXT("<\xc3\xa9>"), ROOM, TEXT(""), false },
		{ TEXT("<%>"), ROOM, TEXT(""), false },
		{ TEXT("<%2>"), ROOM, TEXT(""), false },
		{ TEXT("<%2g>"), ROOM, TEXT(""), false },
		{ TEXT("<%G2>"), ROOM, TEXT(""), false },
		{ TEXT("<a%"), ROOM, TEXT(""), false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char plain[ROOM];
		struct text back = TEXT("as it was");
		bool good = quoted_read(rows[i].quoted, plain, rows[i].size, &back);

		if (good != rows[i].good || !text_is(back, good ? rows[i].wanted : TEXT("as it was")))
			fail_msg("'%s' into %zu bytes", rows[i].quoted.p, rows[i].size);
		assert_true(!good || plain[back.n] == '\0');
	}
}

static void any_bytes_come_back(void **state)
{
	char quoted[QUOTED_ROOM(256)], plain[257], bytes[256];
	struct text back;

	for (int i = 0; i < 256; i++)
		bytes[i] = (char)i;
	quoted_write((struct text){ bytes, 256 }, quoted, sizeof quoted);
	assert_true(quoted_read(text_of(quoted), plain, sizeof plain, &back));
	assert_true(text_is(back, (struct text){ bytes, 256 }));
	assert_false(quoted_read(text_of(quoted), plain, 256, &back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_and_cut_to_fit),
		cmocka_unit_test(read_as_it_is_written),
		cmocka_unit_test(any_bytes_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

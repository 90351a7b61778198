/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/typed.h"

static void what_was_meant(void **state)
{
	static const struct {
		const char *typed, *meant;
	} rows[] = {
		{ "", "" },
		{ " ab-CD ", "ab-CD" },
		{ "Ｐ４９ＳＨ－Ｍ９Ｍ９Ｓ", "P49SH-M9M9S" },
		{ "　ｐ４９ＳＨーＭ９Ｍ９Ｓ　", "p49SH-M9M9S" },
		{ "P49SH−M9M9S", "P49SH-M9M9S" },
		{ "P49SH‐M9M9S", "P49SH-M9M9S" },
		{ "ｈanako@provider.test", "hanako@provider.test" },
		{ "ｈａｎａｋｏ＠ｐｒｏｖｉｄｅｒ。ｔｅｓｔ", "hanako@provider.test" },
		{ "花子@ｅxample.jp", "花子@ｅxample.jp" },
		{ "ミラー@example.jp", "ミラー@example.jp" },
		{ "a\xef\xbc", "a\xef\xbc" },
		{ "\xef\xbc\xff", "\xef\xbc\xff" },
		{ "～", "~" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = strlen(rows[i].typed);
		char *typed = memory_copy(rows[i].typed, n), to[64]; /* of its own size, so that one byte too many is seen */

		assert_true(typed_plain((struct text){ typed, n }, to, sizeof to));
		assert_string_equal(to, rows[i].meant);
		free(typed);
	}
}

static void what_is_too_long_is_nothing(void **state)
{
	char long_one[2000], to[4];

	memset(long_one, 'a', sizeof long_one);
	assert_false(typed_plain((struct text){ long_one, sizeof long_one }, to, sizeof to));
	assert_string_equal(to, "");
	assert_false(typed_plain(TEXT("abcd"), to, sizeof to));
	assert_true(typed_plain(TEXT("ａｂｃ"), to, sizeof to));
	assert_string_equal(to, "abc");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_meant),
		cmocka_unit_test(what_is_too_long_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mail/defang.h"

static void makes_links_harmless(void **state)
{
	static const struct { const char *text, *wanted; } cases[] = {
		{ "http://evil.example/a.php?b=c.d", "hxxp://evil[.]example/a.php?b=c.d" },
		{ "HTTPS://Evil.Example", "hxxps://Evil[.]Example" },
		{ "ftp://files.example/x.y", "fxp://files[.]example/x.y" },
		{ "https://user.name@evil.example:8080/", "hxxps://user[.]name@evil[.]example:8080/" },
		{ "http://192.0.2.1/", "hxxp://192[.]0[.]2[.]1/" },
		{ "see www.evil.example/a.php.", "see www[.]evil[.]example/a.php." },
		{ "alice@mail.example.jp wrote", "alice@mail[.]example[.]jp wrote" },
		{ "a.b@c.example, d.example.", "a.b@c[.]example, d[.]example." },
		{ "version 1.2.3 of 192.0.2.1, e.g. this.", "version 1.2.3 of 192.0.2.1, e.g. this." },
		{ "ends. Then begins", "ends. Then begins" },
		{ "https://例え.テスト/", "hxxps://例え[.]テスト/" },
		{ "例え.example", "例え[.]example" },
		{ "xn--r8jz45g.xn--zckzah", "xn--r8jz45g[.]xn--zckzah" },
		{ "公式:https://xserver.ne.jpをご覧", "公式:hxxps://xserver[.]ne[.]jpをご覧" },
		{ "http:\\\\evil.example\\a.b", "hxxp:\\\\evil[.]example\\a.b" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct text once = defang(&arena, text_of(cases[i].text)), twice = defang(&arena, once);

		assert_string_equal(once.p, cases[i].wanted);
		assert_string_equal(twice.p, cases[i].wanted);
		arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(makes_links_harmless) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

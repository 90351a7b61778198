/* SPDX-License-Identifier: Apache-2.0 */
/* Names that guessers try first, and names of several people, among ordinary ones. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "report/risk_names.h"

enum { TRIED = RISK_NAME_TRIED, SHARED = RISK_NAME_SHARED };

static void what_a_name_says(void **state)
{
	static const struct {
		const char *account;
		unsigned says;
	} rows[] = {
		{ "admin@example.jp", TRIED }, { "info@example.jp", TRIED | SHARED }, { "shop@example.jp", TRIED | SHARED },
		{ "test@example.jp", TRIED }, { "contact@example.jp", TRIED | SHARED }, { "sales@example.jp", TRIED | SHARED },
		{ "webmaster@example.jp", TRIED }, { "postmaster@example.jp", TRIED }, { "yoyaku@example.jp", TRIED | SHARED },
		{ "abuse@example.jp", TRIED }, { "somu@example.jp", TRIED | SHARED }, { "honsha@example.jp", SHARED },
		{ "info2@example.jp", TRIED | SHARED }, { "shop-1@example.jp", TRIED | SHARED }, { "test_01@example.jp", TRIED },
		{ "no-reply@example.jp", TRIED }, { "example@example.jp", TRIED }, { "sakuraya@sakuraya.co.jp", TRIED },
		{ "info", TRIED | SHARED }, { "yamada@example.jp", 0 }, { "informatik@example.jp", 0 }, { "hanako.test@example.jp", 0 },
		{ "adminyamada@example.jp", 0 }, { "example@other.jp", 0 }, { "123@example.jp", 0 }, { "", 0 }, { "@example.jp", 0 },
		{ "-@example.jp", 0 }, { "exam@example.jp", 0 }, { "a@a", TRIED },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (risk_name(text_of(rows[i].account)) != rows[i].says)
			fail_msg("%s: %u", rows[i].account, risk_name(text_of(rows[i].account)));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_a_name_says) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mail/phrases.h"

static const char *const list[] = { "user unknown", "unknown", "known user", "no such user", "配信できません", "she", "he", "hers", "x" };

struct found {
	char words[400];
	size_t most; /* stop after so many */
};

static bool on_found(void *context, size_t number, size_t end)
{
	struct found *found = context;
	size_t n = strlen(found->words);

	snprintf(found->words + n, sizeof found->words - n, "%s%s@%zu", n ? " | " : "", list[number], end);
	return --found->most > 0;
}

static void finds_them_all(void **state)
{
	static const struct { const char *text; size_t most; const char *wanted; } cases[] = {
		{ "550 User Unknown", 99, "user unknown@16 | unknown@16" },
		{ "550 user\n\t  unknown", 99, "user unknown@19 | unknown@19" },
		{ "no  such\r\nuser", 99, "no such user@14" },
		{ "ushers", 99, "she@4 | he@4 | hers@6" },
		{ "xxx", 2, "x@1 | x@2" },
		{ "一部の宛先に配信できません。", 99, "配信できません@39" },
		{ "unknow n, usr unknow", 99, "" },
		{ "userunknown user", 99, "unknown@11 | known user@16" },
		{ "", 99, "" },
		{ "\xff\xff\x80 HE", 99, "he@6" },
	};
	struct phrases *phrases = phrases_new(list, sizeof list / sizeof *list);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct found found = { .most = cases[i].most };

		phrases_seek(phrases, text_of(cases[i].text), on_found, &found);
		assert_string_equal(found.words, cases[i].wanted);
	}
	phrases_free(phrases);
	phrases_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(finds_them_all) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

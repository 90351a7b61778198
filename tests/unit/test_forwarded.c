/* SPDX-License-Identifier: Apache-2.0 */
/* A mail handed on within a text, as programs write it; and what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mail/forwarded.h"

#define BODY "Log in at once.\n"

static const struct {
	const char *text, *own, *from, *subject, *date, *body;
} mails[] = {
	{ "See.\n\n---------- Forwarded message ---------\nFrom: A B <a@b.test>\nDate: Sun, Nov 22\nSubject: Hello\nTo: <c@d.test>\n\n" BODY,
	  "See.\n\n---------- Forwarded message ---------\n", "A B <a@b.test>", "Hello", "Sun, Nov 22", "\n" BODY },
	{ "-----Original Message-----\r\nFrom: A [mailto:a@b.test]\r\nSent: Sunday\r\nTo: C;\r\n\tD; E\r\nSubject: Hello\r\n\r\n" BODY,
	  "-----Original Message-----\r\n", "A [mailto:a@b.test]", "Hello", "Sunday", "\r\n" BODY },
	{ "Begin forwarded message:\n\n> From: a@b.test\n> Subject: Hello\n> Date: today\n>\n> Log in.\n", "Begin forwarded message:\n\n", "a@b.test",
	  "Hello", "today", ">\n> Log in.\n" },
	{ "件名: \tお知らせ\n日付: \t昨日\n差出人: \tサポート <a@b.test>\n宛先: \tc@d.test\n\n" BODY, "", "サポート <a@b.test>", "お知らせ", "昨日", "\n" BODY },
	{ "差出人：a@b.test\n送信日時：昨日\n宛先：c@d.test\n件名：お知らせ\n\n" BODY, "", "a@b.test", "お知らせ", "昨日", "\n" BODY },
	{ "*From:* a@b.test\n*Sent:* today\n*Subject:* Hello\n" BODY, "", "a@b.test", "Hello", "today", BODY },
	{ "From: here\n\nno.\nFrom: a@b.test\nTo: c\nSubject: x\n", "From: here\n\nno.\n", "a@b.test", "x", "", "" },
};

static void assert_text(size_t at, const char *wanted, struct text text)
{
	if (!text_is(text, text_of(wanted)))
		fail_msg("mail %zu: wanted '%s', got '%.*s'", at, wanted, TEXT_ARG(text));
}

static void finds_what_is_handed_on(void **state)
{
	for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
		struct forwarded found = { 0 };

		if (!forwarded_find(text_of(mails[i].text), &found))
			fail_msg("mail %zu: nothing was found", i);
		assert_text(i, mails[i].own, found.own);
		assert_text(i, mails[i].from, found.from);
		assert_text(i, mails[i].subject, found.subject);
		assert_text(i, mails[i].date, found.date);
		assert_text(i, mails[i].body, found.body);
	}
}

static void leaves_other_texts_alone(void **state)
{
	static const char *const texts[] = {
		"", "From: a\n", "From: a\nSubject: b\n", "From: a\n\nTo: b\nSubject: c\n", "Subject: a\nTo: b\nDate: c\n", "From\nTo\nSubject\n",
		"From:\nTo: b\nSubject: c\n", "from 9:00 to 10:00\nsubject: lunch\n",
	};
	struct forwarded found;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (forwarded_find(text_of(texts[i]), &found))
			fail_msg("'%s' is none", texts[i]);
}

static void knows_subjects(void **state)
{
	static const char *const own[] = { "Fwd: a", "FW: a", " fw:a", "転送: お知らせ", "Fwd：お知らせ", "[Fwd: a]" };
	static const char *const others[] = { "", "a", "Re: Fwd: a", "forward: a", "f" };

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		assert_true(forwarded_subject(text_of(own[i])));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(forwarded_subject(text_of(others[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_handed_on),
		cmocka_unit_test(leaves_other_texts_alone),
		cmocka_unit_test(knows_subjects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "mail/trail.h"

/* 2026-11-22 00:10:11 UTC */
#define THEN (1795306211 * SECOND_US)

static void reads_dates(void **state)
{
	static const struct { const char *text; bool good; int64_t t_us; } cases[] = {
		{ "Sun, 22 Nov 2026 09:10:11 +0900 (JST)", true, THEN },
		{ "22 nov 2026 00:10:11 GMT", true, THEN },
		{ "\r\n\tSun, 22 Nov 2026 00:10:11 (UTC)", true, THEN },
		{ "Sat, 21 Nov 2026 18:40 -0530", true, THEN - 11 * SECOND_US },
		{ "Sun, 22 Nov 2026 00:10:11", true, THEN },
		{ "Sun, 32 Nov 2026 00:10:11 +0000", false, 0 },
		{ "Sun, 22 Nowember 2026 00:10:11 +0000", false, 0 },
		{ "Sun, 22 Nov 26 00:10:11 +0000", false, 0 },
		{ "Sun, 22 Nov 2026 24:10:11 +0000", false, 0 },
		{ "Sun, 22 Nov 2026 0010 +0000", false, 0 },
		{ "Sun,", false, 0 },
		{ "", false, 0 },
		{ "((((", false, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t t_us = 0;

		if (trail_date(text_of(cases[i].text), &t_us) != cases[i].good || (cases[i].good && t_us != cases[i].t_us))
			fail_msg("%s: %lld", cases[i].text, (long long)t_us);
	}
}

static void finds_ids(void **state)
{
	static const struct { const char *name, *mail, *ids; } cases[] = {
		{ "Postfix, a login",
		  "Received: from [192.0.2.7] (unknown [192.0.2.7])\r\n\t(using TLSv1.3)\r\n\tby mx.example.org (Postfix) with ESMTPSA id 4Z1xQk2Lzz\r\n"
		  "\tfor <a@example.net>; Sun, 22 Nov 2026 09:10:11 +0900 (JST)\r\nMessage-ID: <1@pc>\r\n\r\nhello\r\n",
		  "q 4Z1xQk2Lzz then, m 1@pc" },
		{ "a local one", "Received: by mx.example.org (Postfix, from userid 1000)\n\tid AB12CD; Sun, 22 Nov 2026 00:10:11 +0000\n",
		  "q AB12CD then" },
		{ "Exim", "received: from x by y with esmtpsa (TLS1.3) (Exim 4.96)\n (envelope-from <a@b>) id 1abc-0001-Q2\n for c@d;\n\tnonsense\n",
		  "q 1abc-0001-Q2" },
		{ "a client that calls itself id", "Received: from id forged (evil) by mx with SMTP id REAL1; x\n", "q REAL1" },
		{ "an id in a comment", "Received: from x (id FAKE) by y\n", "" },
		{ "a bounce with the original in it",
		  "Received: by mx with SMTP id OUT1;\nMessage-Id: <bounce@far>\n\nReporting-MTA: dns; mx\nX-Postfix-Queue-ID: IN9\n\n"
		  "Received: from x by mx with ESMTPSA id IN9;\nMessage-ID:\n <mine@pc>\n",
		  "q OUT1, m bounce@far, q IN9, m mine@pc" },
		{ "not at the beginning of a line", "X-Received: by x with y id NO1\n> Received: id NO2\nIn-Reply-To: <no@no>\n", "" },
		{ "without brackets", "Message-ID: bare@pc\n", "m bare@pc" },
		{ "two words", "Message-ID: <a b@pc>\n", "" },
		{ "no id that could be one", "Received: by x id <b@c>;\nReceived: by y id \n", "" },
		{ "nothing", "", "" },
		{ "only a name", "Received:", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct trail_id ids[TRAIL_IDS_MAX];
		size_t count = trail_read(text_of(cases[i].mail), ids);
		char told[512] = "";

		for (size_t n = 0; n < count; n++)
			snprintf(told + strlen(told), sizeof told - strlen(told), "%s%c %.*s%s", n ? ", " : "",
				 ids[n].is_message_id ? 'm' : 'q', TEXT_ARG(ids[n].text), ids[n].t_us == THEN ? " then" : "");
		if (strcmp(told, cases[i].ids) != 0)
			fail_msg("%s: %s", cases[i].name, told);
	}
}

static void a_mail_full_of_ids_has_an_end(void **state)
{
	enum { LINES = 1000, LONG = TRAIL_ID_MAX + 1 };
	struct trail_id ids[TRAIL_IDS_MAX];
	char *mail = memory_new(LINES * 40 + LONG + 40);
	size_t n = 0;

	n += (size_t)snprintf(mail, 40, "Received: by x id ");
	memset(mail + n, 'A', LONG); /* passed over */
	n += LONG;
	mail[n++] = '\n';
	for (int i = 0; i < LINES; i++)
		n += (size_t)snprintf(mail + n, 40, "Received: by x id Q%06d\n", i);
	assert_int_equal(trail_read((struct text){ mail, n }, ids), TRAIL_IDS_MAX);
	assert_true(text_is(ids[0].text, TEXT("Q000000")));
	free(mail);
}

static void says_who_had_it(void **state)
{
	static const struct { const char *mail, *by; bool local; } cases[] = {
		{ "Received: from a (by evil.example) by mx.example.jp (Postfix) with ESMTP id 4A; Sun, 22 Nov 2026 00:10:11 +0000\n", "mx.example.jp", false },
		{ "Received: by www.example.jp (Postfix, from userid 33)\n\tid 4A; Sun, 22 Nov 2026 00:10:11 +0000\n", "www.example.jp", true },
		{ "Received: from www-data by www.example.jp with local (Exim 4.96)\n\t(envelope-from <a@b>)\n\tid 1p-A-B\n", "www.example.jp", true },
		{ "Received: (from apache@localhost)\n\tby www.example.jp (8.15.2/8.15.2/Submit) id 2AM1; Sun, 22 Nov 2026 00:10:11 +0000\n", "www.example.jp", true },
		{ "X-Postfix-Queue-ID: 4A\n", "", false },
	};
	struct trail_id ids[TRAIL_IDS_MAX];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(trail_read(text_of(cases[i].mail), ids), 1);
		if (!text_is(ids[0].by, text_of(cases[i].by)) || ids[0].local != cases[i].local)
			fail_msg("%s: '%.*s' %d", cases[i].mail, TEXT_ARG(ids[0].by), ids[0].local);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_dates),
		cmocka_unit_test(says_who_had_it), cmocka_unit_test(finds_ids),
		cmocka_unit_test(a_mail_full_of_ids_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

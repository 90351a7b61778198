/* SPDX-License-Identifier: Apache-2.0 */
/* A session, whole and in the smallest pieces: what is said, and which mails come out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "intake/lmtp.h"

struct heard {
	char said[64 * 1024], mails[64 * 1024];
	size_t said_bytes, mail_bytes, longest;
	unsigned count;
};

static void hear(void *context, struct text lines)
{
	struct heard *heard = context;

	assert_true(heard->said_bytes + lines.n < sizeof heard->said);
	memcpy(heard->said + heard->said_bytes, lines.p, lines.n);
	heard->said_bytes += lines.n;
}

static void take(void *context, struct text bytes)
{
	struct heard *heard = context;

	heard->count++;
	heard->longest = bytes.n > heard->longest ? bytes.n : heard->longest;
	if (bytes.n && heard->mail_bytes + bytes.n < sizeof heard->mails) {
		memcpy(heard->mails + heard->mail_bytes, bytes.p, bytes.n);
		heard->mail_bytes += bytes.n;
	}
}

static struct lmtp *begin(struct heard *heard)
{
	*heard = (struct heard){ 0 };
	return lmtp_new(&(struct lmtp_handler){ hear, take, heard });
}

static void talk(struct lmtp *lmtp, struct text all, size_t piece, bool taken)
{
	while (all.n && !lmtp_is_over(lmtp)) {
		all = text_after(all, lmtp_take(lmtp, text_head(all, all.n < piece ? all.n : piece)));
		if (lmtp_waits(lmtp))
			lmtp_answer(lmtp, taken);
	}
}

#define HELLO "250-sekisho\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
#define TWO "LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<abuse@example.jp>\r\nrcpt to:<postmaster@example.jp>\r\nDATA\r\n"

static void takes_mails(void **state)
{
	static const char all[] = TWO "Subject: a\r\n\r\n..dot\r\n.\rx\nno end\n.\r\nno end\r\n.\nneither\r\n.\r\n"
				      "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n.\r\nQUIT\r\n";
	static const size_t pieces[] = { 1, 2, 3, 7, sizeof all };

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct heard *heard = memory_zero(1, sizeof *heard);
		struct lmtp *lmtp = begin(heard);

		talk(lmtp, text_of(all), pieces[i], true);
		assert_int_equal(heard->count, 2);
		assert_string_equal(heard->mails, "Subject: a\r\n\r\n.dot\r\n\rx\nno end\n.\r\nno end\r\n\nneither\r\n");
		assert_string_equal(heard->said, "220 sekisho LMTP\r\n" HELLO "250 2.1.0 fine\r\n250 2.1.5 fine\r\n250 2.1.5 fine\r\n354 go on\r\n"
					 "250 2.0.0 taken\r\n250 2.0.0 taken\r\n250 2.1.0 fine\r\n250 2.1.5 fine\r\n354 go on\r\n250 2.0.0 taken\r\n"
					 "221 2.0.0 bye\r\n");
		lmtp_free(lmtp);
		free(heard);
	}
}

static void puts_off_what_cannot_be_taken(void **state)
{
	struct heard *heard = memory_zero(1, sizeof *heard);
	struct lmtp *lmtp = begin(heard);

	talk(lmtp, text_of(TWO "a: b\r\n\r\n.\r\n"), 999, false);
	assert_non_null(strstr(heard->said, "451 4.3.0 not now, please try again\r\n451 4.3.0"));
	lmtp_free(lmtp);
	free(heard);
}

static void wants_its_order(void **state)
{
	struct heard *heard = memory_zero(1, sizeof *heard);
	struct lmtp *lmtp = begin(heard);

	talk(lmtp, text_of("MAIL FROM:<>\r\nRCPT TO:<a>\r\nDATA\r\nEHLO x\r\nDATABASE\r\nNOOP\r\nVRFY a\r\nLHLO x\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\nRSET\r\nDATA\r\n"), 99,
	     true);
	assert_string_equal(heard->said, "220 sekisho LMTP\r\n503 5.5.1 LHLO first, and one sender\r\n503 5.5.1 MAIL first\r\n503 5.5.1 no recipient\r\n"
				 "500 5.5.2 not understood\r\n500 5.5.2 not understood\r\n250 2.0.0 fine\r\n252 2.0.0 try it\r\n" HELLO
				 "250 2.1.0 fine\r\n503 5.5.1 LHLO first, and one sender\r\n250 2.0.0 fine\r\n503 5.5.1 no recipient\r\n");
	lmtp_free(lmtp);
	free(heard);
}

static void has_limits(void **state)
{
	struct heard *heard = memory_zero(1, sizeof *heard);
	struct lmtp *lmtp = begin(heard);
	char *junk = memory_new(LMTP_MAIL_MAX + 1000);

	memset(junk, 'x', LMTP_MAIL_MAX + 1000);
	talk(lmtp, (struct text){ junk, 100 * 1000 }, 999, true); /* a line that does not end */
	talk(lmtp, text_of("\r\nLHLO x\r\nMAIL FROM:<>\r\n"), 999, true);
	for (unsigned i = 0; i <= LMTP_RECIPIENTS_MAX; i++)
		talk(lmtp, text_of("RCPT TO:<a@b>\r\n"), 999, true);
	assert_non_null(strstr(heard->said, "500 5.5.2"));
	assert_non_null(strstr(heard->said, "452 4.5.3"));
	talk(lmtp, text_of("DATA\r\n"), 99, true);
	talk(lmtp, (struct text){ junk, LMTP_MAIL_MAX + 1000 }, 65536, true);
	talk(lmtp, text_of("\r\n.\r\n"), 99, true);
	assert_int_equal(heard->longest, LMTP_MAIL_MAX);
	for (unsigned i = 0; i < LMTP_FAULTS_MAX && !lmtp_is_over(lmtp); i++)
		talk(lmtp, text_of("GET / HTTP/1.0\r\n"), 99, true);
	assert_true(lmtp_is_over(lmtp));
	assert_int_equal(lmtp_take(lmtp, TEXT("NOOP\r\n")), 0);
	free(junk);
	lmtp_free(lmtp);
	free(heard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_mails), cmocka_unit_test(puts_off_what_cannot_be_taken), cmocka_unit_test(wants_its_order),
		cmocka_unit_test(has_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

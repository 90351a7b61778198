/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/reason.h"

struct saying {
	const char *dsn, *reply;
	enum event_reason wanted;
};

static void check(const struct saying *sayings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum event_reason reason = reason_of(text_of(sayings[i].dsn), text_of(sayings[i].reply));

		if (reason != sayings[i].wanted)
			print_error("\"%s\" \"%s\"\n", sayings[i].dsn, sayings[i].reply);
		assert_int_equal(reason, sayings[i].wanted);
	}
}

static void the_status_decides(void **state)
{
	static const struct saying sayings[] = {
		{ "2.0.0", "250 spam, user unknown", REASON_NONE },
		{ "5.1.1", "", REASON_UNKNOWN_USER },
		{ "5.1.1", "550 blocked", REASON_UNKNOWN_USER },
		{ "5.1.2", "", REASON_UNKNOWN_USER },
		{ "5.1.6", "", REASON_UNKNOWN_USER },
		{ "5.1.10", "", REASON_UNKNOWN_USER },
		{ "5.4.4", "Host or domain name not found", REASON_UNKNOWN_USER },
		{ "5.4.46", "", REASON_UNKNOWN_USER },
		{ "5.2.2", "user unknown", REASON_OTHER },
		{ "5.7.26", "blocked", REASON_OTHER },
		{ "5.7.8", "blocked", REASON_OTHER },
		{ "4.1.1", "user unknown", REASON_OTHER },
		{ "5.7.1", "", REASON_OTHER },
		{ "", "", REASON_OTHER },
		{ ".", "550", REASON_OTHER },
	};

	check(sayings, sizeof sayings / sizeof *sayings);
}

static void the_words_decide(void **state)
{
	static const struct saying sayings[] = {
		{ "5.0.0", "550 User unknown", REASON_UNKNOWN_USER },
		{ "5.0.0", "host mx.spamfilter.example[192.0.2.1] said: 550 No such user here (in reply to RCPT TO command)", REASON_UNKNOWN_USER },
		{ "5.0.0", "550 <spam@example.com>: Recipient rejected", REASON_UNKNOWN_USER },
		{ "5.1.0", "550 Address rejected", REASON_UNKNOWN_USER },
		{ "5.1.0", "550 sender rejected", REASON_OTHER },
		{ "5.1.0", "550 sender rejected. AUP#1", REASON_SPAM },
		{ "5.5.0", "550 Requested action not taken: mailbox unavailable", REASON_UNKNOWN_USER },
		{ "5.2.1", "550 mailbox unavailable: mailbox is full", REASON_OTHER },
		{ "5.2.1", "This account is disabled", REASON_OTHER },
		{ "5.4.1", "550 Recipient address rejected: Access denied", REASON_UNKNOWN_USER },
		{ "5.7.1", "550 Recipient address rejected: Access denied", REASON_OTHER },
		{ "", "550-5.1.1 The account that you tried", REASON_UNKNOWN_USER },
		{ "", "550 #5.1.0 Address rejected.", REASON_UNKNOWN_USER },
		{ "", "550 USER-UNKNOWN", REASON_UNKNOWN_USER },
		{ "", "Unrouteable address", REASON_UNKNOWN_USER },
		{ "", "550 宛先のユーザーは存在しません", REASON_UNKNOWN_USER },
		{ "", "450 user unknown", REASON_OTHER },
		{ "", "retry timeout exceeded", REASON_OTHER },
		{ "5.7.1", "554 Service unavailable; Client host [192.0.2.1] blocked using bl.example", REASON_SPAM },
		{ "5.7.1", "550 Mail looks like unsolicited mail", REASON_SPAM },
		{ "5.7.1", "low reputation of the sending IP", REASON_SPAM },
		{ "5.7.1", "Message rejected under anti-spam rules", REASON_SPAM },
		{ "5.7.606", "Access denied, banned sending IP", REASON_SPAM },
		{ "5.0.0", "554 Your address is listed in a DNSBL", REASON_SPAM },
		{ "5.7.9", "554 Message not accepted for policy reasons", REASON_SPAM },
		{ "4.7.0", "421 deferred due to user complaints", REASON_SPAM },
		{ "4.7.1", "450 Greylisted, try again later", REASON_OTHER },
		{ "5.7.1", "554 <spam@example.com>: Relay access denied", REASON_OTHER },
		{ "5.7.1", "550 SPF check failed, blocked", REASON_OTHER },
		{ "5.7.1", "550 Rejected per DMARC policy", REASON_OTHER },
		{ "5.7.1", "unlisted, antispammed not", REASON_SPAM },
		{ "5.7.1", "unblocked and unlisted in hotspam", REASON_OTHER },
		{ "5.0.0", "554 5.7.1 Relay access denied", REASON_OTHER },
		{ "5.0.0", "550 client 5.1.1.7 is bad", REASON_OTHER },
	};

	check(sayings, sizeof sayings / sizeof *sayings);
	assert_int_equal(reason_of((struct text){ NULL, 0 }, TEXT("user unknown")), REASON_UNKNOWN_USER);
	assert_int_equal(reason_of((struct text){ NULL, 0 }, (struct text){ NULL, 0 }), REASON_OTHER);
}

static void long_replies_are_cut(void **state)
{
	static char reply[100 * 1000];

	for (size_t i = 0; i < sizeof reply; i++)
		reply[i] = "<@ a5.1"[i % 7];
	assert_int_equal(reason_of(TEXT("5.0.0"), (struct text){ reply, sizeof reply }), REASON_OTHER);
	memcpy(reply + sizeof reply - 12, "user unknown", 12);
	assert_int_equal(reason_of(TEXT("5.0.0"), (struct text){ reply, sizeof reply }), REASON_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_status_decides),
		cmocka_unit_test(the_words_decide),
		cmocka_unit_test(long_replies_are_cut),
	};

	return cmocka_run_group_tests_name("reason", tests, NULL, NULL);
}

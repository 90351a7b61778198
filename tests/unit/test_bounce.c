/* SPDX-License-Identifier: Apache-2.0 */
/* A mail of each family and form (fuzz/corpus/bounce, written for this), and what is to be found in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "bounce_help.h"

static struct message *message;

static bool read_bounce(struct text mail, struct bounce *bounce)
{
	struct error error = { 0 };

	if (!message_read(message, mail, &error))
		fail_msg("%s", error.text);
	return bounce_read(message, bounce);
}

struct wanted {
	const char *name, *kind, *family, *recipients;
	const char *host, *said; /* of the first */
};

static const struct wanted wanted[] = {
	{ "aol", "bounce", "aol", "taro@aol.example.com", "", "not accepting mail with attachments" },
	{ "communigate", "bounce", "communigate", "taro@example.com", "mx.example.com", "550 no such user" },
	{ "courier", "bounce", "courier", "taro@example.com", NULL, "550 5.1.1 User unknown" },
	{ "domino", "bounce", "domino", "taro@example.com", "", "not listed in Domino Directory" },
	{ "dragonfly", "bounce", "dragonfly", "taro@example.com", "mx.example.com", "550 5.1.1 no such user" },
	{ "dsn-base64", "bounce", "rfc3464", "taro@example.com", "", "" },
	{ "dsn-broken", "bounce", "sendmail", "taro@mx.example.com", "", "" },
	{ "dsn-global", "bounce", "rfc3464", "太郎@example.jp", "", "" },
	{ "dsn-nested", "bounce", "postfix", "outer@example.com", "", "loops back to myself" },
	{ "dsn-odd", "bounce", "rfc3464", "taro@example.com, jiro@example.org, saburo@example.org", "", "550 no such user" },
	{ "exchange2003", "bounce", "exchange", "taro@example.com", NULL, "does not exist at the organization" },
	{ "exchange2007", "bounce", "exchange2007", "taro@example.com", "", "#550 5.1.1 RESOLVER.ADR.RecipNotFound" },
	{ "exchange55", "bounce", "exchange55", "taro@example.com, jiro@example.com", "", "550 5.1.1 User unknown" },
	{ "exim", "bounce", "exim", "taro@example.com, jiro@example.jp<alias@example.jp, saburo@example.jp", "mx.example.com", "550 5.1.1 <taro@example.com>: user unknown" },
	{ "exim-delay", "delay", "exim", "taro@example.com ~", "mx.example.com", "451 try later" },
	{ "exim-undisclosed", "bounce", "exim", "taro@example.com", "", "retry timeout exceeded" },
	{ "exim-malformed", "bounce", "exim", "taro@example.com", "", "malformed address" },
	{ "exim-frozen", "bounce", "exim", "taro@example.com", "", "forced freeze" },
	{ "exchange-ja", "bounce", "exchange2007", "taro@example.com", "", "#550 5.1.1" },
	{ "telekom", "bounce", "smail", "taro@example.com", "", "552 5.2.2" },
	{ "dsn-status-code", "bounce", "rfc3464", "taro@example.com", "", "553 message too big" },
	{ "facebook", "bounce", "facebook", "taro@example.com", "", "" },
	{ "gmail", "bounce", "gmail", "taro@example.com", "mx.example.com", "550 5.1.1 No such user" },
	{ "gmail-new", "bounce", "gmail", "taro@example.com", "", "550 5.1.1 The email account" },
	{ "google-groups", "bounce", "google_groups", "gardeners@example.com", "", "may not exist" },
	{ "google-groups-ja", "bounce", "google", "gardeners@example.com", "", "存在しないか" },
	{ "groupwise", "bounce", "groupwise", "taro@example.com", "", "Mailbox is full" },
	{ "hmailserver", "bounce", "hmailserver", "taro@example.com", "192.0.2.10", "550 no such user" },
	{ "imail", "bounce", "imail", "taro@example.com, jiro@example.com", "", "Unknown user" },
	{ "interscan", "bounce", "interscan", "taro@example.com", "", "550 5.1.1" },
	{ "ionos", "bounce", "ionos", "taro@example.com", "mx.example.com", "5.2.2 Mailbox Full" },
	{ "ironport", "bounce", "ironport", "taro@example.com", "", "5.1.0 - Unknown address error" },
	{ "james", "bounce", "james", "taro@example.com", "", "550 - Requested action not taken" },
	{ "lsmtp", "bounce", "lsmtp", "taro@example.com", "", "" },
	{ "mailfoundry", "bounce", "mailfoundry", "taro@example.com", "mx.example.com", "No such user here" },
	{ "mailmarshal", "bounce", "mailmarshal", "taro@example.com", "", "550 5.1.1 User unknown" },
	{ "mdaemon", "bounce", "mdaemon", "taro@example.com", "", "550 User unknown" },
	{ "mercury", "bounce", "mercury", "taro@example.com", "", "550 No such user" },
	{ "messagelabs", "bounce", "messagelabs", "taro@example.com", "", "550 no such user" },
	{ "messaging-server", "bounce", "messaging_server", "taro@example.com", "mx.example.com", "550 5.1.1 User unknown" },
	{ "mimecast", "bounce", "mimecast", "taro@example.com", "", "" },
	{ "mixed-actions", "bounce", "rfc3464", "one@example.com +, two@example.com, three@example.com +", "", "" },
	{ "mmdf", "bounce", "mmdf", "taro@example.com", "", "Unknown user name" },
	{ "mxlogic", "bounce", "mxlogic", "taro@example.com", "", "550 5.1.1 User unknown" },
	{ "netscape", "bounce", "netscape", "taro@example.com", NULL, "not reachable within" },
	{ "office365-html", "bounce", NULL, "taro@example.com", "", "550 5.1.10" },
	{ "odd-advisory", "delay", NULL, "taro@example.com ~", NULL, "has been postponed" },
	{ "odd-could-not", "bounce", NULL, "taro@example.com", NULL, "" },
	{ "odd-deliver-program", "bounce", "qmail", "taro@example.com", NULL, "user does not exist" },
	{ "odd-english-prose", "bounce", NULL, "taro@example.com", NULL, "554 5.7.1" },
	{ "odd-failed-recipient-key", "bounce", NULL, "taro@example.com, jiro@example.org", NULL, "550 no such user" },
	{ "odd-failed-recipients", "bounce", NULL, "taro@example.com, jiro@example.org", NULL, "" },
	{ "odd-failed-twice", "bounce", "exim", "taro@example.com, jiro@example.org", NULL, "unrouteable" },
	{ "odd-html", "bounce", NULL, "taro@example.com, jiro@example.org", NULL, "550 5.1.1" },
	{ "odd-intended", "bounce", NULL, "taro@example.com", NULL, "over quota" },
	{ "odd-just-a-warning", "delay", NULL, "taro@example.com ~", NULL, "" },
	{ "odd-list-returned", "bounce", NULL, "taro@example.com, jiro@example.org", NULL, "550 no such user" },
	{ "odd-mailbox-full", "bounce", NULL, "taro@example.com", NULL, "" },
	{ "odd-message-not-delivered", "bounce", NULL, "taro@example.com", NULL, "550 unknown user" },
	{ "odd-no-such-here", "bounce", NULL, "taro@example.com", NULL, "no such user here" },
	{ "odd-not-in-list", "bounce", NULL, "taro@example.com", NULL, "" },
	{ "odd-old-message", "bounce", NULL, "taro@example.com", NULL, "" },
	{ "odd-problems", "bounce", NULL, "taro@example.com", NULL, "550 no such user" },
	{ "odd-quoted", "bounce", "exim", "taro@example.com", NULL, "mailbox is full" },
	{ "odd-rcpt-to", "bounce", "exim", "taro@example.com", NULL, "550 unknown user" },
	{ "odd-receiver", "bounce", NULL, "taro@example.com", NULL, "" },
	{ "odd-smtp-text", "bounce", NULL, "taro@example.com", NULL, "550 no such user" },
	{ "odd-spanish", "bounce", NULL, "taro@example.com", NULL, "no mailbox here" },
	{ "odd-transcript", "bounce", "sendmail", "taro@example.com", NULL, "could not be found" },
	{ "odd-unable", "bounce", NULL, "taro@example.com", NULL, "552 quota exceeded" },
	{ "odd-undeliverable-address", "bounce", NULL, "taro@example.com", NULL, "mailbox is closed" },
	{ "odd-userid", "bounce", NULL, "taro@example.com", NULL, "" },
	{ "odd-virus-wall", "bounce", NULL, "taro@example.com", NULL, "" },
	{ "odd-your-message", "bounce", NULL, "taro@example.com", NULL, "" },
	{ "opensmtpd", "bounce", "opensmtpd", "taro@example.com", "", "550 5.1.1 no such user" },
	{ "opensmtpd-delay", "delay", "opensmtpd", "taro@example.com ~", "", "Network error" },
	{ "postfix", "bounce", "postfix", "taro@example.com", "mx.example.com", "550 5.1.1 <taro@example.com>: Recipient address rejected: User unknown" },
	{ "postfix-delay", "delay", "postfix", "taro@example.com ~", "mx.example.com", "Connection refused" },
	{ "postfix-delivered", "delivered", "postfix", "taro@example.com +", NULL, "250 2.0.0 Ok" },
	{ "postfix-ja", "bounce", "postfix", "taro@example.com", "mx.example.com", "552 5.2.2 Mailbox full" },
	{ "postfix-text", "bounce", "postfix", "taro@example.com<all@example.jp, jiro@example.org", "mx.example.com", "550 5.1.1 User unknown" },
	{ "qmail", "bounce", "qmail", "taro@example.com, jiro@example.org", "192.0.2.10", "550 5.1.1 no such user" },
	{ "sendmail-warning", "delay", "sendmail", "taro@example.com ~", "mx.example.com", "Deferred: Connection timed out" },
	{ "sendmail5", "bounce", "sendmail", "taro@example.com, jiro@example.org", "mx.example.com", "550 <taro@example.com>... User unknown" },
	{ "sendmail8", "bounce", "sendmail", "taro@example.com<staff@example.jp, jiro@example.jp", "mx.example.com", "User unknown (really)" },
	{ "ses", "bounce", "amazon_ses", "taro@example.com", "", "550 5.1.1 user unknown" },
	{ "smail", "bounce", "smail", "taro@example.com", "", "unknown host" },
	{ "smtp-service", "bounce", "smtp_service", "taro@example.com", "", "" },
	{ "surfcontrol", "bounce", "surfcontrol", "taro@example.com", NULL, "No such user" },
	{ "unknown-keys", "bounce", NULL, "taro@example.com", "", "554 mailbox is gone" },
	{ "unknown-list", "bounce", NULL, "taro@example.com, jiro@example.com", "", "no such account" },
	{ "unknown-words", "bounce", NULL, "taro@example.com", "", "was closed" },
	{ "verizon", "bounce", "verizon", "0900000000@mobile.example.com", "", "No valid recipients" },
	{ "yahoo", "bounce", "yahoo", "taro@example.com", "", "550 5.2.2 Mailbox full" },
	{ "zoho", "bounce", "zoho", "taro@example.com", "", "ERROR_CODE :5.1.1" },
};

static void knows_each_family(void **state)
{
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const struct wanted *want = &wanted[i];
		struct bounce bounce;
		char recipients[1000];

		if (!read_bounce(bounce_mail(want->name), &bounce))
			fail_msg("%s is no bounce", want->name);
		bounce_recipients(&bounce, recipients, sizeof recipients);
		if (strcmp(mail_kind_name(bounce.kind), want->kind) != 0 || strcmp(recipients, want->recipients) != 0)
			fail_msg("%s: %s, %s", want->name, mail_kind_name(bounce.kind), recipients);
		if (strcmp(bounce.family ? bounce.family : "", want->family ? want->family : "") != 0)
			fail_msg("%s is of %s", want->name, bounce.family ? bounce.family : "nobody");
		if (want->host && !text_is(bounce.recipients[0].remote_mta, text_of(want->host)))
			fail_msg("%s: host %.*s", want->name, TEXT_ARG(bounce.recipients[0].remote_mta));
		if (!text_holds(bounce.recipients[0].diagnostic, text_of(want->said)))
			fail_msg("%s: %.*s", want->name, TEXT_ARG(bounce.recipients[0].diagnostic));
	}
}

/* what came back is found as a part, or in the text */
static void finds_what_came_back(void **state)
{
	static const struct { const char *name; bool part; const char *begins; } cases[] = {
		{ "postfix", true, "" },
		{ "postfix-text", false, "Return-Path: <hanako@example.jp>" },
		{ "exim", false, "Return-Path: <hanako@example.jp>" },
		{ "qmail", false, "Return-Path: <hanako@example.jp>" },
		{ "gmail", false, "Return-Path: <hanako@example.jp>" },
		{ "sendmail5", false, "Return-Path: <hanako@example.jp>" },
		{ "imail", false, "Received: from pc.example.jp" },
		{ "opensmtpd", false, "Return-Path: <hanako@example.jp>" },
		{ "smail", false, "Return-Path: <hanako@example.jp>" },
		{ "domino", false, "" },
		{ "interscan", false, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bounce bounce;

		assert_true(read_bounce(bounce_mail(cases[i].name), &bounce));
		if ((bounce.original >= 0) != cases[i].part || !text_starts(text_trim(bounce.original_text), text_of(cases[i].begins)))
			fail_msg("%s: %d, %.*s", cases[i].name, bounce.original, TEXT_ARG(bounce.original_text));
		if (!*cases[i].begins)
			assert_int_equal(bounce.original_text.n, 0);
	}
}

/* an address that is none takes nothing of what is said of it: whom the mail was written to is meant */
static void keeps_what_is_said_of_nobody(void **state)
{
	static const char mail[] = "From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail Returned to Sender\n"
				   "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
				   "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
				   "Final-Recipient: rfc822; \"t\033[31m\001\"@\002\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 \033no\n\n"
				   "--x\nContent-Type: message/rfc822\n\nFrom: hanako@example.jp\nTo: taro@example.com\nSubject: x\n\nx\n--x--\n";
	struct inspection inspection;
	struct bounce bounce;
	struct error error;

	assert_true(read_bounce(TEXT(mail), &bounce));
	assert_int_equal(bounce.count, 0);
	assert_true(text_is(bounce.unnamed.status, TEXT("5.1.1")));
	assert_true(inspect_mail(message, TEXT(mail), NULL, &inspection, &error));
	assert_int_equal(inspection.recipient_count, 1);
	assert_true(text_is(inspection.recipients[0].address, TEXT("taro@example.com")));
	assert_true(text_is(inspection.recipients[0].status, TEXT("5.1.1")));
	assert_true(inspection.recipients[0].permanent);
}

/* what a service writes where a status belongs is none for that */
static void takes_no_sentence_as_a_status(void **state)
{
	static const struct { const char *said, *status; } cases[] = {
		{ "5.1.1", "5.1.1" }, { " 4.2.2 (full)", "4.2.2" }, { "550", "5.0.0" }, { "see https://example.net/help?id=5.", "5.0.0" }, { "5.aster@example.net", "5.0.0" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char mail[500];
		struct bounce bounce;

		snprintf(mail, sizeof mail,
			"Subject: AWS Notification Message\n\n"
			"{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"taro@example.com\",\"status\":\"%s\"}]}}\n",
			cases[i].said);
		assert_true(read_bounce(text_of(mail), &bounce));
		assert_int_equal(bounce.count, 1);
		if (!text_is(bounce.recipients[0].status, text_of(cases[i].status)))
			fail_msg("%s: %.*s", cases[i].said, TEXT_ARG(bounce.recipients[0].status));
	}
}

static void takes_a_host_for_no_more_than_its_name(void **state)
{
	static const struct { const char *said, *host; } cases[] = {
		{ "mx.example.com", "mx.example.com" }, { "mx.example\x06.com", "mx.example" }, { "\x1b[31m", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char mail[500];
		struct bounce bounce;

		snprintf(mail, sizeof mail,
			"From: MAILER-DAEMON <>\nSubject: Mail delivery failed\n\nThis is the DragonFly Mail Agent v0.13 at mx.example.jp.\n\n"
			"There was an error delivering your mail to <taro@example.com>.\n\n%s [192.0.2.10] did not like our RCPT TO:\n550 5.1.1 no such user\n",
			cases[i].said);
		assert_true(read_bounce(text_of(mail), &bounce));
		assert_int_equal(bounce.count, 1);
		if (!text_is(bounce.recipients[0].remote_mta, text_of(cases[i].host)))
			fail_msg("%zu: %.*s", i, TEXT_ARG(bounce.recipients[0].remote_mta));
	}
}

static void leaves_other_mail_alone(void **state)
{
	static const char *const names[] = { "none-dmarc", "none-letter", "none-newsletter", "none-phish", "none-quota", "none-receipt", "none-shop", "none-vacation", "ses-complaint" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct bounce bounce = { .count = 77 };

		if (read_bounce(bounce_mail(names[i]), &bounce) || bounce.count != 77)
			fail_msg("%s is taken for a bounce", names[i]);
	}
}

/* whatever is repeated in it, a mail of 400,000 bytes takes no time to speak of */
static void is_never_slow(void **state)
{
	static const char *const pieces[] = { "<", "@", "a@b.example\n", "<a@b.example>:\n", "FFFF", "\"@", "this is a copy of ", " on ", "-\n", "550 <a@b.example>... x\n", "<<<",
					      "Final-Recipient: rfc822; a@b.example\n", "Final-Recipient: rfc822;\n a\n", "x: y\nz\n", "following recipient ", ">>> RCPT To:<a@b.example>\n<<< 550\n",
					      "  a@b.example\n    host mx\n", "host host ",
					      "(expanded from: ", "{\"Message\":\"", "\n\n", "message could not be delivered to " };
	static char bytes[400000];
	static const char head[] = "From: MAILER-DAEMON@example.net\nX-Failed-Recipients: a@example.com\n\n";

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t n = sizeof head - 1, step = strlen(pieces[i]);
		struct bounce bounce;
		int64_t began;

		memcpy(bytes, head, n);
		for (; n + step < sizeof bytes; n += step)
			memcpy(bytes + n, pieces[i], step);
		began = clock_cpu();
		(void)!read_bounce((struct text){ bytes, n }, &bounce);
		if (clock_cpu() - began > 2000000)
			fail_msg("%s: %lld us", pieces[i], (long long)(clock_cpu() - began));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_each_family),
		cmocka_unit_test(finds_what_came_back),
		cmocka_unit_test(keeps_what_is_said_of_nobody),
		cmocka_unit_test(takes_no_sentence_as_a_status),
		cmocka_unit_test(takes_a_host_for_no_more_than_its_name),
		cmocka_unit_test(leaves_other_mail_alone),
		cmocka_unit_test(is_never_slow),
	};
	int failed;

	message = message_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	message_free(message);
	return failed;
}

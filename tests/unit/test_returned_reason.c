/* SPDX-License-Identifier: Apache-2.0 */
/* What servers say, as they say it, and what it is taken for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "mail/reason.h"
#include "mail/reason_words.h"

struct saying {
	const char *status, *said;       /* of the report */
	const char *wanted_status, *reason;
	int code;
	bool permanent;
};

static struct returned judge(const char *status, const char *said, const char *around, enum return_action action)
{
	struct returned one = { .address = TEXT("taro@example.com"), .original_address = TEXT_NONE, .status = text_of(status), .remote_mta = TEXT_NONE,
				.diagnostic = text_of(said), .action = action };

	reason_judge(&one, text_of(around));
	return one;
}

static void check(const struct saying *sayings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct saying *want = &sayings[i];
		struct returned one = judge(want->status, want->said, "", RETURN_FAILED);

		if (!text_is(one.status, text_of(want->wanted_status)) || strcmp(return_reason_name(one.reason), want->reason) != 0 ||
		    one.smtp_code != want->code || one.permanent != want->permanent)
			fail_msg("\"%s\" \"%s\": %.*s %s %d %s", want->status, want->said, TEXT_ARG(one.status), return_reason_name(one.reason), one.smtp_code,
				 one.permanent ? "permanent" : "not permanent");
	}
}

static void hears_what_servers_say(void **state)
{
	static const struct saying sayings[] = {
		/* nobody of that name: said of the recipient, or by a status */
		{ "", "host mx.example.com[192.0.2.1] said: 550 5.1.1 <taro@example.com>: Recipient address rejected: User unknown in local recipient table (in reply to RCPT TO command)", "5.1.1", "user_unknown", 550, true },
		{ "5.1.1", "550 5.1.1 The email account that you tried to reach does not exist. https://support.example.com/mail/?p=NoSuchUser", "5.1.1", "user_unknown", 550, true },
		{ "5.0.0", "550 User not found (in reply to RCPT TO command)", "5.0.0", "user_unknown", 550, true },
		{ "5.0.0", "550 kijitora... No such user", "5.0.0", "user_unknown", 550, false },
		{ "", "550 Unknown user taro@docomo.example.jp (in reply to end of DATA command)", "5.2.0", "user_unknown", 550, false },
		{ "5.5.0", "550 Requested action not taken: mailbox unavailable (in reply to RCPT TO command)", "5.5.0", "user_unknown", 550, true },
		{ "", "550 要求されたアクションは実行されません:メールボックスを使用できません", "5.2.0", "user_unknown", 550, false },
		{ "", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "5.1.10", "user_unknown", 550, true },
		{ "", "550 5.4.1 Recipient address rejected: Access denied. [mail.protection.example.com]", "5.4.1", "user_unknown", 550, false },
		{ "5.1.1", "554 delivery error: dd This user doesn't have a yahoo.example account (taro@yahoo.example) [0]", "5.1.1", "user_unknown", 554, true },
		{ "5.1.1", "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]", "5.1.1", "user_unknown", 550, true },
		{ "5.1.1", "", "5.1.1", "user_unknown", 0, true },
		/* no such domain */
		{ "5.4.4", "Host or domain name not found. Name service error for name=example.invalid type=AAAA: Host not found", "5.4.4", "host_unknown", 0, true },
		{ "4.4.3", "Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again", "4.4.3", "network", 0, false },
		{ "", "Sorry, I couldn't find any host named example.invalid. (#5.1.2)", "5.1.2", "host_unknown", 0, true },
		{ "", "Unrouteable address", "5.1.2", "host_unknown", 0, true },
		{ "5.1.10", "Domain example.com does not accept mail (nullMX)", "5.1.10", "host_unknown", 0, true },
		/* the mailbox */
		{ "", "552 5.2.2 <taro@example.com>... Mailbox full", "5.2.2", "mailbox_full", 552, false },
		{ "", "452 4.2.2 The email account that you tried to reach is over quota", "4.2.2", "mailbox_full", 452, false },
		{ "", "552 Too much mail data taro@docomo.example.jp (in reply to end of DATA command)", "5.2.2", "mailbox_full", 552, false },
		{ "", "554 delivery error: dd Sorry your message to taro@example.com cannot be delivered. This account has been disabled or discontinued [#102].", "5.2.1", "mailbox_disabled", 554, false },
		{ "", "550 5.2.1 The email account that you tried to reach is disabled.", "5.2.1", "mailbox_disabled", 550, false },
		{ "5.1.6", "550 5.1.6 recipient no longer on server: taro@example.com", "5.1.6", "moved", 550, true },
		/* authentication, lists, spam, contents, policy */
		{ "", "550-5.7.26 Unauthenticated email from example.jp is not accepted due to 550-5.7.26 domain's DMARC policy.", "5.7.26", "auth_failure", 550, false },
		{ "", "550 5.7.509 Access denied, sending domain [EXAMPLE.JP] does not pass DMARC verification", "5.7.509", "auth_failure", 550, false },
		{ "", "550 5.7.1 SPF check failed", "5.7.1", "auth_failure", 550, false },
		{ "", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "5.7.1", "blocked", 554, false },
		{ "", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "5.7.606", "blocked", 550, false },
		{ "", "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your provider since part of their network is on our block list (S3140).", "5.7.1", "blocked", 550, false },
		{ "", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints", "4.7.0", "blocked", 421, false },
		{ "", "554 5.7.1 [CS01] Message rejected due to local policy.", "5.7.1", "blocked", 554, false },
		{ "", "550-5.7.1 Our system has detected that this message is likely unsolicited mail.", "5.7.1", "spam", 550, false },
		{ "", "550 5.7.1 Message content rejected, UBE, id=00000-22-225", "5.7.1", "spam", 550, false },
		{ "", "554 rejected due to spam content", "5.7.1", "spam", 554, false },
		{ "", "552-5.7.0 This message was blocked because its content presents a potential security issue.", "5.7.0", "content", 552, false },
		{ "", "554 5.7.9 Message not accepted for policy reasons.", "5.7.9", "policy", 554, false },
		{ "", "553 5.1.8 <root@pc.example.jp>... Domain of sender address root@pc.example.jp does not exist", "5.1.8", "policy", 553, false },
		{ "", "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required", "5.7.1", "policy", 550, false },
		{ "5.1.0", "550-'5.7.1 <bounce@example.jp>... Access denied' (delivery attempts: 0)", "5.7.1", "policy", 550, false },
		{ "", "554 5.7.1 <taro@example.com>: Relay access denied (in reply to RCPT TO command)", "5.7.1", "relaying_denied", 554, false },
		{ "", "552 5.3.4 Message size exceeds fixed maximum message size", "5.3.4", "too_big", 552, false },
		/* how much; the way there */
		{ "", "421 4.7.28 Our system has detected an unusual rate of unsolicited mail. To protect our users, mail has been temporarily rate limited.", "4.7.28", "spam", 421, false },
		{ "", "552 Too many recipients", "5.7.0", "rate_limited", 552, false },
		{ "", "550 Ip frequency limited. http://service.mail.example.com/cgi-bin/help", "5.7.0", "rate_limited", 550, false },
		{ "4.4.1", "connect to mx.example.com[192.0.2.1]:25: Connection timed out", "4.4.1", "network", 0, false },
		{ "5.4.6", "mail for example.com loops back to myself", "5.4.6", "no_such_relay", 0, false },
		{ "", "retry timeout exceeded", "4.4.7", "expired", 0, false },
		{ "4.3.0", "temporary failure. Command output: procmail: Couldn't create /var/spool/mail/taro", "4.3.0", "system", 0, false },
		{ "", "521 mx.example.com", "5.3.0", "system", 521, true },
		{ "", "556 no mail here", "5.1.2", "host_unknown", 556, true },
		{ "5.7.1", "521 5.7.1 Service unavailable; client [192.0.2.1] blocked using bl.example.net", "5.7.1", "blocked", 521, false },
		{ "", "554 delivery error: dd This user doesn't have a yahoo.example account (taro@yahoo.example) (in reply to end of DATA command)", "5.1.1", "user_unknown", 554, true },
		{ "", "553 5.1.2 We weren't able to find the recipient domain.", "5.1.2", "host_unknown", 553, true },
		{ "5.7.1", "", "5.7.1", "policy", 0, false },
		{ "", "", "5.0.0", "other", 0, false },
		/* the answer's own class decides */
		{ "4.5.0", "550 5.5.0 Service refuse. Veuillez essayer plus tard. LPN001_108", "5.5.0", "blocked", 550, false },
		/* other languages */
		{ "", "550 宛先のメールアドレスが存在しません (in reply to RCPT TO command)", "5.1.1", "user_unknown", 550, true },
		{ "", "受信者のメールボックスがいっぱいです", "5.2.2", "mailbox_full", 0, false },
		{ "5.1.1", "Die E-Mail-Adresse existiert nicht", "5.1.1", "user_unknown", 0, true },
		{ "", "550 Destinatario desconocido o mailbox lleno", "5.2.2", "mailbox_full", 550, false },
		{ "", "550 收件人不存在 (in reply to RCPT TO command)", "5.1.1", "user_unknown", 550, true },
		{ "", "554 Usuário inválido ou inexistente. (#5.1.1)", "5.1.1", "user_unknown", 554, true },
	};

	check(sayings, sizeof sayings / sizeof *sayings);
}

/* the session stands elsewhere in the report */
static void looks_around(void **state)
{
	static const char transcript[] = "... while talking to mx.example.com.:\n>>> RCPT To:<taro@example.com>\n<<< 550 no such user\n"
					 "... while talking to mx.example.org.:\n>>> DATA\n<<< 550 filtered: no such user\n";
	struct returned one = judge("5.0.0", "550 no such user", transcript, RETURN_FAILED);

	assert_true(one.permanent);
	one = judge("5.0.0", "550 filtered: no such user", transcript, RETURN_FAILED);
	assert_false(one.permanent);
	one = judge("", "", "Hello,\n\n<taro@example.com>:\n  user is over quota\n\n<jiro@example.com>:\n  no such user\n", RETURN_FAILED);
	assert_int_equal(one.reason, RETURN_MAILBOX_FULL);
	one = judge("5.1.1", "", "spam, spam, spam", RETURN_FAILED);
	assert_int_equal(one.smtp_code, 0);
}

static void nothing_failed_nothing_is_permanent(void **state)
{
	struct returned one = judge("", "250 2.0.0 Ok: queued", "user unknown", RETURN_DELIVERED);

	assert_int_equal(one.reason, RETURN_NONE);
	assert_false(one.permanent);
	assert_true(text_is(one.status, TEXT("2.0.0")));
	one = judge("4.1.1", "450 4.1.1 user unknown (in reply to RCPT TO command)", "", RETURN_DELAYED);
	assert_int_equal(one.reason, RETURN_USER_UNKNOWN);
	assert_false(one.permanent);
}

static void finds_codes(void **state)
{
	static const struct { const char *words, *status; int code; } cases[] = {
		{ "550 5.1.1 no", "5.1.1", 550 }, { "550-5.1.1 no", "5.1.1", 550 }, { "(#5.7.1)", "5.7.1", 0 }, { "#5.1.1", "5.1.1", 0 }, { "smtp;550 5.7.606 x", "5.7.606", 550 },
		{ "port 587, 10.5.1.1 said nothing", "", 0 }, { "version 8.15.2", "", 0 }, { "5.1.1.7", "", 0 }, { "5500 times", "", 0 }, { "599", "", 0 }, { "id 1550-abc", "", 0 },
		{ "<421 4.4.2 Connection timed out>", "4.4.2", 421 }, { "host mx[192.0.2.250] said: 452 4.2.2 full", "4.2.2", 452 }, { "", "", 0 }, { "5.", "", 0 }, { "550", "", 550 },
		{ "5.1.1234", "", 0 }, { "ERROR_CODE :550, ERROR_CODE :5.1.1", "5.1.1", 550 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text status = TEXT_NONE;
		int code = 0;

		reason_codes(text_of(cases[i].words), &status, &code);
		if (!text_is(status, text_of(cases[i].status)) || code != cases[i].code)
			fail_msg("\"%s\": %.*s %d", cases[i].words, TEXT_ARG(status), code);
	}
}

static bool hides(enum return_reason reason, const char *other, const char *phrase)
{
	return reason == RETURN_NONE ? strcmp(phrase, other) == 0 : strstr(phrase, other) != NULL;
}

static void check_phrase(size_t row, const char *const *phrase)
{
	assert_true(**phrase);
	for (const char *c = *phrase; *c; c++)
		assert_false(*c >= 'A' && *c <= 'Z');
	for (size_t before = 0; before <= row; before++)
		for (const char *const *other = reason_words[before].phrases; *other; other++)
			if (other != phrase && hides(reason_words[before].reason, *other, *phrase))
				fail_msg("\"%s\" is not heard behind \"%s\"", *phrase, *other);
}

/* each phrase stands once, in small letters, and none hides behind one of a row before it: else it would never be heard */
static void every_phrase_counts(void **state)
{
	for (size_t row = 0; row < reason_words_count; row++)
		for (const char *const *phrase = reason_words[row].phrases; *phrase; phrase++)
			check_phrase(row, phrase);
}

/* a report of a thousand recipients whose words all have to be looked through */
static void is_never_slow(void **state)
{
	static char around[1 << 17];
	int64_t began = clock_cpu();

	for (size_t n = 0; n + 20 < sizeof around; n += 20)
		memcpy(around + n, "<<< 550 no such us \n", 20);
	for (int i = 0; i < 1000; i++)
		(void)judge("5.0.0", "550 no such user", around, RETURN_FAILED);
	assert_true(clock_cpu() - began < 3000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hears_what_servers_say), cmocka_unit_test(looks_around),
					    cmocka_unit_test(nothing_failed_nothing_is_permanent), cmocka_unit_test(finds_codes),
					    cmocka_unit_test(every_phrase_counts), cmocka_unit_test(is_never_slow) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

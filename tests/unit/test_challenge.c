/* SPDX-License-Identifier: Apache-2.0 */
/* Filters that want a sender to prove himself, and what only sounds like them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "mail/challenge.h"

static struct message *message;

static bool is_challenge(const char *mail, size_t n)
{
	struct error error;

	if (!message_read(message, (struct text){ mail, n }, &error))
		fail_msg("%s", error.text);
	return challenge_read(message);
}

static void check(const char *fields, const char *text, bool wanted)
{
	char mail[4000];
	int n = snprintf(mail, sizeof mail, "To: hanako@example.jp\nContent-Type: text/plain; charset=utf-8\n%s\n\n%s", fields, text);

	if (is_challenge(mail, (size_t)n) != wanted)
		fail_msg("%s: %s", wanted ? "no challenge" : "taken for a challenge", fields);
}

static void knows_challenges(void **state)
{
	static const struct { const char *fields, *text; } challenges[] = {
		{ "From: taro@bluebottle.com\nSubject: RE: hello\nX-Bluebottle-Request: <1>", "Your message was received at noon.\nThis account is protected by Bluebottle. Please click on the\nfollowing link to have your address added to the recipient's allowed list" },
		{ "From: noreply@boxbe.com\nSubject: Re: hello (Action Required)", "Your message about \"hello\" has been waitlisted.\nPlease add yourself to my Boxbe Guest List" },
		{ "From: Taro via Spam Arrest <taro@example.com>\nSubject: Re: hello (verification)", "I'm protecting myself from receiving junk mail.\nJust click the link below to complete the verification process.\nSpam Arrest" },
		{ "From: Taro - EarthLink Automatic Reply <taro@earthlink.example>\nSubject: Re: hello", "I'm using EarthLink spamBlocker. This is an automatic reply to your e-mail message to taro. If you are not in my address book, click the link below to complete the request form." },
		{ "From: taro@example.com\nSubject: Please confirm your message", "Your message is being held. Click this link to confirm that you are a human; this is one-time." },
		{ "From: taro@example.com\nSubject: =?utf-8?B?6YCB5L+h6ICF6KqN6Ki844Gu44GK6aGY44GE?=", "メールは保留されています。配信するには送信者認証のためURLをクリックしてください。" },
		{ "From: taro-confirm-1091.abc@example.com\nX-Delivery-Agent: TMDA/1.1.12\nSubject: Please confirm your message", "This message was created automatically by mail delivery software (TMDA).\nYour message has been held because your address has not been verified. To release it, just reply to this message. This is because of spam." },
		{ "From: taro@example.com\nReply-To: MailInBlack <auth@mailinblack.example>\nSubject: Authentification", "Votre message est en attente. Cliquez sur le lien pour vous authentifier, une seule fois. Mailinblack" },
		{ "From: AntiSpam UOL <taro@spam.uol.com.br>\nSubject: Re: hello", "Sua mensagem foi encaminhada para a caixa. Clique aqui para confirmar o envio. AntiSpam UOL" },
		{ "From: taro@example.com\nX-AskVersion: 2.5\nSubject: Please confirm (conf#1091)", "Your message is being held. Simply reply to this mail to confirm that you are a person. Active Spam Killer" },
		{ "Return-Path: <>\nFrom: taro@example.com\nSubject: Re: hello", "Your message is being held because of the amount of spam I get. To confirm that you are a person, reply. You only need to do this once." },
	};

	for (size_t i = 0; i < sizeof challenges / sizeof *challenges; i++)
		check(challenges[i].fields, challenges[i].text, true);
}

static void knows_one_that_poses_as_a_report(void **state)
{
	static const char mail[] = "From: noreply@boxbe.com\nTo: hanako@example.jp\nSubject: Re: hello (Action Required)\n"
				   "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
				   "Your message about \"hello\" has been waitlisted.\nPlease add yourself to my Boxbe Guest List\n"
				   "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; boxbe.com\n\nFinal-Recipient: rfc822; taro@example.com\nAction: failed\nStatus: 4.7.0\n--x--\n";

	assert_true(is_challenge(mail, sizeof mail - 1));
}

static void leaves_others_alone(void **state)
{
	static const struct { const char *fields, *text; } others[] = {
		{ "From: taro@example.com\nSubject: hello", "I use Boxbe against spam; click on the link below to be added to my guest list." },
		/* one who signs up somewhere, and one who only announces it */
		{ "From: shop@example.com\nSubject: Please confirm your email", "Click this link to confirm that you are a human and to use your new account." },
		{ "From: taro@example.com\nSubject: Sender verification", "From May on your mail will not be delivered to us without DKIM; spam is why." },
		{ "From: taro@spamarrest.com\nSubject: our meeting", "Shall we meet on Friday?" },
		{ "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@example.com>\nSubject: Undelivered Mail Returned to Sender", "Your message has not been delivered: it is spam. Fill out the form to be put on the whitelist; click on the link below." },
		{ "Return-Path: <>\nPrecedence: bulk\nFrom: list-bounces@example.com\nSubject: Your message to list awaits moderator approval", "Is being held until the list moderator can review it. Your message has not been delivered. To cancel, click on the link below. Reason: spam" },
		{ "From: shop@example.com\nSubject: Confirm your subscription\nPrecedence: bulk", "To confirm that you are the owner, click on the link below to complete your subscription. No spam, one-time." },
		{ "Return-Path: <>\nFrom: taro@example.com\nSubject: Re: hello", "I am out of the office. Please reply to this when I am back; no spam please." },
	};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		check(others[i].fields, others[i].text, false);
}

static void is_never_slow(void **state)
{
	static const char *const pieces[] = { "X-A: b\n", "X-Boxbe: 1\n", "Subject: tmda\n", "spam ", "\n", "confirm ", "a@" };
	static char mail[400000];

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t n = (size_t)snprintf(mail, sizeof mail, "Auto-Submitted: auto-replied\nSubject: "), step = strlen(pieces[i]);
		int64_t began;

		for (; n + step < sizeof mail; n += step)
			memcpy(mail + n, pieces[i], step);
		began = clock_cpu();
		(void)is_challenge(mail, n);
		assert_true(clock_cpu() - began < 2000000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(knows_challenges), cmocka_unit_test(knows_one_that_poses_as_a_report),
					    cmocka_unit_test(leaves_others_alone), cmocka_unit_test(is_never_slow) };
	int failed;

	message = message_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	message_free(message);
	return failed;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of machines, and what people write in the same words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "mail/auto_reply.h"

static struct message *message;

static bool read_reply(const char *mail, size_t n, struct auto_reply *reply)
{
	struct error error;

	if (!message_read(message, (struct text){ mail, n }, &error))
		fail_msg("%s", error.text);
	return auto_reply_read(message, reply);
}

struct answer {
	const char *fields, *text; /* behind From and To */
	const char *kind, *address;
};

#define FROM "From: Taro <taro@example.com>\nTo: hanako@example.jp\n"

static void check(const struct answer *want)
{
	char mail[4000];
	struct auto_reply reply;
	int n = snprintf(mail, sizeof mail, FROM "Content-Type: text/plain; charset=utf-8\n%s\n\n%s", want->fields, want->text);

	if (!read_reply(mail, (size_t)n, &reply))
		fail_msg("no answer: %s", want->fields);
	if (strcmp(auto_reply_kind_name(reply.kind), want->kind) != 0 || !text_is(reply.new_address, text_of(want->address)))
		fail_msg("%s: %s %.*s", want->fields, auto_reply_kind_name(reply.kind), TEXT_ARG(reply.new_address));
}

static void knows_answers_of_machines(void **state)
{
	static const struct answer answers[] = {
		/* fields */
		{ "Auto-Submitted: auto-replied\nSubject: Away until May 5", "I am currently away.", "vacation", "" },
		{ "Auto-Submitted: auto-replied (vacation)\nSubject: hello", "x", "other", "" },
		{ "X-Autoreply: yes\nSubject: Your mail", "We have your mail.", "other", "" },
		{ "X-Autorespond: hello\nSubject: Re: hello", "I will be out of the office until Monday.", "vacation", "" },
		{ "Precedence: auto_reply\nSubject: Re: hello", "x", "other", "" },
		{ "X-Mail-Autoreply: Sieve\nSubject: x", "x", "other", "" },
		{ "Delivered-To: Autoresponder\nSubject: x", "x", "other", "" },
		/* no field at all */
		{ "Subject: Re: hello", "夏季休業をいただいております。\nこのメールは自動送信されています。", "vacation", "" },
		{ "Subject: =?utf-8?B?6YCA6IG344Gu44GK55+l44KJ44Gb77yI6Ieq5YuV6L+U5L+h77yJ?=", "山田は退職いたしました。今後は jiro@example.net までご連絡ください。", "address_changed", "jiro@example.net" },
		{ "Return-Path: <>\nX-Auto-Response-Suppress: All\nSubject: hello", "Ich bin bis Montag nicht im Büro.", "vacation", "" },
		{ "X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: taro@example.com\nSubject: thanks", "x", "other", "" },
		{ "X-Auto-Response-Suppress: OOF, AutoReply\nIn-Reply-To: <1@example.jp>\nSubject: Message received", "x", "other", "" },
		{ "Return-Path: <>\nPrecedence: bulk\nSubject: Thank you for your e-mail", "Thank you for your e-mail.\nI will reply as soon as possible.", "other", "" },
		/* the subject alone */
		{ "Subject: Automatic reply: hello", "x", "other", "" },
		{ "Subject: Out of Office AutoReply: hello", "x", "vacation", "" },
		{ "Subject: Out of Office: hello", "x", "vacation", "" },
		{ "Subject: [Auto-Reply] hello", "x", "other", "" },
		{ "Subject: =?iso-8859-2?Q?[Automatyczna_odpowied=BC]_hello?=", "x", "other", "" },
		{ "Subject: =?utf-8?Q?R=C3=A9ponse_automatique_:_hello?=", "Je suis absent du bureau.", "vacation", "" },
		{ "Subject: Abwesenheitsnotiz: hello", "x", "vacation", "" },
		{ "Subject: =?utf-8?Q?Respuesta_autom=C3=A1tica:_hello?=", "x", "other", "" },
		{ "Subject: =?utf-8?B?6Ieq5YuV5b+c562UOiDjgZPjgpPjgavjgaHjga8=?=", "出張のため不在にしております。", "vacation", "" },
		{ "Subject: =?iso-2022-jp?B?GyRCIVo8K0YwSlY/LiFbGyhC?=", "お問い合わせありがとうございます。", "other", "" },
		{ "Subject: =?utf-8?B?5LiN5Zyo6YCa55+l?=", "x", "vacation", "" },
		{ "Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiBoZWxsbw==?=", "x", "other", "" },
		/* words, where something else speaks for a machine */
		{ "Return-Path: <>\nSubject: Re: hello", "I am out of the office until Monday, with no access to my mail.", "vacation", "" },
		{ "In-Reply-To: <1@example.jp>\nSubject: Your message", "This is an automated response. Your ticket is #77.", "other", "" },
		{ "In-Reply-To: <1@example.jp>\nSubject: On vacation", "Back on Monday.", "vacation", "" },
		{ "Return-Path: <>\nSubject: =?utf-8?B?5LyR5pqH?=", "休暇をいただいております。\n月曜日に戻ります。", "vacation", "" },
		{ "Auto-Submitted: auto-generated\nSubject: hello", "ただいま出張中のため、お返事が遅れます。", "vacation", "" },
		/* somebody has another address */
		{ "Auto-Submitted: auto-replied\nSubject: hello", "My email address has changed. Please use taro@example.net from now on.\n-- \ntaro@example.com", "address_changed", "taro@example.net" },
		{ "Return-Path: <>\nSubject: hello", "I am no longer with Example Ltd. Please write to jiro@example.org instead.", "address_changed", "jiro@example.org" },
		{ "Auto-Submitted: auto-replied\nSubject: =?utf-8?B?44Oh44O844Or44Ki44OJ44Os44K55aSJ5pu044Gu44GK55+l44KJ44Gb?=", "メールアドレスが変わりました。\n新しいアドレスは taro@example.net です。", "address_changed", "taro@example.net" },
		{ "Return-Path: <>\nSubject: hello", "このアドレスは使われておりません。\n新アドレス： taro@example.net", "address_changed", "taro@example.net" },
		{ "X-Autoreply: yes\nSubject: hello", "The old one is gone; hanako@example.jp, my new address is taro@example.com", "other", "" },
	};

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		check(&answers[i]);
}

static void takes_a_receipt_for_an_answer(void **state)
{
	static const char mail[] = FROM "Subject: Read: hello\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n"
					"--x\nContent-Type: text/plain\n\nYour message was read.\n--x\nContent-Type: message/disposition-notification\n\n"
					"Final-Recipient: rfc822; taro@example.com\nDisposition: manual-action/MDN-sent-manually; displayed\n--x--\n";
	struct auto_reply reply;

	assert_true(read_reply(mail, sizeof mail - 1, &reply));
	assert_int_equal(reply.kind, AUTO_REPLY_OTHER);
}

static void leaves_alone_what_people_and_lists_write(void **state)
{
	static const struct { const char *fields, *text; } others[] = {
		{ "Subject: Re: hello", "夏季休業をいただいております。ご返信は8月16日になります。" },
		{ "Subject: Re: hello", "自動返信の設定について教えてください。" },
		{ "Subject: =?utf-8?B?5Lya6K2w44Oh44Oi77yI6Ieq5YuV6L+U5L+h44Gu6Kit5a6a77yJ?=", "設定しました。" },
		{ "Subject: hello", "I am out of the office tomorrow, shall we meet on Friday?" },
		{ "Subject: Re: Out of Office: hello\nIn-Reply-To: <1@example.jp>", "Thanks, I saw your note. Enjoy!" },
		{ "Subject: Re: hello\nIn-Reply-To: <1@example.jp>", "Yes.\n\n> This is an automated response. I am out of the office." },
		{ "Subject: Re: hello\nIn-Reply-To: <1@example.jp>\nReferences: <1@example.jp>", "I'm on vacation next week, but Jiro can help." },
		{ "Subject: Re: hello\nIn-Reply-To: <1@example.jp>", "By the way, my new address is taro@example.net." },
		{ "Subject: =?utf-8?B?5aSP5a2j5LyR5qWt44Gu44GK55+l44KJ44Gb?=", "8月10日から休業いたします。" },
		{ "Subject: =?utf-8?B?44Oh44O844Or44Ki44OJ44Os44K55aSJ5pu044Gu44GK55+l44KJ44Gb?=", "アドレスを変更しました。 taro@example.net" },
		{ "Subject: Vacation rentals in May\nList-Unsubscribe: <mailto:u@example.com>\nPrecedence: bulk", "Automatic reply? No: offers." },
		{ "Subject: Out of office policy\nList-Id: <staff.example.com>", "This is an automatic reply to all who asked." },
		{ "Subject: [list] vacation\nList-Id: <l.example.com>\nPrecedence: list\nIn-Reply-To: <1@example.jp>", "I am out of the office." },
		{ "Subject: Your order\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All", "Thank you for your order." },
		{ "Subject: Build failed\nAuto-Submitted: auto-generated\nPrecedence: bulk\nIn-Reply-To: <1@example.jp>\nX-Auto-Response-Suppress: All", "Step 3 failed." },
		{ "Auto-Submitted: no\nSubject: hello", "Shall we?" },
		{ "Subject: Automatically replying machines", "A talk on Friday." },
		{ "Subject: Absence of evidence", "A talk on Friday." },
	};
	struct auto_reply reply;
	char mail[4000];

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		int n = snprintf(mail, sizeof mail, FROM "Content-Type: text/plain; charset=utf-8\n%s\n\n%s", others[i].fields, others[i].text);

		if (read_reply(mail, (size_t)n, &reply))
			fail_msg("taken for an answer: %s", others[i].fields);
	}
}

static void is_never_slow(void **state)
{
	static const char *const pieces[] = { "X-Autoreply: no\n", "Subject: auto\n", "References: <a>\n", ">", "\n", "my new address is ", "a@", "\xe4\xbc\x91", "auto reply " };
	static char mail[400000];

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t n = (size_t)snprintf(mail, sizeof mail, "Auto-Submitted: auto-replied\nSubject: "), step = strlen(pieces[i]);
		struct auto_reply reply;
		int64_t began;

		for (; n + step < sizeof mail; n += step)
			memcpy(mail + n, pieces[i], step);
		began = clock_cpu();
		(void)!read_reply(mail, n, &reply);
		assert_true(clock_cpu() - began < 2000000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(knows_answers_of_machines), cmocka_unit_test(takes_a_receipt_for_an_answer),
					    cmocka_unit_test(leaves_alone_what_people_and_lists_write), cmocka_unit_test(is_never_slow) };
	int failed;

	message = message_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	message_free(message);
	return failed;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mail/phishing.h"
#include "mail/catchwords.h"

struct world {
	struct phishing_rules *rules;
	struct message *message;
};

static bool bears_mark(void *context, struct message *message, int part)
{
	return message_field(message, "X-Mark").n > 0;
}

static int make_world(void **state)
{
	static const struct text official[] = { { "mihonhost.example.jp", 20 }, { "xserver.ne.jp", 13 } };
	static const struct text names[] = { { "見本ホスト", 15 }, { "Mihon Host", 10 }, { "エックスサーバー", 24 } };
	struct phishing_settings settings = { official, 2, names, 3, { "mx.kaze.example.jp", 18 }, bears_mark, NULL };
	struct world *world = test_calloc(1, sizeof *world);

	world->rules = phishing_rules_new(&settings, NULL);
	world->message = message_new();
	*state = world;
	return world->rules ? 0 : -1;
}

static int drop_world(void **state)
{
	struct world *world = *state;

	message_free(world->message);
	phishing_rules_free(world->rules);
	test_free(world);
	return 0;
}

static struct phishing judged(struct world *world, const char *mail)
{
	struct phishing phishing;
	struct error error;

	if (!message_read(world->message, text_of(mail), &error))
		fail_msg("%s", error.text);
	phishing_read(world->message, 0, world->rules, &phishing);
	return phishing;
}

static const struct phishing_sign *sign_of(const struct phishing *phishing, const char *name)
{
	for (size_t i = 0; i < phishing->sign_count; i++)
		if (strcmp(phishing->signs[i].name, name) == 0)
			return &phishing->signs[i];
	return NULL;
}

#define HTML "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
#define TEXT8 "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"

/* after a real one of January 2022, its words told anew */
#define PROVIDER \
	"Subject: 【Xserverアカウント】■重要■ お客様ご契約のアカウントにおける大量メール送信について\n" TEXT8 "\nお客様がご利用中のメールアカウントにおいて\n不審なSMTP接続が行われ、" \
	"スパムと思われるメールが大量に\n配信されていることが確認されております。該当メールアカウントのパスワードを当サポートにて強制的に\n変更しております。\n"

static void knows_each_trick(void **state)
{
	static const struct { const char *sign, *mail; } cases[] = {
		{ "look_alike_host", "From: support@office.example\nTo: a@kaze.example.jp\n" PROVIDER "◇サーバーパネル:https://www.xserver-vpsonc.com/\n" },
		{ "look_alike_host", "From: x@y.example\nSubject: Hello\n\nPlease log in: http://xserver.ne.jp.evil.example/\n" },
		{ "mixed_scripts", "From: x@y.example\nSubject: Hello\n" TEXT8 "\nhttps://xsеrver.example/\n" },
		{ "user_in_link", "From: x@y.example\nSubject: Hello\n\nhttps://xserver.ne.jp@evil.example/\n" },
		{ "link_text_mismatch", "From: x@y.example\nSubject: Hello\n" HTML "\n<a href='https://evil.example/'>https://www.xserver.ne.jp/</a>\n" },
		{ "brand_not_in_domain", "From: Amazon.co.jp <x@y.example>\nSubject: Your account\n\nYour account has been suspended.\nhttp://evil.example/\n" },
		{ "brand_not_in_domain", "From: =?UTF-8?B?6KaL5pys44Ob44K544OI?= <x@y.example>\nSubject: Hello\n\nPlease verify your identity: http://evil.example/\n" },
		{ "address_in_name", "From: \"support@xserver.ne.jp\" <x@y.example>\nSubject: Hello\n\nhttp://evil.example/login\n" },
		{ "mixed_letters", "From: =?UTF-8?B?0JBtYXpvbg==?= <x@y.example>\nSubject: Hello\n\nhttp://evil.example/login\n" },
		{ "urgency_with_link", "From: x@y.example\nSubject: Mailbox full\n\nYour mailbox is full. Click here: http://evil.example/webmail/login\n" },
		{ "urgency_with_link", "From: me@smallbiz.example\nSubject: New Zealand Post\n" HTML
		  "\n申し訳ありませんが、お客様のお荷物をお届けすることができませんでした。<a href='http://evil.example/x'>再配達を依頼する</a>\n" },
		{ "login_elsewhere", "From: x@y.example\nTo: <me@kaze.example.jp>\nSubject: Mailbox full\n\nYour mailbox is full: http://evil.example/x#me@kaze.example.jp\n" },
		{ "address_link", "From: x@y.example\nSubject: Hello\n\nhttp://3405803876/login\n" },
		{ "hired_host", "From: x@y.example\nSubject: Mailbox full\n\nYour mailbox is full: https://kx77.web.app/\n" },
		{ "form_in_mail", "From: x@y.example\nSubject: Hello\n" HTML "\n<form action='http://evil.example/'><input name=a><input type=password></form>\n" },
		{ "authentication", "Authentication-Results: mx.kaze.example.jp; dmarc=fail header.from=xserver.ne.jp\nFrom: support@xserver.ne.jp\nSubject: Hello\n\n"
		  "Your account has been suspended: http://evil.example/\n" },
		{ "reply_elsewhere", "From: support@xserver.ne.jp\nReply-To: x@evil.example\nSubject: Hello\n\nYour account has been suspended: http://evil.example/\n" },
		{ "attached_page", "From: x@y.example\nSubject: Voice\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nYou have a new voicemail, sign in.\n"
		  "--b\nContent-Type: text/html\nContent-Disposition: attachment; filename=voice.html\n\n<form><input type=password></form>\n--b--\n" },
		{ "demand_with_link", "From: Library <x@y.example>\nSubject: Loans\n\nEnter your password today, otherwise your loans end.\nhttp://evil.example/webmail/login\n" },
		{ "demand_with_link", "From: x@y.example\nSubject: Amazon\n" TEXT8 "\n本日中にカード番号を入力されない場合、削除いたします。\nhttp://evil.example/\n" },
		{ "office_of_recipient", "From: kaze.example.jp Support <x@y.example>\nTo: me@kaze.example.jp\nSubject: Hello\n\nhttp://evil.example/login\n" },
		{ "office_of_recipient", "From: IT Helpdesk <x@y.example>\nTo: me@kaze.example.jp\nSubject: Password\n\nConfirm your password today: http://evil.example/login\n" },
		{ "office_of_recipient", "From: me@kaze.example.jp\nTo: me@kaze.example.jp\nSubject: x\n\nUpdate your password at once, or it expires: http://evil.example/login\n" },
		{ "notice_without_mark", "From: support@office.example\n" PROVIDER "http://evil.example/\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct phishing phishing = judged(*state, cases[i].mail);

		if (!sign_of(&phishing, cases[i].sign))
			fail_msg("%s: %zu signs, %.1f bits", cases[i].mail, phishing.sign_count, (double)phishing.bits);
		for (size_t j = 0; j < phishing.sign_count; j++) {
			assert_true(j == 0 || phishing.signs[j].bits <= phishing.signs[j - 1].bits);
			assert_null(memmem(phishing.signs[j].text.p, phishing.signs[j].text.n, "evil.example", 12));
			assert_null(memmem(phishing.signs[j].text.p, phishing.signs[j].text.n, "http", 4));
		}
	}
}

static void leaves_honest_mail_alone(void **state)
{
	static const char *const mails[] = {
		/* the provider's own notice, proven */
		"Authentication-Results: mx.kaze.example.jp; dkim=pass header.d=xserver.ne.jp\nFrom: support@xserver.ne.jp\n" PROVIDER "https://secure.xserver.ne.jp/login\n",
		/* … and told by a server that says nothing of it */
		"From: support@xserver.ne.jp\n" PROVIDER "https://secure.xserver.ne.jp/login\n",
		/* a warning of the fake, defanged */
		"From: Office <office@kaze.example>\nSubject: Fwd: beware\n" TEXT8 "\nこのメールは偽物です。\n" PROVIDER "hxxps://www.xserver-vpsonc[.]com/\n公式は https://www.xserver.ne.jp/ です。\n",
		/* a newsletter whose clicks are counted */
		"From: Ume <news@ume.example>\nSubject: Sale\nList-Unsubscribe: <https://t.example/u>\n" HTML
		"\n<a href='https://click.track.example/c/1'>https://www.ume.example/</a> <a href='https://click.track.example/c/2'>Click here</a>, pay with PayPal\n",
		/* a reset that was asked for */
		"From: Shop <noreply@shop.example>\nSubject: Reset your password\n\nReset it within 24 hours, verify your account:\nhttps://id.shop.example/login?t=1\n",
		/* a parcel that one can ask for again, told by the shop */
		"From: Shop <noreply@shop.example>\nSubject: sent\n" TEXT8 "\nヤマト運輸でお届けします。ご不在の場合は再配達を。\nhttps://toi.kuronekoyamato.co.jp/cgi-bin/tneko\n",
		/* a list, its checks broken on the way */
		"Authentication-Results: mx.kaze.example.jp; spf=softfail; dmarc=fail header.from=kumo.example\nFrom: Bob <bob@kumo.example>\nList-Id: <talk.example>\n"
		"Subject: Re: login\n\nsee https://github.com/login and https://wiki.example/login\n> Your account was suspended http://old.example/login\n",
		/* one that bears our mark */
		"X-Mark: good\nFrom: x@y.example\nSubject: Hello\n\nhttp://xserver.ne.jp.evil.example/\n",
		/* the same words at home, and none of them together over a service of others */
		"From: Library <x@y.example>\nSubject: Loans\n\nEnter your password today, otherwise your loans end.\nhttp://my.y.example/login\n",
		"From: Bob Keller <bob@kumo.example>\nTo: me@kaze.example.jp\nSubject: kaze.example.jp\n\nThe draft is there: http://files.example/d/1\n",
		"From: me@kaze.example.jp\nTo: me@kaze.example.jp\nSubject: to read\n\nhttp://blog.example/password\n",
		"From: IT Helpdesk <help@kaze.example.jp>\nTo: me@kaze.example.jp\nSubject: Password\n\nConfirm your password today: https://login.kaze.example.jp/\n",
		/* the company's name under another ending */
		"From: Bob <bob@kumo.example>\nSubject: x\n" HTML "\n<a href='https://kumo.test/'>https://www.kumo.example/</a> our new site is up since today\n",
		/* nothing leads anywhere */
		"From: Amazon <x@y.example>\nSubject: Your account has been suspended\n\nverify your identity\n",
		"Subject: x\n\n",
	};

	for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
		struct phishing phishing = judged(*state, mails[i]);

		if (phishing.bits > 0 || phishing.sign_count)
			fail_msg("%s: %.*s", mails[i], TEXT_ARG(phishing.signs[0].text));
	}
}

static void tells_links_defanged(void **state)
{
	struct phishing phishing = judged(*state, "From: a@b.example\nSubject: x\n\nhttp://one.example/a.b http://two.example/ http://one.example/a.b\n");

	assert_int_equal(phishing.url_count, 2);
	assert_true(text_is(phishing.urls[0], TEXT("hxxp://one[.]example/a.b")));
	assert_true(text_is(phishing.urls[1], TEXT("hxxp://two[.]example/")));
}

static void looks_into_what_came_back(void **state)
{
	static const char report[] =
		"From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n--b\n\ncould not be delivered\n--b\n"
		"Content-Type: message/rfc822\n\nFrom: me@smallbiz.example\nSubject: New Zealand Post\n\nMissed delivery: your parcel is on hold. http://evil.example/login\n\n--b--\n";
	struct world *world = *state;
	struct phishing phishing = judged(world, report);
	int part = message_find(world->message, "message/rfc822", -1);

	assert_int_equal(phishing.sign_count, 0); /* the report itself */
	phishing_read(world->message, part, world->rules, &phishing);
	assert_non_null(sign_of(&phishing, "urgency_with_link"));
	phishing_read_text(world->message, TEXT("From: me@smallbiz.example\nSubject: New Zealand Post\nContent-Transfer-Encoding: base64\n\n"
						"TWlzc2VkIGRlbGl2ZXJ5OiBodHRwOi8vZXZpbC5leGFtcGxlL2xvZ2lu\n"), world->rules, &phishing);
	assert_non_null(sign_of(&phishing, "urgency_with_link"));
	phishing_read_text(world->message, TEXT("no field, only words: your mailbox is full http://evil.example/login"), world->rules, &phishing);
	assert_non_null(sign_of(&phishing, "urgency_with_link"));
	phishing_read_text(world->message, TEXT(""), world->rules, &phishing);
	assert_int_equal(phishing.sign_count, 0);
}

static void works_without_settings(void **state)
{
	struct world *world = *state;
	struct phishing phishing;

	judged(world, "From: PayPal <x@y.example>\nSubject: Your account has been suspended\n\nhttp://paypal.com.evil.example/login\n");
	phishing_read(world->message, 0, NULL, &phishing);
	assert_non_null(sign_of(&phishing, "look_alike_host"));
}

static void folds_what_hides_words(void **state)
{
	struct arena arena = { 0 };

	assert_true(text_is(catchwords_fold(&arena, TEXT("ＡＢＣ　d\n\n E")), TEXT("abc d e")));
	assert_true(text_is(catchwords_fold(&arena, TEXT("アカ\nウント を　停止")), TEXT("アカウントを停止")));
	assert_true(text_is(catchwords_fold(&arena, TEXT("Pay\xe2\x80\x8bPal\xc2\xad!")), TEXT("paypal!")));
	assert_true(text_is(catchwords_fold(&arena, TEXT("")), TEXT("")));
	arena_done(&arena);
}

static void count(void *context, const struct catchword *phrase) { ((int *)context)[phrase->value]++; }

static void finds_phrases_within_phrases(void **state)
{
	static const struct catchword list[] = { { { "he", 2 }, 0, 0 }, { { "she", 3 }, 0, 1 }, { { "停止", 6 }, 0, 2 }, { { "利用停止", 12 }, 0, 3 }, { { "he is", 5 }, 0, 4 } };
	struct catchwords *phrases = catchwords_new(list, 5);
	int found[5] = { 0 };

	catchwords_find(phrases, TEXT("she is, he is; the 利用停止"), count, found);
	assert_int_equal(found[0], 1); /* a word of its own */
	assert_int_equal(found[1], 1);
	assert_int_equal(found[2], 1);
	assert_int_equal(found[3], 1);
	assert_int_equal(found[4], 1);
	catchwords_free(phrases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_each_trick), cmocka_unit_test(leaves_honest_mail_alone), cmocka_unit_test(tells_links_defanged),
		cmocka_unit_test(looks_into_what_came_back), cmocka_unit_test(works_without_settings), cmocka_unit_test(folds_what_hides_words),
		cmocka_unit_test(finds_phrases_within_phrases),
	};

	return cmocka_run_group_tests(tests, make_world, drop_world);
}

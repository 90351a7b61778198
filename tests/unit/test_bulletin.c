/* SPDX-License-Identifier: Apache-2.0 */
/* The page on fakes: what is of one kind, what is told of it, and what never is. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mail/phishing.h"
#include "report/bulletin.h"

#define DAY (20780 * DAY_US + 3 * HOUR_US) /* 23 November 2026, noon in Tokyo */

#define NOTICE_BODY \
	"Content-Type: text/plain; charset=utf-8\n\n平素は当サービスをご利用いただき誠にありがとうございます。\n" \
	"不審なSMTP接続が行われ、スパムと思われるメールが同メールアカウントより大量に配信されていることが確認されております。\n" \
	"該当メールアカウントのパスワードを強制的に変更しております。メールの送受信が行えません。\n" \
	"下記よりログインし、パスワードを再設定してください。\n"

static struct phishing_rules *rules;
static struct message *message;
static struct config config;
static struct bulletin bulletin;

static int begin(void **state)
{
	static char *domains[] = { "mihonhost.example.jp" }, *names[] = { "見本ホスト" };

	setlocale(LC_ALL, "C.UTF-8");
	setenv("TZ", "Asia/Tokyo", 1);
	config_init(&config);
	config.official_domains = (struct config_texts){ domains, 1, 1 };
	config.official_names = (struct config_texts){ names, 1, 1 };
	rules = phishing_rules_of(&config, NULL);
	message = message_new();
	bulletin_init(&bulletin, &config, rules, DAY);
	return rules ? 0 : -1;
}

static int end(void **state)
{
	bulletin_done(&bulletin);
	message_free(message);
	phishing_rules_free(rules);
	config.official_domains = config.official_names = (struct config_texts){ 0 };
	config_done(&config);
	return 0;
}

static void hand_in(const char *mail, bool any)
{
	struct inspection inspection;
	struct error error;

	if (!inspect_mail(message, text_of(mail), rules, &inspection, &error))
		fail_msg("%s", error.text);
	bulletin_add(&bulletin, message, &inspection, any);
}

static char *page(bool html)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	struct error error;

	bulletin_sort(&bulletin);
	assert_true(html ? bulletin_html(&bulletin, to, &error) : bulletin_text(&bulletin, to, false, &error));
	fclose(to);
	return text;
}

static void holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("wanted '%s' in:\n%s", part, text);
}

static void lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("did not want '%s' in:\n%s", part, text);
}

static const char first[] = "From: 見本ホスト <info@mihonhosts.example.com>\nTo: 山田太郎 <taro@kaisha.example.org>\n"
			    "Subject: 山田太郎様 お客様ご契約のアカウントにおける大量メール送信について 4411028\nDate: Sat, 21 Nov 2026 10:00:00 +0900\n" NOTICE_BODY
			    "https://panel.mihonhosts.example.com/?to=taro@kaisha.example.org\n";
static const char second[] = "From: 見本ホスト <desk@mihonhosts.example.com>\nTo: hanako@kaze.example.org\n"
			     "Subject: 【重要】アカウントについて\nDate: Mon, 23 Nov 2026 09:00:00 +0900\n" NOTICE_BODY
			     "https://other-host.example.net/login\nhttps://www.mihonhost.example.jp/\n";
static const char parcel[] = "From: \"Amazon <b>\" <x@amaz0n-pay.example.com>\nTo: jiro@kaze.example.org\nSubject: Amazon account </h2><script>alert(1)</script> suspended\n"
			     "Content-Type: text/html\n\n<p>Your account has been suspended. Confirm your identity within 24 hours.</p>"
			     "<a href=\"https://amaz0n-pay.example.com/k/889123\">https://www.amazon.com/</a>\n";
static const char honest[] = "From: Ann <ann@kaze.example.org>\nTo: bob@kaze.example.org\nSubject: lunch\n\nAt noon?\n";

static void mails_of_one_text_are_one_kind(void **state)
{
	char *text;

	hand_in(first, false);
	hand_in(second, false);
	hand_in(parcel, false);
	hand_in(honest, false);
	assert_int_equal(bulletin.count, 2);
	assert_int_equal(bulletin.mails, 3);
	assert_int_equal(bulletin.passed_over, 1);
	text = page(false);
	holds(text, "2 kinds of fake mails are known so far; 3 of them were handed to us.");
	holds(text, "2 mails, from 21 November 2026 to 23 November 2026");
	holds(text, "info@mihonhosts[.]example[.]com");
	holds(text, "desk@mihonhosts[.]example[.]com");
	holds(text, "panel[.]mihonhosts[.]example[.]com");
	holds(text, "other-host[.]example[.]net");
	lacks(text, "lunch");
	free(text);
}

static void nobody_who_got_one_is_told(void **state)
{
	static const char *const private[] = { "taro", "山田", "kaisha", "hanako", "kaze", "jiro", "4411028", "889123", "/login", "/k/" };
	char *text;

	hand_in(first, false);
	hand_in(second, false);
	hand_in(parcel, false);
	for (int html = 0; html < 2; html++) {
		text = page(html);
		for (size_t i = 0; i < sizeof private / sizeof *private; i++)
			lacks(text, private[i]);
		holds(text, "████");
		free(text);
	}
}

/* an honest site that a fake links to, to look genuine, is not among those that it leads to */
static void honest_sites_are_told_apart(void **state)
{
	hand_in(second, false);
	assert_int_equal(bulletin.count, 1);
	assert_int_equal(bulletin.fakes[0].covers.count, 1);
	assert_string_equal(bulletin.fakes[0].covers.items[0].text, "www[.]mihonhost[.]example[.]jp");
	assert_int_equal(bulletin.fakes[0].hosts.count, 1);
	assert_string_equal(bulletin.fakes[0].hosts.items[0].text, "other-host[.]example[.]net");
}

static void the_page_has_no_markup_and_no_link_of_theirs(void **state)
{
	char *text;

	hand_in(parcel, false);
	text = page(true);
	holds(text, "&lt;/h2&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
	lacks(text, "<script");
	lacks(text, "<b></b>");
	lacks(text, "href=\"h");
	lacks(text, "https://amaz0n");
	lacks(text, "amaz0n-pay.example");
	free(text);
}

static void what_is_forwarded_is_found_within(void **state)
{
	static const char forwarded[] =
		"From: Hanako <hanako@kaze.example.org>\nTo: support@mihonhost.example.jp\nSubject: Is this yours?\nMIME-Version: 1.0\n"
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease look.\n--b\nContent-Type: message/rfc822\n\n"
		"From: \"Amazon\" <x@amaz0n-pay.example.com>\nTo: hanako@kaze.example.org\nSubject: Your account is suspended\nContent-Type: text/html\n\n"
		"<p>Your account has been suspended. Confirm your identity within 24 hours.</p>"
		"<a href=\"https://amaz0n-pay.example.com/k/889123\">https://www.amazon.com/</a>\n--b--\n";

	hand_in(forwarded, false);
	assert_int_equal(bulletin.count, 1);
	assert_string_equal(bulletin.fakes[0].subjects.items[0].text, "Your account is suspended");
	assert_string_equal(bulletin.fakes[0].addresses.items[0].text, "x@amaz0n-pay[.]example[.]com");
}

static void a_person_may_say_that_it_is_one(void **state)
{
	char *text;

	hand_in(honest, true);
	assert_int_equal(bulletin.count, 1);
	text = page(false);
	holds(text, "lunch");
	free(text);
}

/* a page that a flood of kinds makes endless helps nobody */
static void kinds_have_an_end(void **state)
{
	char mail[300];

	for (int i = 0; i < BULLETIN_FAKES_MAX + 5; i++) {
		char a = (char)('a' + i % 26), b = (char)('a' + i / 26);

		snprintf(mail, sizeof mail, "From: a <a@b%c%c.example>\nSubject: %c%cq\n\n%c%c%c%c%c%c\n", a, b, a, b, b, b, a, a, b, a);
		hand_in(mail, true);
	}
	assert_int_equal(bulletin.count, BULLETIN_FAKES_MAX);
	assert_int_equal(bulletin.left_out, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(mails_of_one_text_are_one_kind, begin, end),
		cmocka_unit_test_setup_teardown(nobody_who_got_one_is_told, begin, end),
		cmocka_unit_test_setup_teardown(honest_sites_are_told_apart, begin, end),
		cmocka_unit_test_setup_teardown(the_page_has_no_markup_and_no_link_of_theirs, begin, end),
		cmocka_unit_test_setup_teardown(what_is_forwarded_is_found_within, begin, end),
		cmocka_unit_test_setup_teardown(a_person_may_say_that_it_is_one, begin, end),
		cmocka_unit_test_setup_teardown(kinds_have_an_end, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Who got a mail is not to be told by what is shown of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mail/blackout.h"
#include "mail/likeness.h"

#define BAR BLACKOUT_BAR

static struct arena arena;
static struct blackout blackout;

static int learn(void **state)
{
	static const struct text open[] = { { "mihonhost.example.jp", 20 } };
	static const char head[] = "Received: from evil.example by mx.example.jp with ESMTP id 1a for <jiro@kaze.example.jp>; x\n"
				   "From: Support <support@evil.example>\n"
				   "To: \"山田 太郎\" <taro.yamada@kaisha.example.jp>, Hanako Sato <info@gmail.com>\n"
				   "Cc: \"(Saburo) Endo/Sales\" <x@gmail.com>\n"
				   "Delivered-To: box@mihonhost.example.jp\n\n";
	struct fields fields;
	struct text rest;

	fields_read(&arena, TEXT(head), &fields, &rest);
	blackout_init(&blackout, &arena, open, 1);
	blackout_learn(&blackout, &fields);
	return 0;
}

static int forget(void **state)
{
	arena_done(&arena);
	return 0;
}

static void texts_tell_nobody(void **state)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "Your mailbox is full", "Your mailbox is full" },
		{ "taro.yamada@kaisha.example.jp: quota", BAR ": quota" },
		{ "TARO.YAMADA, act now", BAR ", act now" },
		{ "for Yamada only", "for " BAR " only" },
		{ "Guitaro is no part of it", "Guitaro is no part of it" },
		{ "山田 太郎 へ", BAR " へ" },
		{ "kaisha.example.jp mail system", BAR " mail system" },
		{ "the Kaisha team", "the " BAR " team" },
		{ "jiro! Hanako!", BAR "! " BAR "!" },
		{ "Saburo or Endo: sales", BAR " or " BAR ": sales" },
		{ "info and gmail.com are nobody's", "info and gmail.com are nobody's" },
		{ "mihonhost.example.jp is ours", "mihonhost.example.jp is ours" },
		{ "write to somebody@else.example now", "write to " BAR " now" },
		{ "order 384-2291 of 2026", "order " BAR " of 2026" },
		{ "room 12345", "room 12345" },
		{ "高橋 一郎様 お客様のアカウント", BAR "様 お客様のアカウント" },
		{ "【重要】鈴木様：会員様へのお知らせ", "【重要】" BAR "様：会員様へのお知らせ" },
		{ "仕様変更、模様、同様、様々、皆様", "仕様変更、模様、同様、様々、皆様" },
		{ "Dear Ken O'Hara, your parcel", "Dear " BAR ", your parcel" },
		{ "Dear customer, your parcel", "Dear customer, your parcel" },
		{ "a4f09c8821bd.evil.example", BAR ".evil.example" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(blackout_text(&blackout, text_of(rows[i].text)).p, rows[i].shown);
}

static void senders_stay_but_for_what_is_the_recipients(void **state)
{
	assert_string_equal(blackout_address(&blackout, TEXT("support@evil.example")).p, "support@evil.example");
	assert_string_equal(blackout_address(&blackout, TEXT("admin@kaisha.example.jp")).p, "admin@" BAR);
	assert_string_equal(blackout_address(&blackout, TEXT("bounce+taro.yamada=kaisha.example.jp@evil.example")).p, "bounce+" BAR "=" BAR "@evil.example");
}

static void hosts_do_not_number_who_follows_them(void **state)
{
	assert_string_equal(blackout_host(&blackout, TEXT("www.evil.example"), TEXT("evil.example")).p, "www.evil.example");
	assert_string_equal(blackout_host(&blackout, TEXT("u7fa0912c44e1.evil.example"), TEXT("evil.example")).p, BAR ".evil.example");
	assert_string_equal(blackout_host(&blackout, TEXT("yamada.kaisha.evil.example"), TEXT("evil.example")).p, BAR "." BAR ".evil.example");
	/* what is registered is the fake's own, whatever it looks like */
	assert_string_equal(blackout_host(&blackout, TEXT("a1b2c3d4e5f6.example"), TEXT("a1b2c3d4e5f6.example")).p, "a1b2c3d4e5f6.example");
}

static void long_texts_are_cut_between_characters(void **state)
{
	char text[BLACKOUT_TEXT_MAX + 4];

	memset(text, 'a', sizeof text);
	memcpy(text + BLACKOUT_TEXT_MAX - 1, "\xe3\x81\x82", 3);
	assert_int_equal(blackout_text(&blackout, (struct text){ text, BLACKOUT_TEXT_MAX + 2 }).n, BLACKOUT_TEXT_MAX - 1);
}

static double share(const char *a, const char *b)
{
	struct likeness one, two;

	likeness_of(text_of(a), &one);
	likeness_of(text_of(b), &two);
	return likeness_share(&one, &two);
}

static void likeness_is_of_the_words(void **state)
{
	static const char notice[] = "平素は当サービスをご利用いただき誠にありがとうございます。不審なSMTP接続が行われ、スパムと思われるメールが配信されています。";
	static const char numbered[] = "平素は当サービスを ご利用いただき誠にありがとうございます。 9381 不審なsmtp接続が行われ、スパムと思われるメールが配信されています。";
	static const char parcel[] = "お荷物のお届けにあがりましたが不在のため持ち帰りました。下記よりご確認ください。";

	assert_true(share(notice, notice) == 1);
	assert_true(share(notice, numbered) == 1);
	assert_true(share(notice, parcel) < 0.2);
	assert_true(share("", "") == 0 && share("abc", "abc") == 0);
	assert_true(share("\xff\xfe\x80\x81", "\xff\xfe\x80\x81") == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(texts_tell_nobody, learn, forget),
		cmocka_unit_test_setup_teardown(senders_stay_but_for_what_is_the_recipients, learn, forget),
		cmocka_unit_test_setup_teardown(hosts_do_not_number_who_follows_them, learn, forget),
		cmocka_unit_test_setup_teardown(long_texts_are_cut_between_characters, learn, forget),
		cmocka_unit_test(likeness_is_of_the_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

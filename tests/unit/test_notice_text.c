/* SPDX-License-Identifier: Apache-2.0 */
/* What notices say, and the mails that they become: read back by our own reader of mails. */
#include "desk_help.h"

#include <stdlib.h>

#include "mail/message.h"
#include "notice/draft.h"
#include "notice/letter.h"

static void set_all(struct notice_facts *facts, const char *value)
{
	*facts = (struct notice_facts){ { NULL } };
	for (unsigned i = 0; i < NOTICE_FACTS; i++)
		notice_fact_set(facts, (enum notice_fact)i, value);
}

static void each_text_is_whole(void **state)
{
	struct notice_facts facts, none = { { NULL } };
	struct error error;

	for (unsigned text = 0; text < NOTICE_TEXTS; text++) {
		struct draft *full = draft_new(), *bare = draft_new();
		char *plain, *html;

		if (text < NOTICE_KINDS && !notice_kinds[text].to_owner) { /* which operators are told in a text of theirs */
			draft_free(full);
			draft_free(bare);
			continue;
		}
		set_all(&facts, "<fact>");
		assert_true(draft_add(full, text, "en", NULL, &facts, &error));
		assert_true(draft_add(bare, text, "en", NULL, &none, &error));
		plain = draft_plain(full);
		html = draft_html(full);
		assert_non_null(strstr(plain, "<fact>"));
		assert_null(strchr(plain, '{'));
		assert_null(strstr(html, "<fact>")); /* what facts hold is text there, too */
		assert_non_null(strstr(html, "&lt;fact&gt;"));
		assert_null(strstr(html, "href"));
		assert_null(strstr(html, "<img"));
		assert_string_equal(draft_language(full), "en");
		free(plain);
		free(html);
		plain = draft_plain(bare); /* nothing is known: what is left has no holes */
		assert_null(strstr(plain, "== \n"));
		assert_null(strstr(plain, "  \n"));
		free(plain);
		notice_facts_done(&facts);
		draft_free(full);
		draft_free(bare);
	}
}

static void lines_are_short_and_break_where_readers_expect_it(void **state)
{
	struct notice_facts facts = { { NULL } };
	struct draft *draft = draft_new();
	struct error error;
	char *plain;

	notice_fact_set(&facts, FACT_SUPPORT, "電話でのお問い合わせは、平日の午前九時から午後六時までのあいだ、担当の者がお受けいたします。どうぞお気軽にお電話ください。");
	notice_fact_set(&facts, FACT_NAME, "averyveryverylongwordthatnobodycanbreakaveryveryverylongwordthatnobodycanbreakaveryveryverylong");
	assert_true(draft_add(draft, NOTICE_LOCKED, "en", NULL, &facts, &error));
	plain = draft_plain(draft);
	for (struct text rest = text_of(plain), line; text_cut(&rest, '\n', &line);) {
		assert_true(line.n <= 105); /* 70 columns, three bytes for two of them; or that word */
		assert_false(text_starts(line, TEXT("、")));
		assert_false(text_starts(line, TEXT("。")));
		assert_false(line.n && line.p[line.n - 1] == ' ');
	}
	assert_non_null(strstr(plain, "担当の者がお受けいたします。")); /* nothing is broken within words */
	assert_non_null(strstr(plain, "averyveryverylongwordthatnobodycanbreakaveryveryverylongwordthatnobodycanbreakaveryveryverylong"));
	free(plain);
	draft_free(draft);
	notice_facts_done(&facts);
}

static void two_languages_stand_in_one(void **state)
{
	struct notice_facts facts = { { NULL } };
	struct draft *draft = draft_new();
	struct error error;
	char *plain;

	notice_fact_set(&facts, FACT_ACCOUNT, "alice@example.org");
	notice_fact_set(&facts, FACT_AT, "noon");
	assert_true(draft_add(draft, NOTICE_CHANGED, "ja", NULL, &facts, &error));
	assert_true(draft_add(draft, NOTICE_CHANGED, "en", NULL, &facts, &error));
	assert_string_equal(draft_language(draft), "ja, en");
	assert_non_null(strstr(draft_subject(draft), " / "));
	plain = draft_plain(draft);
	assert_non_null(strstr(plain, "\n----------"));
	free(plain);
	draft_free(draft);
	notice_facts_done(&facts);
}

/* ---- the operator's own */

static void write_own(const char *name, const char *text, size_t n)
{
	char path[128];
	FILE *to;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	to = fopen(path, "we");
	assert_non_null(to);
	assert_int_equal(fwrite(text, 1, n, to), n);
	fclose(to);
}

static void own_texts_are_read_or_named_by_their_line(void **state)
{
	static const struct { const char *text, *plain, *fault; } cases[] = {
		{ "Subject: Hi {account}\n\n# A {account}\n\nline one\nline {account}\n\n- {done}\n- {why}\n1. step\n2. {{x}}\n",
		  "== A alice\n\nline one\nline alice\n\n- one\n- two\n\n1. step\n2. {x}\n", NULL },
		{ "Subject: x\r\n\r\na\r\n\r\nb\r\n", "a\n\nb\n", NULL },
		{ "Subject: x\n\nknown {account}\n\nnot known {panel}, gone\n\n# gone, too\n", "known alice\n", NULL },
		{ "Subject: x\n", "", NULL },
		{ "no subject\n", NULL, "locked.en.txt:1: the first line has to be" },
		{ "", NULL, "locked.en.txt:1: the first line has to be" },
		{ "Subject: {nothing}\n", NULL, "locked.en.txt:1: there is no 'nothing'" },
		{ "Subject: x\n\na\nb\n\nfirst\nsecond {nothing}\n", NULL, "locked.en.txt:6: in this paragraph: there is no 'nothing'" },
		{ "Subject: x\n\n- {Account}\n", NULL, "locked.en.txt:3: there is no 'Account'" },
		{ "Subject: x\n\n- {account\n", NULL, "locked.en.txt:3: there is no" },
		{ "Subject: x\n\n- account}\n", NULL, "locked.en.txt:3: there is no" },
		{ "Subject: x\n\n\xff\n", NULL, "is no text in UTF-8" },
	};
	struct notice_facts facts = { { NULL } };
	struct error error;

	notice_fact_set(&facts, FACT_ACCOUNT, "alice");
	notice_fact_set(&facts, FACT_DONE, "one\ntwo");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct draft *draft = draft_new();
		char *plain = NULL;
		bool done;

		write_own("locked.en.txt", cases[i].text, strlen(cases[i].text));
		done = draft_add(draft, NOTICE_LOCKED, "en", folder, &facts, &error);
		assert_int_equal(done, draft_check(folder, &error));
		if (done)
			plain = draft_plain(draft);
		if (done != !cases[i].fault || (done && strcmp(plain, cases[i].plain) != 0) || (!done && !strstr(error.text, cases[i].fault)))
			fail_msg("case %zu: %s", i, done ? plain : error.text);
		free(plain);
		draft_free(draft);
	}
	notice_facts_done(&facts);
}

/* ---- mails */

static char *letter_with(const char *name, const char *to_name, const char *subject_fact, const char *to)
{
	struct notice_facts facts = { { NULL } };
	struct draft *draft = draft_new();
	struct notice_keys keys;
	struct error error;
	char *sent, id[LETTER_ID_MAX];

	notice_fact_set(&facts, FACT_SERVER, subject_fact);
	notice_fact_set(&facts, FACT_ACCOUNT, "alice@example.org");
	notice_fact_set(&facts, FACT_CODE, "K7QX2-9MRT4");
	notice_fact_set(&facts, FACT_ADDRESS, to);
	assert_true(draft_add(draft, NOTICE_LOCKED, "en", NULL, &facts, &error));
	assert_true(notice_keys_read(folder, true, &keys, &error));
	letter_id(7, to, "mail.example.org", id);
	sent = letter_make(&(struct letter_order){ .draft = draft, .from = "support@example.org", .from_name = name, .to = to, .to_name = to_name,
						     .message_id = id, .t_us = NOON, .code = "K7QX2-9MRT4", .keys = &keys });
	draft_free(draft);
	notice_facts_done(&facts);
	return sent;
}

/* nothing that stands in a name begins a field or a line of its own */
static void names_and_subjects_begin_no_field(void **state)
{
	static const char *const evil[] = {
		"x\r\nBcc: victim@example.com",
		"x\nBcc: victim@example.com\n\nbody",
		"x\rBcc: victim@example.com",
		"\"; x=\"<a@b>\\",
		"=?UTF-8?B?DQpCY2M6?= ",
		"\xff\xfe\x80 broken",
		"株式会社テスト サポートセンター（カスタマーサポート部・技術担当窓口・夜間対応班）日本橋支店",
		"a name so long that it has to be folded because no line of a header should ever be longer than that, says the RFC",
		"averyveryverylongwordthatnobodycanbreakaveryveryverylongwordthatnobodycanbreakaveryveryverylong",
		"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
		"",
	};
	struct message *message = message_new();
	struct error error;

	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
		char *sent = letter_with(evil[i], evil[i], evil[i], "hanako@home.test");
		struct text rest = text_of(sent), line;
		struct text body;
		bool header = true;

		while (text_cut(&rest, '\n', &line)) {
			assert_true(line.n && line.p[line.n - 1] == '\r');
			assert_true(line.n <= 998); /* RFC 5322 2.1.1; in the header 78 are told to be enough, and a signature is no word */
			assert_true(!header || line.n <= 78 || text_starts(line, TEXT("\ts=")));
			assert_null(memchr(line.p, '\r', line.n - 1));
			header &= line.n > 1;
			if (header && strncasecmp(line.p, "bcc:", 4) == 0)
				fail_msg("%s", sent);
		}
		assert_true(message_read(message, text_of(sent), &error));
		assert_int_equal(message_field(message, "Bcc").n, 0);
		assert_true(text_holds(message_field(message, "From"), TEXT("<support@example.org>")));
		assert_true(text_holds(message_field(message, "To"), TEXT("<hanako@home.test>")));
		assert_true(text_is(message_field(message, "Auto-Submitted"), TEXT("auto-generated")));
		body = message_body(message);
		assert_true(text_holds(body, TEXT("K7QX2-9MRT4")));
		assert_true(message_find(message, "text/html", -1) > 0);
		free(sent);
	}
	message_free(message);
}

static void names_come_back_as_they_were(void **state)
{
	static const char *const names[] = { "Ann O'Nymous", "山田 花子", "株式会社テスト サポートセンター（カスタマーサポート部・技術担当窓口）", "say \"hi\"", "a, b; c" };
	struct message *message = message_new();
	struct error error;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *sent = letter_with(names[i], "", names[i], "hanako@home.test");

		assert_true(message_read(message, text_of(sent), &error));
		if (!text_holds(message_field(message, "From"), text_of(names[i])))
			fail_msg("%s: %.*s", names[i], TEXT_ARG(message_field(message, "From")));
		assert_true(text_holds(message_field(message, "Subject"), text_of(names[i])));
		free(sent);
	}
	message_free(message);
}

static void a_letter_sent_again_is_the_same(void **state)
{
	char *one = letter_with("a", "b", "c", "hanako@home.test"), *again = letter_with("a", "b", "c", "hanako@home.test");
	char *other = letter_with("a", "b", "c", "taro@home.test");

	assert_string_equal(one, again);
	assert_string_not_equal(one, other);
	free(one);
	free(again);
	free(other);
}

static void its_mark_fits_it(void **state)
{
	char *sent = letter_with("株式会社テスト", "山田 花子", "sv1", "hanako@home.test");
	struct message *message = message_new();
	struct notice_keys keys;
	struct notice_mark mark;
	struct error error;
	struct notice_marked mail;
	const char *why;

	assert_true(notice_keys_read(folder, true, &keys, &error));
	assert_true(message_read(message, text_of(sent), &error));
	mail.message_id = message_field(message, "Message-ID");
	mail.message_id = (struct text){ mail.message_id.p + 1, mail.message_id.n - 2 };
	assert_true(text_behind(text_of(sent), TEXT("\r\n\r\n"), &mail.body));
	mail.head = text_between(sent, mail.body.p - 2);
	assert_int_equal(notice_mark_check(keys.public, message_field(message, NOTICE_MARK_FIELD), &mail, &mark, &why), MARK_OURS);
	assert_string_equal(mark.to, "hanako@home.test");
	message_free(message);
	free(sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_text_is_whole),
		TEST(lines_are_short_and_break_where_readers_expect_it),
		TEST(two_languages_stand_in_one),
		TEST(own_texts_are_read_or_named_by_their_line),
		TEST(names_and_subjects_begin_no_field),
		TEST(names_come_back_as_they_were),
		TEST(a_letter_sent_again_is_the_same),
		TEST(its_mark_fits_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

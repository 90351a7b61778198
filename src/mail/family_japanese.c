/* SPDX-License-Identifier: Apache-2.0 */
/* Reports in Japanese: Postfix with a template of the site's own (bounce(5): the list of recipients stays as it is), and the words in which
 * providers, hosters and their gateways say that something did not arrive: an address behind a key or on a line of its own, and a reason behind
 * another key. */
#include "mail/address.h"
#include "mail/families.h"

extern const struct family family_postfix;

static void read_postfix(struct report *report) { family_postfix.read(report); }

const struct family family_postfix_japanese = {
	"postfix",
	{ "のメールシステムです", "のメール配送システムです", "のpostfixプログラム", "のpostfix プログラム", "the following sentences are japanese", NULL },
	NULL,
	read_postfix,
};

static const char *const recipient_keys[] = { "宛先メールアドレス", "宛先アドレス", "宛先", "あて先", "送信先メールアドレス", "送信先アドレス", "送信先", "受信者", "受取人", "送付先", "配信先", "配送先",
					      "届かなかったアドレス", "エラーになったアドレス", "エラーアドレス", NULL };
static const char *const reason_keys[] = { "エラー内容", "エラーメッセージ", "エラー理由", "エラー原因", "エラー", "理由", "原因", "応答", "サーバーからの応答", "サーバからの応答", "詳細", NULL };

static struct text skip(struct text line, const char *const *signs)
{
	for (size_t i = 0; signs[i];)
		if (text_starts(line, text_of(signs[i]))) {
			line = text_after(line, strlen(signs[i]));
			i = 0;
		} else {
			i++;
		}
	return line;
}

/* "宛先：", "【宛先】", "■宛先 :", "・宛先　"; *value is what follows */
static bool has_key(struct text line, const char *const *keys, struct text *value)
{
	static const char *const marks[] = { "：", "】", "］", "」", "　", ":", "]", ")", "）", "=", " ", "\t", NULL };
	static const char *const openings[] = { "【", "［", "「", "　", "■", "●", "◆", "・", "※", "[", "(", "（", "*", "-", " ", "\t", NULL };
	struct text behind;

	line = skip(line, openings);
	while (*keys && !text_starts(line, text_of(*keys)))
		keys++;
	if (!*keys)
		return false;
	behind = text_after(line, strlen(*keys));
	*value = skip(behind, marks);
	return value->n < behind.n || !behind.n;
}

/* up to the next empty line */
static struct text paragraph(struct text words)
{
	struct text rest;

	return text_behind(words, TEXT("\n\n"), &rest) ? text_between(words.p, rest.p) : words;
}

static size_t read_keys(struct report *report, struct text *why)
{
	struct text words = report->words, line, value, address;
	size_t found = 0;

	while (text_line(&words, &line)) {
		if (has_key(text_trim(line), recipient_keys, &value)) {
			if (!memchr(value.p, '@', value.n) && !text_trim(value).n) /* on the next line */
				text_line(&words, &value);
			while (address_next(report->arena, &value, &address))
				found += report_add(report, address) != NULL;
		} else if (!why->n && has_key(text_trim(line), reason_keys, &value)) {
			*why = paragraph(text_between(value.p, words.p + words.n));
		}
	}
	return found;
}

static void read(struct report *report)
{
	struct text why = TEXT_NONE;

	if (!read_keys(report, &why) && !report->count)
		words_read(report);
	for (size_t i = 0; i < report->count; i++)
		report_say(report, &report->returned[i], why);
}

/* a person may write the same words */
static bool is_from_daemon(const struct report *report) { return report->daemon; }

const struct family family_japanese = {
	"japanese",
	{ "以下の宛先", "下記の宛先", "次の宛先", "下記宛先", "以下のアドレス", "下記のアドレス", "次のあて先", "以下の受信者", "次の受信者", "配送できません", "配信できません",
	  "メールアドレスが見つかりません", "宛先が見つかりません", "送信できませんでした", NULL },
	is_from_daemon,
	read,
};

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"
#include "mail/message.h"

static struct message *message;

static int begin(void **state)
{
	message = message_new();
	return 0;
}

static int end(void **state)
{
	message_free(message);
	return 0;
}

static void read_text(const char *mail)
{
	struct error error = { "" };

	if (!message_read(message, text_of(mail), &error))
		fail_msg("%s", error.text);
}

static void is(const char *name, struct text came, const char *wanted)
{
	if (!text_is(came, text_of(wanted)))
		fail_msg("%s: wanted '%s', came '%.*s'", name, wanted, TEXT_ARG(came));
}

/* "multipart/mixed[text/plain text/html]"; a mail within in (…) */
static void put_part(int number, char *to, size_t size)
{
	const struct part *part = message_part(message, number);
	size_t n = strlen(to);

	snprintf(to + n, size - n, "%s%.*s", n && !strchr("[(", to[n - 1]) ? " " : "", TEXT_ARG(part->type));
	if (part->kind == PART_LEAF)
		return;
	n = strlen(to);
	snprintf(to + n, size - n, "%s", part->kind == PART_MULTIPART ? "[" : "(");
	for (int i = number + 1; i < part->end; i = message_part(message, i)->end)
		put_part(i, to, size);
	n = strlen(to);
	snprintf(to + n, size - n, "%s", part->kind == PART_MULTIPART ? "]" : ")");
}

static void divides_mails_into_parts(void **state)
{
	static const struct { const char *name, *mail, *parts; } cases[] = {
		{ "a text", "A: b\n\nhi\n", "text/plain" },
		{ "no body", "A: b\n", "text/plain" },
		{ "a type in capitals", "Content-Type: TEXT/HTML\n\nhi\n", "text/html" },
		{ "no type", "Content-Type: text\n\nhi\n", "text/plain" },
		{ "two parts", "Content-Type: multipart/mixed; boundary=b\n\npreface\n--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n--b--\nend\n",
		  "multipart/mixed[text/plain text/html]" },
		{ "CRLF", "Content-Type: multipart/mixed;\r\n boundary=\"b b\"\r\n\r\n--b b\r\n\r\none\r\n--b b--\r\n", "multipart/mixed[text/plain]" },
		{ "bare CR", "Content-Type: multipart/mixed; boundary=b\r\r--b\r\rone\r--b\r\rtwo\r--b--\r", "multipart/mixed[text/plain text/plain]" },
		{ "no closing boundary", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo", "multipart/mixed[text/plain text/plain]" },
		{ "none of the inner one's", "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n"
					     "--a\nContent-Type: text/csv\n\ntwo\n--a--\n",
		  "multipart/mixed[multipart/alternative[text/plain] text/csv]" },
		{ "a boundary that begins with another", "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=aa\n\n--aa\n\none\n"
							 "--aa--\n--a\nContent-Type: text/csv\n\ntwo\n--a--\n",
		  "multipart/mixed[multipart/mixed[text/plain] text/csv]" },
		{ "blanks behind boundaries", "Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\none\n--b-- \n\n--b\n\nno more\n", "multipart/mixed[text/plain]" },
		{ "words behind a boundary are no boundary", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b c\ntwo\n--b--\n", "multipart/mixed[text/plain]" },
		{ "another boundary than was said", "Content-Type: multipart/mixed; boundary=no\n\n--b\nContent-Type: text/html\n\none\n--b--\n", "multipart/mixed[text/html]" },
		{ "no boundary at all", "Content-Type: multipart/mixed\n\njust text\n", "multipart/mixed[text/plain]" },
		{ "a mail within", "Content-Type: message/rfc822\n\nSubject: x\nContent-Type: text/html\n\nhi\n", "message/rfc822(text/html)" },
		{ "a mail within, From line and all", "Content-Type: message/rfc822\n\n\n>From a Sun Nov 22 00:00:00 2026\nSubject: x\n\nhi\n", "message/rfc822(text/plain)" },
		{ "a mail within, in base64", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeApDb250ZW50LVR5cGU6IHRleHQvaHRtbAoKaGkK\n",
		  "message/rfc822(text/html)" },
		{ "not in base64, whatever it says", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nSubject: x\n\nhi\n", "message/rfc822(text/plain)" },
		{ "an empty mail within", "Content-Type: message/rfc822\n\n", "message/rfc822()" },
		{ "a mail within without fields", "Content-Type: message/rfc822\n\n: (deleted)\n", "message/rfc822(text/plain)" },
		{ "a digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nhi\n--b--\n", "multipart/digest[message/rfc822(text/plain)]" },
		{ "a report", "Content-Type: multipart/report; report-type=delivery-status; boundary=\"a/b\"\n\n--a/b\n\nfailed\n--a/b\n"
			      "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n--a/b\nContent-Type: text/rfc822-headers\n\nFrom: a\n--a/b--\n",
		  "multipart/report[text/plain message/delivery-status text/rfc822-headers]" },
		{ "parts without an empty line", "Content-Type: multipart/mixed; boundary=b\n\n--b\nhello\n--b\nContent-Type: text/html\nhello\n--b--\n",
		  "multipart/mixed[text/plain text/html]" },
		{ "an mbox line first", "From a@b Sun Nov 22 00:00:00 2026\nContent-Type: text/html\n\nhi\n", "text/html" },
		{ "blank lines first", "\n \r\nContent-Type: text/html\n\nhi\n", "text/html" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char parts[300] = "";

		read_text(cases[i].mail);
		put_part(0, parts, sizeof parts);
		is(cases[i].name, text_of(parts), cases[i].parts);
		assert_false(message_cut(message));
	}
}

static void decodes_texts(void **state)
{
	static const struct { const char *name, *mail, *text; } cases[] = {
		{ "as it is", "A: b\n\nhi\r\nthere\n", "hi\nthere\n" },
		{ "base64", "Content-Transfer-Encoding: BASE64\n\naGkg\ndGhlcmU=\n", "hi there" },
		{ "base64 that is cut", "Content-Transfer-Encoding: base64\n\naGkgdGhlcm", "hi the" },
		{ "quoted-printable", "Content-Transfer-Encoding: quoted-printable \n\na=3Db =\nc=ZZ=\n", "a=b c=ZZ" },
		{ "uuencode", "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n\"2&D \n`\nend\n", "Hi" },
		{ "encoding nobody knows", "Content-Transfer-Encoding: rot13\n\nuv\n", "uv\n" },
		{ "Japanese in three ways", "Content-Type: text/plain; charset=\"ISO-2022-JP\"\n\n\x1b$B$\"\x1b(B\n", "あ\n" },
		{ "Shift_JIS without a name", "A: b\n\n\x82\xa0\x82\xa2\n", "あい\n" },
		{ "EUC-JP under another name", "Content-Type: text/plain; charset=x-mac-nobody\n\n\xa4\xa2\xa4\xa4\n", "あい\n" },
		{ "CR at the end", "A: b\n\nx\r", "x\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		read_text(cases[i].mail);
		is(cases[i].name, message_text(message, 0), cases[i].text);
	}
}

static void decodes_an_encoded_report(void **state)
{
	int number;

	read_text("Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
		  "UmVwb3J0aW5nLU1UQTogZG5zOyBhLmV4YW1wbGUKCkFjdGlvbjogZmFpbGVkCg==\n--b\nContent-Type: text/rfc822-headers; charset=utf-8\n"
		  "Content-Transfer-Encoding: quoted-printable\n\nSubject: =E3=81=82\n--b--\n");
	number = message_find(message, "message/delivery-status", -1);
	is("in base64", message_text(message, number), "Reporting-MTA: dns; a.example\n\nAction: failed\n");
	number = message_find(message, "text/rfc822-headers", number);
	is("in quoted-printable", message_text(message, number), "Subject: あ");
	assert_int_equal(message_find(message, "text/rfc822-headers", number), -1);
}

/* RFC 5322 2.1.1 allows 998 bytes; nobody keeps to it */
static void reads_long_lines(void **state)
{
	enum { LONG = 20000 };
	char *mail = memory_new(3 * LONG);
	size_t n = (size_t)snprintf(mail, LONG, "Subject: ");

	memset(mail + n, 'x', LONG);
	n += LONG;
	n += (size_t)snprintf(mail + n, LONG, "\n\n");
	memset(mail + n, 'y', LONG);
	assert_true(message_read(message, (struct text){ mail, n + LONG }, NULL));
	assert_int_equal(message_field(message, "subject").n, LONG);
	assert_int_equal(message_text(message, 0).n, LONG);
	assert_false(message_cut(message));
	free(mail);
}

static void tells_what_a_reader_sees_first(void **state)
{
	read_text("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nA: b\n\nold\n"
		  "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nattached\n"
		  "--b\nContent-Type: text/html\n\n<p>new &amp; <b>bold</b></p>\n--b--\n");
	is("HTML before what is attached or within", message_body(message), "new & bold\n");
	assert_true(message_part(message, 2)->inside);
	assert_false(message_part(message, 3)->inside);
	is("its file's name", message_part(message, 3)->filename, "x.txt");
	is("its disposition", message_part(message, 3)->disposition, "attachment");
}

static void decodes_fields(void **state)
{
	static const struct { const char *name, *field, *value; } cases[] = {
		{ "folded", "Subject: one\n\ttwo\r\n  three", "one two three" },
		{ "blanks before the colon", "Subject : one", "one" },
		{ "an encoded word", "Subject: =?UTF-8?B?44GC?=", "あ" },
		{ "two, and what is between them", "Subject: =?utf-8?q?a?= =?utf-8?q?b?= c =?utf-8?q?d?=", "ab c d" },
		{ "a character in two words", "Subject: =?UTF-8?B?44E=?=\n =?UTF-8?B?gg==?=", "あ" },
		{ "a JIS character in two words", "Subject: =?ISO-2022-JP?B?GyRCJA==?= =?iso-2022-jp?B?IhsoQg==?=", "あ" },
		{ "half-width kana in JIS", "Subject: =?ISO-2022-JP?B?GyhJSlobKEI=?=", "\xef\xbe\x8a\xef\xbe\x9a" },
		{ "no blank around it", "Subject: (=?utf-8?Q?=e3=81=82_b?=)", "(あ b)" },
		{ "within quotes", "From: \"=?utf-8?Q?=E3=81=82?=\" <a@example.jp>", "\"あ\" <a@example.jp>" },
		{ "a language", "Subject: =?us-ascii*en?Q?hi?=", "hi" },
		{ "a set that nobody knows", "Subject: =?x-nobody?Q?=82=A0?=", "あ" },
		{ "not ended", "Subject: =?utf-8?B?44GC", "=?utf-8?B?44GC" },
		{ "of no kind", "Subject: =?utf-8?X?44GC?=", "=?utf-8?X?44GC?=" },
		{ "raw JIS", "Subject: \x1b$B$\"\x1b(B", "あ" },
		{ "raw Shift_JIS", "Subject: \x82\xa0", "あ" },
		{ "nothing", "Subject:", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char mail[300];

		snprintf(mail, sizeof mail, "X-First: 1\n%s\nX-Last: 1\n\n", cases[i].field);
		read_text(mail);
		is(cases[i].name, message_field(message, strncmp(cases[i].field, "From", 4) == 0 ? "from" : "SUBJECT"), cases[i].value);
		assert_int_equal(message_part(message, 0)->fields.count, 3);
	}
}

static void names_files(void **state)
{
	static const struct { const char *name, *fields, *filename; } cases[] = {
		{ "quoted", "Content-Disposition: attachment; filename=\"a \\\"b\\\".txt\"", "a \"b\".txt" },
		{ "blanks without quotes", "Content-Disposition: attachment; filename=a b.txt; size=1", "a b.txt" },
		{ "of the type", "Content-Type: text/plain; name=a.txt", "a.txt" },
		{ "RFC 2231", "Content-Disposition: attachment; filename*=UTF-8''%E8%AB%8B%E6%B1%82.pdf", "請求.pdf" },
		{ "in pieces", "Content-Disposition: attachment;\n filename*1*=%E6%B1%82;\n filename*0*=utf-8'ja'%E8%AB%8B;\n filename*2=.pdf", "請求.pdf" },
		{ "in Shift_JIS", "Content-Disposition: attachment; filename*=Shift_JIS''%82%A0", "あ" },
		{ "an encoded word", "Content-Disposition: attachment; filename=\"=?UTF-8?B?6KuL?=.pdf\"", "請.pdf" },
		{ "pieces without end", "Content-Disposition: attachment; filename*9999999999*=x; filename*-1=y", "" },
		{ "nothing", "Content-Disposition: attachment; filename=", "" },
		{ "no semicolon", "Content-Disposition: attachment filename=x", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char mail[300];

		snprintf(mail, sizeof mail, "%s\n\nx\n", cases[i].fields);
		read_text(mail);
		is(cases[i].name, message_part(message, 0)->filename, cases[i].filename);
	}
}

static void passes_over_faulty_lines(void **state)
{
	read_text("Subject: one\nthis is none\n and goes on\nTo: two\nand here the text begins\nmore\n");
	is("before it", message_field(message, "Subject"), "one");
	is("behind it", message_field(message, "To"), "two");
	is("the text", message_text(message, 0), "and here the text begins\nmore\n");
}

static void refuses_what_is_no_mail(void **state)
{
	static const struct text none[] = { { "", 0 }, { "\n\n", 2 }, { "hello\n\nA: b\n", 13 }, { "\0\0\0", 3 }, { "\xff\xfe", 2 } };

	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct error error = { "" };

		assert_false(message_read(message, none[i], &error));
		assert_true(*error.text);
	}
}

/* ---- limits */

static char *repeated(const char *head, const char *piece, size_t times, size_t *n)
{
	size_t h = strlen(head), p = strlen(piece);
	char *all = memory_new(h + p * times);

	memcpy(all, head, h);
	for (size_t i = 0; i < times; i++)
		memcpy(all + h + i * p, piece, p);
	*n = h + p * times;
	return all;
}

static void keeps_to_its_limits(void **state)
{
	static const struct { const char *name, *head, *piece; size_t times; int parts; } cases[] = {
		{ "mails within mails", "", "Content-Type: message/rfc822\n\n", 50000, MESSAGE_DEPTH_MAX },
		{ "parts", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 60000, MESSAGE_PARTS_MAX },
		{ "fields", "", "A: b\n", 150000, 1 },
		{ "lines", "A: b\n\n", "\n", 300000, 1 },
		{ "bytes", "A: b\n\n", "0123456789abcdef", MESSAGE_BYTES_MAX / 16, 1 },
		{ "groups of addresses", "To: ", "a:", 2000000, 1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n;
		char *mail = repeated(cases[i].head, cases[i].piece, cases[i].times, &n);

		assert_true(message_read(message, (struct text){ mail, n }, NULL));
		if (message_parts(message) != cases[i].parts)
			fail_msg("%s: %d parts", cases[i].name, message_parts(message));
		assert_true(message_part(message, 0)->fields.count <= FIELDS_MAX);
		assert_true(i == 5 || message_cut(message) || message_text(message, 0).n > MESSAGE_TEXT_MAX);
		free(mail);
	}
}

static void cuts_long_texts_at_a_line(void **state)
{
	size_t n;
	char *mail = repeated("A: b\n\n", "\xe3\x81\x82\xe3\x81\x84\n", MESSAGE_TEXT_MAX / 7 + 100, &n);

	assert_true(message_read(message, (struct text){ mail, n }, NULL));
	assert_true(message_text(message, 0).n <= MESSAGE_TEXT_MAX && message_text(message, 0).n > MESSAGE_TEXT_MAX - 8);
	assert_true(charset_is_utf8(message_text(message, 0)));
	assert_true(message_cut(message));
	free(mail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(divides_mails_into_parts),
		cmocka_unit_test(decodes_texts),
		cmocka_unit_test(decodes_an_encoded_report),
		cmocka_unit_test(reads_long_lines),
		cmocka_unit_test(tells_what_a_reader_sees_first),
		cmocka_unit_test(decodes_fields), cmocka_unit_test(names_files), cmocka_unit_test(passes_over_faulty_lines),
		cmocka_unit_test(refuses_what_is_no_mail), cmocka_unit_test(keeps_to_its_limits), cmocka_unit_test(cuts_long_texts_at_a_line),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What an IMAP server says, whole and in the smallest pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "intake/imap.h"
#include "intake/imap_line.h"

struct heard {
	char all[4096];
	size_t longest_line, longest_literal;
};

static int shown(struct text t) { return t.n < 100 ? (int)t.n : 100; }

static void hear(void *context, const struct imap_response *response)
{
	struct heard *heard = context;
	size_t at = strlen(heard->all);

	heard->longest_line = response->line.n > heard->longest_line ? response->line.n : heard->longest_line;
	heard->longest_literal = response->literal.n > heard->longest_literal ? response->literal.n : heard->longest_literal;
	snprintf(heard->all + at, sizeof heard->all - at, "%.*s|%.*s|%d\n", shown(response->line),
		 response->line.n ? response->line.p : "", shown(response->literal), response->literal.n ? response->literal.p : "",
		 response->has_literal);
}

static void say(struct heard *heard, struct text all, size_t piece)
{
	struct imap *imap = imap_new(hear, heard);

	*heard = (struct heard){ 0 };
	while (all.n) {
		size_t n = all.n < piece ? all.n : piece;

		imap_take(imap, text_head(all, n));
		all = text_after(all, n);
	}
	imap_free(imap);
}

static void cuts_responses(void **state)
{
	static const char all[] = "* OK hello\r\n* 3 FETCH (UID 9 BODY[]<0> {11}\r\nA: b\r\n\r\nx{3 FLAGS ())\r\n"
				  "* 4 FETCH (BODY[] {0}\r\n)\r\n* X {2}\r\nab {3}\r\ncde f\r\n* Y {x}\r\n* Z {99999999999}\r\ns1 OK done\r\n";
	static const char wanted[] = "* OK hello||0\n* 3 FETCH (UID 9 BODY[]<0> {11} FLAGS ())|A: b\r\n\r\nx{3|1\n* 4 FETCH (BODY[] {0})||1\n"
				     "* X {2} {3} f|ab|1\n* Y {x}||0\n* Z {99999999999}||0\ns1 OK done||0\n";

	for (size_t piece = 1; piece < sizeof all; piece++) {
		struct heard heard;

		say(&heard, text_of(all), piece);
		assert_string_equal(heard.all, wanted);
	}
}

static void nothing_is_too_long(void **state)
{
	size_t n = 6 << 20;
	char *all = memory_new(n);
	struct heard heard;

	memset(all, 'x', n);
	memcpy(all + n - 30, "\r\n", 2);
	memcpy(all + 70000, "{5000000}\r\n", 11);
	memcpy(all + n - 15, "\r\ns1 OK done\r\n", 14);
	say(&heard, (struct text){ all, n - 1 }, 4096);
	assert_int_equal(heard.longest_line, IMAP_LINE_MAX);
	assert_int_equal(heard.longest_literal, IMAP_LITERAL_MAX);
	assert_non_null(strstr(heard.all, "\ns1 OK done"));
	free(all);
}

static void understands_lines(void **state)
{
	uint64_t number = 0, found[3];

	assert_int_equal(imap_end_of(TEXT("s1 OK done"), TEXT("s1")), IMAP_OK);
	assert_int_equal(imap_end_of(TEXT("s1 ok"), TEXT("s1")), IMAP_OK);
	assert_int_equal(imap_end_of(TEXT("s1 NO such folder"), TEXT("s1")), IMAP_NO);
	assert_int_equal(imap_end_of(TEXT("s1 BAD"), TEXT("s1")), IMAP_NO);
	assert_int_equal(imap_end_of(TEXT("s11 OK"), TEXT("s1")), IMAP_NOT_YET);
	assert_int_equal(imap_end_of(TEXT("* OK s1"), TEXT("s1")), IMAP_NOT_YET);
	assert_true(imap_number_of(TEXT("* OK [UIDVALIDITY 1795348800] UIDs valid"), TEXT("[UIDVALIDITY"), &number) && number == 1795348800);
	assert_false(imap_number_of(TEXT("* OK [UIDVALIDITY x]"), TEXT("[UIDVALIDITY"), &number));
	assert_false(imap_number_of(TEXT("* OK [UIDVALIDITY 99999999999]"), TEXT("[UIDVALIDITY"), &number));
	assert_false(imap_number_of(TEXT("s1 OK [UIDNEXT 7]"), TEXT("[UIDNEXT"), &number));
	assert_int_equal(imap_found(TEXT("* SEARCH 7 8 9 10"), 8, found, 3), 2);
	assert_true(found[0] == 9 && found[1] == 10);
	assert_int_equal(imap_found(TEXT("* SEARCH 1 2 3 4 5"), 0, found, 3), 3);
	assert_int_equal(imap_found(TEXT("* SEARCH"), 0, found, 3), 0);
	assert_int_equal(imap_found(TEXT("* SEARCH x -1 99999999999 4"), 0, found, 3), 1);
	assert_int_equal(imap_found(TEXT("* ESEARCH 4"), 0, found, 3), 0);
	assert_true(imap_tells_of_mails(TEXT("* 7 EXISTS")));
	assert_true(imap_tells_of_mails(TEXT("* 7 expunge")));
	assert_false(imap_tells_of_mails(TEXT("* 7 FETCH (FLAGS ())")));
	assert_false(imap_tells_of_mails(TEXT("* OK EXISTS not")));
}

static void quotes_names(void **state)
{
	char quoted[IMAP_QUOTED_MAX], folder[IMAP_FOLDER_MAX], longest[IMAP_QUOTED_MAX];
	struct error error;

	memset(longest, 'a', sizeof longest);
	assert_true(imap_quote(TEXT("a \"b\" \\c"), quoted));
	assert_string_equal(quoted, "\"a \\\"b\\\" \\\\c\"");
	assert_false(imap_quote(TEXT_NONE, quoted) || imap_quote(TEXT("a\r\nb"), quoted) || imap_quote(TEXT("苦情"), quoted));
	assert_false(imap_quote((struct text){ longest, sizeof longest }, quoted));
	assert_true(imap_url_read("imaps://mail.example.jp:993/Abuse%20desk/new", folder, &error));
	assert_string_equal(folder, "Abuse desk/new");
	assert_true(imap_url_read("imap://127.0.0.1", folder, &error));
	assert_string_equal(folder, "INBOX");
	assert_false(imap_url_read("https://mail.example.jp/INBOX", folder, &error));
	assert_false(imap_url_read("imaps://hanako:secret@mail.example.jp/INBOX", folder, &error));
	assert_false(imap_url_read("imaps://mail.example.jp/a%0d%0ab", folder, &error));
	assert_false(imap_url_read("", folder, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_responses),
		cmocka_unit_test(nothing_is_too_long),
		cmocka_unit_test(understands_lines),
		cmocka_unit_test(quotes_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

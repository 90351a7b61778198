/* SPDX-License-Identifier: Apache-2.0 */
/* A connection of a milter, whole and in the smallest pieces: of which mails a copy is taken, which get a header, and that nothing else is
 * ever asked for. "thief" is whose mail is wanted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "intake/milter.h"

/* what is said and heard, as letters: the commands of the answers, without their lengths */
struct story {
	char bytes[256 * 1024], said[64 * 1024], commands[4096], copies[256 * 1024];
	size_t byte_count, said_bytes, longest;
	unsigned mails, sent;
};

static void hear(void *context, struct text bytes)
{
	struct story *story = context;

	assert_true(bytes.n >= 5 && story->said_bytes + bytes.n < sizeof story->said);
	assert_int_equal(((unsigned char)bytes.p[2] << 8 | (unsigned char)bytes.p[3]) + 4, bytes.n);
	memcpy(story->said + story->said_bytes, bytes.p, bytes.n);
	story->said_bytes += bytes.n;
	snprintf(story->commands + strlen(story->commands), 2, "%c", bytes.p[4]);
}

static void take(void *context, struct text bytes)
{
	struct story *story = context;
	size_t at = strlen(story->copies);

	story->mails++;
	story->longest = bytes.n > story->longest ? bytes.n : story->longest;
	if (at + bytes.n + 2 < sizeof story->copies) {
		memcpy(story->copies + at, bytes.p, bytes.n);
		memcpy(story->copies + at + bytes.n, "#", 2);
	}
}

static bool trace(void *context, struct text login, struct text queue_id, char value[MILTER_TRACE_MAX])
{
	snprintf(value, MILTER_TRACE_MAX, "%.*s/%.*s", TEXT_ARG(login), TEXT_ARG(queue_id));
	return !text_is(login, TEXT("nobody"));
}

static bool wants(void *context, struct text login, struct text queue_id)
{
	assert_true(text_is(queue_id, TEXT("4ZQUEUE1")));
	return text_is(login, TEXT("thief"));
}

static void take_sent(void *context, struct text login, struct text queue_id, struct text bytes)
{
	struct story *story = context;

	assert_true(text_is(login, TEXT("thief")) && text_is(queue_id, TEXT("4ZQUEUE1")));
	story->sent++;
	take(context, bytes);
}

static void put(struct story *story, char command, struct text data)
{
	char *p = story->bytes + story->byte_count;

	assert_true(story->byte_count + 5 + data.n < sizeof story->bytes);
	p[0] = (char)((data.n + 1) >> 24);
	p[1] = (char)((data.n + 1) >> 16);
	p[2] = (char)((data.n + 1) >> 8);
	p[3] = (char)(data.n + 1);
	p[4] = command;
	if (data.n)
		memcpy(p + 5, data.p, data.n);
	story->byte_count += 5 + data.n;
}

/* everything that Postfix 3.7 offers */
static void offer(struct story *story) { put(story, 'O', TEXT("\0\0\0\6\0\0\1\377\0\037\377\377")); }

struct mail {
	const char *login, *from, *to, *field, *value;
};

static void put_mail(struct story *story, const struct mail *mail)
{
	char data[1024];
	int n = snprintf(data, sizeof data, "M%s%c%s", mail->login ? "{auth_authen}" : "{mail_host}", '\0', mail->login ? mail->login : "x");

	put(story, 'D', (struct text){ data, (size_t)n + 1 });
	n = snprintf(data, sizeof data, "<%s>%cSIZE=1", mail->from, '\0');
	put(story, 'M', (struct text){ data, (size_t)n + 1 });
	n = snprintf(data, sizeof data, "<%s>", mail->to);
	put(story, 'R', (struct text){ data, (size_t)n + 1 });
	put(story, 'D', TEXT("Ti\0004ZQUEUE1\0"));
	n = snprintf(data, sizeof data, "%s%c %s", mail->field ? mail->field : "Subject", '\0', mail->value ? mail->value : "hello");
	put(story, 'L', (struct text){ data, (size_t)n + 1 });
	put(story, 'N', TEXT_NONE);
	put(story, 'B', TEXT("body\r\n"));
	put(story, 'E', TEXT_NONE);
}

enum { SIGNS = 1, READS = 2 };

static void play(struct story *story, size_t piece, int does)
{
	struct milter *milter = milter_new(&(struct milter_handler){ .say = hear, .mail = take, .trace = does & SIGNS ? trace : NULL,
								    .trace_field = "X-Trace", .wants = does & READS ? wants : NULL,
								    .sent = take_sent, .context = story });
	struct text all = { story->bytes, story->byte_count };

	while (all.n) {
		size_t n = all.n < piece ? all.n : piece;

		milter_take(milter, text_head(all, n));
		all = text_after(all, n);
	}
	milter_free(milter);
}

#define BODY "\r\n\r\nbody\r\n#"

static void takes_copies_of_what_may_tell_something(void **state)
{
	static const struct { struct mail mail; const char *copy; } cases[] = {
		{ { .from = "", .to = "hanako@example.jp" }, "Return-Path: <>\r\nSubject: hello" BODY },
		{ { .from = "a@b.test", .to = "Abuse@example.jp" }, "Return-Path: <a@b.test>\r\nSubject: hello" BODY },
		{ { .from = "a@b.test", .to = "postmaster" }, "Return-Path: <a@b.test>\r\nSubject: hello" BODY },
		{ { .from = "a@b.test", .to = "c@example.jp", .field = "auto-submitted", .value = "auto-replied" },
		  "Return-Path: <a@b.test>\r\nauto-submitted: auto-replied" BODY },
		{ { .from = "a@b.test", .to = "c@example.jp", .field = "Content-Type", .value = "Multipart/Report; boundary=b" },
		  "Return-Path: <a@b.test>\r\nContent-Type: Multipart/Report; boundary=b" BODY },
		{ { .from = "a@b.test", .to = "c@example.jp", .field = "Precedence", .value = "auto_reply" },
		  "Return-Path: <a@b.test>\r\nPrecedence: auto_reply" BODY },
		{ { .from = "a@b.test", .to = "c@example.jp" }, "" },
		{ { .from = "a@b.test", .to = "abuse.desk@example.jp" }, "" },
		{ { .from = "a@b.test", .to = "c@example.jp", .field = "Auto-Submitted", .value = "no" }, "" },
		{ { .from = "a@b.test", .to = "c@example.jp", .field = "Precedence", .value = "list" }, "" },
		{ { .login = "hanako", .from = "", .to = "abuse@example.jp" }, "" },
	};
	static const size_t pieces[] = { 1, 2, 3, 7, 1 << 20 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
			struct story *story = memory_zero(1, sizeof *story);

			offer(story);
			put_mail(story, &cases[i].mail);
			play(story, pieces[k], 0);
			assert_string_equal(story->copies, cases[i].copy);
			assert_true(story->commands[0] == 'O' && !strpbrk(story->commands, "rtdyqih+"));
			free(story);
		}
}

/* who is asked for after the header, and nobody else */
static void takes_copies_of_what_suspects_send(void **state)
{
	static const struct mail honest = { .login = "hanako", .from = "h@example.jp", .to = "c@world.test" };
	static const struct mail thief = { .login = "thief", .from = "h@example.jp", .to = "c@world.test" };
	static const size_t pieces[] = { 1, 3, 1 << 20 };

	for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
		struct story *story = memory_zero(1, sizeof *story);

		offer(story);
		put_mail(story, &honest);
		put_mail(story, &thief);
		put_mail(story, &(struct mail){ .from = "a@b.test", .to = "c@example.jp" });
		put_mail(story, &honest);
		play(story, pieces[k], READS);
		assert_string_equal(story->copies, "Return-Path: <h@example.jp>\r\nSubject: hello" BODY);
		assert_int_equal(story->sent, 1);
		assert_true(!strpbrk(story->commands, "rtdyqih+"));
		free(story);
	}
}

/* after the negotiation, the sender, recipients and fields: nothing is answered where the server was told so */
static void says_no_more_than_it_must(void **state)
{
	static const struct { struct mail mail; int does; const char *says; } cases[] = {
		{ { .from = "", .to = "c@example.jp" }, 0, "Occa" },
		{ { .from = "a@b.test", .to = "c@example.jp" }, SIGNS, "Oasa" }, /* whatever a server still sends is answered */
		{ { .login = "hanako", .from = "a@b.test", .to = "c@example.jp" }, SIGNS, "Ocsia" },
		{ { .login = "nobody", .from = "a@b.test", .to = "c@example.jp" }, SIGNS, "Ocsa" },
		{ { .login = "hanako", .from = "a@b.test", .to = "c@example.jp" }, 0, "Oasa" },
		{ { .login = "hanako", .from = "a@b.test", .to = "c@example.jp" }, READS, "Oasa" },
		{ { .login = "thief", .from = "a@b.test", .to = "c@example.jp" }, READS, "Occa" },
		{ { .login = "thief", .from = "a@b.test", .to = "c@example.jp" }, SIGNS | READS, "Occia" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct story *story = memory_zero(1, sizeof *story);

		offer(story);
		put_mail(story, &cases[i].mail);
		play(story, 1 << 20, cases[i].does);
		assert_string_equal(story->commands, cases[i].says);
		free(story);
	}
}

static void adds_the_header_on_top(void **state)
{
	static const char added[] = "\0\0\0\0X-Trace\0 hanako/4ZQUEUE1";
	struct story *story = memory_zero(1, sizeof *story);

	offer(story);
	put_mail(story, &(struct mail){ .login = "hanako", .from = "h@example.jp", .to = "c@world.test" });
	play(story, 3, SIGNS);
	assert_non_null(memmem(story->said, story->said_bytes, added, sizeof added));
	assert_int_equal(story->mails, 0);
	free(story);
}

/* who logged in for one mail of a connection did not for the next */
static void forgets_between_mails(void **state)
{
	struct story *story = memory_zero(1, sizeof *story);

	offer(story);
	put_mail(story, &(struct mail){ .login = "hanako", .from = "h@example.jp", .to = "c@world.test" });
	put_mail(story, &(struct mail){ .from = "", .to = "c@example.jp" });
	put(story, 'M', TEXT("<>\0"));
	put(story, 'A', TEXT_NONE);
	put_mail(story, &(struct mail){ .from = "a@b.test", .to = "c@example.jp" });
	put(story, 'K', TEXT_NONE);
	put_mail(story, &(struct mail){ .from = "", .to = "d@example.jp" });
	play(story, 5, SIGNS);
	assert_int_equal(story->mails, 2);
	free(story);
}

/* an old server, which knows nothing of silence and skipping: everything is answered */
static void answers_old_servers(void **state)
{
	struct story *story = memory_zero(1, sizeof *story);

	put(story, 'O', TEXT("\0\0\0\2\0\0\0\1\0\0\0\0"));
	put_mail(story, &(struct mail){ .from = "", .to = "c@example.jp" });
	play(story, 1, SIGNS);
	assert_string_equal(story->commands, "Occccca");
	assert_string_equal(story->copies, "Return-Path: <>\r\nSubject:  hello" BODY);
	free(story);
}

static void a_long_mail_is_cut(void **state)
{
	static char piece[65535];
	struct story *story = memory_zero(1, sizeof *story);
	struct milter *milter = milter_new(&(struct milter_handler){ .say = hear, .mail = take, .context = story });
	size_t head;

	memset(piece, 'x', sizeof piece);
	offer(story);
	put(story, 'M', TEXT("<>\0"));
	put(story, 'N', TEXT_NONE);
	milter_take(milter, (struct text){ story->bytes, story->byte_count });
	for (int i = 0; i < 20; i++) {
		story->byte_count = 0;
		put(story, 'B', (struct text){ piece, sizeof piece });
		milter_take(milter, (struct text){ story->bytes, story->byte_count });
	}
	head = strcspn(story->commands, "s");
	assert_true(head > 5 && head < 15);
	story->byte_count = 0;
	put(story, 'E', TEXT_NONE);
	milter_take(milter, (struct text){ story->bytes, story->byte_count });
	assert_int_equal(story->longest, MILTER_MAIL_MAX);
	milter_free(milter);
	free(story);
}

static void nonsense_ends_it(void **state)
{
	static const struct { struct text bytes; } cases[] = {
		{ TEXT("\0\0\0\0") }, { TEXT("\377\377\377\377O") }, { TEXT("\0\0\0\1M") }, { TEXT("\0\0\0\1z") },
		{ TEXT("\0\0\0\5O\0\0\0\6") }, { TEXT("\0\0\0\015O\0\0\0\1\0\0\0\0\0\0\0\0") }, { TEXT("\0\0\0\1Q") }, { TEXT("GET / HTTP/1.1\r\n") },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct story *story = memory_zero(1, sizeof *story);
		struct milter *milter = milter_new(&(struct milter_handler){ hear, take, trace, "X-Trace", wants, take_sent, story });

		milter_take(milter, cases[i].bytes);
		assert_true(milter_is_over(milter));
		assert_string_equal(story->commands, "");
		milter_free(milter);
		free(story);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_copies_of_what_may_tell_something),
		cmocka_unit_test(takes_copies_of_what_suspects_send),
		cmocka_unit_test(says_no_more_than_it_must),
		cmocka_unit_test(adds_the_header_on_top),
		cmocka_unit_test(forgets_between_mails),
		cmocka_unit_test(answers_old_servers),
		cmocka_unit_test(a_long_mail_is_cut),
		cmocka_unit_test(nonsense_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

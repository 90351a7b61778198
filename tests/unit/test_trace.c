/* SPDX-License-Identifier: Apache-2.0 */
/* Events as JSON Lines: each kind, each field right and wrong, and what nobody sane would send. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "intake/trace.h"

static struct accounts *accounts;
static struct trace *trace;
static struct trace_event told;
static struct error error;

static int begin(void **state)
{
	accounts = accounts_new("example.jp");
	trace = trace_new(accounts);
	return 0;
}

static int end(void **state)
{
	trace_free(trace);
	accounts_free(accounts);
	return 0;
}

/* a line of its own size, so that one byte read too many is seen */
static bool take_bytes(const char *line, size_t n)
{
	char *own = memory_copy(line, n), *exact = memory_new(n);
	bool taken;

	memcpy(exact, own, n);
	free(own);
	error.text[0] = '\0';
	taken = trace_line(trace, (struct text){ exact, n }, &told, &error);
	free(exact);
	return taken;
}

static bool take(const char *line) { return take_bytes(line, strlen(line)); }

/* all but what stands in every event */
static bool take_ev(const char *ev, const char *more)
{
	char line[4096];

	snprintf(line, sizeof line, "{\"t\":1000,\"ev\":\"%s\"%s%s}", ev, *more ? "," : "", more);
	return take(line);
}

static const struct event *must(const char *ev, const char *more)
{
	if (!take_ev(ev, more))
		fail_msg("%s, %s: %s", ev, more, error.text);
	return &told.event;
}

struct row {
	const char *ev, *more, *error; /* NULL: it is taken */
};

static void check(const struct row *rows, size_t count)
{
	bool wrong = false;

	for (size_t i = 0; i < count; i++) {
		bool taken = take_ev(rows[i].ev, rows[i].more);

		if (taken == !rows[i].error && strcmp(error.text, rows[i].error ? rows[i].error : "") == 0)
			continue;
		print_error("%s, %s: \"%s\", wanted \"%s\"\n", rows[i].ev, rows[i].more, error.text,
			    rows[i].error ? rows[i].error : "");
		wrong = true;
	}
	assert_false(wrong);
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

/* ---- lines */

static void lines_that_are_no_event(void **state)
{
	static const struct { const char *line, *error; } rows[] = {
		{ "", "no JSON: '[' or '{' expected near end of file, at byte 0" },
		{ "   ", "no JSON: '[' or '{' expected near end of file, at byte 3" },
		{ "hello", "no JSON: '[' or '{' expected near 'hello', at byte 5" },
		{ "{", "no JSON: string or '}' expected near end of file, at byte 1" },
		{ "{}x", "no JSON: end of file expected near 'x', at byte 3" },
		{ "{}{}", "no JSON: end of file expected near '{', at byte 3" },
		{ "[]", "no JSON object" },
		{ "[{\"t\":1,\"ev\":\"tick\"}]", "no JSON object" },
		{ "{}", "'ev' is missing" },
		{ "{\"t\":1}", "'ev' is missing" },
		{ "{\"t\":1,\"ev\":\"\"}", "'ev' is missing" },
		{ "{\"t\":1,\"ev\":null}", "'ev' is missing" },
		{ "{\"t\":1,\"ev\":7}", "'ev' is not a text" },
		{ "{\"t\":1,\"ev\":\"Tick\"}", "'ev' is 'Tick', which is no kind of event" },
		{ "{\"ev\":\"tick\"}", "'t' is not a number of seconds since 1970" },
		{ "{\"t\":\"1\",\"ev\":\"tick\"}", "'t' is not a number of seconds since 1970" },
		{ "{\"t\":null,\"ev\":\"tick\"}", "'t' is not a number of seconds since 1970" },
		{ "{\"t\":true,\"ev\":\"tick\"}", "'t' is not a number of seconds since 1970" },
		{ "{\"t\":-1,\"ev\":\"tick\"}", "'t' is not a time from 1970 to 2106" },
		{ "{\"t\":-0.001,\"ev\":\"tick\"}", "'t' is not a time from 1970 to 2106" },
		{ "{\"t\":4294967296,\"ev\":\"tick\"}", "'t' is not a time from 1970 to 2106" },
		{ "{\"t\":1762945200000,\"ev\":\"tick\"}", "'t' is not a time from 1970 to 2106" }, /* milliseconds */
		{ "{\"t\":1e308,\"ev\":\"tick\"}", "'t' is not a time from 1970 to 2106" },
		{ "{\"t\":1e999,\"ev\":\"tick\"}", "no JSON: real number overflow near '1e999', at byte 10" },
		{ "{\"t\":NaN,\"ev\":\"tick\"}", "no JSON: invalid token near 'NaN', at byte 8" },
		{ "{\"t\":1,\"ev\":\"tick\",\"x\":\"\\u0000\"}",
		  "no JSON: \\u0000 is not allowed without JSON_ALLOW_NUL near '\"\\u0000\"', at byte 31" },
		{ "{\"t\":1,\"ev\":\"tick\",}", "no JSON: string or '}' expected near '}', at byte 20" },
		{ "{'t':1,'ev':'tick'}", "no JSON: string or '}' expected near ''', at byte 2" },
	};
	bool wrong = false;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!take(rows[i].line) && strcmp(error.text, rows[i].error) == 0)
			continue;
		print_error("%s: \"%s\", wanted \"%s\"\n", rows[i].line, error.text, rows[i].error);
		wrong = true;
	}
	assert_false(wrong);
}

static void times(void **state)
{
	static const struct { const char *t; int64_t t_us; } rows[] = {
		{ "0", 0 }, { "-0", 0 }, { "0.0", 0 }, { "1", 1000000 }, { "1.5", 1500000 }, { "0.0000004", 0 },
		{ "1774000000.123456", 1774000000123456 }, { "1774000000.999999", 1774000000999999 },
		{ "1.774e9", 1774000000000000 }, { "4294967295.999", 4294967295999000 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char line[100];

		snprintf(line, sizeof line, "{\"ev\":\"tick\",\"t\":%s}", rows[i].t);
		assert_true(take(line));
		assert_int_equal(told.event.t_us, rows[i].t_us);
		assert_int_equal(told.event.kind, EVENT_TICK);
		assert_null(told.event.detail);
	}
}

static void blanks_and_line_ends_of_others(void **state)
{
	assert_true(take(" \t{ \"t\" : 1 , \"ev\" : \"tick\" } \r"));
	assert_true(take_bytes("{\"t\":1,\"ev\":\"tick\"}\r\n", 21));
	assert_false(take_bytes("{\"t\":1,\"ev\":\"tick\"}\0", 20));
	assert_false(take_bytes("{\"t\":1,\0\"ev\":\"tick\"}", 20));
	assert_false(take("\xef\xbb\xbf{\"t\":1,\"ev\":\"tick\"}")); /* a byte order mark is no JSON (RFC 8259, 8.1) */
}

static void of_two_fields_of_one_name_the_last_counts(void **state)
{
	assert_true(take("{\"t\":1,\"ev\":\"auth\",\"t\":2,\"ev\":\"tick\"}"));
	assert_int_equal(told.event.kind, EVENT_TICK);
	assert_int_equal(told.event.t_us, 2000000);
	assert_false(take("{\"t\":1,\"ev\":\"tick\",\"t\":\"x\"}"));
}

static void unknown_fields_are_passed_over(void **state)
{
	must("tick", "\"x\":[1,{\"y\":[null,true,-1e300,\"\\ud83d\\ude00\"]}],\"\":0,\"result\":7,\"ip\":7,\"ok\":7");
	must("submit", "\"id\":\"a\",\"account\":\"b\",\"result\":\"lost\",\"ok\":0,\"size\":-5,\"session\":{}");
}

static void nested_as_deep_as_it_likes(void **state)
{
	enum { DEEP = 100000 };
	static char line[2 * DEEP + 64];
	size_t n = (size_t)snprintf(line, sizeof line, "{\"t\":1,\"ev\":\"tick\",\"x\":");

	memset(line + n, '[', DEEP);
	memset(line + n + DEEP, ']', DEEP);
	line[n + 2 * DEEP] = '}';
	assert_false(take_bytes(line, n + 2 * DEEP + 1));
	assert_true(text_starts(text_of(error.text), TEXT("no JSON: maximum parsing depth reached")));
	assert_false(take_bytes(line, n + DEEP));
}

static void line_of_any_length(void **state)
{
	char *line = memory_new(TRACE_LINE_MAX + 2);
	static const char head[] = "{\"t\":1,\"ev\":\"tick\",\"x\":\"";

	memset(line, 'x', TRACE_LINE_MAX + 1);
	memcpy(line, head, sizeof head - 1);
	memcpy(line + TRACE_LINE_MAX - 2, "\"}\n", 3);
	assert_true(take_bytes(line, TRACE_LINE_MAX));
	assert_false(take_bytes(line, TRACE_LINE_MAX + 1));
	assert_string_equal(error.text, "longer than 8388608 bytes");
	free(line);
	assert_true(take("{\"t\":1,\"ev\":\"tick\"}")); /* and on it goes */
}

/* what was wrong is named, but a terminal and a JSON reader take no harm from it */
static void strangers_texts_are_shown_harmless(void **state)
{
	static const struct { const char *line, *error; } rows[] = {
		{ "{\"t\":1,\"ev\":\"a\\u001b[2Jb\"}", "'ev' is 'a\\x1b[2Jb', which is no kind of event" },
		{ "{\"t\":1,\"ev\":\"a\\nb\"}", "'ev' is 'a\\x0ab', which is no kind of event" },
		{ "{\"t\":1,\"ev\":\"\\u202e\"}", "'ev' is '\\xe2\\x80\\xae', which is no kind of event" },
		{ "{\"t\":1,\"ev\":\"関所\"}", "'ev' is '関所', which is no kind of event" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_false(take(rows[i].line));
		assert_string_equal(error.text, rows[i].error);
	}
	assert_false(take("{\"t\":1,\"ev\":\"tick\",\"a\":\"\xff\"}"));
	assert_non_null(strstr(error.text, "no JSON"));
	assert_false(take("\x7f"));
	assert_null(strchr(error.text, 0x7f));
	assert_false(take("\x1b[31m"));
	assert_null(strchr(error.text, 0x1b));
}

/* whole characters only, wherever it is cut */
static void long_texts_are_cut_between_characters(void **state)
{
	for (unsigned shift = 0; shift < 4; shift++) {
		char line[2000] = "{\"t\":1,\"ev\":\"";
		size_t n = strlen(line);
		const unsigned char *at = (const unsigned char *)error.text;

		memset(line + n, 'x', shift);
		n += shift;
		for (unsigned i = 0; i < 300; i++, n += 3)
			memcpy(line + n, "関", 3);
		memcpy(line + n, "\"}", 3);
		assert_false(take(line));
		for (; *at; at++)
			if (*at == 0xe9) {
				assert_memory_equal(at, "関", 3);
				at += 2;
			} else {
				assert_in_range(*at, ' ', '~');
			}
		assert_true(text_ends(text_of(error.text), TEXT("which is no kind of event")));
	}
}

/* ---- fields */

static void logins(void **state)
{
	static const struct row rows[] = {
		{ "auth", "\"account\":\"alice\",\"ok\":true", NULL },
		{ "auth", "\"account\":\"alice\"", "'ok' is not true or false" },
		{ "auth", "\"account\":\"alice\",\"ok\":null", "'ok' is not true or false" },
		{ "auth", "\"account\":\"alice\",\"ok\":1", "'ok' is not true or false" },
		{ "auth", "\"account\":\"alice\",\"ok\":\"true\"", "'ok' is not true or false" },
		{ "auth", "\"account\":7,\"ok\":true", "'account' is not a text" },
		{ "auth", "\"account\":[\"alice\"],\"ok\":true", "'account' is not a text" },
		{ "auth", "\"account\":null,\"ok\":true", NULL },
		{ "auth", "\"account\":\"\",\"ok\":true", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"ip\":\"192.0.2.1\"", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"ip\":\"2001:db8::1\"", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"ip\":null", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"ip\":\"\"", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"ip\":\"192.0.2.256\"", "'ip' is not an address" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"ip\":\"192.0.2.1:587\"", "'ip' is not an address" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"ip\":\"mail.example.jp\"", "'ip' is not an address" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"ip\":3221225985", "'ip' is not a text" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"country\":\"JP\"", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"country\":\"T1\"", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"country\":\"J\"", "'country' is not a code of two letters" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"country\":\"JPN\"", "'country' is not a code of two letters" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"country\":\"é\"", "'country' is not a code of two letters" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"country\":\"--\"", "'country' is not a code of two letters" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"country\":81", "'country' is not a text" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"asn\":4294967295", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"asn\":0", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"asn\":null", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"asn\":4294967296", "'asn' is not the number of a network" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"asn\":-1", "'asn' is not the number of a network" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"asn\":4713.0", "'asn' is not the number of a network" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"asn\":\"AS4713\"", "'asn' is not the number of a network" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"net\":\"mobile\"", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"net\":\"moon\"", "'net' is 'moon', which it cannot be" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"net\":1", "'net' is not a text" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"protocol\":\"sieve\"", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"protocol\":\"IMAP\"", "'protocol' is 'IMAP', which it cannot be" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"client\":5", "'client' is not a text" },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"client\":\"関所 1.0\"", NULL },
		{ "auth", "\"account\":\"alice\",\"ok\":true,\"id\":5", "'id' is not a text" },
	};
	const struct event *event;

	CHECK(rows);
	event = must("auth", "\"account\":\"Alice\",\"ok\":false,\"ip\":\"192.0.2.1\",\"country\":\"jp\",\"asn\":4713,"
			     "\"net\":\"hosting\",\"protocol\":\"imap\",\"client\":\"x\"");
	assert_int_equal(event->kind, EVENT_AUTH);
	assert_false(event->ok);
	assert_int_equal(event->count, 1);
	assert_memory_equal(event->place.country, "JP", 2); /* as the databases write it */
	assert_int_equal(event->place.asn, 4713);
	assert_int_equal(event->protocol, PROTOCOL_IMAP);
	assert_ptr_equal(event->detail, &told.detail);
	assert_int_equal(told.detail.net, NET_HOSTING);
	assert_int_not_equal(told.detail.client, 0);
	assert_true(text_is(accounts_name(accounts, event->account), TEXT("alice@example.jp")));
}

static void clients_are_told_apart(void **state)
{
	uint32_t one = (must("auth", "\"ok\":true,\"client\":\"outlook\""), told.detail.client);
	uint32_t other = (must("auth", "\"ok\":true,\"client\":\"Outlook\""), told.detail.client);
	uint32_t again = (must("submit", "\"id\":\"i\",\"client\":\"outlook\""), told.detail.client);

	assert_int_not_equal(one, other);
	assert_int_equal(one, again);
	must("auth", "\"ok\":true,\"client\":\"\"");
	assert_int_equal(told.detail.client, 0);
	must("auth", "\"ok\":true");
	assert_int_equal(told.detail.client, 0);
}

/* a spray at invented names must not fill the memory */
static void failed_logins_make_no_account(void **state)
{
	const struct event *event = must("auth", "\"account\":\"nobody\",\"ok\":false");

	assert_int_equal(event->account, ACCOUNT_NONE);
	assert_true(event->account_key);
	assert_int_equal(accounts_count(accounts), 0);
	assert_false(take_ev("auth", "\"account\":\"nobody\""));
	assert_int_equal(accounts_count(accounts), 0);
	must("auth", "\"account\":\"somebody\",\"ok\":true");
	assert_int_equal(accounts_count(accounts), 1);
	assert_int_equal(must("auth", "\"account\":\"Somebody\",\"ok\":false")->account, 1);
}

static void names_of_accounts(void **state)
{
	static const char long_name[] = "\"account\":\"%0*d@example.jp\",\"ok\":true";
	char more[500];

	snprintf(more, sizeof more, long_name, ACCOUNT_NAME_MAX - 24, 0);
	must("auth", more);
	snprintf(more, sizeof more, long_name, ACCOUNT_NAME_MAX, 0);
	assert_false(take_ev("auth", more));
	assert_string_equal(error.text, "'account' is not the name of an account");
	must("verified", "\"account\":\"山田@example.jp\"");
	assert_true(text_is(accounts_name(accounts, told.event.account), TEXT("山田@example.jp")));
	must("verified", "\"account\":\"a\\nb\\u007f\"");
	assert_true(text_is(accounts_name(accounts, told.event.account), TEXT("a?b?@example.jp")));
}

static void submissions(void **state)
{
	static const struct row rows[] = {
		{ "submit", "\"id\":\"a\",\"account\":\"alice\"", NULL },
		{ "submit", "\"account\":\"alice\"", "'id' is missing" },
		{ "submit", "\"account\":\"alice\",\"id\":\"\"", "'id' is missing" },
		{ "submit", "\"account\":\"alice\",\"id\":null", "'id' is missing" },
		{ "submit", "\"account\":\"alice\",\"id\":1", "'id' is not a text" },
		{ "submit", "\"id\":\"a\",\"rcpt\":null", NULL },
		{ "submit", "\"id\":\"a\",\"rcpt\":[]", NULL },
		{ "submit", "\"id\":\"a\",\"rcpt\":\"bob@example.com\"", "'rcpt' is not a list of addresses" },
		{ "submit", "\"id\":\"a\",\"rcpt\":{\"to\":\"bob@example.com\"}", "'rcpt' is not a list of addresses" },
		{ "submit", "\"id\":\"a\",\"rcpt\":[\"bob@example.com\",1]", "'rcpt' is not a list of addresses" },
		{ "submit", "\"id\":\"a\",\"rcpt\":[[\"bob@example.com\"]]", "'rcpt' is not a list of addresses" },
		{ "submit", "\"id\":\"a\",\"rcpt\":[null]", "'rcpt' is not a list of addresses" },
		{ "submit", "\"id\":\"a\",\"from\":1", "'from' is not a text" },
		{ "submit", "\"id\":\"a\",\"subject\":[]", "'subject' is not a text" },
		{ "submit", "\"id\":\"a\",\"spam\":\"yes\"", "'spam' is not true or false" },
		{ "submit", "\"id\":\"a\",\"via\":\"pigeon\"", "'via' is 'pigeon', which it cannot be" },
		{ "submit", "\"id\":\"a\",\"urls\":\"http://a\"", "'urls' is not a list of texts" },
		{ "submit", "\"id\":\"a\",\"urls\":[1]", "'urls' is not a list of texts" },
		{ "submit", "\"id\":\"a\",\"urls\":[]", NULL },
		{ "submit", "\"id\":\"a\",\"urls\":null", NULL },
		{ "submit", "\"id\":\"a\",\"ip\":\"x\"", "'ip' is not an address" },
	};
	const struct event *event;
	char more[TRACE_ID_MAX + 100];

	CHECK(rows);
	event = must("submit", "\"id\":\"a\",\"account\":\"alice\",\"rcpt\":[\"bob@example.com\",\"carol@example.com\"],\"spam\":true");
	assert_int_equal(event->kind, EVENT_SUBMIT);
	assert_int_equal(event->protocol, PROTOCOL_SMTP);
	assert_int_equal(event->count, 2);
	assert_int_equal(event->detail->rcpt_count, 2);
	assert_true(event->spam && event->detail->filtered && !event->detail->foreign_from);
	assert_true(text_is(told.id, TEXT("a")));
	snprintf(more, sizeof more, "\"id\":\"%0*d\"", TRACE_ID_MAX, 0);
	must("submit", more);
	snprintf(more, sizeof more, "\"id\":\"%0*d\"", TRACE_ID_MAX + 1, 0);
	assert_false(take_ev("submit", more));
	assert_string_equal(error.text, "'id' is longer than 1000 bytes");
}

static void a_filter_that_says_nothing_is_none(void **state)
{
	must("submit", "\"id\":\"a\",\"account\":\"alice\",\"spam\":false");
	assert_true(told.detail.filtered && !told.event.spam);
	must("submit", "\"id\":\"a\",\"account\":\"alice\",\"spam\":null");
	assert_false(told.detail.filtered);
	must("submit", "\"id\":\"a\",\"account\":\"alice\"");
	assert_false(told.detail.filtered);
}

static void mail_that_nobody_logged_in_for(void **state)
{
	static const struct { const char *more; bool account; enum event_protocol protocol; } rows[] = {
		{ "\"account\":\"alice\"", true, PROTOCOL_SMTP },
		{ "\"account\":\"alice\",\"via\":\"smtp\"", true, PROTOCOL_SMTP },
		{ "\"account\":\"alice\",\"via\":\"webmail\"", true, PROTOCOL_WEBMAIL },
		{ "\"account\":\"alice\",\"via\":\"local\"", false, PROTOCOL_SMTP },
		{ "\"account\":\"alice\",\"via\":\"forward\",\"from\":\"x@example.com\"", false, PROTOCOL_SMTP },
		{ "\"via\":\"smtp\"", false, PROTOCOL_SMTP },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char more[200];

		snprintf(more, sizeof more, "\"id\":\"a\",%s", rows[i].more);
		must("submit", more);
		assert_int_equal(told.event.account != ACCOUNT_NONE, rows[i].account);
		assert_int_equal(told.event.protocol, rows[i].protocol);
		assert_false(told.detail.foreign_from);
	}
}

static void whose_name_it_is_sent_in(void **state)
{
	static const struct { const char *from; bool foreign; } rows[] = {
		{ "alice@example.jp", false }, { "Alice@Example.JP", false }, { "", false }, { "bob@example.jp", true },
		{ "alice@example.com", true }, { "alice", true }, { "alice+news@example.jp", true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char more[200];

		snprintf(more, sizeof more, "\"id\":\"a\",\"account\":\"alice\",\"from\":\"%s\"", rows[i].from);
		must("submit", more);
		assert_int_equal(told.detail.foreign_from, rows[i].foreign);
		assert_int_equal(told.event.from != 0, rows[i].from[0] != '\0');
	}
}

static void each_recipient_once(void **state)
{
	static const struct { const char *list; unsigned count; } rows[] = {
		{ "", 0 }, { "\"a@x\"", 1 }, { "\"a@x\",\"a@x\"", 1 }, { "\"a@x\",\"A@X\",\"b@x\"", 2 },
		{ "\"b@x\",\"a@x\",\"b@x\",\"a@x\",\"c@x\",\"b@x\"", 3 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char more[300];

		snprintf(more, sizeof more, "\"id\":\"a\",\"account\":\"alice\",\"rcpt\":[%s]", rows[i].list);
		must("submit", more);
		assert_int_equal(told.event.count, rows[i].count);
		assert_int_equal(told.detail.rcpt_count, rows[i].count);
		for (unsigned k = 0; k < told.detail.rcpt_count; k++)
			for (unsigned j = 0; j < k; j++)
				assert_true(told.detail.rcpts[k] != told.detail.rcpts[j]);
	}
}

static uint64_t only_rcpt(const char *address)
{
	char more[100];

	snprintf(more, sizeof more, "\"id\":\"a\",\"account\":\"alice\",\"rcpt\":[\"%s\"]", address);
	must("submit", more);
	return told.detail.rcpts[0];
}

static void outcome_and_submission_mean_the_same_recipient(void **state)
{
	uint64_t rcpt = only_rcpt("Bob@example.com");

	assert_true(rcpt == must("outcome", "\"id\":\"a\",\"rcpt\":\"bob@EXAMPLE.com\",\"result\":\"sent\"")->rcpt);
	assert_true(rcpt == must("bounce", "\"account\":\"alice\",\"rcpt\":\"bob@example.com\"")->rcpt);
	assert_true(rcpt != only_rcpt("bob@example.org"));
}

/* so many different ones */
static char *line_of_rcpts(unsigned count, size_t *n)
{
	size_t room = 16 * (size_t)count + 200;
	char *line = memory_new(room);

	*n = (size_t)snprintf(line, room, "{\"t\":1,\"ev\":\"submit\",\"id\":\"a\",\"account\":\"alice\",\"rcpt\":[");
	for (unsigned i = 0; i < count; i++)
		*n += (size_t)snprintf(line + *n, room - *n, "%s\"r%u@x\"", i ? "," : "", i);
	*n += (size_t)snprintf(line + *n, room - *n, "]}");
	return line;
}

static void more_recipients_than_anybody_has(void **state)
{
	static const unsigned counts[] = { TRACE_RCPTS_MAX - 1, TRACE_RCPTS_MAX, TRACE_RCPTS_MAX + 1, 3 * TRACE_RCPTS_MAX };

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		size_t n;
		char *line = line_of_rcpts(counts[i], &n);

		assert_true(take_bytes(line, n));
		free(line);
		assert_int_equal(told.event.count, counts[i]);
		assert_int_equal(told.detail.rcpt_count, counts[i] < TRACE_RCPTS_MAX ? counts[i] : TRACE_RCPTS_MAX);
	}
}

static uint64_t link_of(const char *url)
{
	char more[300];

	snprintf(more, sizeof more, "\"id\":\"a\",\"account\":\"alice\",\"urls\":[\"%s\",\"http://second.example\"]", url);
	must("submit", more);
	return told.detail.link;
}

/* a campaign is one however its link is dressed up */
static void links_are_told_by_their_site(void **state)
{
	static const char *const same[] = {
		"http://evil.example", "https://evil.example/a?b#c", "https://EVIL.example:8443/", "evil.example/path",
		"https://user@evil.example/", "https://u:p@evil.example:80", "https://a@b@evil.example", "http://evil.example?x=http://y",
		"http://evil.example\\\\x",
	};
	uint64_t wanted = link_of(same[0]);

	assert_true(wanted);
	for (size_t i = 1; i < sizeof same / sizeof *same; i++)
		if (link_of(same[i]) != wanted)
			fail_msg("%s is another site", same[i]);
	assert_true(link_of("http://good.example/evil.example") != wanted);
	assert_true(link_of("http://[2001:db8::1]/") != link_of("http://[2001:db8::2]/"));
	assert_true(link_of("http://[2001:db8::1]/") == link_of("http://[2001:db8::1]:80/x"));
	assert_true(link_of("http://") == 0 && link_of("") == 0 && link_of("http:///x") == 0);
}

static void outcomes(void **state)
{
	static const struct row rows[] = {
		{ "outcome", "\"id\":\"a\",\"rcpt\":\"b@x\",\"result\":\"sent\"", NULL },
		{ "outcome", "\"id\":\"a\",\"rcpt\":\"b@x\"", "'result' is missing" }, /* and not taken for "sent" */
		{ "outcome", "\"id\":\"a\",\"rcpt\":\"b@x\",\"result\":null", "'result' is missing" },
		{ "outcome", "\"id\":\"a\",\"rcpt\":\"b@x\",\"result\":\"\"", "'result' is missing" },
		{ "outcome", "\"id\":\"a\",\"rcpt\":\"b@x\",\"result\":\"lost\"", "'result' is 'lost', which it cannot be" },
		{ "outcome", "\"id\":\"a\",\"rcpt\":\"b@x\",\"result\":1", "'result' is not a text" },
		{ "outcome", "\"id\":\"a\",\"rcpt\":[\"b@x\"],\"result\":\"sent\"", "'rcpt' is not a text" },
		{ "outcome", "\"id\":\"a\",\"result\":\"sent\"", NULL },
		{ "outcome", "\"id\":\"a\",\"result\":\"sent\",\"dsn\":5", "'dsn' is not a text" },
		{ "outcome", "\"id\":\"a\",\"result\":\"sent\",\"text\":5", "'text' is not a text" },
		{ "outcome", "\"result\":\"deferred\"", NULL },
	};
	static const struct { const char *more; enum event_result result; enum event_reason reason; } means[] = {
		{ "\"result\":\"sent\",\"dsn\":\"2.0.0\"", RESULT_SENT, REASON_NONE },
		{ "\"result\":\"sent\",\"dsn\":\"5.1.1\"", RESULT_SENT, REASON_NONE },
		{ "\"result\":\"bounced\",\"dsn\":\"5.1.1\"", RESULT_BOUNCED, REASON_UNKNOWN_USER },
		{ "\"result\":\"bounced\",\"dsn\":\"5.2.2\"", RESULT_BOUNCED, REASON_OTHER },
		{ "\"result\":\"bounced\",\"text\":\"550 user unknown\"", RESULT_BOUNCED, REASON_UNKNOWN_USER },
		{ "\"result\":\"bounced\",\"dsn\":\"5.7.1\",\"text\":\"550 5.7.1 spam message rejected\"", RESULT_BOUNCED, REASON_SPAM },
		{ "\"result\":\"deferred\",\"dsn\":\"4.7.1\",\"text\":\"greylisted\"", RESULT_DEFERRED, REASON_OTHER },
	};

	CHECK(rows);
	for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
		const struct event *event = must("outcome", means[i].more);

		assert_int_equal(event->kind, EVENT_OUTCOME);
		assert_int_equal(event->result, means[i].result);
		assert_int_equal(event->reason, means[i].reason);
		assert_int_equal(event->count, 1);
		assert_null(event->detail);
	}
}

static void the_other_kinds(void **state)
{
	static const struct row rows[] = {
		{ "bounce", "\"account\":\"alice\",\"rcpt\":\"b@x\",\"dsn\":\"5.1.1\"", NULL },
		{ "bounce", "\"account\":\"alice\",\"rcpt\":\"b@x\",\"result\":\"nonsense\"", NULL }, /* it has none */
		{ "bounce", "\"account\":\"alice\",\"rcpt\":7", "'rcpt' is not a text" },
		{ "complaint", "\"account\":\"alice\",\"id\":\"a\"", NULL },
		{ "complaint", "\"id\":{}", "'id' is not a text" },
		{ "auto_reply", "\"account\":\"alice\",\"id\":\"a\"", NULL },
		{ "verified", "\"account\":\"alice\"", NULL },
		{ "verified", "", "'account' is missing" },
		{ "verified", "\"account\":\"\"", "'account' is missing" },
		{ "verified", "\"account\":null", "'account' is missing" },
		{ "tick", "", NULL },
		{ "tock", "", "'ev' is 'tock', which is no kind of event" },
	};
	static const struct { const char *ev; enum event_kind kind; } kinds[] = {
		{ "auth", EVENT_AUTH },     { "submit", EVENT_SUBMIT },         { "outcome", EVENT_OUTCOME }, { "bounce", EVENT_BOUNCE },
		{ "complaint", EVENT_COMPLAINT }, { "auto_reply", EVENT_AUTO_REPLY }, { "verified", EVENT_VERIFIED }, { "tick", EVENT_TICK },
	};

	CHECK(rows);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		assert_int_equal(must(kinds[i].ev, "\"account\":\"alice\",\"id\":\"a\",\"ok\":true,\"result\":\"sent\"")->kind, kinds[i].kind);
	assert_int_equal(must("bounce", "\"account\":\"alice\",\"dsn\":\"5.1.1\",\"result\":\"bounced\"")->result, 0);
	assert_int_equal(told.event.reason, REASON_UNKNOWN_USER);
}

/* nothing of a line stays for the next */
static void each_line_begins_anew(void **state)
{
	must("submit", "\"id\":\"a\",\"account\":\"alice\",\"rcpt\":[\"b@x\",\"c@x\"],\"ip\":\"192.0.2.1\",\"country\":\"JP\",\"asn\":1,"
		       "\"net\":\"isp\",\"client\":\"x\",\"subject\":\"s\",\"urls\":[\"http://a\"],\"from\":\"z@z\",\"spam\":true");
	must("submit", "\"id\":\"b\"");
	assert_false(told.event.account || told.event.count || told.event.spam || told.event.from || told.event.place.asn);
	assert_false(ip_known(&told.event.ip) || told.event.place.country[0]);
	assert_false(told.detail.rcpt_count || told.detail.client || told.detail.subject || told.detail.link ||
		     told.detail.net || told.detail.filtered || told.detail.foreign_from);
	assert_false(take("{"));
	must("tick", "");
	assert_int_equal(told.id.n, 0);
	trace_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_that_are_no_event),
		TEST(times),
		TEST(blanks_and_line_ends_of_others),
		TEST(of_two_fields_of_one_name_the_last_counts),
		TEST(unknown_fields_are_passed_over),
		TEST(nested_as_deep_as_it_likes),
		TEST(line_of_any_length),
		TEST(strangers_texts_are_shown_harmless),
		TEST(long_texts_are_cut_between_characters),
		TEST(logins),
		TEST(clients_are_told_apart),
		TEST(failed_logins_make_no_account),
		TEST(names_of_accounts),
		TEST(submissions),
		TEST(a_filter_that_says_nothing_is_none),
		TEST(mail_that_nobody_logged_in_for),
		TEST(whose_name_it_is_sent_in),
		TEST(each_recipient_once),
		TEST(outcome_and_submission_mean_the_same_recipient),
		TEST(more_recipients_than_anybody_has),
		TEST(links_are_told_by_their_site),
		TEST(outcomes),
		TEST(the_other_kinds),
		TEST(each_line_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

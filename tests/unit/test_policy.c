/* SPDX-License-Identifier: Apache-2.0 */
/* Policy requests: what Postfix sends, what nobody sane would, and recipients gathered by message. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "intake/policy.h"

#define HEAD "request=smtpd_access_policy\n"

static struct policy_request request;
static struct error error;
static size_t used;

/* bytes of their own size, so that one read too many is seen; they live until the next call */
static enum policy_found parse_bytes(const char *bytes, size_t n, size_t known)
{
	static char *exact;

	free(exact);
	exact = memory_new(n ? n : 1);
	memcpy(exact, bytes, n);
	error.text[0] = '\0';
	used = 0;
	return policy_parse((struct text){ exact, n }, known, &request, &used, &error);
}

static enum policy_found parse(const char *text) { return parse_bytes(text, strlen(text), 0); }

#define assert_text(text, wanted) assert_true(text_is(text, TEXT(wanted)))

/* ---- reading */

static const char at_rcpt[] =
	HEAD "protocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=203.0.113.9\nclient_name=unknown\nclient_port=42448\n"
	     "reverse_client_name=unknown\nserver_address=127.0.0.1\nserver_port=12503\nhelo_name=laptop\n"
	     "sender=user011@provider.test\nrecipient=a@world.test\nrecipient_count=0\nqueue_id=\n"
	     "instance=1c1b.6b02aaa5.c1608.0\nsize=0\netrn_domain=\nstress=\nsasl_method=PLAIN\nsasl_username=user011\n"
	     "sasl_sender=\nccert_subject=\nccert_issuer=\nccert_fingerprint=\nccert_pubkey_fingerprint=\n"
	     "encryption_protocol=\nencryption_cipher=\nencryption_keysize=0\npolicy_context=\n\n";

static void reads_what_postfix_sends(void **state)
{
	char address[IP_TEXT_MAX];

	assert_int_equal(parse(at_rcpt), POLICY_WHOLE);
	assert_int_equal(used, sizeof at_rcpt - 1);
	assert_int_equal(request.state, POLICY_RCPT);
	assert_text(request.login, "user011");
	assert_text(request.sender, "user011@provider.test");
	assert_text(request.recipient, "a@world.test");
	assert_text(request.queue_id, "");
	assert_text(request.instance, "1c1b.6b02aaa5.c1608.0");
	assert_text(request.helo, "laptop");
	assert_text(request.client_address, "203.0.113.9");
	assert_text(request.client_port, "42448");
	assert_string_equal(ip_format(&request.ip, address), "203.0.113.9");
	assert_int_equal(request.recipient_count, 0);
	assert_int_equal(request.size_bytes, 0);
	assert_false(request.encrypted);
}

static void reads_the_end_of_a_message(void **state)
{
	assert_int_equal(parse(HEAD "protocol_state=END-OF-MESSAGE\nclient_address=2001:db8::7\nrecipient=\nrecipient_count=50\n"
				    "queue_id=4jXMx15fzFz1cs1T\nsize=1048576\nencryption_protocol=TLSv1.3\n\n"),
			 POLICY_WHOLE);
	assert_int_equal(request.state, POLICY_END_OF_MESSAGE);
	assert_int_equal(request.recipient_count, 50);
	assert_int_equal(request.size_bytes, 1048576);
	assert_text(request.queue_id, "4jXMx15fzFz1cs1T");
	assert_text(request.login, "");
	assert_true(request.encrypted && ip_known(&request.ip) && !ip_is_v4(&request.ip));
}

static void knows_the_states(void **state)
{
	static const struct {
		const char *word;
		enum policy_state wanted;
	} rows[] = {
		{ "CONNECT", POLICY_OTHER }, { "MAIL", POLICY_OTHER }, { "RCPT", POLICY_RCPT }, { "DATA", POLICY_DATA },
		{ "END-OF-MESSAGE", POLICY_END_OF_MESSAGE }, { "rcpt", POLICY_OTHER }, { "RCPT ", POLICY_OTHER }, { "", POLICY_OTHER },
	};
	char text[200];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(text, sizeof text, HEAD "protocol_state=%s\n\n", rows[i].word);
		assert_int_equal(parse(text), POLICY_WHOLE);
		assert_int_equal(request.state, rows[i].wanted);
	}
}

/* what is odd and no fault */
static void takes_what_it_can(void **state)
{
	assert_int_equal(parse("sasl_username=x\nrequest=smtpd_access_policy\nsize=7\nrecipient_count=1\n\n"), POLICY_WHOLE);
	assert_text(request.login, "x");
	assert_int_equal(request.size_bytes, 7);
	assert_int_equal(parse(HEAD "of_tomorrow=1\n=\n=nameless\nsasl_username=a=b\n\n"), POLICY_WHOLE);
	assert_text(request.login, "a=b");
	assert_int_equal(parse(HEAD "sasl_username=first\nsasl_username=last\n\n"), POLICY_WHOLE);
	assert_text(request.login, "last");
	assert_int_equal(parse(HEAD "client_address=unknown\n\n"), POLICY_WHOLE);
	assert_false(ip_known(&request.ip));
	assert_int_equal(parse(HEAD "sasl_usernam=no\nsasl_usernames=no\nSASL_USERNAME=no\n\n"), POLICY_WHOLE);
	assert_text(request.login, "");
}

static void takes_crlf(void **state)
{
	assert_int_equal(parse("request=smtpd_access_policy\r\nsasl_username=x\r\nsender=\r\n\r\n"), POLICY_WHOLE);
	assert_text(request.login, "x");
	assert_text(request.sender, "");
}

/* a fault in what a stranger chose would let his mail pass unjudged */
static void takes_any_bytes_of_strangers(void **state)
{
	assert_int_equal(parse(HEAD "sender=\"\x01\t\x7f\"@b\nrecipient=\xff\xfe@\xc3\nhelo_name=\r\x1b[2J\n\n"), POLICY_WHOLE);
	assert_text(request.sender, "\"\x01\t\x7f\"@b");
	assert_text(request.recipient, "\xff\xfe@\xc3");
	assert_int_equal(parse(HEAD "client_name=\x01\x02\nccert_subject=\x03\n\n"), POLICY_WHOLE);
	assert_int_equal(parse(HEAD "sasl_username=\xe5\xb1\xb1\xff\n\n"), POLICY_WHOLE); /* no UTF-8 either */
	assert_text(request.login, "\xe5\xb1\xb1\xff");
}

static void names_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *named;
	} rows[] = {
		{ "\n", "'request' is missing" },
		{ "\r\n", "'request' is missing" },
		{ "protocol_state=RCPT\n\n", "'request' is missing" },
		{ "request=\n\n", "'request' is not" },
		{ "request=junk_policy\n\n", "'request' is not" },
		{ HEAD "request=other\n\n", "'request' is not" },
		{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "line 1 has no '='" },
		{ HEAD "sender=a\njunk\n\n", "line 3 has no '='" },
		{ HEAD "sasl_username\n\n", "line 2 has no '='" },
		{ HEAD "size=\n\n", "'size'" },
		{ HEAD "size=-1\n\n", "'size'" },
		{ HEAD "size=9223372036854775808\n\n", "'size'" },
		{ HEAD "recipient_count=4294967296\n\n", "'recipient_count'" },
		{ HEAD "recipient_count=1x\n\n", "'recipient_count'" },
		{ HEAD "sasl_username=al\tice\n\n", "'sasl_username' holds" },
		{ HEAD "sasl_username=alice\r\r\n\n", "'sasl_username' holds" },
		{ HEAD "sasl_username=alice\x7f\n\n", "'sasl_username' holds" },
		{ HEAD "instance=\x01\n\n", "'instance' holds" },
		{ HEAD "queue_id=\x1b[2J\n\n", "'queue_id' holds" },
		{ HEAD "client_address=1.2.3.4\x01\n\n", "'client_address' holds" },
		{ HEAD "client_port=\x02\n\n", "'client_port' holds" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(parse(rows[i].text), POLICY_FAULTY);
		if (!strstr(error.text, rows[i].named))
			fail_msg("'%s' does not say \"%s\"", error.text, rows[i].named);
	}
}

static void finds_nul_bytes(void **state)
{
	static const char *const names[] = { "sasl_username", "sender", "recipient", "helo_name", "instance" };
	char text[200], wanted[64];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		int n = snprintf(text, sizeof text, HEAD "%s=a#b\n\n", names[i]);

		text[text_find(text_of(text), '#')] = '\0';
		assert_int_equal(parse_bytes(text, (size_t)n, 0), POLICY_FAULTY);
		snprintf(wanted, sizeof wanted, "'%s' holds", names[i]);
		assert_non_null(strstr(error.text, wanted));
	}
	assert_int_equal(parse_bytes("\0\n\n", 3, 0), POLICY_FAULTY);
}

static enum policy_found parse_long(const char *name, size_t n)
{
	char *text = memory_new(n + 200);
	int head = snprintf(text, 200, HEAD "%s=", name);
	enum policy_found found;

	memset(text + head, 'x', n);
	memcpy(text + head + n, "\n\n", 2);
	found = parse_bytes(text, (size_t)head + n + 2, 0);
	free(text);
	return found;
}

static void limits_what_is_long(void **state)
{
	assert_int_equal(parse_long("sasl_username", POLICY_VALUE_MAX), POLICY_WHOLE);
	assert_int_equal(request.login.n, POLICY_VALUE_MAX);
	assert_int_equal(parse_long("sasl_username", POLICY_VALUE_MAX + 1), POLICY_FAULTY);
	assert_string_equal(error.text, "'sasl_username' is longer than 8192 bytes");
	assert_int_equal(parse_long("recipient", POLICY_VALUE_MAX + 1), POLICY_FAULTY);
	assert_non_null(strstr(error.text, "'recipient'"));
	assert_int_equal(parse_long("ccert_subject", POLICY_VALUE_MAX + 1), POLICY_WHOLE); /* nobody looks at it */
}

/* ---- in pieces */

static void waits_for_the_end(void **state)
{
	static const char crlf[] = "request=smtpd_access_policy\r\nsender=a\r\n\r\n";

	for (size_t n = 0; n < sizeof at_rcpt - 1; n++)
		assert_int_equal(parse_bytes(at_rcpt, n, n ? n - 1 : 0), POLICY_PARTIAL);
	assert_int_equal(parse_bytes(at_rcpt, sizeof at_rcpt - 1, sizeof at_rcpt - 2), POLICY_WHOLE);
	for (size_t known = 0; known < sizeof crlf - 1; known++) {
		assert_int_equal(parse_bytes(crlf, known, 0), POLICY_PARTIAL);
		assert_int_equal(parse_bytes(crlf, sizeof crlf - 1, known), POLICY_WHOLE);
	}
}

static void takes_one_after_the_other(void **state)
{
	static const char two[] = HEAD "sasl_username=a\n\n" HEAD "sasl_username=b\n\nrequ";
	size_t first;

	assert_int_equal(parse(two), POLICY_WHOLE);
	assert_text(request.login, "a");
	first = used;
	assert_int_equal(parse(two + first), POLICY_WHOLE);
	assert_text(request.login, "b");
	assert_int_equal(parse(two + first + used), POLICY_PARTIAL);
}

/* ---- recipients, by message */

static struct policy_letters *letters;
static struct policy_letter letter;

static int begin(void **state)
{
	letters = policy_letters_new();
	return 0;
}

static int end(void **state)
{
	policy_letters_free(letters);
	return 0;
}

static struct policy_request asked(const char *instance, const char *rcpt)
{
	return (struct policy_request){ .login = TEXT("alice"), .sender = TEXT("a@b"), .client_address = TEXT("192.0.2.1"),
					.client_port = TEXT("4711"), .instance = text_of(instance), .recipient = text_of(rcpt),
					.queue_id = TEXT_NONE, .helo = TEXT_NONE };
}

static bool rcpt_at(const char *instance, const char *rcpt, int64_t now_us)
{
	struct policy_request one = asked(instance, rcpt);

	return policy_letters_rcpt(letters, &one, now_us);
}

static bool rcpt(const char *instance, const char *rcpt) { return rcpt_at(instance, rcpt, SECOND_US); }

static uint32_t take(const char *instance, const char *rcpt)
{
	static struct policy_request one;

	one = asked(instance, rcpt);
	letter = policy_letters_take(letters, &one);
	return letter.rcpt_count;
}

static void gathers_by_instance(void **state)
{
	assert_true(rcpt("1.a", "x@far.test"));
	assert_false(rcpt("2.b", "z@far.test")); /* another message of the same session */
	assert_false(rcpt("1.a", "y@far.test"));
	assert_int_equal(take("1.a", ""), 2);
	assert_text(letter.rcpts[0], "x@far.test");
	assert_text(letter.rcpts[1], "y@far.test");
	assert_int_equal(letter.hashes[0], hash_text(HASH_FIXED, TEXT("x@far.test")) | 1);
	assert_int_equal(letter.hashes[1], hash_text(HASH_FIXED, TEXT("y@far.test")) | 1);
	assert_false(letter.session_begins);
	assert_int_equal(take("2.b", "z@far.test"), 1);
	assert_text(letter.rcpts[0], "z@far.test");
	assert_int_equal(take("2.b", ""), 0); /* it is gone */
}

static void keeps_each_recipient_once(void **state)
{
	char name[32];

	for (int list = 0; list < 3; list++)
		for (int i = 0; i < 100; i++) {
			snprintf(name, sizeof name, "r%d@far.test", i);
			rcpt("1.a", name);
		}
	rcpt("1.a", "R1@far.test"); /* another one: the place may mind */
	rcpt("1.a", "");
	assert_int_equal(take("1.a", ""), 101);
	assert_text(letter.rcpts[99], "r99@far.test");
	assert_text(letter.rcpts[100], "R1@far.test");
}

static void takes_the_named_one_where_nothing_was_gathered(void **state)
{
	assert_int_equal(take("1.a", "x@far.test"), 1);
	assert_text(letter.rcpts[0], "x@far.test");
	assert_int_equal(letter.hashes[0], hash_text(HASH_FIXED, TEXT("x@far.test")) | 1);
	assert_true(letter.session_begins);
	assert_int_equal(take("2.a", ""), 0);
	assert_false(letter.session_begins);
	rcpt("", "lost@far.test"); /* belongs to no message */
	assert_int_equal(take("", ""), 0);
}

static void limits_the_recipients_of_one(void **state)
{
	static char longest[POLICY_VALUE_MAX + 1];
	char name[32];

	for (int i = 0; i < POLICY_RCPTS_MAX + 10; i++) {
		snprintf(name, sizeof name, "r%d@far.test", i);
		rcpt("1.a", name);
	}
	assert_int_equal(take("1.a", ""), POLICY_RCPTS_MAX);
	memset(longest, 'x', POLICY_VALUE_MAX);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "%03d", i);
		memcpy(longest, name, 3);
		rcpt("2.a", longest);
	}
	assert_int_equal(take("2.a", ""), POLICY_LETTER_BYTES / POLICY_VALUE_MAX);
}

/* recipients of ends, each of its own message, that was never ended: from `first` to behind `last` */
static void leave_open(int first, int last, int rcpts, int64_t step_us)
{
	char instance[32], name[32];

	for (int i = first; i < last; i++) {
		snprintf(instance, sizeof instance, "%x.open", i);
		for (int r = 0; r < rcpts; r++) {
			snprintf(name, sizeof name, "r%d@far.test", r);
			rcpt_at(instance, name, SECOND_US + i * step_us);
		}
	}
}

static void forgets_the_longest_silent(void **state)
{
	leave_open(0, POLICY_LETTERS_MAX, 1, 0);
	rcpt("0.open", "again@far.test");
	leave_open(POLICY_LETTERS_MAX, POLICY_LETTERS_MAX + 1, 1, 0);
	assert_int_equal(take("1.open", ""), 0);
	assert_int_equal(take("0.open", ""), 2);
	assert_int_equal(take("2.open", ""), 1);
	assert_int_equal(take("10000.open", ""), 1);
}

static void forgets_by_age(void **state)
{
	rcpt_at("1.a", "x@far.test", SECOND_US);
	rcpt_at("2.b", "x@far.test", HOUR_US);
	rcpt_at("1.a", "y@far.test", HOUR_US);
	rcpt_at("3.c", "x@far.test", HOUR_US + POLICY_LETTER_US);
	assert_int_equal(take("1.a", ""), 2);
	rcpt_at("3.c", "y@far.test", HOUR_US + POLICY_LETTER_US + 1);
	assert_int_equal(take("2.b", ""), 0);
	rcpt_at("3.c", "z@far.test", SECOND_US); /* the clock was set back */
	rcpt_at("4.d", "x@far.test", SECOND_US);
	assert_int_equal(take("3.c", ""), 3);
	assert_int_equal(take("4.d", ""), 1);
}

static void stays_bounded(void **state)
{
	static char longest[POLICY_VALUE_MAX + 1];
	char name[32];

	memset(longest, 'x', POLICY_VALUE_MAX);
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof name, "%06d", i);
		memcpy(longest, name, 6);
		rcpt_at(name, longest, SECOND_US + i);
		assert_true(policy_letters_bytes(letters) < 2 * POLICY_LETTERS_BYTES);
	}
	assert_int_equal(take("019999", ""), 1);
	assert_int_equal(take("000000", ""), 0);
}

/* a year of messages that come and go, most never ended */
static void stays_flat(void **state)
{
	size_t bytes;

	leave_open(0, 100000, 3, 100 * SECOND_US);
	bytes = policy_letters_bytes(letters);
	leave_open(100000, 300000, 3, 100 * SECOND_US);
	assert_int_equal(policy_letters_bytes(letters), bytes);
}

/* ---- sessions */

static bool says(const char *address, const char *port, const char *login, const char *instance, int64_t now_us)
{
	struct policy_request one = asked(instance, "x@far.test");

	one.client_address = text_of(address);
	one.client_port = text_of(port);
	one.login = text_of(login);
	return policy_letters_rcpt(letters, &one, now_us);
}

static void tells_sessions_apart(void **state)
{
	assert_true(says("192.0.2.1", "1", "alice", "1", SECOND_US));
	assert_true(says("192.0.2.2", "1", "alice", "2", SECOND_US));
	assert_true(says("192.0.2.1", "2", "alice", "3", SECOND_US));
	assert_true(says("192.0.2.1", "1", "bob", "4", SECOND_US));
	assert_false(says("192.0.2.1", "1", "alice", "5", SECOND_US));
	assert_true(says("192.0.2.1", "1", "", "6", SECOND_US));
}

static void forgets_sessions_that_are_silent(void **state)
{
	int64_t now_us = SECOND_US;

	assert_true(says("192.0.2.1", "1", "alice", "0", now_us));
	for (int i = 0; i < 20; i++)
		assert_false(says("192.0.2.1", "1", "alice", "", now_us += POLICY_SESSION_US));
	assert_true(says("192.0.2.1", "1", "alice", "", now_us + 2 * POLICY_SESSION_US + 1));
}

static void limits_sessions(void **state)
{
	char port[16];

	for (int i = 0; i < 5 * POLICY_SESSIONS_MAX; i++) {
		snprintf(port, sizeof port, "%d", i);
		assert_true(says("192.0.2.1", port, "alice", "", SECOND_US));
	}
	assert_true(policy_letters_bytes(letters) < 16 * 1024 * 1024);
	assert_false(says("192.0.2.1", port, "alice", "", SECOND_US));
	assert_true(says("192.0.2.1", "0", "alice", "", SECOND_US));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_postfix_sends),
		cmocka_unit_test(reads_the_end_of_a_message),
		cmocka_unit_test(knows_the_states),
		cmocka_unit_test(takes_what_it_can),
		cmocka_unit_test(takes_crlf),
		cmocka_unit_test(takes_any_bytes_of_strangers),
		cmocka_unit_test(names_what_is_wrong),
		cmocka_unit_test(finds_nul_bytes),
		cmocka_unit_test(limits_what_is_long),
		cmocka_unit_test(waits_for_the_end),
		cmocka_unit_test(takes_one_after_the_other),
		cmocka_unit_test_setup_teardown(gathers_by_instance, begin, end),
		cmocka_unit_test_setup_teardown(keeps_each_recipient_once, begin, end),
		cmocka_unit_test_setup_teardown(takes_the_named_one_where_nothing_was_gathered, begin, end),
		cmocka_unit_test_setup_teardown(limits_the_recipients_of_one, begin, end),
		cmocka_unit_test_setup_teardown(forgets_the_longest_silent, begin, end),
		cmocka_unit_test_setup_teardown(forgets_by_age, begin, end),
		cmocka_unit_test_setup_teardown(stays_bounded, begin, end),
		cmocka_unit_test_setup_teardown(stays_flat, begin, end),
		cmocka_unit_test_setup_teardown(tells_sessions_apart, begin, end),
		cmocka_unit_test_setup_teardown(forgets_sessions_that_are_silent, begin, end),
		cmocka_unit_test_setup_teardown(limits_sessions, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

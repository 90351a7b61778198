/* SPDX-License-Identifier: Apache-2.0 */
/* What Dovecot and clients of weakforced ask about logins: each field right and wrong, and what strangers choose. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "intake/auth_policy.h"

static struct auth_policy_parser *parser;
static struct auth_policy_request request;
static struct error error;
static char *body; /* of its own size, so that one byte read too many is seen; kept, for the request points to it */

static int begin(void **state)
{
	parser = auth_policy_parser_new();
	return 0;
}

static int end(void **state)
{
	auth_policy_parser_free(parser);
	free(body);
	return 0;
}

static bool take_bytes(enum auth_policy_command command, const char *json, size_t n)
{
	free(body);
	body = memory_new(n);
	memcpy(body, json, n);
	error.text[0] = '\0';
	memset(&request, 0xa5, sizeof request);
	return auth_policy_parse(parser, command, (struct text){ body, n }, &request, &error);
}

static bool take(enum auth_policy_command command, const char *json)
{
	return take_bytes(command, json, strlen(json));
}

static void must(enum auth_policy_command command, const char *json)
{
	if (!take(command, json))
		fail_msg("%s: %s", json, error.text);
}

#define assert_text(text, wanted) assert_true(text_is(text, TEXT(wanted)))

static void assert_ip(const char *wanted)
{
	char shown[IP_TEXT_MAX];

	assert_string_equal(ip_format(&request.ip, shown), wanted);
}

static void commands(void **state)
{
	static const struct { const char *word; enum auth_policy_command command; } rows[] = {
		{ "allow", AUTH_POLICY_ALLOW }, { "report", AUTH_POLICY_REPORT }, { "reset", AUTH_POLICY_RESET },
		{ "ping", AUTH_POLICY_PING },   { "stats", AUTH_POLICY_STATS },   { "", AUTH_POLICY_NONE },
		{ "Allow", AUTH_POLICY_NONE },  { "allow ", AUTH_POLICY_NONE },   { "allo", AUTH_POLICY_NONE },
		{ "allows", AUTH_POLICY_NONE }, { "getBL", AUTH_POLICY_NONE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(auth_policy_command(text_of(rows[i].word)), rows[i].command);
}

/* as Dovecot 2.3 wrote it */
static void dovecot_asks(void **state)
{
	must(AUTH_POLICY_ALLOW, "{\"device_id\":\"\",\"local\":\"127.0.0.1\",\"login\":\"user031\",\"mech\":\"PLAIN\",\"protocol\":\"imap\","
				"\"pwhash\":\"034a\",\"real_rip\":\"127.0.0.1\",\"remote\":\"203.0.113.31\",\"secured\":\"\","
				"\"session_id\":\"/wisltlgQZzLAHEf\",\"tls\":false}");
	assert_int_equal(request.command, AUTH_POLICY_ALLOW);
	assert_text(request.login, "user031");
	assert_text(request.session, "/wisltlgQZzLAHEf");
	assert_text(request.pwhash, "034a");
	assert_text(request.device, "");
	assert_text(request.fail, "");
	assert_int_equal(request.protocol, PROTOCOL_IMAP);
	assert_false(request.tls || request.success || request.policy_reject);
	assert_ip("203.0.113.31");
}

static void dovecot_reports(void **state)
{
	must(AUTH_POLICY_REPORT, "{\"device_id\":\"\\\"name\\\" \\\"Thunderbird\\\"\",\"login\":\"user031\",\"protocol\":\"smtp\",\"pwhash\":\"00b9\","
				 "\"remote\":\"2001:db8::31\",\"session_id\":\"\",\"success\":false,\"policy_reject\":true,\"tls\":true}");
	assert_text(request.device, "\"name\" \"Thunderbird\"");
	assert_true(request.policy_reject && request.tls && !request.success);
	assert_int_equal(request.protocol, PROTOCOL_SMTP);
	assert_ip("2001:db8::31");
	must(AUTH_POLICY_REPORT, "{\"login\":\"a\",\"success\":true,\"policy_reject\":false}");
	assert_true(request.success && !request.policy_reject);
	must(AUTH_POLICY_REPORT, "{\"login\":\"a\",\"success\":false,\"fail_type\":\"disabled\"}");
	assert_text(request.fail, "disabled");
}

/* as its manual has it */
static void clients_of_weakforced(void **state)
{
	must(AUTH_POLICY_REPORT, "{\"login\":\"ahu\", \"remote\": \"127.0.0.1\", \"pwhash\":\"12341\", \"success\":\"false\"}");
	assert_false(request.success);
	must(AUTH_POLICY_REPORT, "{\"login\":\"ahu\",\"success\":\"true\"}");
	assert_true(request.success);
	must(AUTH_POLICY_ALLOW, "{\"login\":\"ahu\", \"remote\": \"127.0.0.1\",\n\"pwhash\":\"1234\", "
				"\"attrs\":{\"attr1\":\"val1\", \"attr2\":[\"val2\",\"val3\"],\"login\":\"other\"}}");
	assert_text(request.login, "ahu");
	must(AUTH_POLICY_RESET, "{\"login\":\"ahu\"}");
	assert_text(request.login, "ahu");
	assert_ip("unknown");
	must(AUTH_POLICY_RESET, "{\"ip\":\"128.243.21.16\"}");
	assert_text(request.login, "");
	assert_ip("128.243.21.16");
	must(AUTH_POLICY_RESET, "{\"login\":\"ahu\", \"ip\":\"FE80::0202:B3FF:FE1E:8329\"}");
	assert_text(request.login, "ahu");
	assert_ip("fe80::202:b3ff:fe1e:8329");
}

static void protocols(void **state)
{
	static const struct { const char *name; enum event_protocol protocol; } rows[] = {
		{ "imap", PROTOCOL_IMAP },       { "smtp", PROTOCOL_SMTP },    { "submission", PROTOCOL_SMTP },   { "pop3", PROTOCOL_POP3 },
		{ "managesieve", PROTOCOL_SIEVE }, { "sieve", PROTOCOL_SIEVE }, { "http", PROTOCOL_WEBMAIL },     { "mobileapi", PROTOCOL_WEBMAIL },
		{ "doveadm", PROTOCOL_UNKNOWN }, { "", PROTOCOL_UNKNOWN },     { "IMAP", PROTOCOL_UNKNOWN },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char json[100];

		snprintf(json, sizeof json, "{\"login\":\"a\",\"protocol\":\"%s\"}", rows[i].name);
		must(AUTH_POLICY_ALLOW, json);
		assert_int_equal(request.protocol, rows[i].protocol);
	}
}

static void right_and_wrong(void **state)
{
	static const struct { enum auth_policy_command command; const char *json, *error; } rows[] = {
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\"}", "" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"\"}", "" }, /* what Dovecot says of a name that can be none */
		{ AUTH_POLICY_ALLOW, "{}", "'login' is missing" },
		{ AUTH_POLICY_ALLOW, "{\"login\":null}", "'login' is missing" },
		{ AUTH_POLICY_ALLOW, "{\"ip\":\"192.0.2.1\"}", "'login' is missing" },
		{ AUTH_POLICY_ALLOW, "{\"login\":7}", "'login' is not a text" },
		{ AUTH_POLICY_ALLOW, "{\"login\":[\"a\"]}", "'login' is not a text" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"remote\":16909060}", "'remote' is not a text" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"protocol\":true}", "'protocol' is not a text" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"device_id\":{}}", "'device_id' is not a text" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"session_id\":1.5}", "'session_id' is not a text" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"pwhash\":1234}", "'pwhash' is not a text" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"tls\":1}", "'tls' is not true or false" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"tls\":null,\"device_id\":null,\"remote\":null,\"success\":null}", "" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"unknown\":[{}],\"\":0}", "" },
		{ AUTH_POLICY_REPORT, "{\"login\":\"a\"}", "'success' is missing" },
		{ AUTH_POLICY_REPORT, "{\"login\":\"a\",\"success\":null}", "'success' is missing" },
		{ AUTH_POLICY_REPORT, "{\"success\":true}", "'login' is missing" },
		{ AUTH_POLICY_REPORT, "{\"login\":\"a\",\"success\":1}", "'success' is not true or false" },
		{ AUTH_POLICY_REPORT, "{\"login\":\"a\",\"success\":\"\"}", "'success' is not true or false" },
		{ AUTH_POLICY_REPORT, "{\"login\":\"a\",\"success\":\"yes\"}", "'success' is not true or false" },
		{ AUTH_POLICY_REPORT, "{\"login\":\"a\",\"success\":true,\"policy_reject\":[]}", "'policy_reject' is not true or false" },
		{ AUTH_POLICY_RESET, "{}", "'login' is missing" },
		{ AUTH_POLICY_RESET, "{\"remote\":\"192.0.2.1\"}", "'login' is missing" },
		{ AUTH_POLICY_RESET, "{\"ip\":\"\"}", "'ip' is not an address" },
		{ AUTH_POLICY_RESET, "{\"login\":\"a\",\"ip\":\"192.0.2.0/24\"}", "'ip' is not an address" },
		{ AUTH_POLICY_RESET, "{\"ip\":1}", "'ip' is not a text" },
		{ AUTH_POLICY_ALLOW, "", "no JSON: no object, at byte 0" },
		{ AUTH_POLICY_ALLOW, "[]", "no JSON: no object, at byte 0" },
		{ AUTH_POLICY_ALLOW, "login=a&remote=192.0.2.1", "no JSON: no object, at byte 0" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\"", "no JSON: no comma, at byte 12" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\"}{}", "no JSON: something follows, at byte 13" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"x\":tru}", "no JSON: no value, at byte 17" },
		{ AUTH_POLICY_ALLOW, "{\"login\":\"\xe9\"}", "no JSON: no UTF-8, at byte 10" },
		{ AUTH_POLICY_ALLOW, "\xff\xfe{", "no JSON: no object, at byte 0" },
		{ AUTH_POLICY_ALLOW, "\x1f\x8b\x08", "no JSON: no object, at byte 0" },
	};
	bool wrong = false;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool taken = take(rows[i].command, rows[i].json);

		if (taken == !rows[i].error[0] && strcmp(error.text, rows[i].error) == 0)
			continue;
		print_error("%s: \"%s\", wanted \"%s\"\n", rows[i].json, error.text, rows[i].error);
		wrong = true;
	}
	assert_false(wrong);
}

static void untouched_where_it_fails(void **state)
{
	struct auth_policy_request before;

	memset(&before, 0xa5, sizeof before);
	assert_false(take(AUTH_POLICY_ALLOW, "{\"login\":\"a\",\"tls\":true}x"));
	assert_memory_equal(&before, &request, sizeof request);
}

static void of_two_the_last_counts(void **state)
{
	must(AUTH_POLICY_REPORT, "{\"login\":\"a\",\"success\":true,\"remote\":\"192.0.2.1\",\"l\\u006fgin\":\"b\",\"success\":false,\"remote\":\"?\"}");
	assert_text(request.login, "b");
	assert_false(request.success);
	assert_ip("unknown");
}

/* whoever logs in chooses the name, the device and, behind a proxy that is trusted too far, the address: no fault may come
 * of it, for then Dovecot would let him pass */
static void strangers_texts_are_no_fault(void **state)
{
	static const char *const addresses[] = { "", "unknown", "192.0.2.256", "192.0.2.1:25", "::g", "mail.example.jp", "' or 1=1" };
	char *json = memory_new(AUTH_POLICY_BODY_MAX + 1);
	size_t n;

	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		snprintf(json, 1000, "{\"login\":\"a\",\"remote\":\"%s\"}", addresses[i]);
		must(AUTH_POLICY_ALLOW, json);
		assert_ip("unknown");
	}
	for (size_t before = 0; before < 3; before++) {
		n = (size_t)snprintf(json, 1000, "{\"login\":\"a\",\"device_id\":\"%.*s", (int)before, "xx");
		while (n + 8 < AUTH_POLICY_BODY_MAX)
			n += (size_t)snprintf(json + n, 7, "\\u95a2");
		n += (size_t)snprintf(json + n, 3, "\"}");
		assert_true(take_bytes(AUTH_POLICY_ALLOW, json, n));
		assert_text(request.login, "a");
		assert_in_range(request.device.n, AUTH_POLICY_TEXT_MAX - 2, AUTH_POLICY_TEXT_MAX);
		assert_int_equal((request.device.n - before) % 3, 0); /* whole characters */
	}
	memset(json, ' ', AUTH_POLICY_BODY_MAX + 1);
	memcpy(json, "{\"login\":\"a\"}", 13);
	assert_true(take_bytes(AUTH_POLICY_ALLOW, json, AUTH_POLICY_BODY_MAX));
	assert_false(take_bytes(AUTH_POLICY_ALLOW, json, AUTH_POLICY_BODY_MAX + 1));
	assert_string_equal(error.text, "longer than 131072 bytes");
	free(json);
}

static void escaped_texts_do_not_overwrite_one_another(void **state)
{
	must(AUTH_POLICY_ALLOW, "{\"login\":\"\\u5c71\\u7530@example.jp\",\"pwhash\":\"\\u0030\\u0031\",\"session_id\":\"\\/\\\\\","
				"\"device_id\":\"a\\tb\",\"remote\":\"192.0\\u002e2.1\",\"protocol\":\"\\u0069map\"}");
	assert_text(request.login, "山田@example.jp");
	assert_text(request.pwhash, "01");
	assert_text(request.session, "/\\");
	assert_text(request.device, "a\tb");
	assert_int_equal(request.protocol, PROTOCOL_IMAP);
	assert_ip("192.0.2.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands),
		cmocka_unit_test(dovecot_asks),
		cmocka_unit_test(dovecot_reports),
		cmocka_unit_test(clients_of_weakforced),
		cmocka_unit_test(protocols),
		cmocka_unit_test(right_and_wrong),
		cmocka_unit_test(untouched_where_it_fails),
		cmocka_unit_test(of_two_the_last_counts),
		cmocka_unit_test(strangers_texts_are_no_fault),
		cmocka_unit_test(escaped_texts_do_not_overwrite_one_another),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The auth policy service on a real loop and real sockets of the loopback: what Dovecot asks, what broken and hostile
 * clients do. One thread plays both sides; the clock is put forward by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth_client.h"
#include "base/memory.h"

/* ---- what is asked and answered */

/* as Dovecot 2.3 sends it */
static void dovecot_asks(void **state)
{
	static const char body[] = "{\"device_id\":\"\",\"local\":\"127.0.0.1\",\"login\":\"user031\",\"mech\":\"PLAIN\",\"protocol\":\"imap\",\"pwhash\":\"034a\","
				   "\"real_rip\":\"127.0.0.1\",\"remote\":\"203.0.113.31\",\"secured\":\"\",\"session_id\":\"/wisltlgQZzLAHEf\",\"tls\":false}";
	int fd = client();
	struct reply reply;

	ask(fd, "POST", "/?command=allow",
	    "Date: Sun, 22 Nov 2026 08:51:52 GMT\r\nUser-Agent: dovecot/auth-policy-client\r\nConnection: Keep-Alive\r\n"
	    "Content-Type: application/json\r\n" WITH_KEY,
	    body);
	reply = hear(fd);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, "{\"status\":0,\"msg\":\"\"}");
	assert_non_null(strstr(reply.head, "Content-Type: application/json\r\n"));
	assert_non_null(strcasestr(reply.head, "Connection: Keep-Alive\r\n"));
	assert_int_equal(heard.asked, 1);
	assert_int_equal(heard.command, AUTH_POLICY_ALLOW);
	assert_string_equal(heard.login, "user031");
	close(fd);
}

static void refused_with_a_message(void **state)
{
	int fd = client();
	struct reply reply;
	json_t *read;

	heard.answer.status = -1;
	snprintf(heard.answer.message, AUTH_MESSAGE_MAX, "\"%s\" は\tロックされています \\o/", "user031");
	reply = post(fd, "allow", BODY);
	assert_int_equal(reply.status, 200);
	read = json_loads(reply.body, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(read, "status")), -1);
	assert_string_equal(json_string_value(json_object_get(read, "msg")), heard.answer.message);
	json_decref(read);
	memset(heard.answer.message, '\x01', AUTH_MESSAGE_MAX - 1); /* the longest that it can become */
	read = json_loads(post(fd, "allow", BODY).body, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(read, "msg")), heard.answer.message);
	json_decref(read);
	heard.answer = (struct auth_answer){ .status = 5 };
	assert_string_equal(post(fd, "allow", BODY).body, "{\"status\":5,\"msg\":\"\"}");
	heard.answer = (struct auth_answer){ .status = 0, .message = "hello" };
	assert_string_equal(post(fd, "allow", BODY).body, "{\"status\":0,\"msg\":\"hello\"}");
	close(fd);
}

static void words_methods_and_paths(void **state)
{
	static const struct { const char *method, *target; int status; const char *body; unsigned asked; } rows[] = {
		{ "POST", "/?command=allow", 200, "{\"status\":0,\"msg\":\"\"}", 1 },
		{ "POST", "/?command=report", 200, "{\"status\":\"ok\"}", 1 },
		{ "POST", "/?command=reset", 200, "{\"status\":\"ok\"}", 1 },
		{ "POST", "/?command=ping", 200, "{\"status\":\"ok\"}", 0 },
		{ "GET", "/?command=ping", 200, "{\"status\":\"ok\"}", 0 },
		{ "GET", "/?command=stats", 200, "{\"asked\":3}", 0 },
		{ "POST", "/?command=stats", 200, "{\"asked\":3}", 0 },
		{ "HEAD", "/?command=ping", 200, "", 0 },
		{ "HEAD", "/?command=stats", 200, "", 0 },
		{ "POST", "/?x=y&command=allow", 200, "{\"status\":0,\"msg\":\"\"}", 1 },
		{ "POST", "/?command=%61llow", 200, "{\"status\":0,\"msg\":\"\"}", 1 },
		{ "GET", "/?command=allow", 405, NULL, 0 },
		{ "HEAD", "/?command=allow", 405, "", 0 },
		{ "PUT", "/?command=report", 405, NULL, 0 },
		{ "DELETE", "/?command=ping", 405, NULL, 0 },
		{ "OPTIONS", "/?command=ping", 405, NULL, 0 },
		{ "POST", "/", 404, NULL, 0 },
		{ "POST", "/?command", 404, NULL, 0 },
		{ "POST", "/?command=", 404, NULL, 0 },
		{ "POST", "/?command=getBL", 404, NULL, 0 },
		{ "POST", "/?command=allow%00", 404, NULL, 0 },
		{ "POST", "/allow", 404, NULL, 0 },
		{ "POST", "/other?command=allow", 404, NULL, 0 },
		{ "POST", "//?command=allow", 404, NULL, 0 },
		{ "POST", "/../?command=allow", 404, NULL, 0 },
	};
	int fd = client();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned before = heard.asked;
		struct reply reply;

		ask(fd, rows[i].method, rows[i].target, WITH_KEY, BODY);
		reply = hear_one(fd, rows[i].method[0] == 'H');
		if (reply.status != rows[i].status || (rows[i].body && strcmp(reply.body, rows[i].body) != 0))
			fail_msg("%s %s: %d %s", rows[i].method, rows[i].target, reply.status, reply.body);
		assert_int_equal(heard.asked - before, rows[i].asked);
		if (!rows[i].body)
			assert_true(text_starts(text_of(reply.body), TEXT("{\"status\":\"failure\",\"reason\":\"")));
	}
	assert_int_equal(tally().requests, sizeof rows / sizeof *rows);
	assert_int_equal(tally().connections, 1);
	assert_int_equal(heard.faulty, 1); /* told once a connection */
	assert_string_equal(heard.client, "127.0.0.1");
	close(fd);
}

/* "c2VjcmV0IG9mIHRoZSByaWc=" is the key, d2ZvcmNl "wforce" */
static void keys(void **state)
{
	static const struct { const char *headers; bool fits; } rows[] = {
		{ WITH_KEY, true },
		{ "x-sekisho-key:" KEY "\r\n", true },
		{ "X-Sekisho-Key:   " KEY "   \r\n", true },
		{ "X-API-Key: " KEY "\r\n", true },
		{ "Authorization: Basic d2ZvcmNlOnNlY3JldCBvZiB0aGUgcmln\r\n", true }, /* wforce:… */
		{ "Authorization: Basic OnNlY3JldCBvZiB0aGUgcmln\r\n", true },         /* no user */
		{ "", false },
		{ "X-Sekisho-Key:\r\n", false },
		{ "X-Sekisho-Key: secret of the rih\r\n", false },
		{ "X-Sekisho-Key: secret of the ri\r\n", false },
		{ "X-Sekisho-Key: secret of the rigs\r\n", false },
		{ "X-Sekisho-Key: Secret of the rig\r\n", false },
		{ "X-API-Key: secret\r\n", false },
		{ "X-Sekisho-Key: wrong\r\nX-API-Key: " KEY "\r\n", false },
		{ "Authorization: Basic d2ZvcmNlOndyb25n\r\n", false },
		{ "Authorization: Basic d2ZvcmNl\r\n", false }, /* no password */
		{ "Authorization: Basic d2ZvcmNlOg==\r\n", false },
		{ "Authorization: Basic !!!!\r\n", false },
		{ "Authorization: Basic \r\n", false },
		{ "Authorization: Bearer " KEY "\r\n", false },
		{ "X-Other-Key: " KEY "\r\n", false },
		{ "Cookie: X-Sekisho-Key=" KEY "\r\n", false },
	};
	unsigned denied = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const char *const targets[] = { "/?command=allow", "/?command=ping", "/?command=stats", "/none" };
		int fd = client();

		denied += rows[i].fits ? 0 : 4;
		for (size_t n = 0; n < 4; n++) {
			struct reply reply;
			int status = rows[i].fits ? n < 3 ? 200 : 404 : 401;

			ask(fd, "POST", targets[n], rows[i].headers, BODY);
			reply = hear(fd);
			if (reply.status != status)
				fail_msg("%s%s: %d", rows[i].headers, targets[n], reply.status);
			assert_true((strcasestr(reply.head, "\r\nWWW-Authenticate: Basic realm=") != NULL) == !rows[i].fits);
			assert_null(strstr(reply.body, "rig"));
		}
		assert_null(strstr(heard.error, "rig")); /* nor is any key ever told */
		close(fd);
	}
	assert_int_equal(heard.asked, 6);
	assert_int_equal(tally().denied_key, denied);
	assert_int_equal(tally().faulty, 6);
}

static void one_connection_many_requests(void **state)
{
	int fd = client();

	for (unsigned i = 0; i < 1000; i++) {
		char body[200], login[20];
		bool report = i % 3 == 2;

		snprintf(login, sizeof login, "user%u", i);
		snprintf(body, sizeof body, "{\"login\":\"%s\",\"success\":%s}", login, i % 2 ? "true" : "false");
		assert_int_equal(post(fd, report ? "report" : "allow", body).status, 200);
		assert_string_equal(heard.login, login);
		assert_int_equal(heard.success, i % 2);
		assert_int_equal(heard.command, report ? AUTH_POLICY_REPORT : AUTH_POLICY_ALLOW);
	}
	assert_int_equal(tally().connections, 1);
	assert_int_equal(tally().requests, 1000);
	close(fd);
}

static void several_requests_at_once(void **state)
{
	int fd = client();

	for (unsigned i = 0; i < 10; i++)
		ask(fd, "POST", i % 2 ? "/?command=allow" : "/?command=ping", WITH_KEY, i % 2 ? BODY : "");
	for (unsigned i = 0; i < 10; i++)
		assert_string_equal(hear(fd).body, i % 2 ? "{\"status\":0,\"msg\":\"\"}" : "{\"status\":\"ok\"}");
	close(fd);
}

static void old_clients_are_let_go(void **state)
{
	int fd = client();
	char all[1000] = "";

	say(fd, "POST /?command=allow HTTP/1.0\r\n" WITH_KEY "Content-Length: 15\r\n\r\n{\"login\":\"user\"}");
	for (unsigned i = 0; i < 100 && !strstr(all, "}"); i++) {
		turn();
		recv(fd, all, sizeof all - 1, 0);
	}
	assert_non_null(strstr(all, " 400 ")); /* one byte too few */
	assert_true(is_closed(fd));
	close(fd);
	fd = client();
	ask(fd, "POST", "/?command=allow", WITH_KEY "Connection: close\r\n", BODY);
	assert_int_equal(hear(fd).status, 200);
	assert_true(is_closed(fd));
	close(fd);
}

static void chunked_byte_by_byte(void **state)
{
	static const char head[] = "POST /?command=report HTTP/1.1\r\nHost: a\r\n" WITH_KEY "Transfer-Encoding: chunked\r\n\r\n";
	int fd = client();

	for (unsigned round = 0; round < 2; round++) {
		for (const char *p = head; *p; p++)
			assert_int_equal(say_bytes(fd, p, 1), 1);
		for (const char *p = BODY; *p; p++) {
			char chunk[20];

			snprintf(chunk, sizeof chunk, "1\r\n%c\r\n", *p);
			say(fd, chunk);
		}
		say(fd, "0\r\n\r\n");
		assert_int_equal(hear(fd).status, 200);
		assert_int_equal(heard.asked, round + 1);
		assert_string_equal(heard.login, "user031");
	}
	close(fd);
}

static void waits_until_told_to_go_on(void **state)
{
	int fd = client();
	char request[500];

	snprintf(request, sizeof request, "POST /?command=allow HTTP/1.1\r\nHost: a\r\n" WITH_KEY "Expect: 100-continue\r\nContent-Length: %zu\r\n\r\n",
		 strlen(BODY));
	say(fd, request);
	assert_int_equal(hear(fd).status, 100);
	say(fd, BODY);
	assert_int_equal(hear(fd).status, 200);
	close(fd);
}

/* ---- broken and hostile clients */

static void cut_anywhere(void **state)
{
	char request[500];
	int n = snprintf(request, sizeof request, "POST /?command=allow HTTP/1.1\r\nHost: a\r\n" WITH_KEY "Content-Length: %zu\r\n\r\n%s", strlen(BODY), BODY);

	for (int cut = 0; cut < n; cut++) {
		int fd = client();

		assert_int_equal(say_bytes(fd, request, (size_t)cut), cut);
		close(fd);
		turn();
	}
	assert_int_equal(heard.asked, 0);
	still_answers();
	await_open(0);
}

static void bodies_that_cannot_be_read(void **state)
{
	static const struct { const char *body, *reason; } rows[] = {
		{ "", "no JSON: no object, at byte 0" },
		{ "login=user031", "no JSON: no object, at byte 0" },
		{ "\x1f\x8b\x08\x01\x02", "no JSON: no object, at byte 0" },   /* gzip */
		{ "\xff\xfe{\x01", "no JSON: no object, at byte 0" },          /* UTF-16 */
		{ "{\"login\":\"Andr\xe9\"}", "no JSON: no UTF-8, at byte 14" }, /* Latin-1 */
		{ "{\"login\":7}", "'login' is not a text" },
		{ "{\"login\":\"a\"", "no JSON: no comma, at byte 12" },
	};
	int fd = client();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply reply = post(fd, "allow", rows[i].body);
		char wanted[200];

		snprintf(wanted, sizeof wanted, "{\"status\":\"failure\",\"reason\":\"%s\"}", rows[i].reason);
		assert_int_equal(reply.status, 400);
		assert_string_equal(reply.body, wanted);
	}
	assert_int_equal(heard.asked, 0);
	assert_int_equal(heard.faulty, 1);
	assert_string_equal(heard.error, rows[0].reason);
	assert_int_equal(tally().faulty, sizeof rows / sizeof *rows);
	assert_int_equal(post(fd, "allow", BODY).status, 200);
	close(fd);
}

/* a body of that size, whole or in chunks: what comes back */
static int status_of_body(int fd, size_t bytes, bool chunked, const char *key)
{
	char *body = memory_new(bytes + 1), head[500];
	size_t said;

	memset(body, ' ', bytes);
	memcpy(body, "{\"login\":\"a\"}", 13);
	snprintf(head, sizeof head, chunked ? "POST /?command=allow HTTP/1.1\r\nHost: a\r\n%sTransfer-Encoding: chunked\r\n\r\n%zx\r\n" :
					      "POST /?command=allow HTTP/1.1\r\nHost: a\r\n%sContent-Length: %zu\r\n\r\n", key, bytes);
	say(fd, head);
	said = say_bytes(fd, body, bytes);
	free(body);
	if (said == bytes && chunked)
		say_bytes(fd, "\r\n0\r\n\r\n", 7); /* it may have hung up while the rest was under way */
	return hear(fd).status;
}

static void large_bodies(void **state)
{
	static const struct { size_t bytes; int status; } rows[] = {
		{ 5000, 200 }, { 60000, 200 }, { AUTH_POLICY_BODY_MAX, 200 }, { AUTH_POLICY_BODY_MAX + 1, 413 }, { 1024 * 1024, 413 }, { 100, 200 },
		{ AUTH_IGNORED_MAX, 413 },
	};
	int fd = client();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(status_of_body(fd, rows[i].bytes, false, WITH_KEY), rows[i].status);
		assert_int_equal(status_of_body(fd, rows[i].bytes, true, WITH_KEY), rows[i].status);
	}
	assert_int_equal(tally().connections, 1); /* all of it on the same one */
	assert_string_equal(heard.error, "longer than 131072 bytes");
	assert_int_equal(status_of_body(fd, 1024 * 1024, false, ""), 401);
	close(fd);
	fd = client();
	assert_int_equal(status_of_body(fd, AUTH_IGNORED_MAX + 1024 * 1024, true, WITH_KEY), 0); /* it hangs up */
	close(fd);
	still_answers();
}

static void no_requests_at_all(void **state)
{
	static const char *const rows[] = {
		"hello\r\n\r\n", "\r\n\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "POST\r\n\r\n", "POST /?command=allow SMTP/1.0\r\n\r\n",
		"EHLO mail.example.jp\r\nMAIL FROM:<>\r\n", "POST /?command=allow HTTP/1.1\r\nContent-Length: -1\r\n" WITH_KEY "\r\n",
		"POST /?command=allow HTTP/1.1\r\n" WITH_KEY "Content-Length: 99999999999999999999999\r\n\r\n",
		"POST /?command=allow HTTP/1.1\r\n" WITH_KEY "Host: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"POST /?command=allow HTTP/1.1\r\n" WITH_KEY "Host: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
	};
	static const char name[] = "X: ";
	char *longest = memory_new(100000);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = client();

		say_bytes(fd, rows[i], strlen(rows[i]));
		close(fd);
		turn();
	}
	memset(longest, 'x', 100000);
	for (unsigned in_header = 0; in_header < 2; in_header++) {
		int fd = client(), status;

		say(fd, in_header ? "POST /?command=allow HTTP/1.1\r\n" : "POST /?command=");
		say(fd, in_header ? name : "");
		say_bytes(fd, longest, 100000);
		status = hear(fd).status;
		assert_true(status == 0 || status == 413 || status == 414 || status == 431);
		close(fd);
	}
	free(longest);
	assert_int_equal(heard.asked, 0);
	still_answers();
}

static void many_connections(void **state)
{
	enum { MANY = 300 };
	int fds[MANY];

	for (unsigned i = 0; i < MANY; i++) {
		fds[i] = client();
		if (i % 50 == 0)
			turn();
	}
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < MANY; i++)
			ask(fds[i], "POST", "/?command=allow", WITH_KEY, BODY);
		for (unsigned i = 0; i < MANY; i++)
			assert_int_equal(hear(fds[i]).status, 200);
	}
	assert_int_equal(tally().open, MANY);
	assert_int_equal(tally().requests, 3 * MANY);
	for (unsigned i = 0; i < MANY; i++)
		close(fds[i]);
	await_open(0);
}

/* It is heard no longer once its answers lie about, so what it costs is bounded; nobody else notices, and it is closed in
 * the end. */
static void a_client_that_never_reads(void **state)
{
	char request[500];
	size_t n = (size_t)snprintf(request, sizeof request, "POST /?command=allow HTTP/1.1\r\nHost: a\r\n" WITH_KEY "Content-Length: %zu\r\n\r\n%s",
				    strlen(BODY), BODY);
	int fd = client(), size = 4096;
	unsigned most;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	for (unsigned i = 0; i < 200000 && say_bytes(fd, request, n) == n; i++)
		;
	most = heard.asked;
	assert_in_range(most, 1, 199999);
	still_answers();
	assert_int_equal(heard.asked, most + 1);
	await_open(1);
	forward_s += AUTH_SILENCE_S + 1;
	await_open(0);
	close(fd);
}

static void silent_clients_are_closed(void **state)
{
	int idle = client(), half = client(), busy = client();

	say(half, "POST /?command=allow HTTP/1.1\r\nHost: a\r\n" WITH_KEY "Content-Length: 100\r\n\r\n{\"login\":");
	assert_int_equal(post(idle, "ping", "").status, 200);
	assert_int_equal(post(busy, "ping", "").status, 200);
	assert_int_equal(tally().open, 3);
	forward_s += AUTH_SILENCE_S - 5;
	assert_int_equal(post(busy, "ping", "").status, 200);
	assert_int_equal(tally().open, 3);
	forward_s += 10;
	assert_true(is_closed(idle));
	assert_true(is_closed(half));
	assert_int_equal(post(busy, "ping", "").status, 200);
	assert_int_equal(tally().open, 1);
	close(idle);
	close(half);
	close(busy);
}

static void strangers_are_turned_out_soon(void **state)
{
	int silent = client(), half = client(), wrong = client(), known = client();

	say(half, "POST /?command=al");
	say(wrong, "POST /?command=ping HTTP/1.1\r\nHost: a\r\nX-Sekisho-Key: guessed\r\nContent-Length: 0\r\n\r\n");
	assert_int_equal(hear(wrong).status, 401);
	assert_int_equal(post(known, "ping", "").status, 200);
	assert_int_equal(tally().open, 4);
	forward_s += AUTH_STRANGER_S + 1;
	await_open(1);
	assert_true(is_closed(silent));
	assert_true(is_closed(half));
	assert_true(is_closed(wrong));
	assert_int_equal(post(known, "ping", "").status, 200);
	close(silent);
	close(half);
	close(wrong);
	close(known);
}

/* ---- its life */

static void closed_amid_requests(void **state)
{
	int idle = client(), half = client();

	assert_int_equal(post(idle, "allow", BODY).status, 200);
	say(half, "POST /?command=allow HTTP/1.1\r\nHost: a\r\n" WITH_KEY "Content-Length: 9000\r\n\r\n{\"login\":\"\\u0061");
	assert_int_equal(end(NULL), 0);
	assert_int_equal(recv(idle, &(char){ 0 }, 1, 0), 0);
	assert_int_equal(heard.asked, 1);
	close(idle);
	close(half);
	assert_int_equal(begin(NULL), 0);
	still_answers();
}

static void places_and_keys(void **state)
{
	char taken[50], wanted[200], longest[AUTH_KEY_MAX + 2];
	static const char *const nowhere[] = {
		"", "inet:", "inet", "127.0.0.1:80", "inet:127.0.0.1", "inet:127.0.0.1:", "inet:127.0.0.1:65536", "inet:127.0.0.1:-1",
		"inet:127.0.0.1:http", "inet:localhost:80", "inet:::1:80", "inet:[::1:80", "inet:::1]:80", "inet:[]:80", "inet:[127.0.0.1]:80",
		"unix:/run/x", "inet::80", "inet:256.0.0.1:80", "inet:0000000000000000000000000000000000000000000000000000000000:80",
	};
	struct error error;

	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
		assert_null(auth_server_new(&loop, nowhere[i], KEY, &handler, &error));
		snprintf(wanted, sizeof wanted, "'%s' is not inet:address:port", nowhere[i]);
		assert_string_equal(error.text, wanted);
	}
	snprintf(taken, sizeof taken, "inet:127.0.0.1:%u", auth_server_port(server));
	assert_null(auth_server_new(&loop, taken, KEY, &handler, &error));
	snprintf(wanted, sizeof wanted, "cannot listen at '%s': Address already in use", taken);
	assert_string_equal(error.text, wanted);
	assert_null(auth_server_new(&loop, "inet:127.0.0.1:0", "", &handler, &error));
	assert_string_equal(error.text, "the key has 0 bytes, and may have 1 to 256");
	memset(longest, 'k', sizeof longest);
	longest[AUTH_KEY_MAX + 1] = '\0';
	assert_null(auth_server_new(&loop, "inet:127.0.0.1:0", longest, &handler, &error));
	still_answers();
}

static void over_ipv6(void **state)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	assert_int_equal(end(NULL), 0);
	if (begin_at("inet:[::1]:0") != 0) {
		print_message("this machine has no IPv6\n");
		close(fd);
		assert_int_equal(begin(NULL), 0);
		return;
	}
	to.sin6_port = htons(auth_server_port(server));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(post(fd, "allow", BODY).status, 200);
	assert_int_equal(post(fd, "allow", "{}").status, 400);
	assert_string_equal(heard.client, "::1");
	close(fd);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		ONE(dovecot_asks),
		ONE(refused_with_a_message),
		ONE(words_methods_and_paths),
		ONE(keys),
		ONE(one_connection_many_requests),
		ONE(several_requests_at_once),
		ONE(old_clients_are_let_go),
		ONE(chunked_byte_by_byte),
		ONE(waits_until_told_to_go_on),
		ONE(cut_anywhere),
		ONE(bodies_that_cannot_be_read),
		ONE(large_bodies),
		ONE(no_requests_at_all),
		ONE(many_connections),
		ONE(a_client_that_never_reads),
		ONE(silent_clients_are_closed),
		ONE(strangers_are_turned_out_soon),
		ONE(closed_amid_requests),
		ONE(places_and_keys),
		ONE(over_ipv6),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot's doors, beside servers that answer as Dovecot 2.3.19 was heard to, or worse. The real one is in
 * tests/rig/doors_check.py. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/when.h"
#include "containment/dovecot_answer.h"
#include "containment/dovecot_auth.h"
#include "fake_server.h"

enum { PATIENCE_MS = 60000, BODY_MAX = DOVECOT_ANSWER_MAX + 4096 };

struct story {
	char root[64], socket[96];
	uv_loop_t loop;
	uv_timer_t patience;
	struct fake_server http, auth;
	struct dovecot *dovecot;
	size_t requests, answers, wanted, failed;
	const char *body, *status; /* of the next answers */
	void (*respond)(struct story *story, struct fake_client *client, struct text asked);
	char asked[1 << 16]; /* the body of the last request */
	uint32_t count;      /* all together */
	char says[DOVECOT_SAYS_MAX];
	char trials[64]; /* a letter each */
	const char *greeting;
	char line[2048]; /* the last login that was tried */
	bool close_after;
};

static void too_long(uv_timer_t *timer) { fail_msg("no answer"); }

/* ---- doveadm */

static void respond(struct story *story, struct fake_client *client, struct text asked)
{
	static char text[BODY_MAX];
	int n = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", story->status,
			 strlen(story->body), story->body);

	fake_say(client, (struct text){ text, (size_t)n });
}

static size_t hear_http(struct fake_server *server, struct fake_client *client, struct text heard)
{
	struct story *story = server->context;
	struct text rest, word;
	uint64_t n;

	if (!text_behind(heard, TEXT("\r\n\r\n"), &rest) || !text_behind(heard, TEXT("Content-Length: "), &word))
		return 0;
	if (!text_number(text_head(word, text_find(word, '\r')), sizeof story->asked - 1, &n) || rest.n < n)
		return 0;
	assert_true(text_holds(heard, TEXT("Authorization: X-Dovecot-API b3BlbiBzZXNhbWU=\r\n")));
	assert_true(text_starts(heard, TEXT("POST /doveadm/v1 HTTP/1.1\r\n")));
	text_copy(story->asked, sizeof story->asked, rest);
	story->requests++;
	(story->respond ? story->respond : respond)(story, client, rest);
	return heard.n;
}

/* ---- the auth socket: `d` in a login's name makes it denied, and so on */

static void greet(struct fake_server *server, struct fake_client *client)
{
	const struct story *story = server->context;

	fake_say(client, text_of(story->greeting));
}

static void answer_login(struct story *story, struct fake_client *client, struct text line)
{
	static const char *const verdicts[] = { "FAIL\t%s\tuser=x\tcode=user_disabled\n", "FAIL\t%s\tuser=x\n", "OK\t%s\tuser=x\n",
						"FAIL\t%s\tuser=x\treason=locked: \x01n no\n", "FAIL\t%s\tuser=x\ttemp\n",
						"CONT\t%s\tabc\n", "FAIL\t999999\n", "FAIL\n" };
	struct text id, verb;
	char answer[128], number[16];
	const char *service;

	text_copy(story->line, sizeof story->line, line);
	service = strstr(story->line, "service=imap");
	text_cut(&line, '\t', &verb);
	text_cut(&line, '\t', &id);
	text_copy(number, sizeof number, id);
	if (!service || service[12] == 'x') /* never answered */
		return;
	snprintf(answer, sizeof answer, verdicts[service[12] == '\t' ? 1 : service[12] - '0'], number);
	fake_say(client, text_of(answer));
}

static size_t hear_auth(struct fake_server *server, struct fake_client *client, struct text heard)
{
	struct text rest = heard, line;

	while (text_cut(&rest, '\n', &line))
		if (text_starts(line, TEXT("AUTH\t")))
			answer_login(server->context, client, line);
	return heard.n - rest.n;
}

/* ---- the story */

static struct dovecot *open_doors(struct story *story, const char *url, const char *key, const char *socket)
{
	return dovecot_new(&story->loop, &(struct dovecot_options){ url, key, socket });
}

static int begin(void **state)
{
	struct story *story = memory_zero(1, sizeof *story);
	char url[64];

	text_copy(story->root, sizeof story->root, TEXT("/tmp/sekisho-doors-XXXXXX"));
	assert_non_null(mkdtemp(story->root));
	snprintf(story->socket, sizeof story->socket, "%s/auth", story->root);
	uv_loop_init(&story->loop);
	uv_timer_init(&story->loop, &story->patience);
	uv_timer_start(&story->patience, too_long, PATIENCE_MS, 0);
	story->http = (struct fake_server){ .hear = hear_http, .context = story };
	story->auth = (struct fake_server){ .hear = hear_auth, .greet = greet, .context = story };
	fake_listen_port(&story->http, &story->loop);
	fake_listen_pipe(&story->auth, &story->loop, story->socket);
	story->status = "200 OK";
	story->greeting = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\taa\nDONE\n";
	snprintf(url, sizeof url, "http://127.0.0.1:%u/doveadm/v1", story->http.port);
	story->dovecot = open_doors(story, url, "open sesame", story->socket);
	*state = story;
	return 0;
}

static int end(void **state)
{
	struct story *story = *state;
	int64_t began = clock_steady();

	dovecot_close(story->dovecot);
	fake_close(&story->http);
	fake_close(&story->auth);
	uv_close((uv_handle_t *)&story->patience, NULL);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_true(clock_steady() - began < 5 * SECOND_US); /* nobody waits for a Dovecot that hangs */
	assert_int_equal(uv_loop_close(&story->loop), 0);
	remove(story->socket);
	remove(story->root);
	free(story);
	return 0;
}

static void stop_when_all(struct story *story)
{
	if (story->close_after) {
		dovecot_close(story->dovecot);
		story->dovecot = NULL;
	}
	if (++story->answers == story->wanted || story->close_after)
		uv_stop(&story->loop);
}

static void on_done(void *context, enum dovecot_result result, uint32_t count, const char *says)
{
	struct story *story = context;

	story->failed += result == DOVECOT_FAILED;
	story->count += count;
	text_copy(story->says, sizeof story->says, text_of(says));
	stop_when_all(story);
}

static void on_tried(void *context, enum dovecot_trial trial, const char *says)
{
	struct story *story = context;

	story->trials[strlen(story->trials)] = "DWLF"[trial];
	text_copy(story->says, sizeof story->says, text_of(says));
	stop_when_all(story);
}

static void run(struct story *story, size_t answers)
{
	assert_int_equal(story->answers, 0); /* never from within */
	story->wanted = answers;
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->answers, answers);
	story->answers = 0;
}

/* one question, and its answer */
static void ask(struct story *story, enum dovecot_verb verb, const char *user, const char *body)
{
	story->count = 0;
	story->failed = 0;
	story->body = body;
	dovecot_ask(story->dovecot, verb, text_of(user), on_done, story);
	run(story, 1);
}

#define WHO(user, n) "[\"doveadmResponse\",[{\"username\":\"" user "\",\"connections\":\"" n "\",\"service\":\"imap\"}],\"w0\"]"

static void what_is_asked_and_answered(void **state)
{
	struct story *story = *state;

	ask(story, DOVECOT_WHO, "taro@x.test", "[" WHO("Taro@x.test", "3") "]");
	assert_string_equal(story->asked, "[[\"who\",{\"mask\":[\"taro@x.test\"]},\"w0\"]]");
	assert_int_equal(story->count, 3);
	ask(story, DOVECOT_KICK, "taro@x.test", "[" WHO("taro@x.test", "2") ",[\"doveadmResponse\",[{\"result\":\"taro@x.test\"}],\"k0\"]]");
	assert_string_equal(story->asked,
			    "[[\"who\",{\"mask\":[\"taro@x.test\"]},\"w0\"],[\"kick\",{\"mask\":[\"taro@x.test\"]},\"k0\"]]");
	assert_int_equal(story->count, 2);
	assert_string_equal(story->says, "2 sessions ended");
	ask(story, DOVECOT_KICK, "taro@x.test", "[[\"doveadmResponse\",[],\"w0\"],[\"error\",{\"type\":\"exitCode\", \"exitCode\":68},\"k0\"]]");
	assert_int_equal(story->count, 0);
	assert_int_equal(story->failed, 0);
	ask(story, DOVECOT_FLUSH, "taro@x.test", "[[\"doveadmResponse\",[{\"entries\":\"1\"}],\"f0\"]]\r\n");
	assert_string_equal(story->asked, "[[\"authCacheFlush\",{\"user\":[\"taro@x.test\"]},\"f0\"]]");
	assert_int_equal(story->count, 1);
}

static void what_is_no_answer_fails(void **state)
{
	static const char *const bodies[] = {
		"", "nonsense", "{}", "[", "[]", "[[]]", "[[\"doveadmResponse\",[],\"w1\"]]", "[[\"doveadmResponse\",[]]]", "[1]",
		"[[\"error\",{\"type\":\"exitCode\",\"exitCode\":75},\"w0\"]]", "[[\"error\",{},\"w0\"]]", "[" WHO("taro@x.test", "1"),
		"[" WHO("taro@x.test", "1") "] and more", "[[\"strange\",[],\"w0\"]]", "[[\"doveadmResponse\",[],\"f0\"]]",
	};
	struct story *story = *state;

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		ask(story, DOVECOT_WHO, "taro@x.test", bodies[i]);
		if (story->failed != 1 || !story->says[0])
			fail_msg("'%s' was believed", bodies[i]);
	}
}

static void statuses_are_told(void **state)
{
	static const struct {
		const char *status, *says;
	} table[] = { { "401 Authentication required", "does not take the key" }, { "404 Path Not Found", "no API at this path" },
		      { "500 Oh", "HTTP status 500" }, { "302 Found\r\nLocation: http://127.0.0.1:1/", "HTTP status 302" } };
	struct story *story = *state;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		story->status = table[i].status;
		ask(story, DOVECOT_KICK, "taro@x.test", "[]");
		assert_non_null(strstr(story->says, table[i].says));
		assert_null(strstr(story->says, "sesame"));
	}
}

static void names_that_are_no_names_are_not_sent(void **state)
{
	static const struct text bad[] = { TEXT(""), TEXT("a\0b"), TEXT("a\nb"), TEXT("\xff"), TEXT("a\x7f"), TEXT("*"), TEXT("t?ro"), TEXT("a b") };
	struct story *story = *state;
	char endless[DOVECOT_USER_MAX + 1];

	memset(endless, 'a', sizeof endless);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		dovecot_ask(story->dovecot, DOVECOT_KICK, bad[i], on_done, story);
	dovecot_ask(story->dovecot, DOVECOT_KICK, (struct text){ endless, sizeof endless }, on_done, story);
	run(story, sizeof bad / sizeof *bad + 1);
	assert_int_equal(story->failed, sizeof bad / sizeof *bad + 1);
	assert_int_equal(story->requests, 0);
}

/* a mask with a ? at that place is answered with others, or with the user alone */
static void respond_to_veiled(struct story *story, struct fake_client *client, struct text asked)
{
	static char body[512];
	bool kicks = text_holds(asked, TEXT("\"kick\""));
	const char *more = text_holds(asked, TEXT("?0.0.0.1")) || text_holds(asked, TEXT("1?.0.0.1")) || story->count == 99
				   ? ",{\"username\":\"10.0.0.2\",\"connections\":\"1\"}"
				   : "";

	assert_false(text_holds(asked, TEXT("\"10.0.0.1\"")));
	snprintf(body, sizeof body, "[[\"doveadmResponse\",[{\"username\":\"10.0.0.1\",\"connections\":\"2\"}]%s,\"w0\"]%s]", more,
		 kicks ? ",[\"doveadmResponse\",[{\"result\":\"10.0.0.1\"}],\"k0\"]" : "");
	story->body = body;
	respond(story, client, asked);
}

static void one_like_an_address_is_kicked_alone(void **state)
{
	struct story *story = *state;

	story->respond = respond_to_veiled;
	ask(story, DOVECOT_KICK, "10.0.0.1", NULL);
	assert_string_equal(story->asked, "[[\"who\",{\"mask\":[\"10?0.0.1\"]},\"w0\"],[\"kick\",{\"mask\":[\"10?0.0.1\"]},\"k0\"]]");
	assert_int_equal(story->count, 2);
	assert_int_equal(story->requests, 4);
	ask(story, DOVECOT_WHO, "10.0.0.1", NULL);
	assert_int_equal(story->count, 2);
}

static void respond_with_others(struct story *story, struct fake_client *client, struct text asked)
{
	assert_false(text_holds(asked, TEXT("kick")));
	story->body = "[[\"doveadmResponse\",[{\"username\":\"1/0\",\"connections\":\"2\"}],{\"username\":\"1/1\"},\"w0\"]]";
	respond(story, client, asked);
}

static void or_not_at_all(void **state)
{
	struct story *story = *state;

	story->respond = respond_with_others;
	ask(story, DOVECOT_KICK, "1/0", NULL);
	assert_int_equal(story->failed, 1);
	assert_int_equal(story->requests, 3);
}

/* as many empty answers as there are questions */
static void respond_to_all(struct story *story, struct fake_client *client, struct text asked)
{
	static char body[1 << 16];
	size_t n = 1, i = 0;

	body[0] = '[';
	for (struct text rest = asked; text_behind(rest, TEXT("\"who\""), &rest); i++) /* Dovecot 2.3 forgets a comma here and there */
		n += (size_t)snprintf(body + n, sizeof body - n, "%s[\"doveadmResponse\",[],\"w%zu\"]", i % 3 ? "," : "", i);
	snprintf(body + n, sizeof body - n, "]");
	story->body = body;
	respond(story, client, asked);
}

static void questions_go_together(void **state)
{
	struct story *story = *state;
	char user[32];

	story->respond = respond_to_all;
	for (unsigned i = 0; i < DOVECOT_TOGETHER_MAX * 3; i++) {
		snprintf(user, sizeof user, "user%u", i);
		dovecot_ask(story->dovecot, DOVECOT_WHO, text_of(user), on_done, story);
	}
	run(story, DOVECOT_TOGETHER_MAX * 3);
	assert_int_equal(story->failed, 0);
	assert_int_equal(story->requests, 3);
}

static void respond_endlessly(struct story *story, struct fake_client *client, struct text asked)
{
	static char body[DOVECOT_ANSWER_MAX + 2];

	if (text_holds(asked, TEXT("\"w1\"")) || text_holds(asked, TEXT("huge"))) {
		memset(body, ' ', sizeof body - 1);
		story->body = body;
		respond(story, client, asked);
	} else {
		respond_to_all(story, client, asked);
	}
}

static void an_answer_that_is_too_long_comes_in_pieces(void **state)
{
	static const char *const users[] = { "a", "b", "huge", "c" };
	struct story *story = *state;

	story->respond = respond_endlessly;
	for (size_t i = 0; i < 4; i++)
		dovecot_ask(story->dovecot, DOVECOT_WHO, text_of(users[i]), on_done, story);
	run(story, 4);
	assert_int_equal(story->failed, 1);
}

static void respond_not(struct story *story, struct fake_client *client, struct text asked) { uv_stop(&story->loop); }

static void one_that_hangs_is_left(void **state)
{
	struct story *story = *state;

	story->respond = respond_not;
	dovecot_ask(story->dovecot, DOVECOT_WHO, TEXT("taro"), on_done, story);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->requests, 1);
	assert_int_equal(story->answers, 0); /* end() closes it, and looks at the clock */
}

static void it_may_be_closed_by_an_answer(void **state)
{
	struct story *story = *state;

	story->respond = respond_to_all;
	story->close_after = true;
	for (int i = 0; i < 5; i++)
		dovecot_ask(story->dovecot, DOVECOT_WHO, TEXT("taro"), on_done, story);
	run(story, 1);
}

static void what_is_not_set_up_fails(void **state)
{
	static const char *const urls[] = { NULL, "", "file:///etc/passwd", "http://127.0.0.1:1/", "ftp://127.0.0.1/" };
	struct story *story = *state;

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		dovecot_close(story->dovecot);
		story->dovecot = open_doors(story, urls[i], "open sesame", NULL);
		ask(story, DOVECOT_KICK, "taro", NULL);
		assert_int_equal(story->failed, 1);
		assert_true(strlen(story->says) > 10);
		dovecot_try(story->dovecot, "imap", TEXT("taro"), on_tried, story);
		run(story, 1);
	}
	assert_string_equal(story->trials, "FFFFF");
	dovecot_close(story->dovecot);
	story->dovecot = open_doors(story, "http://127.0.0.1:1/", "", NULL);
	ask(story, DOVECOT_KICK, "taro", NULL);
	assert_non_null(strstr(story->says, "the key of doveadm is empty"));
}

/* ---- trials */

static void try(struct story *story, const char *service, const char *user)
{
	memset(story->trials, 0, sizeof story->trials);
	dovecot_try(story->dovecot, service, text_of(user), on_tried, story);
	run(story, 1);
}

static void trials_say_what_a_door_would(void **state)
{
	static const struct {
		const char *service, *trial;
	} table[] = { { "imap0", "D" }, { "imap", "W" }, { "imap2", "L" }, { "imap3", "F" }, { "imap4", "F" },
		      { "imap5", "F" }, { "imap6", "F" }, { "imap7", "F" } };
	struct story *story = *state;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		try(story, table[i].service, "taro@x.test");
		assert_string_equal(story->trials, table[i].trial);
		assert_true(story->says[0]);
	}
	try(story, "imap3", "taro@x.test");
	assert_non_null(strstr(story->says, "locked: ?n no"));
	assert_int_equal(story->auth.clients, sizeof table / sizeof *table + 1); /* none stays */
}

static void a_trial_is_known_by_its_session(void **state)
{
	struct story *story = *state;
	struct text session;
	char stranger[64];

	try(story, "imap", "taro@x.test");
	assert_non_null(strstr(story->line, "\tno-penalty\t"));
	assert_non_null(strstr(story->line, "\tnologin\t"));
	assert_true(text_behind(text_of(story->line), TEXT("\tsession="), &session));
	session = text_head(session, text_find(session, '\t'));
	assert_true(dovecot_is_trial(story->dovecot, session));
	text_copy(stranger, sizeof stranger, session);
	stranger[3] ^= 1;
	assert_false(dovecot_is_trial(story->dovecot, text_of(stranger)));
	assert_false(dovecot_is_trial(story->dovecot, TEXT("")));
	assert_false(dovecot_is_trial(story->dovecot, text_head(session, 5)));
}

static void many_trials_share_a_connection(void **state)
{
	enum { MANY = 48 };
	struct story *story = *state;

	for (size_t i = 0; i < MANY; i++)
		dovecot_try(story->dovecot, i % 2 ? "imap0" : "imap1", TEXT("taro@x.test"), on_tried, story);
	run(story, MANY);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(story->trials[i], i % 2 ? 'D' : 'W');
	assert_int_equal(story->auth.clients, 1);
}

static void what_cannot_be_tried_is_not(void **state)
{
	static const char *const services[] = { "", "i map", "imap\tx", "abcdefghijklmnopq" };
	struct story *story = *state;

	for (size_t i = 0; i < 4; i++)
		dovecot_try(story->dovecot, services[i], TEXT("taro"), on_tried, story);
	dovecot_try(story->dovecot, "imap", TEXT(""), on_tried, story);
	dovecot_try(story->dovecot, "imap", TEXT("a\0b"), on_tried, story);
	run(story, 6);
	assert_string_equal(story->trials, "FFFFFF");
	assert_int_equal(story->auth.clients, 0);
}

static void who_does_not_speak_it_is_left(void **state)
{
	static const char *const greetings[] = { "VERSION\t2\t0\n", "VERSION\t1\t2\nDONE\n", "MECH\tPLAIN\nDONE\n", "DONE\n", "OK\t1\n",
						 "* OK IMAP4rev1 ready\nVERSION\n" };
	struct story *story = *state;

	for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++) {
		story->greeting = greetings[i];
		try(story, "imap0", "taro");
		assert_string_equal(story->trials, "F");
	}
}

static void a_trial_may_close_it(void **state)
{
	struct story *story = *state;

	story->close_after = true;
	for (int i = 0; i < 3; i++)
		dovecot_try(story->dovecot, "imap0", TEXT("taro"), on_tried, story);
	run(story, 1);
}

static void one_that_hangs_is_closed(void **state)
{
	struct story *story = *state;

	dovecot_try(story->dovecot, "imapx", TEXT("taro"), on_tried, story);
	while (!story->line[0])
		uv_run(&story->loop, UV_RUN_ONCE);
	assert_string_equal(story->trials, "");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(what_is_asked_and_answered),
		STORY(what_is_no_answer_fails),
		STORY(statuses_are_told),
		STORY(names_that_are_no_names_are_not_sent),
		STORY(one_like_an_address_is_kicked_alone),
		STORY(or_not_at_all),
		STORY(questions_go_together),
		STORY(an_answer_that_is_too_long_comes_in_pieces),
		STORY(one_that_hangs_is_left),
		STORY(it_may_be_closed_by_an_answer),
		STORY(what_is_not_set_up_fails),
		STORY(trials_say_what_a_door_would),
		STORY(a_trial_is_known_by_its_session),
		STORY(many_trials_share_a_connection),
		STORY(what_cannot_be_tried_is_not),
		STORY(who_does_not_speak_it_is_left),
		STORY(a_trial_may_close_it),
		STORY(one_that_hangs_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The asking side of passwords, beside a helper of the test's own. The real one is in tests/rig/passdb_check.py. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/when.h"
#include "containment/keys_answer.h"
#include "fake_server.h"

enum { PATIENCE_MS = 60000 };

struct story {
	char root[64], socket[96];
	uv_loop_t loop;
	uv_timer_t patience;
	struct fake_server helper;
	bool helping;
	struct keys *keys;
	size_t requests, answers, wanted;
	char heard[8192];  /* all requests */
	const char *reply; /* instead of the usual ones; "": none, and it hangs up; NULL: the usual */
	char results[64];
	char says[KEYS_LINE_MAX];
	size_t accounts, ends;
	struct error error;
	bool close_after, faulty;
};

static void too_long(uv_timer_t *timer) { fail_msg("no answer"); }

static void answer(struct story *story, struct fake_client *client, struct text line)
{
	char reply[256];
	struct text verb = line, account;
	size_t n = strlen(story->heard);

	if (text_is(line, TEXT("ping"))) {
		fake_say(client, TEXT("ok - here\n"));
		return;
	}
	story->requests++;
	snprintf(story->heard + n, sizeof story->heard - n, "%.*s\n", TEXT_ARG(line));
	if (story->reply && !*story->reply) {
		fake_hang_up(client);
		return;
	}
	text_cut(&line, ' ', &verb);
	account = text_head(line, text_find(line, ' '));
	snprintf(reply, sizeof reply, "ok %.*s 0123456789abcdef\n", TEXT_ARG(account));
	fake_say(client, text_of(story->reply ? story->reply : reply));
}

static size_t hear(struct fake_server *server, struct fake_client *client, struct text heard)
{
	struct text rest = heard, line;

	while (text_cut(&rest, '\n', &line))
		answer(server->context, client, line);
	return heard.n - rest.n;
}

static void help(struct story *story)
{
	story->helper = (struct fake_server){ .hear = hear, .context = story };
	fake_listen_pipe(&story->helper, &story->loop, story->socket);
	story->helping = true;
}

static int begin(void **state)
{
	struct story *story = memory_zero(1, sizeof *story);

	text_copy(story->root, sizeof story->root, TEXT("/tmp/sekisho-keys-XXXXXX"));
	assert_non_null(mkdtemp(story->root));
	snprintf(story->socket, sizeof story->socket, "%s/socket", story->root);
	uv_loop_init(&story->loop);
	uv_timer_init(&story->loop, &story->patience);
	uv_timer_start(&story->patience, too_long, PATIENCE_MS, 0);
	story->keys = keys_new(&story->loop, story->socket);
	*state = story;
	return 0;
}

static int end(void **state)
{
	struct story *story = *state;

	keys_close(story->keys);
	if (story->helping)
		fake_close(&story->helper);
	uv_close((uv_handle_t *)&story->patience, NULL);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&story->loop), 0);
	remove(story->socket);
	remove(story->root);
	free(story);
	return 0;
}

static void stop_when_all(struct story *story)
{
	if (story->close_after) {
		keys_close(story->keys);
		story->keys = NULL;
	}
	if (++story->answers == story->wanted || story->close_after)
		uv_stop(&story->loop);
}

static void on_done(void *context, enum keys_result result, const char *says)
{
	struct story *story = context;

	if (strlen(story->results) + 1 < sizeof story->results)
		story->results[strlen(story->results)] = "DACFf"[result];
	text_copy(story->says, sizeof story->says, text_of(says));
	stop_when_all(story);
}

static void ask(struct story *story, enum keys_verb verb, struct text account, struct text password)
{
	keys_ask(story->keys, verb, account, password, on_done, story);
}

static void run(struct story *story, size_t answers)
{
	assert_int_equal(story->answers, 0); /* never from within */
	story->wanted = answers;
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->answers, answers);
	story->answers = 0;
}

static void each_verb_is_a_line(void **state)
{
	struct story *story = *state;

	help(story);
	for (enum keys_verb verb = KEYS_FINGERPRINT; verb <= KEYS_DELETE; verb++)
		ask(story, verb, TEXT("taro@x.test"), verb == KEYS_CHANGE || verb == KEYS_RENEW ? TEXT("a b<%>\xe3\x81\x82") : TEXT_NONE);
	run(story, KEYS_DELETE + 1);
	assert_string_equal(story->heard, "fingerprint <taro@x.test>\nscramble <taro@x.test>\nrestore <taro@x.test>\n"
					  "change <taro@x.test> <a%20b%3C%25%3E%E3%81%82>\nrenew <taro@x.test> <a%20b%3C%25%3E%E3%81%82>\ndisable <taro@x.test>\n"
					  "enable <taro@x.test>\ndelete <taro@x.test>\n");
	assert_string_equal(story->results, "DDDDDDDD");
	assert_string_equal(story->says, "0123456789abcdef");
	assert_int_equal(story->helper.clients, 1);
}

static void answers_say_what_came_of_it(void **state)
{
	static const struct {
		const char *reply, *result, *says;
	} table[] = {
		{ "ok <taro@x.test> -\n", "D", "" },
		{ "no <taro@x.test> absent <there%20is%20none>\n", "A", "there is none" },
		{ "no <taro@x.test> cannot <nothing%20to%20restore>\n", "C", "nothing to restore" },
		{ "no <taro@x.test> failed <disk%20full>\n", "F", "disk full" },
		{ "no <taro@x.test> former <it%20was%20once>\n", "f", "it was once" },
		{ "no - cannot <too%20long>\n", "C", "too long" },
	};
	struct story *story = *state;

	help(story);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		memset(story->results, 0, sizeof story->results);
		story->reply = table[i].reply;
		ask(story, KEYS_SCRAMBLE, TEXT("taro@x.test"), TEXT_NONE);
		run(story, 1);
		assert_string_equal(story->results, table[i].result);
		assert_string_equal(story->says, table[i].says);
	}
}

/* it says what it says of any word that it does not know; nothing may be taken for done */
static void an_older_helper_is_said_to_be_one(void **state)
{
	static const struct {
		enum keys_verb verb;
		const char *reply, *result, *says;
	} table[] = {
		{ KEYS_RENEW, "no - cannot <no%20verb>\n", "F",
		  "the helper for passwords is of an older version, which cannot tell former passwords: install the new one, and restart sekisho-passdb" },
		{ KEYS_RENEW, "no - cannot <no%20password>\n", "C", "no password" },
		{ KEYS_RENEW, "no <taro@x.test> cannot <no%20verb>\n", "C", "no verb" },
		{ KEYS_CHANGE, "no - cannot <no%20verb>\n", "C", "no verb" },
	};
	struct story *story = *state;

	help(story);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		memset(story->results, 0, sizeof story->results);
		story->reply = table[i].reply;
		ask(story, table[i].verb, TEXT("taro@x.test"), TEXT("sesame"));
		run(story, 1);
		assert_string_equal(story->results, table[i].result);
		assert_string_equal(story->says, table[i].says);
	}
}

/* a scramble is not sent twice by itself: whoever asked decides */
static void what_is_no_answer_is_a_failure(void **state)
{
	static const char *const replies[] = { "ok <hanako@x.test> -\n", "ok\n", "\n", "yes <taro@x.test> -\n", "ok <taro@x.test>\n",
					       "ok taro@x.test -\n", "no <taro@x.test> why\n", "no <taro@x.test> failed unquoted\n",
					       "ok <taro@x.test> 0123456789012345678901234567890123\n", "ok - here\n", "" };
	struct story *story = *state;

	help(story);
	for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
		memset(story->results, 0, sizeof story->results);
		story->requests = 0;
		story->reply = replies[i];
		ask(story, KEYS_SCRAMBLE, TEXT("taro@x.test"), TEXT_NONE);
		run(story, 1);
		assert_string_equal(story->results, "F");
		assert_int_equal(story->requests, 1);
		story->reply = NULL;
		ask(story, KEYS_SCRAMBLE, TEXT("taro@x.test"), TEXT_NONE);
		run(story, 1);
		assert_string_equal(story->results, "FD");
	}
}

static void who_is_away_is_waited_for_and_then_given_up(void **state)
{
	struct story *story = *state;
	int64_t began = clock_steady(), waited;

	ask(story, KEYS_SCRAMBLE, TEXT("taro@x.test"), TEXT_NONE);
	ask(story, KEYS_CHANGE, TEXT("taro@x.test"), TEXT("sesame"));
	run(story, 2);
	waited = (clock_steady() - began) / 1000;
	assert_string_equal(story->results, "FF");
	assert_true(waited >= KEYS_PATIENCE_MS - 100 && waited < KEYS_PATIENCE_MS + 3000);
	help(story);
	ask(story, KEYS_SCRAMBLE, TEXT("taro@x.test"), TEXT_NONE);
	run(story, 1);
	assert_string_equal(story->results, "FFD"); /* at once */
}

static void who_comes_in_time_is_asked(void **state)
{
	struct story *story = *state;

	ask(story, KEYS_SCRAMBLE, TEXT("taro@x.test"), TEXT_NONE);
	for (int i = 0; i < 50; i++)
		uv_run(&story->loop, UV_RUN_NOWAIT);
	help(story);
	run(story, 1);
	assert_string_equal(story->results, "D");
}

static void what_fits_no_line_is_not_sent(void **state)
{
	struct story *story = *state;
	char endless[KEYS_LINE_MAX];

	help(story);
	memset(endless, 'a', sizeof endless);
	ask(story, KEYS_SCRAMBLE, TEXT(""), TEXT_NONE);
	ask(story, KEYS_CHANGE, TEXT("taro@x.test"), TEXT_NONE);
	ask(story, KEYS_SCRAMBLE, TEXT("taro@x.test"), TEXT_NONE);
	ask(story, KEYS_CHANGE, TEXT("taro@x.test"), (struct text){ endless, sizeof endless });
	ask(story, KEYS_DISABLE, (struct text){ endless, sizeof endless / 2 }, TEXT_NONE);
	ask(story, KEYS_RENEW, TEXT("taro@x.test"), TEXT_NONE);
	run(story, 6);
	assert_string_equal(story->results, "FFDFFF");
	assert_int_equal(story->requests, 1);
}

static void many_go_in_order(void **state)
{
	enum { MANY = 1000 };
	struct story *story = *state;
	char account[32];

	help(story);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(account, sizeof account, "user%u@x.test", i);
		ask(story, KEYS_FINGERPRINT, text_of(account), TEXT_NONE);
	}
	run(story, MANY);
	assert_int_equal(story->requests, MANY);
	assert_int_equal(story->helper.clients, 1);
}

static void it_may_be_closed_by_an_answer(void **state)
{
	struct story *story = *state;

	help(story);
	story->close_after = true;
	for (int i = 0; i < 5; i++)
		ask(story, KEYS_CHANGE, TEXT("taro@x.test"), TEXT("sesame"));
	run(story, 1);
}

/* ---- lists */

static void on_account(void *context, struct text account)
{
	struct story *story = context;

	story->accounts += text_is(account, TEXT("a b@x.test"));
}

static void on_end(void *context, const struct error *error)
{
	struct story *story = context;

	story->ends++;
	story->faulty = error != NULL;
	if (error)
		story->error = *error;
	uv_stop(&story->loop);
}

static void lists_end(void **state)
{
	static const struct {
		const char *reply;
		size_t accounts;
		const char *fault;
	} table[] = {
		{ "account <a%20b@x.test>\naccount <a%20b@x.test> more\nend\n", 2, NULL },
		{ "end\n", 0, NULL },
		{ "account <a%20b@x.test>\nno - failed <the%20server%20is%20away>\n", 1, "the server is away" },
		{ "account a\nend\n", 0, "said 'account a'" },
		{ "account <>\nend\n", 0, "said" },
		{ "", 0, "it hung up" },
	};
	struct story *story = *state;

	help(story);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		story->accounts = story->ends = 0;
		story->reply = table[i].reply;
		keys_list(story->keys, on_account, on_end, story);
		uv_run(&story->loop, UV_RUN_DEFAULT);
		assert_int_equal(story->ends, 1);
		assert_int_equal(story->accounts, table[i].accounts);
		assert_int_equal(story->faulty, table[i].fault != NULL);
		if (table[i].fault)
			assert_non_null(strstr(story->error.text, table[i].fault));
	}
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(each_verb_is_a_line),
		STORY(answers_say_what_came_of_it),
		STORY(an_older_helper_is_said_to_be_one),
		STORY(what_is_no_answer_is_a_failure),
		STORY(who_is_away_is_waited_for_and_then_given_up),
		STORY(who_comes_in_time_is_asked),
		STORY(what_fits_no_line_is_not_sent),
		STORY(many_go_in_order),
		STORY(it_may_be_closed_by_an_answer),
		STORY(lists_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

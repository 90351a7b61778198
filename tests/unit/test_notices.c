/* SPDX-License-Identifier: Apache-2.0 */
/* Codes by which owners prove who they are, and notices on their way to the desk: on a real loop with a real desk; nobody delivers. */
#include "desk_help.h"

#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "base/clock.h"
#include "gate/notices.h"
#include "gate/notices_inside.h"
#include "store/desk_batch.h"

#define ALICE TEXT("alice@example.org")

static uv_loop_t loop;
static uv_poll_t ready;
static struct config config;
static struct desk *desk;
static struct notices *notices;
static int64_t now_us;

static void desk_ready(uv_poll_t *poll, int status, int events) { desk_collect(desk); }

static void begin(void)
{
	struct desk_reader *reader;
	struct error error;

	uv_loop_init(&loop);
	desk = open_desk();
	uv_poll_init(&loop, &ready, desk_descriptor(desk));
	uv_poll_start(&ready, UV_READABLE, desk_ready);
	notices = notices_new(&loop, &config, desk, "/bin/false", NULL, &error);
	if (!notices)
		fail_msg("%s", error.text);
	reader = open_reader();
	assert_true(notices_restore(notices, reader, &error));
	desk_reader_close(reader);
}

static void end(void)
{
	notices_close(notices);
	desk_finish(desk);
	uv_close((uv_handle_t *)&ready, NULL);
	desk_close(desk);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static int set_up(void **state)
{
	make_folder(state);
	config_init(&config);
	free(config.state_folder);
	config.state_folder = strdup(folder);
	now_us = NOON;
	begin();
	return 0;
}

static int tear_down(void **state)
{
	end();
	config_done(&config);
	return drop_folder(state);
}

/* ---- what is answered */

struct answer {
	bool came, right;
	char code[CODE_CHARACTERS + 1], why[512];
};

static void take(struct answer *answer, const struct error *error)
{
	answer->came = true;
	snprintf(answer->why, sizeof answer->why, "%s", error ? error->text : "");
}

static void given(void *ticket, const char *code, const struct error *error)
{
	struct answer *answer = ticket;

	take(answer, error);
	snprintf(answer->code, sizeof answer->code, "%s", code ? code : "");
}

static void tried(void *ticket, bool right, const struct error *error)
{
	struct answer *answer = ticket;

	take(answer, error);
	answer->right = right;
}

static void sent(void *ticket, const struct error *error) { take(ticket, error); }

static void wait_for_it(const struct answer *answer)
{
	while (!answer->came)
		uv_run(&loop, UV_RUN_ONCE);
}

static void give(struct text account, char code[CODE_CHARACTERS + 1])
{
	struct answer answer = { 0 };

	notices_code_give(notices, account, now_us, given, &answer);
	wait_for_it(&answer);
	assert_string_equal(answer.why, "");
	memcpy(code, answer.code, CODE_CHARACTERS + 1);
}

static struct ip from(unsigned number)
{
	struct ip ip = { { [10] = 0xff, [11] = 0xff, [12] = 198, [13] = 51 } };

	ip.bytes[14] = (uint8_t)(number >> 8);
	ip.bytes[15] = (uint8_t)number;
	return ip;
}

static struct answer try(struct text account, const char *code, struct ip ip)
{
	struct answer answer = { 0 };

	notices_code_try(notices, account, text_of(code), &ip, now_us, tried, &answer);
	wait_for_it(&answer);
	return answer;
}

static void send_code(struct text account, struct ip ip)
{
	struct answer answer = { 0 };

	notices_code_send(notices, account, &ip, now_us, sent, &answer);
	wait_for_it(&answer);
}

/* ---- stories */

static void a_code_opens_once(void **state)
{
	char code[CODE_CHARACTERS + 1], typed[16];

	give(ALICE, code);
	snprintf(typed, sizeof typed, " %.4s-%s", code, code + 4);
	for (char *c = typed; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	assert_false(try(TEXT("bob@example.org"), code, from(1)).right); /* not for anybody else */
	assert_true(try(ALICE, typed, from(1)).right);
	assert_false(try(ALICE, code, from(1)).right); /* replayed */
	end();
	begin();
	assert_false(try(ALICE, code, from(1)).right); /* also after a restart */
}

static void a_code_is_good_after_a_restart(void **state)
{
	char code[CODE_CHARACTERS + 1];

	give(ALICE, code);
	end();
	begin();
	assert_true(try(ALICE, code, from(1)).right);
}

static void the_next_code_replaces_it_and_time_ends_it(void **state)
{
	char first[CODE_CHARACTERS + 1], second[CODE_CHARACTERS + 1];

	give(ALICE, first);
	give(ALICE, second);
	assert_false(try(ALICE, first, from(1)).right);
	assert_true(try(ALICE, second, from(1)).right);
	give(ALICE, first);
	now_us += CODE_MINUTES * MINUTE_US;
	assert_false(try(ALICE, first, from(1)).right);
}

static void few_tries_and_then_it_is_worth_nothing(void **state)
{
	char code[CODE_CHARACTERS + 1];

	give(ALICE, code);
	for (int i = 0; i < CODE_TRIES; i++)
		assert_false(try(ALICE, "AAAA-AAAA", from(1)).right);
	assert_false(try(ALICE, code, from(1)).right);
	give(ALICE, code);
	for (int i = 0; i < CODE_TRIES - 1; i++)
		assert_false(try(ALICE, i % 2 ? "" : "nonsense, and long", from(1)).right);
	end(); /* what was tried is on the disk */
	begin();
	assert_true(try(ALICE, code, from(1)).right);
}

static void ten_thousand_guesses_do_not_open(void **state)
{
	unsigned turned_away = 0, wrong = 0;

	for (unsigned i = 0; i < 10000; i++) {
		struct answer answer;
		char guess[CODE_CHARACTERS + 1];

		if (i % 400 == 0) /* the owner, or the thief, asks for another one */
			send_code(ALICE, from(i));
		notice_code_random(CODE_CHARACTERS, guess);
		answer = try(ALICE, guess, from(i)); /* from another address each time */
		if (answer.right)
			fail_msg("guess %u opened", i);
		if (*answer.why)
			turned_away++;
		else
			wrong++;
		now_us += SECOND_US;
	}
	assert_int_equal(turned_away + wrong, 10000);
	assert_true(wrong <= 3 * CODE_TRIES_OF_ACCOUNT); /* in less than three hours */
}

static void nobody_bars_an_owner_to_whom_support_gave_a_code(void **state)
{
	char code[CODE_CHARACTERS + 1], guess[CODE_CHARACTERS + 1];

	give(ALICE, code);
	for (unsigned i = 0; i < 2000; i++) {
		notice_code_random(CODE_CHARACTERS, guess);
		assert_false(try(ALICE, guess, from(i / 40)).right); /* of which the first five are looked at */
		if (i == 1000) {
			end();
			begin();
		}
	}
	send_code(ALICE, from(30));
	assert_false(try(ALICE, code, from(30)).right);
	assert_true(try(ALICE, code, from(9999)).right);
	assert_false(try(ALICE, code, from(9999)).right);
}

static void whoever_tries_too_often_is_turned_away_for_a_while(void **state)
{
	struct answer answer;

	for (int i = 0; i < CODE_TRIES_OF_ADDRESS; i++) { /* many accounts, one address */
		char account[40];

		snprintf(account, sizeof account, "a%d@example.org", i);
		assert_string_equal(try(text_of(account), "AAAAAAAA", from(7)).why, "");
	}
	answer = try(TEXT("other@example.org"), "AAAAAAAA", from(7));
	assert_non_null(strstr(answer.why, "too often"));
	assert_string_equal(try(TEXT("other@example.org"), "AAAAAAAA", from(8)).why, "");
	now_us += HOUR_US;
	assert_string_equal(try(TEXT("other@example.org"), "AAAAAAAA", from(7)).why, "");
}

static void codes_are_sent_seldom_and_no_answer_tells_who_exists(void **state)
{
	static const char *const accounts[] = { "alice@example.org", "nobody@nowhere.test" };

	for (size_t i = 0; i < 2; i++) {
		struct ip ip = from(1);

		for (int n = 0; n <= CODE_SENDS_OF_ACCOUNT; n++) {
			struct answer answer = { 0 };
			uint64_t began_ms = uv_hrtime() / 1000000;

			notices_code_send(notices, text_of(accounts[i]), &ip, now_us, sent, &answer);
			assert_int_equal(answer.came, n == CODE_SENDS_OF_ACCOUNT); /* at once where it is too much, for both alike */
			wait_for_it(&answer);
			if (n == CODE_SENDS_OF_ACCOUNT)
				assert_non_null(strstr(answer.why, "too often"));
			else
				assert_true(uv_hrtime() / 1000000 - began_ms >= CODE_LEAST_MS - 5);
		}
	}
}

/* ---- notices */

static void put(enum notice_kind kind, uint64_t about)
{
	struct answer answer = { 0 };
	struct desk_batch *batch = desk_batch_new(sent, &answer);

	notices_put(notices, batch, kind, ALICE, about, now_us);
	desk_write(desk, batch);
	wait_for_it(&answer);
	notices_written(notices, batch, true);
}

static void count_row(void *context, const struct desk_notice *notice)
{
	struct rows *rows = context;

	rows->n += (size_t)snprintf(rows->text + rows->n, sizeof rows->text - rows->n, "%.*s%s ", TEXT_ARG(notice->kind),
				    notice->to_operator ? "!" : "");
}

static const char *rows_on_desk(struct rows *rows)
{
	struct desk_reader *reader = open_reader();
	struct error error;

	*rows = (struct rows){ "" };
	assert_true(desk_each_notice(reader, 0, TEXT_NONE, true, 1000, count_row, rows, &error));
	desk_reader_close(reader);
	return rows->text;
}

static void one_notice_an_incident_and_what_changes_in_it(void **state)
{
	struct rows rows;

	now_us = clock_now();

	put(NOTICE_LOCKED, 7);
	assert_string_equal(rows_on_desk(&rows), ""); /* no way out is set up: nobody is told */
	end();
	free(config.notice_from);
	free(config.notice_sendmail);
	config.notice_from = strdup("a@example.org");
	config.notice_sendmail = strdup("/bin/false");
	config.notice_operators.items = calloc(1, sizeof(char *));
	config.notice_operators.items[0] = strdup("operator@example.org");
	config.notice_operators.count = config.notice_operators.room = 1;
	begin();
	put(NOTICE_LOCKED, 7);
	put(NOTICE_LOCKED, 7);
	put(NOTICE_CODE, 7); /* is none of those */
	assert_string_equal(rows_on_desk(&rows), "locked locked! ");
	put(NOTICE_RELEASED, 7);
	put(NOTICE_OBSERVED, 8);
	put(NOTICE_CHANGED, 7);
	put(NOTICE_CHANGED, 7); /* each time */
	put(NOTICE_WEAK, 0);
	put(NOTICE_WEAK, 0);
	assert_string_equal(rows_on_desk(&rows), "locked locked! released observed! changed changed weak weak ");
	end();
	begin();
	put(NOTICE_LOCKED, 7); /* said before the restart */
	assert_int_equal(notices_waiting(notices), 8);
	assert_string_equal(rows_on_desk(&rows), "locked locked! released observed! changed changed weak weak ");
}

static void a_notice_of_a_batch_that_failed_is_put_again(void **state)
{
	struct desk_batch *batch;
	struct rows rows;

	now_us = clock_now();
	end();
	free(config.notice_from);
	free(config.notice_sendmail);
	config.notice_from = strdup("a@example.org");
	config.notice_sendmail = strdup("/bin/false");
	begin();
	batch = desk_batch_new(NULL, NULL);
	notices_put(notices, batch, NOTICE_LOCKED, ALICE, 7, now_us);
	notices_written(notices, batch, false);
	desk_batch_free(batch); /* it was never handed over */
	assert_string_equal(rows_on_desk(&rows), "");
	notices_look(notices, now_us);
	desk_finish(desk);
	assert_string_equal(rows_on_desk(&rows), "locked ");
}

static void whoever_asks_about_codes_asks_seldom(void **state)
{
	char hash[NOTICE_HASH_MAX], none[NOTICE_HASH_MAX];
	struct error error = { "" };

	for (int i = 0; i < VERIFIES_OF_ASKER; i++)
		assert_true(notices_ask(notices, i ? TEXT("AAAAA-AAAAA") : TEXT("no code"), TEXT("carol(1000)"), now_us, i ? hash : none, &error));
	assert_string_not_equal(hash, none);
	assert_false(notices_ask(notices, TEXT("AAAAA-AAAAA"), TEXT("carol(1000)"), now_us, hash, &error));
	assert_non_null(strstr(error.text, "too many codes"));
	assert_true(notices_ask(notices, TEXT("AAAAA-AAAAA"), TEXT("dave(1001)"), now_us, hash, &error));
	for (int i = 0; i < 2 * VERIFIES_OF_ASKER; i++) /* an operator */
		assert_true(notices_ask(notices, TEXT("AAAAA-AAAAA"), TEXT_NONE, now_us, hash, &error));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_code_opens_once),
		STORY(a_code_is_good_after_a_restart),
		STORY(the_next_code_replaces_it_and_time_ends_it),
		STORY(few_tries_and_then_it_is_worth_nothing),
		STORY(ten_thousand_guesses_do_not_open),
		STORY(nobody_bars_an_owner_to_whom_support_gave_a_code), STORY(whoever_tries_too_often_is_turned_away_for_a_while),
		STORY(codes_are_sent_seldom_and_no_answer_tells_who_exists),
		STORY(one_notice_an_incident_and_what_changes_in_it),
		STORY(a_notice_of_a_batch_that_failed_is_put_again),
		STORY(whoever_asks_about_codes_asks_seldom),
	};

	signal(SIGPIPE, SIG_IGN); /* as the daemon does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Held mail, on a real desk, with a helper that says what the test wants to hear; the real one is in test_queue_helper.c, the
 * live tests and the rig. */
#include "desk_help.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "event/event.h"
#include "gate/held.h"

enum { SAID_MAX = 4096 };

static struct world {
	uv_loop_t loop;
	uv_pipe_t door;
	uv_timer_t patience;
	struct desk *desk;
	struct queue *queue;
	struct accounts *accounts;
	struct held *held;
	uint32_t alice, bob;
	const char *answer; /* to every request: "ok %s gone" */
	const char *listed; /* lines before `end` */
	unsigned lists;     /* that it gave */
	char said[SAID_MAX];
} w;

/* ---- the helper */

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
	static char room[SAID_MAX];

	*buffer = uv_buf_init(room, sizeof room);
}

static void hung_up(uv_handle_t *handle) { free(handle); }

static void reply(uv_stream_t *line, const char *text)
{
	uv_buf_t buffer = uv_buf_init((char *)text, (unsigned)strlen(text));

	assert_int_equal(uv_try_write(line, &buffer, 1), (int)strlen(text));
}

static void hear_one(uv_stream_t *line, struct text request)
{
	char text[256], id[64];
	struct text verb;

	snprintf(w.said + strlen(w.said), sizeof w.said - strlen(w.said), "%.*s;", TEXT_ARG(request));
	if (text_is(request, TEXT("list"))) {
		reply(line, w.listed);
		reply(line, "end\n");
		w.lists++;
		return;
	}
	text_cut(&request, ' ', &verb);
	text_copy(id, sizeof id, text_head(request, text_find(request, ' ')));
	snprintf(text, sizeof text, "%.3s%s%s\n", w.answer, id, w.answer + 3);
	reply(line, text);
}

static void hear(uv_stream_t *line, ssize_t n, const uv_buf_t *buffer)
{
	struct text heard = { buffer->base, n > 0 ? (size_t)n : 0 }, request;

	if (n < 0)
		uv_close((uv_handle_t *)line, hung_up);
	while (text_cut(&heard, '\n', &request))
		hear_one(line, request);
}

static void come_in(uv_stream_t *door, int status)
{
	uv_pipe_t *line = memory_zero(1, sizeof *line);

	uv_pipe_init(&w.loop, line, 0);
	assert_int_equal(uv_accept(door, (uv_stream_t *)line), 0);
	uv_read_start((uv_stream_t *)line, give_room, hear);
}

/* ---- the world around */

static const char *socket_path(void)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/queue", folder);
	return path;
}

static int begin(void **state)
{
	uint64_t key;

	if (make_folder(state) != 0)
		return -1;
	w = (struct world){ .answer = "ok  gone", .listed = "" };
	uv_loop_init(&w.loop);
	uv_timer_init(&w.loop, &w.patience);
	uv_pipe_init(&w.loop, &w.door, 0);
	uv_pipe_bind(&w.door, socket_path());
	uv_listen((uv_stream_t *)&w.door, 8, come_in);
	w.desk = open_desk();
	w.accounts = accounts_new(NULL);
	w.alice = accounts_add(w.accounts, TEXT("alice@example.org"), &key);
	w.bob = accounts_add(w.accounts, TEXT("bob@example.org"), &key);
	w.queue = queue_new(&w.loop, socket_path());
	w.held = held_new(w.desk, w.queue, w.accounts);
	return 0;
}

static void close_handle(uv_handle_t *handle, void *context)
{
	if (!uv_is_closing(handle))
		uv_close(handle, handle->type == UV_NAMED_PIPE && handle != (uv_handle_t *)&w.door ? hung_up : NULL);
}

static int end(void **state)
{
	queue_close(w.queue);
	uv_run(&w.loop, UV_RUN_NOWAIT); /* its own handles */
	uv_walk(&w.loop, close_handle, NULL);
	uv_run(&w.loop, UV_RUN_DEFAULT);
	uv_loop_close(&w.loop);
	desk_finish(w.desk);
	held_free(w.held);
	desk_close(w.desk);
	accounts_free(w.accounts);
	return drop_folder(state);
}

static void enough(uv_timer_t *timer) { uv_stop(&w.loop); }

/* the loop turns for a moment, or until the helper has said all that it was asked, and the desk tells */
static void turn(void)
{
	for (unsigned i = 0; !i || (queue_waiting(w.queue) && i < 50); i++) {
		uv_timer_start(&w.patience, enough, 60, 0);
		uv_run(&w.loop, UV_RUN_DEFAULT);
	}
	desk_finish(w.desk);
}

/* the same, until the helper gave so many lists and they were looked at */
static void turn_until(unsigned lists)
{
	for (unsigned i = 0; w.lists < lists && i < 50; i++)
		turn();
	turn();
}

static void put_at(const char *id, uint32_t account, int64_t t_us, bool asks)
{
	struct desk_batch *batch = desk_batch_new(NULL, NULL);

	held_put(w.held, batch, &(struct desk_letter){
		.queue_id = text_of(id), .account = accounts_name(w.accounts, account), .t_us = t_us, .state = HELD_WAITING, .recipients = 3,
		.familiar = 1, .bits = 12.5f }, account, asks);
	desk_write(w.desk, batch);
}

static void put(const char *id, uint32_t account) { put_at(id, account, clock_now(), false); }

/* "ID state;" of all in the desk, in order of time */
static void tell_letter(void *context, const struct desk_letter *told)
{
	char *to = context;

	snprintf(to + strlen(to), SAID_MAX - strlen(to), "%.*s %s %u;", TEXT_ARG(told->queue_id), desk_held_names[told->state],
		 told->recipients);
}

static const char *desk_says(void)
{
	static char told[SAID_MAX];
	struct desk_reader *reader;
	struct error error;

	desk_finish(w.desk);
	reader = open_reader();
	*told = '\0';
	assert_true(desk_each_letter(reader, TEXT_NONE, false, tell_letter, told, &error));
	desk_reader_close(reader);
	return told;
}

static void assert_tally(uint32_t waiting, uint32_t releasing, uint32_t condemned)
{
	struct held_tally tally;

	held_tally(w.held, ACCOUNT_NONE, &tally);
	assert_int_equal(tally.waiting, waiting);
	assert_int_equal(tally.releasing, releasing);
	assert_int_equal(tally.condemned, condemned);
}

static sqlite3 *lock_desk(void)
{
	sqlite3 *other;

	assert_int_equal(sqlite3_open(database(), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return other;
}

/* ---- stories */

static void held_and_let_go(void **state)
{
	put("4AAAA", w.alice);
	assert_tally(1, 0, 0);
	held_release(w.held, TEXT("4AAAA"), clock_now());
	held_release(w.held, TEXT("4AAAA"), clock_now()); /* twice is once */
	held_release(w.held, TEXT("4ABSENT"), clock_now());
	assert_tally(0, 1, 0);
	turn();
	assert_string_equal(desk_says(), "4AAAA released 3;");
	assert_int_equal(strncmp(w.said, "release 4AAAA ", 14), 0);
	assert_null(strchr(strchr(w.said, ';') + 1, ';')); /* asked once */
	assert_tally(0, 0, 0);
}

static void condemned_and_brought_back(void **state)
{
	put("4AAAA", w.alice);
	put("4BBBB", w.alice);
	put("4CCCC", w.bob);
	held_condemn(w.held, TEXT("4AAAA"), clock_now());
	held_condemn(w.held, TEXT("4CCCC"), clock_now());
	assert_tally(1, 0, 2);
	held_release_all(w.held, w.alice, false, clock_now());
	turn();
	assert_string_equal(desk_says(), "4AAAA condemned 3;4BBBB released 3;4CCCC condemned 3;");
	held_release_all(w.held, w.alice, true, clock_now());
	turn();
	assert_string_equal(desk_says(), "4AAAA released 3;4BBBB released 3;4CCCC condemned 3;");
	held_expire(w.held, clock_now() - HOUR_US);
	held_look(w.held, clock_now());
	turn();
	assert_null(strstr(w.said, "delete "));
	held_expire(w.held, clock_now());
	held_look(w.held, clock_now());
	turn();
	assert_non_null(strstr(w.said, "delete 4CCCC "));
	assert_tally(0, 0, 0);
	assert_string_equal(desk_says(), "4AAAA released 3;4BBBB released 3;4CCCC deleted 3;");
}

static void nothing_is_held_that_was_not_written(void **state)
{
	put("4AAAA", w.alice);
	held_drop(w.held, TEXT("4AAAA"));
	held_release(w.held, TEXT("4AAAA"), clock_now());
	turn();
	assert_string_equal(w.said, "");
	assert_tally(0, 0, 0);
}

static void what_cannot_be_written_is_written_later(void **state)
{
	sqlite3 *other;

	put("4AAAA", w.alice);
	put("4BBBB", w.alice);
	desk_finish(w.desk);
	other = lock_desk();
	held_condemn(w.held, TEXT("4AAAA"), clock_now());
	held_release(w.held, TEXT("4BBBB"), clock_now());
	turn();
	turn(); /* the answer of the helper came behind */
	assert_string_equal(desk_says(), "4AAAA waiting 3;4BBBB waiting 3;");
	sqlite3_close(other);
	held_look(w.held, clock_now());
	assert_string_equal(desk_says(), "4AAAA condemned 3;4BBBB released 3;");
	assert_tally(0, 0, 1);
	held_look(w.held, clock_now()); /* and is forgotten then */
	held_release(w.held, TEXT("4BBBB"), clock_now());
	assert_tally(0, 0, 1);
}

static void a_desk_that_lost_all_gets_it_again(void **state)
{
	put("4AAAA", w.alice);
	held_condemn(w.held, TEXT("4AAAA"), clock_now());
	put("4BBBB", w.bob);
	desk_finish(w.desk);
	files("desk.db", true);
	held_unsaved(w.held);
	held_look(w.held, clock_now());
	assert_string_equal(desk_says(), "4AAAA condemned 3;4BBBB waiting 3;");
}

static void an_id_that_is_used_again(void **state)
{
	int64_t now_us = clock_now();

	put_at("4AAAA", w.alice, now_us - HOUR_US, false);
	put_at("4AAAA", w.bob, now_us, false);
	assert_tally(1, 0, 0);
	assert_string_equal(desk_says(), "4AAAA gone 3;4AAAA waiting 3;");
	held_release_all(w.held, w.alice, true, now_us);
	assert_tally(1, 0, 0); /* it is bob's */
	w.answer = "no  other";
	held_release(w.held, TEXT("4AAAA"), now_us);
	turn();
	assert_string_equal(desk_says(), "4AAAA gone 3;4AAAA gone 3;");
}

static void one_that_is_still_on_its_way(void **state)
{
	w.answer = "no  absent";
	put("4AAAA", w.alice);
	held_release(w.held, TEXT("4AAAA"), clock_now());
	turn();
	assert_string_equal(desk_says(), "4AAAA releasing 3;");
	put_at("4OLD", w.alice, clock_now() - HELD_ARRIVES_US, false);
	put_at("4AHEAD", w.alice, clock_now() + HOUR_US, false); /* the clock went back since */
	held_release(w.held, TEXT("4OLD"), clock_now());
	held_release(w.held, TEXT("4AHEAD"), clock_now());
	turn();
	assert_string_equal(desk_says(), "4OLD gone 3;4AAAA releasing 3;4AHEAD releasing 3;");
	w.answer = "ok  gone";
	held_look(w.held, clock_now() - DAY_US); /* what was put off before the clock went back is asked now */
	turn();
	assert_string_equal(desk_says(), "4OLD gone 3;4AAAA released 3;4AHEAD released 3;");
}

static void one_that_came_before_it_could_be_held(void **state)
{
	put_at("4AAAA", w.alice, clock_now(), true);
	w.answer = "ok  hold";
	held_look(w.held, clock_now());
	turn();
	assert_int_equal(strncmp(w.said, "hold 4AAAA ", 11), 0);
	assert_tally(1, 0, 0);
	held_look(w.held, clock_now() + HOUR_US);
	turn();
	assert_null(strchr(strchr(w.said, ';') + 1, ';')); /* not again */
}

static void what_somebody_else_took_out(void **state)
{
	int64_t old_us = clock_now() - HOUR_US;

	put_at("4AAAA", w.alice, old_us, false);
	put_at("4BBBB", w.alice, old_us, false);
	put_at("4CCCC", w.alice, old_us, false);
	put("4NEW", w.alice);
	w.listed = "message 4AAAA hold 1795176000 3 <alice@example.org> <a@b>\nmessage 4BBBB active 1795176000 3 <> <>\n";
	held_reconcile(w.held, clock_now());
	held_reconcile(w.held, clock_now()); /* one at a time */
	turn_until(1);
	assert_string_equal(w.said, "list;");
	assert_tally(2, 0, 0);
	assert_string_equal(desk_says(), "4AAAA waiting 3;4BBBB gone 3;4CCCC gone 3;4NEW waiting 3;");
	w.listed = "nonsense\n"; /* a list that is not whole proves nothing */
	held_reconcile(w.held, clock_now() + HOUR_US);
	turn_until(2);
	assert_tally(2, 0, 0);
}

static void over_a_restart(void **state)
{
	struct desk_letter one = { .queue_id = TEXT("4AAAA"), .account = TEXT("alice@example.org"), .t_us = clock_now(), .recipients = 3 };

	put("4AAAA", w.alice);
	one.state = HELD_RELEASING; /* the queue had not said yes */
	held_restore(w.held, &one, w.alice);
	assert_tally(0, 1, 0);
	held_look(w.held, clock_now());
	turn();
	assert_int_equal(strncmp(w.said, "release 4AAAA ", 14), 0);
	assert_tally(0, 0, 0);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN); /* as the daemon does */
#define HELD(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		HELD(held_and_let_go),
		HELD(condemned_and_brought_back),
		HELD(nothing_is_held_that_was_not_written),
		HELD(what_cannot_be_written_is_written_later),
		HELD(a_desk_that_lost_all_gets_it_again),
		HELD(an_id_that_is_used_again),
		HELD(one_that_is_still_on_its_way),
		HELD(one_that_came_before_it_could_be_held),
		HELD(what_somebody_else_took_out),
		HELD(over_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

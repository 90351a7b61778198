/* SPDX-License-Identifier: Apache-2.0 */
/* The asking side of the queue, beside the real helper. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <unistd.h>

#include "base/memory.h"
#include "containment/queue_answer.h"
#include "queue_rig.h"

enum { MANY = 1500, PATIENCE_MS = 60000 };

struct story {
	struct queue_rig rig;
	uv_loop_t loop;
	uv_timer_t patience;
	struct queue *queue;
	size_t answers, wanted, by_result[QUEUE_FAILED + 1];
	char order[4096]; /* "ID RESULT " one after the other */
	size_t messages, ends, faults;
	void (*act)(struct story *story); /* after each answer */
};

static void too_long(uv_timer_t *timer) { fail_msg("no answer"); }

static int begin(void **state)
{
	struct story *story = memory_zero(1, sizeof *story);

	queue_rig_begin(&story->rig);
	uv_loop_init(&story->loop);
	uv_timer_init(&story->loop, &story->patience);
	uv_timer_start(&story->patience, too_long, PATIENCE_MS, 0);
	story->queue = queue_new(&story->loop, story->rig.socket);
	*state = story;
	return 0;
}

static int end(void **state)
{
	struct story *story = *state;

	if (story->queue)
		queue_close(story->queue);
	uv_close((uv_handle_t *)&story->patience, NULL);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&story->loop), 0);
	queue_rig_end(&story->rig);
	free(story);
	return 0;
}

static void on_done(void *context, struct text id, int64_t t_us, enum queue_result result)
{
	struct story *story = context;
	size_t n = strlen(story->order);

	snprintf(story->order + n, sizeof story->order - n, "%.*s %d ", TEXT_ARG(id), result);
	story->answers++;
	story->by_result[result]++;
	if (story->act)
		story->act(story);
	if (story->answers == story->wanted)
		uv_stop(&story->loop);
}

static void ask(struct story *story, enum queue_verb verb, const char *id, int64_t t_s)
{
	queue_ask(story->queue, verb, text_of(id), t_s ? t_s * SECOND_US : WHEN_NONE, on_done, story);
}

static void run_until(struct story *story, size_t answers)
{
	story->wanted = answers;
	if (story->answers < answers)
		uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->answers, answers);
}

static const char *id_of(unsigned number)
{
	static char id[16];

	snprintf(id, sizeof id, "%06X", number);
	return id;
}

static void hold_many(struct story *story)
{
	for (unsigned i = 0; i < MANY; i++)
		queue_rig_put(&story->rig, "hold", id_of(i), 1000, "a@b");
}

static void answers_come_in_order(void **state)
{
	struct story *story = *state;

	queue_rig_start(&story->rig);
	queue_rig_put(&story->rig, "hold", "AAAAA1", 1000, "a@b");
	queue_rig_put(&story->rig, "hold", "AAAAA2", 1000, "a@b");
	queue_rig_put(&story->rig, "active", "AAAAA3", 1000, "a@b");
	ask(story, QUEUE_RELEASE, "AAAAA1", 1000);
	ask(story, QUEUE_DELETE, "AAAAA2", 9000);
	ask(story, QUEUE_HOLD, "AAAAA3", 0);
	ask(story, QUEUE_DELETE, "AAAAA2", 1000);
	ask(story, QUEUE_DELETE, "AAAAA1", 1000);
	assert_false(queue_is_there(story->queue));
	assert_int_equal(queue_waiting(story->queue), 5);
	run_until(story, 5);
	assert_string_equal(story->order, "AAAAA1 0 AAAAA2 2 AAAAA3 0 AAAAA2 0 AAAAA1 1 ");
	assert_true(queue_is_there(story->queue));
	assert_int_equal(queue_waiting(story->queue), 0);
	assert_true(queue_rig_has(&story->rig, "incoming", "AAAAA1"));
	assert_true(queue_rig_has(&story->rig, "hold", "AAAAA3"));
}

static void what_can_be_no_id_is_answered_at_once(void **state)
{
	struct story *story = *state;

	ask(story, QUEUE_DELETE, "", 0);
	ask(story, QUEUE_DELETE, "-r", 0);
	ask(story, QUEUE_DELETE, "AAAAA1\nlist", 0);
	ask(story, QUEUE_DELETE, "01234567890123456789012345678901", 0);
	assert_int_equal(story->by_result[QUEUE_ABSENT], 4);
	assert_int_equal(queue_waiting(story->queue), 0);
}

static void no_more_wait_than_may(void **state)
{
	struct story *story = *state;

	for (size_t i = 0; i < QUEUE_WAITING_MAX + 5; i++)
		ask(story, QUEUE_DELETE, "AAAAA1", 0);
	assert_int_equal(queue_waiting(story->queue), QUEUE_WAITING_MAX);
	assert_int_equal(story->by_result[QUEUE_FAILED], 5);
}

static void it_waits_for_a_helper_that_is_not_there(void **state)
{
	struct story *story = *state;

	hold_many(story);
	for (unsigned i = 0; i < MANY; i++)
		ask(story, QUEUE_RELEASE, id_of(i), 1000);
	for (int i = 0; i < 100; i++)
		uv_run(&story->loop, UV_RUN_NOWAIT);
	assert_int_equal(queue_waiting(story->queue), MANY);
	assert_false(queue_is_there(story->queue));
	queue_rig_start(&story->rig);
	run_until(story, MANY);
	assert_int_equal(story->by_result[QUEUE_DONE], MANY);
}

static void kill_now_and_then(struct story *story)
{
	if (story->answers % 300 != 150)
		return;
	queue_rig_kill(&story->rig);
	queue_rig_start(&story->rig);
}

static void nothing_is_lost_when_the_helper_is_killed(void **state)
{
	struct story *story = *state;

	hold_many(story);
	queue_rig_start(&story->rig);
	story->act = kill_now_and_then;
	for (unsigned i = 0; i < MANY; i++)
		ask(story, QUEUE_DELETE, id_of(i), 1000);
	run_until(story, MANY);
	/* what was deleted by one that was killed before it said so is absent for the next */
	assert_int_equal(story->by_result[QUEUE_DONE] + story->by_result[QUEUE_ABSENT], MANY);
	for (unsigned i = 0; i < MANY; i++)
		assert_false(queue_rig_has(&story->rig, "hold", id_of(i)));
}

static void ask_again(struct story *story)
{
	if (story->answers < 5)
		ask(story, QUEUE_DELETE, "AAAAA1", 0);
}

static void an_answer_may_bring_the_next_request(void **state)
{
	struct story *story = *state;

	queue_rig_start(&story->rig);
	story->act = ask_again;
	ask(story, QUEUE_DELETE, "AAAAA1", 0);
	run_until(story, 5);
}

static void close_it(struct story *story)
{
	queue_close(story->queue);
	story->queue = NULL;
	uv_stop(&story->loop);
}

static void it_may_be_closed_by_an_answer(void **state)
{
	struct story *story = *state;

	queue_rig_start(&story->rig);
	story->act = close_it;
	for (int i = 0; i < 10; i++)
		ask(story, QUEUE_DELETE, "AAAAA1", 0);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->answers, 1);
}

/* ---- lists */

static void on_message(void *context, const struct queue_message *message)
{
	struct story *story = context;

	story->messages++;
	assert_true(text_is(message->queue, TEXT("hold")));
	assert_true(text_is(message->sender, TEXT("a <%>@b")));
	assert_true(text_is(message->login, TEXT("taro@provider.test")));
	assert_int_equal(message->recipients, 2);
	assert_int_equal(message->arrival_us, 1000 * SECOND_US);
}

static void on_end(void *context, const struct error *error)
{
	struct story *story = context;

	story->ends++;
	story->faults += error != NULL;
	uv_stop(&story->loop);
}

static void a_list_is_whole(void **state)
{
	struct story *story = *state;

	for (unsigned i = 0; i < 500; i++)
		queue_rig_put(&story->rig, "hold", id_of(i), 1000, "a <%>@b");
	queue_rig_start(&story->rig);
	queue_list(story->queue, on_message, on_end, story);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->messages, 500);
	assert_int_equal(story->ends, 1);
	assert_int_equal(story->faults, 0);
}

static void a_list_without_a_helper_ends_with_an_error(void **state)
{
	struct story *story = *state;

	queue_list(story->queue, on_message, on_end, story);
	uv_run(&story->loop, UV_RUN_DEFAULT);
	assert_int_equal(story->faults, 1);
	queue_list(story->queue, on_message, on_end, story); /* nobody hears of this one */
}

/* ---- a helper that says something else */

struct liar {
	uv_pipe_t listener, client;
	const char *says;
	size_t connections;
};

static void on_liars_end(uv_handle_t *handle) {}
static void on_liars_word(uv_write_t *write, int status) { free(write); }

static void on_liars_client(uv_stream_t *stream, int status)
{
	struct liar *liar = stream->data;
	uv_write_t *write = memory_new(sizeof *write);
	uv_buf_t word = uv_buf_init((char *)liar->says, (unsigned)strlen(liar->says));

	if (liar->connections++)
		uv_close((uv_handle_t *)&liar->client, NULL);
	uv_run(stream->loop, UV_RUN_NOWAIT);
	uv_pipe_init(stream->loop, &liar->client, 0);
	uv_accept(stream, (uv_stream_t *)&liar->client);
	uv_write(write, (uv_stream_t *)&liar->client, &word, 1, on_liars_word);
}

static void what_is_no_answer_is_not_believed(void **state)
{
	static const char *const words[] = {
		"ok AAAAA2 hold\n", "no AAAAA2 absent\n", "ok\n", "\n", "yes AAAAA1 hold\n", "ok AAAAA1\n", "ok - here\n",
	};
	struct story *story = *state;
	struct liar liar = { 0 };

	uv_pipe_init(&story->loop, &liar.listener, 0);
	liar.listener.data = &liar;
	assert_int_equal(uv_pipe_bind(&liar.listener, story->rig.socket), 0);
	assert_int_equal(uv_listen((uv_stream_t *)&liar.listener, 8, on_liars_client), 0);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct queue *queue = queue_new(&story->loop, story->rig.socket);

		liar.says = words[i];
		liar.connections = 0;
		queue_ask(queue, QUEUE_DELETE, TEXT("AAAAA1"), 0, on_done, story);
		while (!liar.connections)
			uv_run(&story->loop, UV_RUN_ONCE);
		for (int turn = 0; turn < 100; turn++)
			uv_run(&story->loop, UV_RUN_NOWAIT);
		assert_int_equal(queue_waiting(queue), 1);
		assert_false(queue_is_there(queue));
		queue_close(queue);
		uv_close((uv_handle_t *)&liar.client, on_liars_end);
		uv_run(&story->loop, UV_RUN_NOWAIT);
	}
	assert_int_equal(story->answers, 0);
	uv_close((uv_handle_t *)&liar.listener, on_liars_end);
	uv_run(&story->loop, UV_RUN_NOWAIT);
}

static void answers_are_parsed(void **state)
{
	static const struct {
		struct text line;
		bool sound;
		enum queue_result result;
	} table[] = {
		{ TEXT("ok AAAAA1 gone"), true, QUEUE_DONE },	      { TEXT("no AAAAA1 absent"), true, QUEUE_ABSENT },
		{ TEXT("no AAAAA1 not-held"), true, QUEUE_ABSENT },  { TEXT("no AAAAA1 other"), true, QUEUE_OTHER },
		{ TEXT("no AAAAA1 failed"), true, QUEUE_FAILED },    { TEXT("no AAAAA1 unreadable"), true, QUEUE_FAILED },
		{ TEXT("no AAAAA1 something new"), true, QUEUE_FAILED }, { TEXT("no AAAAA1"), false, 0 },
		{ TEXT("okAAAAA1 gone "), false, 0 },		      { TEXT(""), false, 0 },
	};
	enum queue_result result;
	struct text id;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_int_equal(queue_answer_parse(table[i].line, &id, &result), table[i].sound);
		if (table[i].sound)
			assert_int_equal(result, table[i].result);
	}
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(answers_come_in_order),
		STORY(what_can_be_no_id_is_answered_at_once),
		STORY(no_more_wait_than_may),
		STORY(it_waits_for_a_helper_that_is_not_there),
		STORY(nothing_is_lost_when_the_helper_is_killed),
		STORY(an_answer_may_bring_the_next_request),
		STORY(it_may_be_closed_by_an_answer),
		STORY(a_list_is_whole),
		STORY(a_list_without_a_helper_ends_with_an_error),
		STORY(what_is_no_answer_is_not_believed),
		cmocka_unit_test(answers_are_parsed),
	};

	signal(SIGPIPE, SIG_IGN); /* as the daemon does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Many questions to a real control socket at once. */
#include "control_help.h"

#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/when.h"
#include "gate/ask_many.h"

enum { MANY = 500 };

struct heard {
	unsigned answers[MANY], count;
	enum ask_result result;
	char why[512];
};

static void heard_one(void *context, void *ticket, enum ask_result result, json_t *answer, const struct error *error)
{
	struct heard *heard = context;

	heard->answers[(uintptr_t)ticket]++;
	heard->count++;
	heard->result = result;
	assert_int_equal(answer != NULL, result == ASK_ANSWERED);
	if (!answer)
		text_copy(heard->why, sizeof heard->why, text_of(error->text));
}

static void ask_all(struct ask_many *many, const char *verb, unsigned count, struct heard *heard)
{
	int64_t began_us = clock_steady();

	for (unsigned put = 0; heard->count < count;) {
		while (put < count && ask_many_room(many))
			ask_many_put(many, json_pack("{s:s}", "verb", verb), (void *)(uintptr_t)put++);
		ask_many_hear(many, 100, heard_one, heard);
		assert_true(clock_steady() - began_us < 30 * SECOND_US);
	}
}

static void each_is_answered_once(void **state)
{
	struct daemon daemon = { .mode = DESK_ENFORCE };
	struct heard heard = { 0 };
	struct ask_many *many;
	struct error error;

	begin(&daemon);
	assert_int_equal(ask_many_open(socket_path(), &many, &error), ASK_ANSWERED);
	assert_int_equal(ask_many_room(many), ASK_LINES);
	ask_all(many, "mode list", MANY, &heard);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(heard.answers[i], 1);
	assert_int_equal(heard.result, ASK_ANSWERED);
	assert_int_equal(ask_many_room(many), ASK_LINES);
	ask_many_close(many);
	end(&daemon);
}

static void faults_are_told(void **state)
{
	struct daemon daemon = { .mode = DESK_ENFORCE };
	struct heard heard = { 0 };
	struct ask_many *many;
	struct error error;

	begin(&daemon);
	assert_int_equal(ask_many_open(socket_path(), &many, &error), ASK_ANSWERED);
	ask_all(many, "no such verb", 3, &heard);
	assert_int_equal(heard.result, ASK_FAULTY);
	assert_string_equal(heard.why, "there is no verb 'no such verb'");
	ask_many_close(many);
	end(&daemon);
}

static void who_was_silent_connects_anew(void **state)
{
	struct daemon daemon = { .mode = DESK_ENFORCE, .silence_us = SECOND_US };
	struct heard heard = { 0 };
	struct ask_many *many;
	struct error error;

	begin(&daemon);
	assert_int_equal(ask_many_open(socket_path(), &many, &error), ASK_ANSWERED);
	ask_all(many, "mode list", 1, &heard);
	sleep(3); /* the daemon hangs up */
	heard = (struct heard){ 0 };
	ask_all(many, "mode list", 2, &heard);
	assert_int_equal(heard.result, ASK_ANSWERED);
	ask_many_close(many);
	end(&daemon);
}

static void nobody_is_there(void **state)
{
	struct daemon daemon = { .mode = DESK_ENFORCE };
	struct heard heard = { 0 };
	struct ask_many *many;
	struct error error = { "" };

	begin(&daemon);
	assert_int_equal(ask_many_open(socket_path(), &many, &error), ASK_ANSWERED);
	end(&daemon); /* in the middle */
	ask_all(many, "mode list", ASK_LINES, &heard);
	assert_int_equal(heard.result, ASK_AWAY);
	assert_int_equal(heard.count, ASK_LINES);
	ask_many_close(many);
	assert_int_equal(ask_many_open(socket_path(), &many, &error), ASK_AWAY);
	assert_true(*error.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_is_answered_once),
		TEST(faults_are_told),
		TEST(who_was_silent_connects_anew),
		TEST(nobody_is_there),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Closures, on a real desk, with a real deny list in a file, and a gate that refuses when the story says so. The other doors are
 * not set up here; on real servers they are in tests/rig and tests/live. */
#include "desk_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "containment/closure.h"
#include "containment/deny.h"

enum { PATIENCE_MS = 20000 };

static struct world {
	uv_loop_t loop;
	uv_timer_t patience, breath;
	uv_poll_t desk_ready;
	struct desk *desk;
	struct accounts *accounts;
	struct doors doors;
	struct closures *closures;
	uint32_t alice, bob;
	bool refuses;           /* the gate */
	unsigned settled;       /* how often that was told */
	unsigned failures;      /* that the story waits for */
	bool shut;              /* the last time */
	const char *deny_file;
	char path[128];
} w;

/* ---- the world */

static void too_long(uv_timer_t *timer) { fail_msg("it was not settled"); }

static void desk_ready(uv_poll_t *poll, int status, int events) { desk_collect(w.desk); }

static bool refuses(void *context, const struct target *target) { return w.refuses; }

static void settled(void *context, uint32_t account, uint64_t number, bool is_shut)
{
	assert_int_equal(number, 7);
	w.settled++;
	w.shut = is_shut;
}

static void told(void *context, const struct error *error) {}

static void come_up(void)
{
	struct error error;

	uv_loop_init(&w.loop);
	w.desk = open_desk();
	w.doors = (struct doors){ .loop = &w.loop, .accounts = w.accounts, .gate = { .refuses_mail = refuses, .refuses_logins = refuses } };
	w.doors.denied = deny_new(&w.loop, &(struct deny_options){ .file = w.path, .told = told });
	assert_int_equal(roster_set(w.doors.denied, NULL, 0, &error), 0);
	w.closures = closures_new(&(struct closures_options){ .loop = &w.loop, .doors = &w.doors, .desk = w.desk, .settled = settled });
	uv_timer_init(&w.loop, &w.patience);
	uv_timer_start(&w.patience, too_long, PATIENCE_MS, 0);
	uv_timer_init(&w.loop, &w.breath);
	uv_poll_init(&w.loop, &w.desk_ready, desk_descriptor(w.desk));
	uv_poll_start(&w.desk_ready, UV_READABLE, desk_ready);
}

/* whatever was on its way is as lost as in a crash, but for what the desk was given */
static void go_down(void)
{
	closures_close(w.closures);
	roster_close(w.doors.denied);
	doors_drop_calls(&w.doors);
	desk_finish(w.desk);
	uv_close((uv_handle_t *)&w.patience, NULL);
	uv_close((uv_handle_t *)&w.breath, NULL);
	uv_close((uv_handle_t *)&w.desk_ready, NULL);
	uv_run(&w.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&w.loop), 0);
	desk_close(w.desk);
}

static int begin(void **state)
{
	uint64_t key;

	make_folder(state);
	w = (struct world){ .refuses = true };
	snprintf(w.path, sizeof w.path, "%s/deny", folder);
	w.accounts = accounts_new(NULL);
	w.alice = accounts_add(w.accounts, TEXT("alice@provider.test"), &key);
	w.bob = accounts_add(w.accounts, TEXT("bob@provider.test"), &key);
	come_up();
	return 0;
}

static int end(void **state)
{
	go_down();
	accounts_free(w.accounts);
	return drop_folder(state);
}

/* ---- what happens */

static void shut(uint8_t reach, unsigned more)
{
	struct desk_batch *batch = desk_batch_new(NULL, NULL);

	desk_put_lock(batch, &(struct desk_lock){ TEXT("alice@provider.test"), NOON, 7, 3, reach, true });
	closures_begin(w.closures, &(struct closure_order){ w.alice, 7, reach, more, WHEN_NONE }, batch);
	desk_write(w.desk, batch);
}

static void open_again(bool false_alarm)
{
	struct desk_batch *batch = desk_batch_new(NULL, NULL);

	desk_drop_lock(batch, TEXT("alice@provider.test"));
	closures_undo(w.closures, w.alice, false_alarm, batch);
	desk_write(w.desk, batch);
}

static void until_settled(void)
{
	unsigned before = w.settled;

	while (w.settled == before)
		uv_run(&w.loop, UV_RUN_ONCE);
}

static void breathed(uv_timer_t *timer) {}

/* the patience of the story ends it where that never comes */
static void until(bool (*is_so)(void))
{
	uv_timer_start(&w.breath, breathed, 1, 1);
	while (!is_so())
		uv_run(&w.loop, UV_RUN_ONCE);
	uv_timer_stop(&w.breath);
}

static bool denied(void)
{
	FILE *list = fopen(w.path, "re");
	char line[256];
	bool there = false;

	while (list && fgets(line, sizeof line, list))
		there |= strncmp(line, "alice@provider.test", 19) == 0;
	if (list)
		fclose(list);
	return there;
}

/* "gate done proved 1;" a step: action, state, whether it is proved, how often it was tried */
static void see_step(void *context, const struct desk_step *step)
{
	char *to = context;
	size_t n = strlen(to);

	snprintf(to + n, 1024 - n, "%.*s %s%s%s;", TEXT_ARG(step->action), desk_step_names[step->state],
		 step->proved_us == WHEN_NONE ? "" : " proved", step->tries > 1 ? " again" : "");
}

static void expect(const char *wanted)
{
	struct error error;
	struct desk_reader *reader;
	char seen[1024] = "";

	desk_finish(w.desk);
	reader = open_reader();
	assert_true(desk_each_step(reader, 7, see_step, seen, &error));
	desk_reader_close(reader);
	assert_string_equal(seen, wanted);
}

/* all but what failed, and will be tried again */
static bool only_failures_are_left(void)
{
	struct closure_state now;

	closures_state(w.closures, w.alice, &now);
	return now.lacking == w.failures;
}

static bool is_all_open(void) { return !closures_waiting(w.closures) && !denied(); }
static bool is_list_there(void) { return access(w.path, F_OK) == 0; }

#define ALL_PROVED                                                                                        \
	"gate done proved;logins done proved;away not_set_up;deny_list done proved;sessions not_set_up;" \
	"queue not_set_up;cache not_set_up;"

/* ---- the stories */

static void everything_is_done_and_proved(void **state)
{
	struct closure_state now;

	shut(REACH_ACCOUNT, 0);
	until_settled();
	assert_true(w.shut);
	assert_true(denied());
	expect(ALL_PROVED);
	closures_state(w.closures, w.alice, &now);
	assert_true(now.known && now.shut && now.settled && !now.lacking);
	closures_state(w.closures, w.bob, &now);
	assert_false(now.known);
}

static void who_may_still_read_is_not_denied(void **state)
{
	shut(REACH_SENDING, 0);
	until_settled();
	assert_false(denied());
	expect("gate done proved;away not_set_up;queue not_set_up;");
}

static void a_lock_becomes_wider(void **state)
{
	shut(REACH_PLACES, 0);
	until_settled();
	assert_false(denied());
	w.refuses = false; /* whatever was proved of the narrower lock counts no longer */
	w.failures = 2;
	shut(REACH_ACCOUNT, 1u << action_find(TEXT("password")));
	until(only_failures_are_left);
	assert_true(denied());
	w.refuses = true;
	until_settled();
	expect("gate done proved again;logins done proved again;away not_set_up;sessions not_set_up;queue not_set_up;cache not_set_up;"
	       "deny_list done proved;password not_set_up;");
}

static void one_that_fails_keeps_the_others_from_nothing(void **state)
{
	w.refuses = false;
	w.failures = 2;
	shut(REACH_ACCOUNT, 0);
	until(only_failures_are_left);
	assert_true(denied());
	assert_int_equal(w.settled, 0);
	expect("gate failed;logins failed;away not_set_up;deny_list done proved;sessions not_set_up;queue not_set_up;cache not_set_up;");
	w.refuses = true; /* a second later it is tried again */
	until_settled();
	expect("gate done proved again;logins done proved again;away not_set_up;deny_list done proved;sessions not_set_up;"
	       "queue not_set_up;cache not_set_up;");
}

static void what_cannot_be_written_is_written_later(void **state)
{
	until(is_list_there);
	assert_int_equal(unlink(w.path), 0);
	assert_int_equal(mkdir(w.path, 0700), 0); /* nothing can be renamed over a folder */
	w.failures = 1;
	shut(REACH_ACCOUNT, 0);
	until(only_failures_are_left);
	assert_int_equal(w.settled, 0);
	expect("gate done proved;logins done proved;away not_set_up;deny_list failed;sessions not_set_up;queue not_set_up;cache not_set_up;");
	assert_int_equal(rmdir(w.path), 0);
	until_settled();
	assert_true(denied());
}

static void everything_is_undone(void **state)
{
	struct closure_state now;

	shut(REACH_ACCOUNT, 0);
	until_settled();
	w.refuses = false; /* the gate lets go first, as gate_release does */
	open_again(true);
	until_settled();
	assert_false(w.shut);
	assert_false(denied());
	expect("gate undone proved again;logins undone proved again;away not_set_up;deny_list undone proved again;sessions not_set_up;queue not_set_up;cache not_set_up;");
	closures_state(w.closures, w.alice, &now);
	assert_false(now.known);
}

static void who_opens_while_it_is_being_shut_gets_it_open(void **state)
{
	shut(REACH_ACCOUNT, 0);
	uv_run(&w.loop, UV_RUN_NOWAIT);
	uv_run(&w.loop, UV_RUN_NOWAIT);
	w.refuses = false;
	open_again(false);
	until_settled();
	assert_false(w.shut);
	assert_false(denied());
}

/* ---- crashes */

static void restore(void *context, const struct desk_step *step) { closures_restore_step(w.closures, w.alice, step); }

static void restore_lock(void *context, const struct desk_lock *lock)
{
	closures_restore(w.closures, &(struct closure_order){ w.alice, lock->incident, lock->reach, 0, WHEN_NONE });
}

/* as the gate does after a restart: the list is made of the locks */
static void crash_and_come_up(void)
{
	struct text name = TEXT("alice@provider.test");
	struct desk_reader *reader;
	struct error error;

	go_down();
	come_up();
	reader = open_reader();
	assert_true(desk_each_lock(reader, restore_lock, NULL, &error));
	assert_true(desk_each_step(reader, 0, restore, NULL, &error));
	desk_reader_close(reader);
	if (count_locks())
		assert_int_equal(roster_set(w.doors.denied, &name, 1, &error), 0);
	closures_resume(w.closures);
}

/* killed after each turn of the loop, from the first to one when everything is over */
static void a_closure_that_a_crash_cut_off_goes_on(void **state)
{
	for (unsigned turns = 0; turns < 24; turns++) {
		w.refuses = true;
		w.settled = 0;
		shut(REACH_ACCOUNT, 0);
		for (unsigned i = 0; i < turns; i++)
			uv_run(&w.loop, UV_RUN_NOWAIT);
		crash_and_come_up();
		if (!w.settled)
			until_settled();
		assert_true(denied());
		w.refuses = false;
		open_again(false);
		for (unsigned i = 0; i < turns; i++)
			uv_run(&w.loop, UV_RUN_NOWAIT);
		w.settled = 0;
		crash_and_come_up();
		until(is_all_open);
	}
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(everything_is_done_and_proved),
		STORY(who_may_still_read_is_not_denied),
		STORY(a_lock_becomes_wider),
		STORY(one_that_fails_keeps_the_others_from_nothing),
		STORY(what_cannot_be_written_is_written_later),
		STORY(everything_is_undone),
		STORY(who_opens_while_it_is_being_shut_gets_it_open),
		STORY(a_closure_that_a_crash_cut_off_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

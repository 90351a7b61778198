/* SPDX-License-Identifier: Apache-2.0 */
/* Who looks for what still comes back: real children, on a loop, with a clock that the test sets. */
#include "started_script.h"

#include "gate/floods.h"

#define NOW (1795176000 * SECOND_US)
#define ALICE TEXT("alice@example.jp")
#define BOB TEXT("bob@example.jp")

/* bob's takes its time */
static int make_script(void **state) { return write_script("case \"$*\" in *bob*) exec sleep 600 ;; esac"); }

static void settle(uv_loop_t *loop)
{
	for (int i = 0; i < 1000 && uv_loop_alive(loop); i++) {
		uv_run(loop, UV_RUN_NOWAIT);
		usleep(5000);
	}
	assert_false(uv_loop_alive(loop));
}

#define ONE "flood move --again --account alice@example.jp --config /etc/a.conf\n"
#define OTHER "flood move --again --account bob@example.jp --config /etc/a.conf\n"

static void each_minute_one_after_the_other(void **state)
{
	uv_loop_t loop;
	struct floods *floods;

	uv_loop_init(&loop);
	floods = floods_new(&loop, script, "/etc/a.conf");
	assert_true(floods_watch(floods, ALICE, NOW + HOUR_US, NOW));
	floods_look(floods, NOW + FLOODS_EVERY_US - 1); /* not yet */
	assert_false(uv_loop_alive(&loop));
	floods_look(floods, NOW + FLOODS_EVERY_US);
	wait_until(&loop, ONE);
	settle(&loop);
	floods_look(floods, NOW + FLOODS_EVERY_US + SECOND_US); /* not again so soon */
	assert_false(uv_loop_alive(&loop));
	assert_true(floods_watch(floods, BOB, NOW + HOUR_US, NOW));
	floods_look(floods, NOW + 2 * FLOODS_EVERY_US); /* both are due, bob's first */
	wait_until(&loop, ONE OTHER);
	floods_look(floods, NOW + 3 * FLOODS_EVERY_US); /* while it runs nobody else does */
	assert_string_equal(started(), ONE OTHER);
	floods_look(floods, NOW + 2 * FLOODS_EVERY_US + FLOODS_PATIENCE_US + SECOND_US); /* it hangs, and is ended */
	settle(&loop);
	floods_leave(floods, BOB);
	floods_look(floods, NOW + 15 * MINUTE_US);
	wait_until(&loop, ONE OTHER ONE);
	settle(&loop);
	assert_int_equal(floods_count(floods), 1);
	floods_shorten(floods, ALICE, NOW + 20 * MINUTE_US);
	assert_true(floods_until(floods, ALICE) == NOW + 20 * MINUTE_US);
	floods_look(floods, NOW + 20 * MINUTE_US); /* its time is over */
	assert_int_equal(floods_count(floods), 0);
	assert_true(floods_until(floods, ALICE) == WHEN_NONE);
	floods_close(floods);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void an_undo_ends_who_is_at_work(void **state)
{
	uv_loop_t loop;
	struct floods *floods;

	uv_loop_init(&loop);
	floods = floods_new(&loop, script, "/etc/a.conf");
	assert_true(floods_watch(floods, BOB, NOW + HOUR_US, NOW));
	floods_look(floods, NOW + FLOODS_EVERY_US);
	wait_until(&loop, OTHER);
	floods_leave(floods, BOB);
	settle(&loop);
	assert_int_equal(floods_count(floods), 0);
	floods_close(floods);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void closed_while_one_is_at_work(void **state)
{
	uv_loop_t loop;
	struct floods *floods;

	uv_loop_init(&loop);
	floods = floods_new(&loop, script, NULL);
	assert_true(floods_watch(floods, BOB, NOW + HOUR_US, NOW));
	floods_look(floods, NOW + FLOODS_EVERY_US);
	wait_until(&loop, "flood move --again --account bob@example.jp\n");
	floods_close(floods);
	settle(&loop);
	assert_int_equal(uv_loop_close(&loop), 0);
	floods_close(NULL);
}

static void a_program_that_is_not_there(void **state)
{
	uv_loop_t loop;
	struct floods *floods;

	uv_loop_init(&loop);
	floods = floods_new(&loop, "/nowhere/sekisho", NULL);
	assert_true(floods_watch(floods, ALICE, NOW + HOUR_US, NOW));
	for (int minute = 1; minute < 4; minute++) {
		floods_look(floods, NOW + minute * FLOODS_EVERY_US);
		settle(&loop);
	}
	assert_int_equal(floods_count(floods), 1); /* it may come back */
	floods_close(floods);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_minute_one_after_the_other, make_script, drop_script),
		cmocka_unit_test_setup_teardown(an_undo_ends_who_is_at_work, make_script, drop_script),
		cmocka_unit_test_setup_teardown(closed_while_one_is_at_work, make_script, drop_script),
		cmocka_unit_test_setup_teardown(a_program_that_is_not_there, make_script, drop_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

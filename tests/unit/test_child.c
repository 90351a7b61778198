/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that are kept running: real children, on a loop. */
#include "started_script.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "gate/child.h"

/* `wait` ends with its leash, `deaf` hears nobody, others end at once */
static int make_script(void **state) { return write_script("case \"$1\" in wait) read nothing; echo gone >>$list ;; deaf) trap '' TERM; exec sleep 60 ;; esac"); }

static int drop_list(void **state)
{
	unlink(list);
	return 0;
}

static void settle(uv_loop_t *loop)
{
	uv_run(loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(loop), 0);
}

static void comes_back_when_killed(void **state)
{
	const char *const words[] = { "sekisho", "wait", "--config", "/etc/a b.conf", NULL };
	struct child *child;
	uv_loop_t loop;
	int first;

	uv_loop_init(&loop);
	child = child_new(&loop, script, words);
	wait_until(&loop, "wait --config /etc/a b.conf\n");
	first = child_pid(child);
	assert_true(first > 0);
	kill(first, SIGKILL);
	for (int i = 0; i < 1000 && child_pid(child) == first; i++) {
		uv_run(&loop, UV_RUN_NOWAIT);
		usleep(1000);
	}
	assert_int_equal(child_pid(child), 0); /* not at once: it may have died of what it will meet again */
	wait_until(&loop, "wait --config /etc/a b.conf\nwait --config /etc/a b.conf\n");
	assert_true(child_pid(child) != first);
	child_close(child);
	settle(&loop);
}

static void ever_more_rarely(void **state)
{
	const char *const words[] = { "sekisho", "end", NULL };
	struct child *child;
	uv_loop_t loop;
	uint64_t began;

	uv_loop_init(&loop);
	began = uv_hrtime();
	child = child_new(&loop, script, words);
	wait_until(&loop, "end\nend\n");
	assert_true(uv_hrtime() - began >= 1000000000);
	wait_until(&loop, "end\nend\nend\n");
	assert_true(uv_hrtime() - began >= 3000000000);
	child_close(child);
	settle(&loop);
}

/* nobody closed it: its keeper was killed, and the leash is all that tells */
static void goes_with_the_daemon(void **state)
{
	const char *const words[] = { "sekisho", "wait", NULL };
	uv_loop_t loop;
	pid_t daemon = fork();

	if (daemon == 0) {
		uv_loop_init(&loop);
		(void)!child_new(&loop, script, words);
		for (;;)
			uv_run(&loop, UV_RUN_ONCE);
	}
	uv_loop_init(&loop);
	wait_until(&loop, "wait\n");
	kill(daemon, SIGKILL);
	waitpid(daemon, NULL, 0);
	wait_until(&loop, "wait\ngone\n");
	settle(&loop);
}

static void killed_where_it_does_not_hear(void **state)
{
	const char *const words[] = { "sekisho", "deaf", NULL };
	struct child *child;
	uv_loop_t loop;
	int pid;

	uv_loop_init(&loop);
	child = child_new(&loop, script, words);
	wait_until(&loop, "deaf\n");
	usleep(100000);
	pid = child_pid(child);
	child_close(child);
	assert_int_equal(kill(pid, 0), -1);
	settle(&loop);
	child_close(NULL);
}

static void nothing_there(void **state)
{
	const char *const words[] = { "sekisho", "web", NULL };
	struct child *child;
	uv_loop_t loop;

	uv_loop_init(&loop);
	child = child_new(&loop, "/nowhere/sekisho", words);
	for (int i = 0; i < 220; i++) { /* it may come back */
		uv_run(&loop, UV_RUN_NOWAIT);
		usleep(5000);
	}
	assert_int_equal(child_pid(child), 0);
	child_close(child);
	settle(&loop);
}

static void knows_its_leash(void **state)
{
	int ends[2], usual = dup(STDIN_FILENO);

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	dup2(ends[0], STDIN_FILENO);
	assert_int_equal(child_leash(), STDIN_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], STDIN_FILENO);
	assert_int_equal(child_leash(), -1);
	close(STDIN_FILENO);
	assert_int_equal(child_leash(), -1);
	dup2(usual, STDIN_FILENO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(comes_back_when_killed, drop_list),
		cmocka_unit_test_teardown(ever_more_rarely, drop_list),
		cmocka_unit_test_teardown(goes_with_the_daemon, drop_list),
		cmocka_unit_test_teardown(killed_where_it_does_not_hear, drop_list),
		cmocka_unit_test_teardown(nothing_there, drop_list),
		cmocka_unit_test(knows_its_leash),
	};

	return cmocka_run_group_tests(tests, make_script, drop_script);
}

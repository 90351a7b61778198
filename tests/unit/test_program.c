/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"

#define PATIENCE_US ((int64_t)20 * 1000000)

static bool run(const char *const *words, int input, int output, int stop, int64_t patience_us, struct error *error)
{
	static const char *const more[] = { "SECRET=kiwi", NULL };

	return program_run(&(struct program){ .words = words, .environment = more, .input = input, .output = output, .stop = stop,
					      .patience_us = patience_us }, error);
}

static void its_end_is_told(void **state)
{
	static const struct {
		const char *words[4];
		const char *why; /* NULL: all is well */
	} table[] = {
		{ { "/bin/true" }, NULL },
		{ { "/bin/sh", "-c", "exit 3" }, "'/bin/sh' ended with status 3" },
		{ { "/bin/sh", "-c", "kill -9 $$" }, "'/bin/sh' was killed by signal 9" },
		{ { "/nowhere/program" }, "'/nowhere/program' cannot be started: No such file or directory" },
	};
	struct error error;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_int_equal(run(table[i].words, -1, -1, -1, PATIENCE_US, &error), !table[i].why);
		if (table[i].why)
			assert_string_equal(error.text, table[i].why);
	}
}

static void its_status_is_told_where_it_ended_by_itself(void **state)
{
	static const struct {
		const char *words[4];
		int status;
	} table[] = { { { "/bin/true" }, 0 }, { { "/bin/sh", "-c", "exit 67" }, 67 }, { { "/bin/sh", "-c", "kill -9 $$" }, -1 }, { { "/nowhere/x" }, -1 } };
	struct error error;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		int status = -1;
		bool done = program_run(&(struct program){ .words = table[i].words, .input = -1, .output = -1, .stop = -1,
							   .patience_us = PATIENCE_US, .status = &status }, &error);

		assert_int_equal(done, status == 0);
		assert_int_equal(status, table[i].status);
	}
}

static void who_does_not_end_is_killed(void **state)
{
	const char *const words[] = { "/bin/sleep", "60", NULL };
	int64_t began = clock_steady();
	struct error error;

	assert_false(run(words, -1, -1, -1, 100000, &error));
	assert_non_null(strstr(error.text, "was killed"));
	assert_true(clock_steady() - began < 30 * (int64_t)1000000);
}

static void whom_nobody_waits_for_is_killed(void **state)
{
	const char *const words[] = { "/bin/sleep", "60", NULL };
	int stop = eventfd(1, EFD_CLOEXEC);
	struct error error;

	assert_false(run(words, -1, -1, stop, PATIENCE_US, &error));
	assert_string_equal(error.text, "'/bin/sleep' was stopped");
	close(stop);
}

/* what a shell says of its descriptors, folder, environment and input */
static void it_gets_what_it_is_given_and_nothing_else(void **state)
{
	const char *const words[] = { "/bin/sh", "-c", "cat; pwd; env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD= | sort; echo /proc/self/fd/*",
				      NULL };
	int input = memfd_create("input", MFD_CLOEXEC), output = memfd_create("output", MFD_CLOEXEC);
	int left_open = dup(input); /* without close-on-exec */
	char said[1024] = "";
	struct error error;

	setenv("LD_PRELOAD_IS_NOT_PASSED_ON", "1", 1);
	assert_int_equal(pwrite(input, "hello\n", 6, 0), 6);
	assert_true(run(words, input, output, -1, PATIENCE_US, &error));
	assert_true(pread(output, said, sizeof said - 1, 0) > 0);
	assert_int_equal(strncmp(said, "hello\n/\nLC_ALL=C\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nSECRET=kiwi\n", 62), 0);
	assert_non_null(strstr(said, "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2"));
	assert_null(strstr(said, "/proc/self/fd/4"));
	close(left_open);
	close(input);
	close(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_end_is_told),
		cmocka_unit_test(its_status_is_told_where_it_ended_by_itself),
		cmocka_unit_test(who_does_not_end_is_killed),
		cmocka_unit_test(whom_nobody_waits_for_is_killed),
		cmocka_unit_test(it_gets_what_it_is_given_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

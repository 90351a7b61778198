/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/compare.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { ENDS = 2 };

/* in the child */
static void compare_and_tell(int to, pid_t helper, struct text password, const struct former_past *past, const struct password_scheme *usual)
{
	char found = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < past->count && getppid() == helper; i++)
		found |= password_matches(password, text_of(past->stored[i]), usual) == PASSWORD_RIGHT;
	_exit(write(to, &found, 1) == 1 ? 0 : 1);
}

/* 1: the byte is there, or will never be; 0: not in time */
static int wait_for(int from, int64_t patience_us)
{
	int64_t until_us = clock_steady() + patience_us, left_us = patience_us;
	struct pollfd byte = { .fd = from, .events = POLLIN };
	int ready = 0;

	while (left_us > 0 && (ready = poll(&byte, 1, (int)(left_us / 1000) + 1)) < 0 && errno == EINTR)
		left_us = until_us - clock_steady();
	return ready;
}

static bool hear(int from, int64_t patience_us, bool *found, struct error *error)
{
	char byte;

	if (wait_for(from, patience_us) <= 0)
		return error_set(error, "comparing with former passwords took more than %d s", (int)(patience_us / 1000000));
	if (read(from, &byte, 1) != 1)
		return error_set(error, "whoever compared with former passwords was killed");
	*found = byte != 0;
	return true;
}

bool compare_with_past(struct text password, const struct former_past *past, const struct password_scheme *usual, int64_t patience_us,
		       bool *found, struct error *error)
{
	pid_t helper = getpid(), child;
	int ends[ENDS];
	bool told;

	if (!past->count) {
		*found = false;
		return true;
	}
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(error, "no process can be had to compare with former passwords: %s", strerror(errno));
	child = fork();
	if (child == 0)
		compare_and_tell(ends[1], helper, password, past, usual);
	close(ends[1]);
	told = child > 0 ? hear(ends[0], patience_us, found, error)
			 : error_set(error, "no process can be had to compare with former passwords: %s", strerror(errno));
	close(ends[0]);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return told;
}

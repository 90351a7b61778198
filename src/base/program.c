/* SPDX-License-Identifier: Apache-2.0 */
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

static int connect_descriptors(posix_spawn_file_actions_t *actions, int input, int output)
{
	int fault = input < 0 ? posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0)
			      : posix_spawn_file_actions_adddup2(actions, input, 0);

	if (!fault)
		fault = output < 0 ? posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0)
				   : posix_spawn_file_actions_adddup2(actions, output, 1);
	if (!fault)
		fault = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
	if (!fault)
		fault = posix_spawn_file_actions_addclosefrom_np(actions, 3);
	return fault ? fault : posix_spawn_file_actions_addchdir_np(actions, "/");
}

/* 0, or an errno */
static int start(const char *const *words, int input, int output, pid_t *pid)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", locale[] = "LC_ALL=C";
	char *const environment[] = { path, locale, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t manners;
	sigset_t none, all;
	int fault;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&manners);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&manners, &none);
	posix_spawnattr_setsigdefault(&manners, &all);
	posix_spawnattr_setflags(&manners, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	fault = connect_descriptors(&actions, input, output);
	if (!fault)
		fault = posix_spawn(pid, words[0], &actions, &manners, (char *const *)words, environment);
	posix_spawnattr_destroy(&manners);
	posix_spawn_file_actions_destroy(&actions);
	return fault;
}

/* its status, once it ended; false where it had to be killed */
static bool wait_for(pid_t pid, int64_t patience_us, int *status)
{
	int64_t until_us = clock_steady() + patience_us, left_us;
	struct pollfd ended = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	bool in_time = ended.fd < 0; /* without that descriptor it is waited for as long as it takes */

	while (!in_time && (left_us = until_us - clock_steady()) > 0)
		in_time = poll(&ended, 1, (int)(left_us / 1000) + 1) > 0;
	if (!in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	if (ended.fd >= 0)
		close(ended.fd);
	return in_time;
}

bool program_run(const char *const *words, int input, int output, int64_t patience_us, struct error *error)
{
	pid_t pid;
	int status = 0, fault = start(words, input, output, &pid);

	if (fault)
		return error_set(error, "'%s' cannot be started: %s", words[0], strerror(fault));
	if (!wait_for(pid, patience_us, &status))
		return error_set(error, "'%s' did not end within %lld s, and was killed", words[0],
				 (long long)(patience_us / 1000000));
	if (WIFSIGNALED(status))
		return error_set(error, "'%s' was killed by signal %d", words[0], WTERMSIG(status));
	return WEXITSTATUS(status) == 0 ||
	       error_set(error, "'%s' ended with status %d", words[0], WEXITSTATUS(status));
}

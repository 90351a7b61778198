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

enum { ENVIRONMENT_MAX = 16 };

/* 0, or an errno */
static int start(const struct program *program, pid_t *pid)
{
	const char *environment[ENVIRONMENT_MAX + 1] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C" };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t manners;
	sigset_t none, all;
	int fault;

	for (size_t i = 0, n = 2; program->environment && program->environment[i] && n < ENVIRONMENT_MAX; i++)
		environment[n++] = program->environment[i];

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&manners);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&manners, &none);
	posix_spawnattr_setsigdefault(&manners, &all);
	posix_spawnattr_setflags(&manners, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	fault = connect_descriptors(&actions, program->input, program->output);
	if (!fault)
		fault = posix_spawn(pid, program->words[0], &actions, &manners, (char *const *)program->words, (char *const *)environment);
	posix_spawnattr_destroy(&manners);
	posix_spawn_file_actions_destroy(&actions);
	return fault;
}

enum ending { ENDED, STOPPED, TOO_LATE };

static enum ending watch(const struct program *program, int ended)
{
	int64_t until_us = clock_steady() + program->patience_us, left_us;
	struct pollfd seen[] = { { .fd = ended, .events = POLLIN }, { .fd = program->stop, .events = POLLIN } };

	while ((left_us = until_us - clock_steady()) > 0)
		if (poll(seen, 2, (int)(left_us / 1000) + 1) > 0)
			return seen[0].revents ? ENDED : STOPPED;
	return TOO_LATE;
}

/* its status, once it ended or was killed */
static enum ending wait_for(const struct program *program, pid_t pid, int *status)
{
	int ended = pidfd_open(pid, 0);
	enum ending how = ended < 0 ? ENDED : watch(program, ended); /* without that descriptor it takes as long as it takes */

	if (how != ENDED)
		kill(pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	if (ended >= 0)
		close(ended);
	return how;
}

bool program_run(const struct program *program, struct error *error)
{
	const char *name = program->words[0];
	pid_t pid;
	int status = 0, fault = start(program, &pid);
	enum ending how;

	if (fault)
		return error_set(error, "'%s' cannot be started: %s", name, strerror(fault));
	how = wait_for(program, pid, &status);
	if (how == TOO_LATE)
		return error_set(error, "'%s' did not end within %lld s, and was killed", name,
				 (long long)(program->patience_us / 1000000));
	if (how == STOPPED)
		return error_set(error, "'%s' was stopped", name);
	if (WIFSIGNALED(status))
		return error_set(error, "'%s' was killed by signal %d", name, WTERMSIG(status));
	if (program->status)
		*program->status = WEXITSTATUS(status);
	return WEXITSTATUS(status) == 0 || error_set(error, "'%s' ended with status %d", name, WEXITSTATUS(status));
}

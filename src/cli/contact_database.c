/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/contact_database.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "configuration.h"

static const char NAME[] = "sekisho-passdb";

/* beside ourselves, as in a folder that something was just built in, else where it is installed */
static void find_program(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	size_t folder = n > 0 ? (size_t)n : 0;

	while (folder && path[folder - 1] != '/')
		folder--;
	if (folder && folder + sizeof NAME <= PATH_MAX) {
		memcpy(path + folder, NAME, sizeof NAME);
		if (access(path, X_OK) == 0)
			return;
	}
	snprintf(path, PATH_MAX, "%s", SEKISHO_PASSDB_PROGRAM);
}

/* 0, or an errno */
static int spawn(struct contact_database *database, const char *program, const char *settings, int output)
{
	static const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", NULL };
	const char *const words[] = { program, "--contacts", "--config", settings, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t manners;
	sigset_t all;
	int fault;

	sigfillset(&all);
	posix_spawnattr_init(&manners);
	posix_spawnattr_setsigdefault(&manners, &all);
	posix_spawnattr_setflags(&manners, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	fault = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (!fault)
		fault = posix_spawn_file_actions_adddup2(&actions, output, 1);
	if (!fault)
		fault = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	if (!fault)
		fault = posix_spawn(&database->child, program, &actions, &manners, (char *const *)words, (char *const *)environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&manners);
	return fault;
}

bool contact_database_open(struct contact_database *database, const char *settings, struct error *error)
{
	char program[PATH_MAX];
	int ends[2], fault;

	find_program(program);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(error, "%s: %s", program, strerror(errno));
	fault = spawn(database, program, settings, ends[1]);
	close(ends[1]);
	if (!fault && (database->rows = fdopen(ends[0], "r")))
		return true;
	close(ends[0]);
	return error_set(error, "'%.300s': %s", program, strerror(fault ? fault : errno));
}

bool contact_database_close(struct contact_database *database)
{
	int status = -1;

	if (!feof(database->rows)) /* given up: it would go on writing */
		kill(database->child, SIGTERM);
	fclose(database->rows);
	while (waitpid(database->child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? WTERMSIG(status) == SIGTERM : WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

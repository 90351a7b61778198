/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/roster_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"
#include "base/when.h"

enum { PATH_ROOM = 4096, NAME_ROOM = 256, MORE = 32 };
#define PATIENCE_US ((int64_t)60 * 1000000)
#define FRESH ".new." /* behind the name of the file; then the number of the process */

struct names {
	char folder[PATH_ROOM], base[NAME_ROOM];
	char fresh[PATH_ROOM + MORE], map[PATH_ROOM + 2 * MORE], fresh_map[PATH_ROOM + 2 * MORE], old_map[PATH_ROOM + MORE];
};

static bool find_names(const struct roster_file *file, struct names *names, struct error *error)
{
	const char *slash = strrchr(file->path, '/');
	size_t folder = slash ? (size_t)(slash - file->path) : 0;

	if (!slash || file->path[0] != '/' || !slash[1])
		return error_set(error, "'%s' is no absolute path of a file", file->path);
	if (strlen(file->path) >= PATH_ROOM || strlen(slash + 1) + MORE >= NAME_ROOM)
		return error_set(error, "'%s' is too long for a path", file->path);
	text_copy(names->folder, sizeof names->folder, (struct text){ file->path, folder ? folder : 1 });
	text_copy(names->base, sizeof names->base, text_of(slash + 1));
	snprintf(names->fresh, sizeof names->fresh, "%s" FRESH "%ld", file->path, (long)getpid());
	snprintf(names->map, sizeof names->map, "hash:%s", names->fresh);
	snprintf(names->fresh_map, sizeof names->fresh_map, "%s.db", names->fresh);
	snprintf(names->old_map, sizeof names->old_map, "%s.db", file->path);
	return true;
}

/* What was begun and cut off: postmap would take it for a table, or wait in it for ever. A postmap that outlives the daemon
 * which was killed may still write, hence the number of the process in the name. */
static void sweep(const struct names *names)
{
	DIR *files = opendir(names->folder);
	struct dirent *file;

	while (files && (file = readdir(files))) {
		struct text name = text_of(file->d_name), base = text_of(names->base);

		if (text_starts(name, base) && text_starts(text_after(name, base.n), TEXT(FRESH)))
			unlinkat(dirfd(files), file->d_name, 0);
	}
	if (files)
		closedir(files);
}

/* Where a reader looks at whole seconds alone, and may have seen any of the files before, only a later second is another file. */
static bool stamp(const struct roster_file *file, int fd)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
	struct stat old;

	if (!file->by_seconds)
		return true;
	times[1].tv_sec = clock_now() / SECOND_US;
	if (stat(file->path, &old) == 0 && old.st_mtim.tv_sec >= times[1].tv_sec)
		times[1].tv_sec = old.st_mtim.tv_sec + 1;
	return futimens(fd, times) == 0;
}

/* The group of the file before, else that of the folder: a Dovecot that may not read its list refuses everybody. */
static bool hand_on_group(const struct roster_file *file, const char *folder, int fd)
{
	struct stat like, fresh;

	if (!file->by_group)
		return true;
	if ((stat(file->path, &like) != 0 && stat(folder, &like) != 0) || fstat(fd, &fresh) != 0)
		return false;
	return like.st_gid == fresh.st_gid || fchown(fd, (uid_t)-1, like.st_gid) == 0;
}

static bool write_text(const struct roster_file *file, const struct names *names, struct text text, struct error *error)
{
	int fd = open(names->fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t n = 0;
	ssize_t step = 0;
	bool done;

	while (fd >= 0 && n < text.n && (step = write(fd, text.p + n, text.n - n)) >= 0)
		n += (size_t)step;
	done = fd >= 0 && step >= 0 && hand_on_group(file, names->folder, fd) && fchmod(fd, file->mode) == 0 && stamp(file, fd) && fsync(fd) == 0;
	if (!done)
		error_set(error, "'%s' cannot be written: %s", names->fresh, strerror(errno));
	if (fd >= 0)
		close(fd);
	return done;
}

static bool sync_path(const char *path, int more)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | more);
	bool done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return done;
}

static bool put_in_place(const char *from, const char *to, struct error *error)
{
	return (sync_path(from, 0) && rename(from, to) == 0) ||
	       error_set(error, "'%s' cannot be put in place: %s", from, strerror(errno));
}

static bool make_map(const struct roster_file *file, const struct names *names, struct error *error)
{
	const char *const words[] = { file->postmap, names->map, NULL };
	struct program postmap = { .words = words, .input = -1, .output = -1, .stop = file->stop, .patience_us = PATIENCE_US };

	return !file->postmap || (program_run(&postmap, error) && put_in_place(names->fresh_map, names->old_map, error));
}

bool roster_file_write(const struct roster_file *file, struct text text, struct error *error)
{
	struct names names;
	bool done;

	if (!find_names(file, &names, error))
		return false;
	if (mkdir(names.folder, 0750) != 0 && errno != EEXIST)
		return error_set(error, "'%s' cannot be made: %s", names.folder, strerror(errno));
	sweep(&names);
	done = write_text(file, &names, text, error) && make_map(file, &names, error) &&
	       put_in_place(names.fresh, file->path, error);
	if (!done)
		sweep(&names);
	else if (!sync_path(names.folder, O_DIRECTORY))
		done = error_set(error, "'%s' cannot be synced: %s", names.folder, strerror(errno));
	return done;
}

bool roster_file_has(const struct roster_file *file, const char *login, const char *ending, bool *there, struct error *error)
{
	FILE *lines = fopen(file->path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	*there = false;
	if (!lines)
		return error_set(error, "'%s' cannot be read: %s", file->path, strerror(errno));
	while (!*there && (n = getline(&line, &room, lines)) > 0) {
		struct text rest = text_trim((struct text){ line, (size_t)n });

		*there = text_starts(rest, text_of(login)) && text_is(text_after(rest, strlen(login)), text_of(ending));
	}
	free(line);
	fclose(lines);
	return true;
}

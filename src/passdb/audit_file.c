/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/audit_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/memory.h"

enum { PATH_ROOM = 4096 };

bool audit_file_lock(struct audit_file *file, const char *path, struct error *error)
{
	char name[PATH_ROOM];

	*file = (struct audit_file){ .lock = -1 };
	audit_results_path(path, ".lock", name);
	file->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file->lock < 0)
		return error_set(error, "the results of audits cannot be locked: %s", strerror(errno));
	if (flock(file->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	error_set(error, "%s", errno == EWOULDBLOCK ? "another audit is running" : strerror(errno));
	audit_file_close(file);
	return false;
}

static void put(FILE *to, const char *account, const struct audit_result *result)
{
	char line[AUDIT_LINE_MAX];

	fwrite(line, 1, audit_result_line(account, result, line), to);
}

void audit_file_put(struct audit_file *file, const struct audit_subject *subject) { put(file->to, subject->account, &subject->result); }

static bool is_among(const struct audit_subjects *subjects, const char *account)
{
	size_t low = 0, high = subjects->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(account, subjects->items[middle].account);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static bool failed(struct error *error) { return error_set(error, "the results of audits cannot be written: %s", strerror(errno)); }

bool audit_file_sync(struct audit_file *file, struct error *error)
{
	return (fflush(file->to) == 0 && fdatasync(fileno(file->to)) == 0) || failed(error);
}

static bool sync_folder(const char *path)
{
	char *copy = memory_copy(path, strlen(path));
	int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = folder >= 0 && fsync(folder) == 0;

	free(copy);
	if (folder >= 0)
		close(folder);
	return synced;
}

bool audit_file_begin(struct audit_file *file, const char *path, const struct audit_subjects *subjects, const struct audit_results *known, bool all,
		      struct error *error)
{
	char fresh[PATH_ROOM];
	int fd;

	audit_results_path(path, ".new", fresh);
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	file->to = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!file->to)
		return failed(error);
	for (size_t i = 0; i < subjects->count; i++)
		audit_file_put(file, &subjects->items[i]);
	for (size_t i = 0; i < known->count && !all; i++)
		if (!is_among(subjects, known->items[i].account))
			put(file->to, known->items[i].account, &known->items[i].result);
	if (!audit_file_sync(file, error))
		return false;
	return (rename(fresh, path) == 0 && sync_folder(path)) || failed(error);
}

void audit_file_close(struct audit_file *file)
{
	if (file->to)
		fclose(file->to);
	if (file->lock >= 0)
		close(file->lock);
	*file = (struct audit_file){ .lock = -1 };
}

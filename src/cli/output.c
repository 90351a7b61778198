/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cli/cli.h"

bool output_parse_form(const char *name, bool pages, enum output_form *form)
{
	static const char *const names[] = { "text", "json", "html" };

	for (int i = 0; i < (pages ? 3 : 2); i++) {
		if (strcmp(name, names[i]) == 0) {
			*form = (enum output_form)i;
			return true;
		}
	}
	cli_complain(pages ? _("unknown format '%s': text, json or html") : _("unknown format '%s': text or json"), name);
	return false;
}

bool output_has_colour(FILE *to) { return isatty(fileno(to)) && !getenv("NO_COLOR"); }

static bool look_at(const char *path, struct stat *status)
{
	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0)
		return fstat(STDIN_FILENO, status) == 0;
	return stat(path, status) == 0;
}

bool output_is_input(const char *path, const struct inputs *inputs)
{
	struct stat output, input;

	if (!path || stat(path, &output) != 0)
		return false;
	for (size_t i = 0; i < inputs->count; i++) {
		const struct inputs_file *file = &inputs->files[i];

		if (!look_at(file->archive ? file->archive : file->path, &input) || !S_ISREG(input.st_mode) ||
		    input.st_dev != output.st_dev || input.st_ino != output.st_ino)
			continue;
		cli_complain(_("'%s' is one of the logs: the report would destroy it"), path);
		return true;
	}
	return false;
}

static int not_written(const char *path, const char *why)
{
	cli_complain(_("cannot write '%s': %s"), path, why);
	return CLI_PARTLY;
}

/* A file in the same folder that has no name yet, so that nothing is left of it when we are killed; where the file system knows none such, one
 * with a name: *path. */
static int open_beside(const char *name, char path[PATH_MAX])
{
	const char *slash = strrchr(name, '/');
	int fd = -1;

	if (access("/proc/self/fd", X_OK) == 0) {
		snprintf(path, PATH_MAX, "%.*s", slash ? (int)(slash - name + 1) : 1, slash ? name : ".");
		fd = open(path, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	}
	*path = '\0';
	if (fd >= 0)
		return fd;
	snprintf(path, PATH_MAX, "%s.XXXXXX", name);
	return mkostemp(path, O_CLOEXEC);
}

static bool give_name(int fd, const char *name, char path[PATH_MAX])
{
	enum { TRIES = 100 };
	char nameless[64];
	int failed = EEXIST;

	snprintf(nameless, sizeof nameless, "/proc/self/fd/%d", fd);
	for (int i = 0; i < TRIES && failed == EEXIST; i++) {
		snprintf(path, PATH_MAX, "%s.%d-%d", name, (int)getpid(), i);
		failed = linkat(AT_FDCWD, nameless, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
	}
	if (failed)
		*path = '\0';
	errno = failed;
	return !failed;
}

/* into a file beside it first, so that an old report is there until the new one is whole; readable by its owner alone,
 * for it says who wrote from where */
static int write_file(const char *name, bool (*write)(const void *context, FILE *to, struct error *error), const void *context)
{
	struct stat st;
	bool special = stat(name, &st) == 0 && !S_ISREG(st.st_mode), written;
	struct error error = { "" };
	char path[PATH_MAX] = "";
	int fd = special ? open(name, O_WRONLY | O_CLOEXEC) : open_beside(name, path);
	FILE *to;

	if (fd < 0 || !(to = fdopen(fd, "w")))
		return not_written(name, strerror(errno));
	written = write(context, to, &error);
	if (!written && !*error.text)
		error_set(&error, "%s", strerror(errno ? errno : EIO));
	if (fflush(to) != 0 && written)
		written = error_set(&error, "%s", strerror(errno));
	if (written && !special && !*path && !give_name(fd, name, path))
		written = error_set(&error, "%s", strerror(errno));
	if (fclose(to) != 0 && written)
		written = error_set(&error, "%s", strerror(errno));
	if (written && !special && rename(path, name) != 0)
		written = error_set(&error, "%s", strerror(errno));
	if (written)
		return CLI_DONE;
	if (*path)
		unlink(path);
	return not_written(name, error.text);
}

int output_write(const char *path, bool (*write)(const void *context, FILE *to, struct error *error), const void *context)
{
	struct error error = { "" };

	if (path)
		return write_file(path, write, context);
	return write(context, stdout, &error) ? CLI_DONE : CLI_PARTLY; /* why is said where the output is closed */
}

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

/* into a file beside it first, so that an old report is there until the new one is whole; readable by its owner alone,
 * for it says who wrote from where */
static int write_file(const char *name, bool (*write)(const void *context, FILE *to, struct error *error), const void *context)
{
	struct stat st;
	bool special = stat(name, &st) == 0 && !S_ISREG(st.st_mode), written;
	struct error error = { "" };
	char path[PATH_MAX];
	int fd;
	FILE *to;

	snprintf(path, sizeof path, special ? "%s" : "%s.XXXXXX", name);
	fd = special ? open(path, O_WRONLY | O_CLOEXEC) : mkostemp(path, O_CLOEXEC);
	if (fd < 0 || !(to = fdopen(fd, "w")))
		return not_written(name, strerror(errno));
	written = write(context, to, &error);
	if (fclose(to) != 0 && written)
		written = error_set(&error, "%s", strerror(errno));
	if (written && !special && rename(path, name) != 0)
		written = error_set(&error, "%s", strerror(errno));
	if (written)
		return CLI_DONE;
	if (!special)
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

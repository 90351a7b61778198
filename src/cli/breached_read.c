/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/breached.h"
#include "cli/cli.h"
#include "intake/input.h"
#include "intake/inputs.h"

static bool may_complain(struct breached_reading *reading)
{
	reading->status = cli_worse(reading->status, CLI_UNREADABLE);
	return reading->bad_lines + reading->faults <= BREACHED_COMPLAINTS_MAX;
}

static void complain_of_file(struct breached_reading *reading, const char *why)
{
	reading->faults++;
	if (may_complain(reading))
		cli_complain("%s", why);
}

static void complain_of_line(struct breached_reading *reading, const char *path, uint64_t number, enum breached_line line)
{
	reading->bad_lines++;
	if (may_complain(reading))
		cli_complain("%s:%llu: %s", path, (unsigned long long)number, breached_line_fault(line));
}

void breached_read_end(const struct breached_reading *reading)
{
	uint64_t all = reading->bad_lines + reading->faults;

	if (all > BREACHED_COMPLAINTS_MAX)
		cli_complain(_("there is more of this kind: %llu lines and %llu files in all"), (unsigned long long)reading->bad_lines,
			     (unsigned long long)reading->faults);
}

/* ---- a file */

static bool cannot_go_on(struct breached_reading *reading, const struct error *error)
{
	cli_complain("%s", error->text);
	reading->status = CLI_PARTLY;
	return false;
}

static bool take_line(struct breached_reading *reading, const char *path, uint64_t number, struct text line)
{
	unsigned char digest[20];
	enum breached_line what = breached_list_line(&reading->list, line, digest);
	struct error error;

	reading->lines++;
	if (what == BREACHED_TAKEN)
		return breached_build_add(reading->build, digest, &error) || cannot_go_on(reading, &error);
	if (what == BREACHED_LEFT_OUT)
		reading->left_out++;
	else
		complain_of_line(reading, path, number, what);
	return true;
}

static bool take_lines(struct breached_reading *reading, const char *path, uint64_t *number, struct text lines)
{
	struct text line;

	while (text_cut(&lines, '\n', &line))
		if (!take_line(reading, path, ++*number, line))
			return false;
	return !lines.n || take_line(reading, path, ++*number, lines); /* the last one of all */
}

static bool read_input(struct breached_reading *reading, const char *path, struct input *input)
{
	struct error error;
	uint64_t number = 0;
	struct text lines;
	int status;

	while ((status = input_next(input, &lines, &error)) != 0) {
		if (status < 0)
			complain_of_file(reading, error.text);
		else if (!take_lines(reading, path, &number, lines))
			return false;
		progress_show(&reading->progress, reading->done_bytes + input_position(input));
	}
	reading->done_bytes += input_position(input);
	return true;
}

static bool read_file(struct breached_reading *reading, const char *path)
{
	struct error error;
	struct input *input = input_open(path, &error);
	bool go_on;

	if (!input) {
		complain_of_file(reading, error.text);
		return true;
	}
	reading->files++;
	breached_list_file(&reading->list, path);
	go_on = read_input(reading, path, input);
	input_close(input);
	return go_on;
}

/* ---- what was named */

static bool is_output(const struct breached_reading *reading, const struct stat *status)
{
	return reading->has_output && status->st_dev == reading->output.st_dev && status->st_ino == reading->output.st_ino;
}

static bool read_folder(struct breached_reading *reading, const char *path, unsigned depth);

/* links in a folder are not followed, nor is anything read that could wait for somebody */
static bool read_entry(struct breached_reading *reading, const char *folder, const struct dirent *entry, unsigned depth)
{
	char path[PATH_MAX];
	struct stat status;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return true;
	if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path || lstat(path, &status) != 0)
		return true;
	if (S_ISDIR(status.st_mode))
		return depth == INPUTS_DEPTH_MAX || read_folder(reading, path, depth + 1);
	return !S_ISREG(status.st_mode) || is_output(reading, &status) || read_file(reading, path);
}

static void complain_of_folder(struct breached_reading *reading, const char *path)
{
	struct error error;

	error_set(&error, _("cannot read '%s': %s"), path, strerror(errno));
	complain_of_file(reading, error.text);
}

static bool read_folder(struct breached_reading *reading, const char *path, unsigned depth)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool go_on = true;

	if (!folder) {
		complain_of_folder(reading, path);
		return true;
	}
	while (go_on && (errno = 0, entry = readdir(folder)))
		go_on = read_entry(reading, path, entry, depth);
	if (go_on && errno)
		complain_of_folder(reading, path);
	closedir(folder);
	return go_on;
}

bool breached_read(struct breached_reading *reading, const char *argument)
{
	struct stat status;

	if (strcmp(argument, "-") == 0 || stat(argument, &status) != 0)
		return read_file(reading, argument);
	if (S_ISDIR(status.st_mode))
		return read_folder(reading, argument, 0);
	if (!is_output(reading, &status))
		return read_file(reading, argument);
	cli_complain(_("'%s' is to be written, and is one of the lists, too"), argument);
	reading->status = CLI_USAGE;
	return false;
}

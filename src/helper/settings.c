/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define UID_MAX 4294967294u /* the last would mean: nobody at all */

static bool is_ours_alone(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static bool check_program(const char *path, struct error *error)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set(error, "'%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) || !is_ours_alone(&st))
		return error_set(error, "'%s' must be a program that belongs to root and that nobody else can write", path);
	return true;
}

static bool take_path(char to[SETTINGS_PATH_MAX], struct text value, struct error *error)
{
	if (value.n >= SETTINGS_PATH_MAX || !value.n || value.p[0] != '/' || text_find(value, '\0') < value.n)
		return error_set(error, "'%.*s' is no absolute path", TEXT_ARG(value));
	text_copy(to, SETTINGS_PATH_MAX, value);
	return true;
}

static bool take_user(struct settings *settings, struct text value, struct error *error)
{
	char name[256];
	uint64_t number;
	const struct passwd *found;

	text_copy(name, sizeof name, value);
	if (text_number(value, UID_MAX, &number))
		settings->user = (uid_t)number;
	else if ((found = getpwnam(name)))
		settings->user = found->pw_uid;
	else
		return error_set(error, "there is no user '%s'", name);
	return true;
}

static bool take_postfix(struct settings *settings, struct text value, struct error *error)
{
	if (settings->postfix_count == SETTINGS_POSTFIXES_MAX)
		return error_set(error, "more than %d settings 'postfix'", SETTINGS_POSTFIXES_MAX);
	return take_path(settings->postfix[settings->postfix_count], value, error) && ++settings->postfix_count;
}

static bool take(struct settings *settings, struct text name, struct text value, bool *user, struct error *error)
{
	if (text_is(name, TEXT("postsuper")))
		return take_path(settings->postsuper, value, error);
	if (text_is(name, TEXT("postqueue")))
		return take_path(settings->postqueue, value, error);
	if (text_is(name, TEXT("postconf")))
		return take_path(settings->postconf, value, error);
	if (text_is(name, TEXT("postfix")))
		return take_postfix(settings, value, error);
	if (text_is(name, TEXT("user")))
		return *user = take_user(settings, value, error);
	return error_set(error, "no setting is named '%.*s'", TEXT_ARG(name));
}

static bool take_lines(struct settings *settings, struct text rest, struct error *error)
{
	struct text line, name;
	bool user = false;

	while (rest.n) {
		if (!text_cut(&rest, '\n', &line)) {
			line = rest;
			rest = TEXT_NONE;
		}
		line = text_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		if (!text_cut(&line, '=', &name))
			return error_set(error, "'%.*s' is no 'name = value'", TEXT_ARG(line));
		if (!take(settings, text_trim(name), text_trim(line), &user, error))
			return false;
	}
	if (!settings->postfix_count && !take_postfix(settings, TEXT("/etc/postfix"), error))
		return false;
	return user || take_user(settings, TEXT("sekisho"), error);
}

/* the owner is asked of the open file, so that it cannot be exchanged in between */
static bool read_open(int fd, char bytes[SETTINGS_BYTES_MAX], struct text *text, struct error *error)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !is_ours_alone(&st))
		return error_set(error, "must be a file that belongs to root and that nobody else can write");
	n = read(fd, bytes, SETTINGS_BYTES_MAX);
	if (n < 0)
		return error_set(error, "cannot be read: %s", strerror(errno));
	if (n == SETTINGS_BYTES_MAX)
		return error_set(error, "longer than %d bytes", SETTINGS_BYTES_MAX - 1);
	*text = (struct text){ bytes, (size_t)n };
	return true;
}

static bool read_file(const char *path, char bytes[SETTINGS_BYTES_MAX], struct text *text, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool done;

	if (fd < 0)
		return error_set(error, "cannot be opened: %s", strerror(errno));
	done = read_open(fd, bytes, text, error);
	close(fd);
	return done;
}

bool settings_read(struct settings *settings, const char *path, struct error *error)
{
	char bytes[SETTINGS_BYTES_MAX];
	struct error why;
	struct text text;

	*settings = (struct settings){
		.postsuper = "/usr/sbin/postsuper", .postqueue = "/usr/sbin/postqueue", .postconf = "/usr/sbin/postconf"
	};
	if (!read_file(path, bytes, &text, &why) || !take_lines(settings, text, &why))
		return error_set(error, "settings '%.200s': %.280s", path, why.text);
	return check_program(settings->postsuper, error) && check_program(settings->postqueue, error) &&
	       check_program(settings->postconf, error);
}

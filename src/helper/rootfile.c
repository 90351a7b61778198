/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/rootfile.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#define UID_MAX 4294967294u /* the last would mean: nobody at all */

static bool is_ours_alone(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* ---- values */

bool rootfile_check_program(const char *path, struct error *error)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set(error, "'%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) || !is_ours_alone(&st))
		return error_set(error, "'%s' must be a program that belongs to root and that nobody else can write", path);
	return true;
}

bool rootfile_is_path(struct text value, struct error *error)
{
	if (value.n >= ROOTFILE_PATH_MAX || !value.n || value.p[0] != '/' || text_find(value, '\0') < value.n)
		return error_set(error, "'%.*s' is no absolute path", TEXT_ARG(value));
	return true;
}

bool rootfile_user(struct text value, uid_t *user, struct error *error)
{
	char name[256];
	uint64_t number;
	const struct passwd *found;

	text_copy(name, sizeof name, value);
	if (text_number(value, UID_MAX, &number))
		*user = (uid_t)number;
	else if ((found = getpwnam(name)))
		*user = found->pw_uid;
	else
		return error_set(error, "there is no user '%s'", name);
	return true;
}

/* ---- the file */

/* the owner is asked of the open file, so that it cannot be exchanged in between */
static bool read_open(int fd, enum rootfile_secrecy secrecy, char bytes[ROOTFILE_BYTES_MAX], struct text *text, struct error *error)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !is_ours_alone(&st))
		return error_set(error, "must be a file that belongs to root and that nobody else can write");
	if (secrecy == ROOTFILE_SECRET && st.st_mode & (S_IRWXG | S_IRWXO))
		return error_set(error, "nobody but root may be able to read it (chmod 0600), for it may contain a password");
	n = read(fd, bytes, ROOTFILE_BYTES_MAX);
	if (n < 0)
		return error_set(error, "cannot be read: %s", strerror(errno));
	if (n == ROOTFILE_BYTES_MAX)
		return error_set(error, "longer than %d bytes", ROOTFILE_BYTES_MAX - 1);
	*text = (struct text){ bytes, (size_t)n };
	return true;
}

static bool read_file(const char *path, enum rootfile_secrecy secrecy, char bytes[ROOTFILE_BYTES_MAX], struct text *text,
		      struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool done;

	if (fd < 0)
		return error_set(error, "cannot be opened: %s", strerror(errno));
	done = read_open(fd, secrecy, bytes, text, error);
	close(fd);
	return done;
}

static struct text next_line(struct text *rest)
{
	struct text line;

	if (!text_cut(rest, '\n', &line)) {
		line = *rest;
		*rest = TEXT_NONE;
	}
	return text_trim(line);
}

/* a line that is none is not quoted, for it may be half of a password */
static bool take_lines(struct text rest, bool (*take)(void *, struct text, struct text, struct error *), void *context,
		       struct error *error)
{
	struct error why;
	struct text name;

	for (unsigned number = 1; rest.n; number++) {
		struct text line = next_line(&rest);

		if (!line.n || line.p[0] == '#')
			continue;
		if (text_find(line, '\0') < line.n || !text_cut(&line, '=', &name))
			return error_set(error, "line %u is no 'name = value'", number);
		if (!take(context, text_trim(name), text_trim(line), &why))
			return error_set(error, "line %u: %.400s", number, why.text);
	}
	return true;
}

bool rootfile_read(const char *path, enum rootfile_secrecy secrecy,
		   bool (*take)(void *context, struct text name, struct text value, struct error *error), void *context,
		   struct error *error)
{
	char bytes[ROOTFILE_BYTES_MAX];
	struct text text = TEXT_NONE;
	struct error why;
	bool done = read_file(path, secrecy, bytes, &text, &why) && take_lines(text, take, context, &why);

	explicit_bzero(bytes, text.n);
	return done || error_set(error, "settings '%.200s': %.280s", path, why.text);
}

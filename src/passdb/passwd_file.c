/* SPDX-License-Identifier: Apache-2.0 */
/* The file is read whole, changed in memory, written beside, synced, and renamed over the old one: who looks sees the one or the other,
 * whenever we are killed and however full the disk is. Dovecot knows a changed file by its time in whole seconds and its size, so
 * the time only ever grows, by a second at least, if need be into the future. */
#include "passdb/passwd_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "passdb/account.h"
#include "passdb/backends.h"

enum { NAP_US = 20000, ATTRIBUTE_MAX = 4096, ENTRY_MAX = 512, LINES_MAX = 100 };

struct passwd_file {
	char path[PASSWD_FILE_PATH_MAX], entry[ENTRY_MAX]; /* patterns of passdb/account.h */
	int64_t patience_us;
	/* what was read last, for who looks at one account after the other */
	bool keeps;
	char *kept;
	size_t kept_bytes;
	struct stat kept_st;
};

/* one look into the file, or one change of it */
struct sight {
	int folder, fd;                  /* -1: not open */
	char path[PASSWD_FILE_PATH_MAX]; /* where links led */
	const char *name;                /* its last part */
	struct stat st;
	char *bytes;
	size_t n;
};

static enum passdb_result failed(struct error *error, const char *what)
{
	error_set(error, "the passwd-file %s: %s", what, strerror(errno));
	return PASSDB_FAILED;
}

static enum passdb_result refused(struct error *error, const char *what)
{
	error_set(error, "the passwd-file %s", what);
	return PASSDB_FAILED;
}

static enum passdb_result absent(struct error *error)
{
	error_set(error, "the passwd-file does not name that account");
	return PASSDB_ABSENT;
}

/* ---- open */

static void *open_backend(const struct passdb_settings *settings, struct error *error)
{
	struct passwd_file *file;

	if (!settings->file) {
		error_set(error, "file: the passwd-file is not named");
		return NULL;
	}
	if (strlen(settings->file) >= PASSWD_FILE_PATH_MAX || strlen(settings->entry) >= ENTRY_MAX) {
		error_set(error, "file, entry: too long");
		return NULL;
	}
	file = memory_zero(1, sizeof *file);
	text_copy(file->path, sizeof file->path, text_of(settings->file));
	text_copy(file->entry, sizeof file->entry, text_of(settings->entry));
	file->patience_us = (int64_t)settings->patience_s * 1000000;
	file->keeps = settings->all_are_read;
	return file;
}

static void forget_kept(struct passwd_file *file)
{
	if (file->kept)
		explicit_bzero(file->kept, file->kept_bytes);
	free(file->kept);
	file->kept = NULL;
}

static void close_backend(void *backend)
{
	forget_kept(backend);
	free(backend);
}

static bool find_place(const char *pattern, const char *account, struct sight *sight)
{
	char expanded[PASSWD_FILE_PATH_MAX], *path = NULL, *slash;
	bool fits = account_expand(pattern, text_of(account), expanded, sizeof expanded);

	if (!fits) {
		errno = EINVAL;
		return false;
	}
	path = realpath(expanded, NULL);
	fits = path && strlen(path) < sizeof sight->path - 16;
	if (path && !fits)
		errno = ENAMETOOLONG;
	if (fits) {
		text_copy(sight->path, sizeof sight->path, text_of(path));
		slash = strrchr(path, '/');
		sight->name = sight->path + (slash - path) + 1;
		*slash = '\0';
		sight->folder = open(slash == path ? "/" : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	free(path);
	return fits && sight->folder >= 0;
}

static enum passdb_result open_file(const struct passwd_file *file, const char *account, struct sight *sight, struct error *error)
{
	*sight = (struct sight){ .folder = -1, .fd = -1 };
	if (!find_place(file->path, account, sight)) /* a domain without a file has no accounts */
		return errno == ENOENT && strstr(file->path, "%d") ? absent(error) : failed(error, "cannot be found");
	sight->fd = openat(sight->folder, sight->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (sight->fd < 0 || fstat(sight->fd, &sight->st) != 0)
		return failed(error, "cannot be opened");
	if (!S_ISREG(sight->st.st_mode))
		return refused(error, "is no file");
	if (sight->st.st_size > PASSWD_FILE_BYTES_MAX)
		return refused(error, "has more than 64 MiB");
	return PASSDB_DONE;
}

static void close_file(struct sight *sight)
{
	if (sight->bytes)
		explicit_bzero(sight->bytes, sight->n);
	free(sight->bytes);
	sight->bytes = NULL;
	if (sight->fd >= 0)
		close(sight->fd);
	if (sight->folder >= 0)
		close(sight->folder);
	sight->fd = sight->folder = -1;
}

static enum passdb_result read_whole(struct sight *sight, struct error *error)
{
	size_t size = (size_t)sight->st.st_size;
	ssize_t n = 1;

	sight->bytes = memory_new(size + 1);
	while (sight->n < size && (n = pread(sight->fd, sight->bytes + sight->n, size - sight->n, (off_t)sight->n)) > 0)
		sight->n += (size_t)n;
	return n < 0 ? failed(error, "cannot be read") : PASSDB_DONE;
}

static bool is_kept(const struct passwd_file *file, const struct stat *st)
{
	const struct stat *old = &file->kept_st;

	return file->kept && old->st_ino == st->st_ino && old->st_dev == st->st_dev && old->st_size == st->st_size &&
	       old->st_mtim.tv_sec == st->st_mtim.tv_sec && old->st_mtim.tv_nsec == st->st_mtim.tv_nsec &&
	       old->st_ctim.tv_sec == st->st_ctim.tv_sec && old->st_ctim.tv_nsec == st->st_ctim.tv_nsec;
}

/* as it was kept; the file has it again at give_back */
static enum passdb_result read_or_take_kept(struct passwd_file *file, struct sight *sight, struct error *error)
{
	if (!is_kept(file, &sight->st))
		return read_whole(sight, error);
	sight->bytes = file->kept;
	sight->n = file->kept_bytes;
	file->kept = NULL;
	return PASSDB_DONE;
}

static void give_back(struct passwd_file *file, struct sight *sight)
{
	if (!file->keeps || !sight->bytes)
		return;
	forget_kept(file);
	file->kept = sight->bytes;
	file->kept_bytes = sight->n;
	file->kept_st = sight->st;
	sight->bytes = NULL;
}

static struct text text_of_file(const struct sight *sight) { return (struct text){ sight->bytes, sight->n }; }

/* ---- one writer at a time */

/* whether the name still leads to what is locked: another writer may have put a new file in its place */
static bool is_still_there(const struct sight *sight)
{
	struct stat st;

	return fstatat(sight->folder, sight->name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_ino == sight->st.st_ino &&
	       st.st_dev == sight->st.st_dev;
}

static enum passdb_result lock_file(const struct passwd_file *file, const char *account, struct sight *sight, struct error *error)
{
	int64_t until_us = clock_steady() + file->patience_us;
	enum passdb_result result;

	while ((result = open_file(file, account, sight, error)) == PASSDB_DONE) {
		bool locked = flock(sight->fd, LOCK_EX | LOCK_NB) == 0;

		if (locked && is_still_there(sight) && fstat(sight->fd, &sight->st) == 0)
			return PASSDB_DONE;
		if (!locked && errno != EWOULDBLOCK && errno != EINTR)
			return failed(error, "cannot be locked");
		if (clock_steady() > until_us)
			return refused(error, "is locked by somebody else");
		close_file(sight);
		usleep(NAP_US);
	}
	return result;
}

/* ---- the new file */

/* what is not there, or not known to the file system, need not be copied */
static bool copy_attribute(int from, int to, const char *name)
{
	char value[ATTRIBUTE_MAX];
	ssize_t n = fgetxattr(from, name, value, sizeof value);

	return n < 0 ? errno == ENODATA || errno == ENOTSUP : fsetxattr(to, name, value, (size_t)n, 0) == 0;
}

/* A label that may not be given is the policy's affair; an access list that is lost would keep Dovecot out. */
static bool copy_attributes(int from, int to)
{
	(void)!copy_attribute(from, to, "security.selinux");
	return copy_attribute(from, to, "system.posix_acl_access");
}

static bool write_all(int fd, struct text text)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno != EINTR)
			return false;
		text = text_after(text, n > 0 ? (size_t)n : 0);
	}
	return true;
}

static bool set_time(int fd, const struct stat *old)
{
	int64_t now_s = clock_now() / 1000000;
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };

	if (now_s <= old->st_mtim.tv_sec)
		times[1] = (struct timespec){ .tv_sec = old->st_mtim.tv_sec + 1 };
	return futimens(fd, times) == 0;
}

/* the owner before the mode, for a change of owner takes bits away */
static bool make_like(int fd, const struct sight *old)
{
	return fchown(fd, old->st.st_uid, old->st.st_gid) == 0 && copy_attributes(old->fd, fd) &&
	       fchmod(fd, old->st.st_mode & 07777) == 0 && set_time(fd, &old->st);
}

/* an editor that asks for no lock: half of what it is writing must not become the file */
static bool is_unchanged(const struct sight *old)
{
	struct stat st;

	if (is_still_there(old) && fstat(old->fd, &st) == 0 && st.st_size == old->st.st_size && (size_t)st.st_size == old->n &&
	    st.st_mtim.tv_sec == old->st.st_mtim.tv_sec && st.st_mtim.tv_nsec == old->st.st_mtim.tv_nsec)
		return true;
	errno = ESTALE;
	return false;
}

static enum passdb_result replace(const struct sight *old, const struct text parts[3], struct error *error)
{
	char fresh[NAME_MAX + 1];
	bool done = snprintf(fresh, sizeof fresh, ".%s.sekisho", old->name) < (int)sizeof fresh;
	int fd;

	if (!done)
		return refused(error, "has too long a name");
	unlinkat(old->folder, fresh, 0); /* left behind by one who was killed; the lock is ours */
	fd = openat(old->folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return failed(error, "cannot be written beside");
	done = write_all(fd, parts[0]) && write_all(fd, parts[1]) && write_all(fd, parts[2]) && make_like(fd, old) &&
	       fsync(fd) == 0 && is_unchanged(old) && renameat(old->folder, fresh, old->folder, old->name) == 0;
	if (!done) {
		if (errno == ESTALE)
			refused(error, "is being changed by somebody else");
		else
			failed(error, "cannot be written");
		unlinkat(old->folder, fresh, 0);
	}
	close(fd);
	if (done && fsync(old->folder) != 0)
		return failed(error, "was written, and its folder cannot be synced");
	return done ? PASSDB_DONE : PASSDB_FAILED;
}

/* ---- the verbs */

static enum passdb_result find(struct passwd_file *file, struct sight *sight, const char *account, struct passwd_line *line,
			       struct error *error)
{
	char entry[ENTRY_MAX];
	enum passdb_result result = read_or_take_kept(file, sight, error);

	if (result != PASSDB_DONE)
		return result;
	return account_expand(file->entry, text_of(account), entry, sizeof entry) &&
			       passwd_find(text_of_file(sight), text_of(entry), line)
		       ? PASSDB_DONE
		       : absent(error);
}

static enum passdb_result get(void *backend, const char *account, char stored[PASSWORD_HASH_MAX], struct error *error)
{
	struct passwd_line line;
	struct sight sight;
	enum passdb_result result = open_file(backend, account, &sight, error);

	if (result == PASSDB_DONE)
		result = find(backend, &sight, account, &line, error);
	if (result == PASSDB_DONE && (!line.has_password || line.password.n >= PASSWORD_HASH_MAX))
		result = refused(error, line.has_password ? "has too long a password there" : "has no field for a password there");
	if (result == PASSDB_DONE)
		text_copy(stored, PASSWORD_HASH_MAX, line.password);
	give_back(backend, &sight);
	close_file(&sight);
	return result;
}

/* `stored` NULL: the line goes */
static enum passdb_result change_line(struct passwd_file *file, const char *account, const char *stored, struct error *error)
{
	struct passwd_line line;
	struct sight sight;
	enum passdb_result result = lock_file(file, account, &sight, error);

	if (result == PASSDB_DONE)
		result = find(file, &sight, account, &line, error);
	if (result == PASSDB_DONE && stored && !line.has_password)
		result = refused(error, "has no field for a password there");
	if (result == PASSDB_DONE) {
		struct text gone = stored ? line.password : line.whole, all = text_of_file(&sight);
		const struct text parts[3] = { text_between(all.p, gone.p), stored ? text_of(stored) : TEXT_NONE,
					       text_between(gone.p + gone.n, all.p + all.n) };

		result = replace(&sight, parts, error);
	}
	close_file(&sight);
	return result;
}

static enum passdb_result set(void *backend, const char *account, const char *stored, struct error *error)
{
	if (!passwd_may_hold(text_of(stored)))
		return refused(error, "cannot hold a password with a colon or a control character");
	return change_line(backend, account, stored, error);
}

/* all of its lines: behind the first another one would count */
static enum passdb_result drop(void *backend, const char *account, struct error *error)
{
	enum passdb_result result = change_line(backend, account, NULL, error), next = result;

	for (unsigned more = 0; next == PASSDB_DONE && more < LINES_MAX; more++)
		next = change_line(backend, account, NULL, error);
	return next == PASSDB_FAILED ? next : result;
}

static void tell_names(struct text rest, void (*each)(void *context, const char *account), void *context)
{
	char name[PASSDB_ACCOUNT_MAX + 1];
	struct passwd_line line;

	while (passwd_next(&rest, &line)) {
		if (line.name.n >= sizeof name)
			continue;
		text_copy(name, sizeof name, line.name);
		each(context, name);
	}
}

static enum passdb_result list(void *backend, void (*each)(void *context, const char *account), void *context, struct error *error)
{
	const struct passwd_file *file = backend;
	struct sight sight;
	enum passdb_result result;

	if (strchr(file->path, '%') || strcmp(file->entry, "%u") != 0) {
		error_set(error, "where each domain has a file there is no list");
		return PASSDB_NOT;
	}
	result = open_file(file, "", &sight, error);
	if (result == PASSDB_DONE)
		result = read_whole(&sight, error);
	if (result == PASSDB_DONE)
		tell_names(text_of_file(&sight), each, context);
	close_file(&sight);
	return result;
}

const struct passdb_backend passdb_passwd_file = {
	.name = "passwd-file",
	.open = open_backend,
	.close = close_backend,
	.get = get,
	.set = set,
	.delete = drop,
	.list = list,
};

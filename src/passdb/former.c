/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/former.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum { PRINT_BYTES = (PASSDB_PRINT_MAX - 1) / 2, FILE_MAX = PASSWORD_HASH_MAX + PASSDB_PRINT_MAX + 16, DAY_S = 86400 };

static const char key_name[] = "key", fresh_name[] = "new";

/* ---- small files */

static bool write_fresh(int fd, struct text text)
{
	return write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
}

/* beside, synced, then in its place */
static bool put_file(int folder, const char *name, struct text text, struct error *error)
{
	int fd;
	bool done;

	unlinkat(folder, fresh_name, 0);
	fd = openat(folder, fresh_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	done = fd >= 0 && write_fresh(fd, text) && renameat(folder, fresh_name, folder, name) == 0 && fsync(folder) == 0;
	if (!done)
		error_set(error, "former_folder cannot be written: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return done;
}

/* how much was read; -1 with errno */
static ssize_t read_file(int folder, const char *name, char *bytes, size_t room, struct stat *st)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		n = read(fd, bytes, room);
	close(fd);
	return n;
}

/* ---- prints */

static void print_of(const struct former *former, struct text text, char print[PASSDB_PRINT_MAX])
{
	unsigned char hash[PRINT_BYTES];

	crypto_generichash(hash, sizeof hash, (const unsigned char *)text.p, text.n, former->key, sizeof former->key);
	sodium_bin2hex(print, PASSDB_PRINT_MAX, hash, sizeof hash);
}

void former_print(const struct former *former, const char *stored, char print[PASSDB_PRINT_MAX])
{
	print_of(former, text_of(stored), print);
}

/* an account's file: not the print of anything that is stored */
static void name_of(const struct former *former, const char *account, char name[PASSDB_PRINT_MAX])
{
	char text[PASSDB_ACCOUNT_MAX + 16];

	snprintf(text, sizeof text, "account\n%s", account);
	print_of(former, text_of(text), name);
}

/* ---- the folder */

static bool open_folder(struct former *former, const char *path, struct error *error)
{
	struct stat st;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return error_set(error, "former_folder '%.200s' cannot be made: %s", path, strerror(errno));
	former->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (former->folder < 0)
		return error_set(error, "former_folder '%.200s' cannot be opened: %s", path, strerror(errno));
	if (fstat(former->folder, &st) == 0 && (st.st_uid == 0 || st.st_uid == geteuid()) && !(st.st_mode & (S_IRWXG | S_IRWXO)))
		return true;
	close(former->folder);
	return error_set(error, "former_folder '%.200s' must belong to root, and be closed to everybody else (chmod 0700)", path);
}

static bool have_key(struct former *former, struct error *error)
{
	struct stat st;
	ssize_t n = read_file(former->folder, key_name, (char *)former->key, sizeof former->key, &st);

	if (n == (ssize_t)sizeof former->key)
		return true;
	if (n >= 0 || errno != ENOENT)
		return error_set(error, "former_folder's key cannot be read: %s", n >= 0 ? "it is too short" : strerror(errno));
	randombytes_buf(former->key, sizeof former->key);
	return put_file(former->folder, key_name, (struct text){ (const char *)former->key, sizeof former->key }, error);
}

static bool is_too_old(const struct stat *st) { return clock_now() / 1000000 - st->st_mtim.tv_sec > PASSDB_FORMER_DAYS * DAY_S; }

static void sweep(const struct former *former)
{
	int fd = openat(former->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	struct stat st;

	while (folder && (entry = readdir(folder)))
		if (strlen(entry->d_name) == PASSDB_PRINT_MAX - 1 &&
		    fstatat(former->folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && is_too_old(&st))
			unlinkat(former->folder, entry->d_name, 0);
	if (folder)
		closedir(folder);
	else if (fd >= 0)
		close(fd);
}

bool former_open(struct former *former, const char *path, struct error *error)
{
	if (!open_folder(former, path, error))
		return false;
	if (!have_key(former, error)) {
		former_close(former);
		return false;
	}
	sweep(former);
	return true;
}

void former_close(struct former *former)
{
	close(former->folder);
	explicit_bzero(former->key, sizeof former->key);
}

/* ---- an account's file: "1 PRINT", then what was stored, a line each */

bool former_keep(const struct former *former, const char *account, const struct former_kept *kept, struct error *error)
{
	char name[PASSDB_PRINT_MAX], text[FILE_MAX];
	int n = snprintf(text, sizeof text, "1 %s\n%s\n", kept->scrambled, kept->stored);
	bool done;

	name_of(former, account, name);
	done = put_file(former->folder, name, (struct text){ text, (size_t)n }, error);
	explicit_bzero(text, sizeof text);
	return done;
}

static bool parse(struct text text, struct former_kept *kept)
{
	struct text first, stored;

	if (!text_cut(&text, '\n', &first) || !text_cut(&text, '\n', &stored) || text.n || !text_starts(first, TEXT("1 ")) ||
	    first.n != PASSDB_PRINT_MAX + 1 || stored.n >= PASSWORD_HASH_MAX)
		return false;
	text_copy(kept->scrambled, sizeof kept->scrambled, text_after(first, 2));
	text_copy(kept->stored, sizeof kept->stored, stored);
	return true;
}

enum passdb_result former_find(const struct former *former, const char *account, struct former_kept *kept, struct error *error)
{
	char name[PASSDB_PRINT_MAX], bytes[FILE_MAX];
	struct stat st;
	ssize_t n;
	bool sound;

	name_of(former, account, name);
	n = read_file(former->folder, name, bytes, sizeof bytes, &st);
	if (n < 0 && errno != ENOENT) {
		error_set(error, "what was stored before cannot be read: %s", strerror(errno));
		return PASSDB_FAILED;
	}
	if (n < 0 || is_too_old(&st))
		return PASSDB_ABSENT;
	sound = parse((struct text){ bytes, (size_t)n }, kept);
	explicit_bzero(bytes, sizeof bytes);
	if (sound)
		return PASSDB_DONE;
	error_set(error, "what was stored before is damaged");
	return PASSDB_FAILED;
}

void former_forget(const struct former *former, const char *account)
{
	char name[PASSDB_PRINT_MAX];

	name_of(former, account, name);
	if (unlinkat(former->folder, name, 0) == 0)
		fsync(former->folder);
}

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

static const char key_name[] = "key", fresh_name[] = "new", past_end[] = ".past";

enum { PAST_NAME_MAX = PASSDB_PRINT_MAX + sizeof past_end - 1 };

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

static void past_name_of(const struct former *former, const char *account, char name[PAST_NAME_MAX])
{
	char print[PASSDB_PRINT_MAX];

	name_of(former, account, print);
	snprintf(name, PAST_NAME_MAX, "%s%s", print, past_end);
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

static bool is_older(const struct stat *st, int days) { return clock_now() / 1000000 - st->st_mtim.tv_sec > days * DAY_S; }

/* 0: of no account */
static int days_of(const char *name)
{
	size_t n = strlen(name);

	return n == PASSDB_PRINT_MAX - 1						       ? PASSDB_FORMER_DAYS
	       : n == PAST_NAME_MAX - 1 && strcmp(name + PASSDB_PRINT_MAX - 1, past_end) == 0 ? PASSDB_PAST_DAYS
											       : 0;
}

static void sweep(const struct former *former)
{
	int fd = openat(former->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	struct stat st;

	while (folder && (entry = readdir(folder)))
		if (days_of(entry->d_name) && fstatat(former->folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    is_older(&st, days_of(entry->d_name)))
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
	if (n < 0 || is_older(&st, PASSDB_FORMER_DAYS))
		return PASSDB_ABSENT;
	sound = parse((struct text){ bytes, (size_t)n }, kept);
	explicit_bzero(bytes, sizeof bytes);
	if (sound)
		return PASSDB_DONE;
	error_set(error, "what was stored before is damaged");
	return PASSDB_FAILED;
}

static void forget_file(const struct former *former, const char *name)
{
	if (unlinkat(former->folder, name, 0) == 0)
		fsync(former->folder);
}

void former_forget(const struct former *former, const char *account)
{
	char name[PASSDB_PRINT_MAX];

	name_of(former, account, name);
	forget_file(former, name);
}

/* ---- former passwords */

void former_past_put(struct former_past *past, struct text stored)
{
	char kept[PASSWORD_HASH_MAX];
	size_t at = 0;

	text_copy(kept, sizeof kept, stored);
	while (at < past->count && strcmp(past->stored[at], kept) != 0)
		at++;
	if (at == past->count && past->count < FORMER_COMPARED_MAX)
		past->count++;
	if (at == past->count)
		at--;
	memmove(past->stored[1], past->stored[0], at * sizeof past->stored[0]);
	text_copy(past->stored[0], sizeof past->stored[0], text_of(kept));
	explicit_bzero(kept, sizeof kept);
}

bool former_past_parse(struct text text, struct former_past *past)
{
	struct text line;

	past->count = 0;
	if (!text_cut(&text, '\n', &line) || !text_is(line, TEXT("1")))
		return false;
	while (text_cut(&text, '\n', &line)) {
		if (!line.n || line.n >= PASSWORD_HASH_MAX || text_find(line, '\0') < line.n || past->count == FORMER_PAST_MAX)
			return false;
		text_copy(past->stored[past->count++], PASSWORD_HASH_MAX, line);
	}
	return past->count && !text.n;
}

static size_t write_past(const struct former_past *past, char text[FORMER_PAST_FILE_MAX])
{
	size_t n = (size_t)snprintf(text, FORMER_PAST_FILE_MAX, "1\n");

	for (size_t i = 0; i < past->count && i < FORMER_PAST_MAX; i++)
		n += (size_t)snprintf(text + n, FORMER_PAST_FILE_MAX - n, "%s\n", past->stored[i]);
	return n;
}

static bool is_kept(const struct former *former, const char *name, struct text wanted)
{
	char bytes[FORMER_PAST_FILE_MAX];
	struct stat st;
	ssize_t n = read_file(former->folder, name, bytes, sizeof bytes, &st);
	bool same = n >= 0 && !is_older(&st, PASSDB_PAST_DAYS) && text_is((struct text){ bytes, (size_t)n }, wanted);

	explicit_bzero(bytes, sizeof bytes);
	return same;
}

bool former_past_keep(const struct former *former, const char *account, const struct former_past *past, struct error *error)
{
	char name[PAST_NAME_MAX], bytes[FORMER_PAST_FILE_MAX];
	struct text text = { bytes, write_past(past, bytes) };
	bool done;

	past_name_of(former, account, name);
	done = !past->count || is_kept(former, name, text) || put_file(former->folder, name, text, error);
	explicit_bzero(bytes, sizeof bytes);
	return done;
}

enum passdb_result former_past_find(const struct former *former, const char *account, struct former_past *past, struct error *error)
{
	char name[PAST_NAME_MAX], bytes[FORMER_PAST_FILE_MAX];
	struct stat st;
	ssize_t n;
	bool sound;

	past->count = 0;
	past_name_of(former, account, name);
	n = read_file(former->folder, name, bytes, sizeof bytes, &st);
	if (n < 0 && errno != ENOENT) {
		error_set(error, "the hashes of former passwords cannot be read: %s", strerror(errno));
		return PASSDB_FAILED;
	}
	if (n < 0 || is_older(&st, PASSDB_PAST_DAYS))
		return PASSDB_DONE;
	sound = former_past_parse((struct text){ bytes, (size_t)n }, past);
	explicit_bzero(bytes, sizeof bytes);
	if (sound)
		return PASSDB_DONE;
	past->count = 0;
	error_set(error, "the hashes of former passwords are damaged");
	return PASSDB_FAILED;
}

void former_past_forget(const struct former *former, const char *account)
{
	char name[PAST_NAME_MAX];

	past_name_of(former, account, name);
	forget_file(former, name);
}

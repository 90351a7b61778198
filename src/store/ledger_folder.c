/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "store/ledger.h"

#define KEY_FILE "ledger.key"

/* ---- names */

char *ledger_file_name(int32_t day, char name[LEDGER_FILE_MAX])
{
	struct civil c;

	when_to_civil(day * DAY_US, &c);
	snprintf(name, LEDGER_FILE_MAX, "ledger-%04d-%02d-%02d.db", c.year, c.month, c.day);
	return name;
}

static bool join(const char *folder, const char *name, const char *ending, char path[LEDGER_PATH_MAX], struct error *error)
{
	if (snprintf(path, LEDGER_PATH_MAX, "%s/%s%s", folder, name, ending) >= LEDGER_PATH_MAX)
		return error_set(error, "folder '%.200s…': its name is too long", folder);
	return true;
}

bool ledger_path(const char *folder, int32_t day, const char *ending, char path[LEDGER_PATH_MAX], struct error *error)
{
	char name[LEDGER_FILE_MAX];

	return join(folder, ledger_file_name(day, name), ending, path, error);
}

/* whose file it is, also one that SQLite keeps beside it or that was set aside: *ending is what follows ".db" */
static bool file_day(const char *name, int32_t *day, struct text *ending)
{
	struct text rest = text_of(name);
	char wanted[LEDGER_FILE_MAX];
	int64_t t_us;

	if (!text_starts(rest, TEXT("ledger-")) || rest.n < strlen("ledger-0000-00-00.db") ||
	    !when_parse_people(text_head(text_after(rest, 7), 10), 0, 0, &t_us) || ledger_day_of(t_us) < 0 ||
	    !text_starts(rest, text_of(ledger_file_name(ledger_day_of(t_us), wanted))))
		return false;
	*day = ledger_day_of(t_us);
	*ending = text_after(rest, strlen(wanted));
	return true;
}

/* ---- what is there */

static int newest_first(const void *a, const void *b)
{
	const struct ledger_listed *x = a, *y = b;

	return (x->day < y->day) - (x->day > y->day);
}

bool ledger_list(const char *folder, struct ledger_listed **days, size_t *count, struct error *error)
{
	struct ledger_listed *list = NULL;
	size_t n = 0, room = 0;
	struct dirent *there;
	DIR *dir = opendir(folder);

	if (!dir)
		return error_set(error, "folder '%s': %s", folder, strerror(errno));
	while ((there = readdir(dir))) {
		struct text ending;
		struct stat about;
		int32_t day;

		if (!file_day(there->d_name, &day, &ending) || ending.n ||
		    fstatat(dirfd(dir), there->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode))
			continue;
		MEMORY_ROOM(list, n, room);
		list[n++] = (struct ledger_listed){ day, about.st_ino };
	}
	closedir(dir);
	if (n)
		qsort(list, n, sizeof *list, newest_first);
	*days = list;
	*count = n;
	return true;
}

void ledger_unlink_until(const char *folder, int32_t day)
{
	DIR *dir = opendir(folder);
	struct dirent *there;

	while (dir && (there = readdir(dir))) {
		struct text ending;
		int32_t its;

		if (file_day(there->d_name, &its, &ending) && its <= day)
			unlinkat(dirfd(dir), there->d_name, 0);
	}
	if (dir)
		closedir(dir);
}

/* The log of SQLite goes with its file, for it belongs to no other. */
bool ledger_set_aside(const char *folder, int32_t day, char name[LEDGER_FILE_MAX], struct error *error)
{
	char from[LEDGER_PATH_MAX], to[LEDGER_PATH_MAX], base[LEDGER_FILE_MAX];

	snprintf(name, LEDGER_FILE_MAX, "%.24s.damaged-%lld", ledger_file_name(day, base), (long long)clock_now());
	if (!ledger_path(folder, day, "", from, error) || !join(folder, name, "", to, error))
		return false;
	if (rename(from, to) != 0)
		return error_set(error, "damaged file '%s' cannot be set aside: %s", from, strerror(errno));
	if (ledger_path(folder, day, "-wal", from, error) && join(folder, name, "-wal", to, error))
		rename(from, to);
	if (ledger_path(folder, day, "-shm", from, error))
		unlink(from);
	return true;
}

/* ---- the key */

/* the name appears with all bytes under it: who comes second finds the first one's */
static bool make_key(const char *folder, const char *path, struct error *error)
{
	char unnamed[LEDGER_PATH_MAX];
	unsigned char key[LEDGER_KEY_BYTES];
	bool made;
	int fd;

	if (!join(folder, KEY_FILE, ".XXXXXX", unnamed, error))
		return false;
	fd = mkostemp(unnamed, O_CLOEXEC); /* mode 0600 */
	if (fd < 0)
		return error_set(error, "key '%s': %s", path, strerror(errno));
	randombytes_buf(key, sizeof key);
	made = write(fd, key, sizeof key) == (ssize_t)sizeof key && fsync(fd) == 0 && (link(unnamed, path) == 0 || errno == EEXIST);
	if (!made)
		error_set(error, "key '%s': %s", path, strerror(errno));
	sodium_memzero(key, sizeof key);
	close(fd);
	unlink(unnamed);
	return made;
}

bool ledger_key(const char *folder, unsigned char key[LEDGER_KEY_BYTES], struct error *error)
{
	unsigned char read_in[LEDGER_KEY_BYTES + 1];
	char path[LEDGER_PATH_MAX];
	ssize_t got;
	int fd;

	if (sodium_init() < 0)
		return error_set(error, "libsodium cannot be used");
	if (!join(folder, KEY_FILE, "", path, error))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT) {
		if (!make_key(folder, path, error))
			return false;
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	}
	if (fd < 0)
		return error_set(error, "key '%s': %s", path, strerror(errno));
	got = read(fd, read_in, sizeof read_in);
	close(fd);
	if (got != LEDGER_KEY_BYTES)
		return error_set(error, "key '%s': it should have %d bytes", path, LEDGER_KEY_BYTES);
	memcpy(key, read_in, LEDGER_KEY_BYTES);
	return true;
}

uint64_t ledger_hash_text(const unsigned char *key, char kind, struct text text)
{
	unsigned char said[1 + LEDGER_ID_MAX], hash[crypto_shorthash_BYTES];
	size_t n = text.n > LEDGER_ID_MAX ? (size_t)LEDGER_ID_MAX : text.n;
	uint64_t value;

	said[0] = (unsigned char)kind;
	if (n)
		memcpy(said + 1, text.p, n);
	crypto_shorthash(hash, said, 1 + n, key);
	memcpy(&value, hash, sizeof value);
	return value ? value : 1;
}

uint64_t ledger_hash_known(const unsigned char *key, struct text text)
{
	return text.n ? ledger_hash_text(key, 'p', text) : 0;
}

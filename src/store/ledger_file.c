/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/ledger.h"

enum { BUSY_MS = 200 };

/* steps[n] makes version n + 1 out of version n; a new file is of version 0 */
static const char *const steps[LEDGER_VERSION] = {
	"CREATE TABLE account (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE message (row INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, account INTEGER NOT NULL, queue_id TEXT NOT NULL,"
	"  session TEXT, ip BLOB, country TEXT, size_bytes INTEGER NOT NULL, rcpt_count INTEGER NOT NULL,"
	"  action INTEGER NOT NULL, familiar INTEGER NOT NULL, from_log INTEGER NOT NULL, centibits INTEGER NOT NULL,"
	"  from_hash INTEGER, subject_hash INTEGER, rcpt_hashes BLOB);"
	"CREATE TABLE named (row INTEGER PRIMARY KEY, message_id TEXT NOT NULL);"
	"CREATE TABLE ids (segment INTEGER, hash INTEGER, row INTEGER, PRIMARY KEY (segment, hash, row)) WITHOUT ROWID;"
	"CREATE TABLE fact (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
	"INSERT INTO fact VALUES ('salt', randomblob(16));",
	/* 2: the times of a segment, so that what was queued lately is not looked for in all of the day */
	"CREATE TABLE segment (segment INTEGER PRIMARY KEY, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL);"
	"INSERT INTO segment SELECT row / 524288, min(t_us), max(t_us) FROM message GROUP BY 1;",
};
_Static_assert(LEDGER_SEGMENT == 524288, "the rows of a segment are counted in the statements above");

/* WAL with synchronous=NORMAL: a commit is in the kernel's hands, so a killed process loses none; a power cut may take
 * the last ones, which the log tells again. Checkpoints come rarely, for each waits for the disk. */
static const char writing[] = "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16384; PRAGMA cache_size = -65536;"
			      "PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON;";
static const char reading[] = "PRAGMA wal_autocheckpoint = 0;";

static enum ledger_fault_kind kind_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR:      /* its tables are not those of its version … */
	case SQLITE_CONSTRAINT: /* … or what they hold cannot be */
		return LEDGER_FAULT_DAMAGED;
	default:
		return LEDGER_FAULT_PASSING;
	}
}

bool ledger_fault_of(struct ledger_fault *fault, sqlite3 *db, int32_t day)
{
	char name[LEDGER_FILE_MAX];

	fault->kind = kind_of(sqlite3_errcode(db));
	return error_set(&fault->error, "'%s': %s", ledger_file_name(day, name), sqlite3_errmsg(db));
}

bool ledger_file_run(sqlite3 *db, int32_t day, const char *sql, struct ledger_fault *fault)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || ledger_fault_of(fault, db, day);
}

bool ledger_file_prepare(sqlite3 *db, int32_t day, const char *const *sql, size_t count, sqlite3_stmt **statements,
			 struct ledger_fault *fault)
{
	for (size_t i = 0; i < count; i++)
		if (sqlite3_prepare_v3(db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL) != SQLITE_OK)
			return ledger_fault_of(fault, db, day);
	return true;
}

bool ledger_file_number(sqlite3 *db, int32_t day, const char *sql, int64_t *number, struct ledger_fault *fault)
{
	sqlite3_stmt *statement = NULL;
	bool told = ledger_file_prepare(db, day, &sql, 1, &statement, fault);

	if (told) {
		int code = sqlite3_step(statement);

		if (code == SQLITE_ROW || code == SQLITE_DONE)
			*number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
		else
			told = ledger_fault_of(fault, db, day);
	}
	sqlite3_finalize(statement);
	return told;
}

bool ledger_file_salt(sqlite3 *db, int32_t day, unsigned char salt[LEDGER_KEY_BYTES], struct ledger_fault *fault)
{
	const char *sql = "SELECT value FROM fact WHERE name = 'salt' AND length(value) = 16";
	sqlite3_stmt *statement = NULL;
	bool told = ledger_file_prepare(db, day, &sql, 1, &statement, fault);
	int code = told ? sqlite3_step(statement) : SQLITE_OK;
	char name[LEDGER_FILE_MAX];

	if (code == SQLITE_ROW) {
		memcpy(salt, sqlite3_column_blob(statement, 0), LEDGER_KEY_BYTES);
	} else if (code == SQLITE_DONE) {
		fault->kind = LEDGER_FAULT_DAMAGED;
		told = error_set(&fault->error, "'%s': it has no salt", ledger_file_name(day, name));
	} else if (told) {
		told = ledger_fault_of(fault, db, day);
	}
	sqlite3_finalize(statement);
	return told;
}

/* ---- versions */

static bool upgrade(sqlite3 *db, int32_t day, struct ledger_fault *fault)
{
	int64_t version = 0;
	char sql[64];

	/* another connection may have been first */
	if (!ledger_file_run(db, day, "BEGIN IMMEDIATE", fault) ||
	    !ledger_file_number(db, day, "PRAGMA user_version", &version, fault))
		return false;
	for (; version < LEDGER_VERSION; version++)
		if (!ledger_file_run(db, day, steps[version], fault))
			return false;
	snprintf(sql, sizeof sql, "PRAGMA user_version = %d; COMMIT", LEDGER_VERSION);
	return ledger_file_run(db, day, sql, fault);
}

static bool refuse(int32_t day, int64_t version, struct ledger_fault *fault)
{
	char name[LEDGER_FILE_MAX];

	fault->kind = LEDGER_FAULT_NEWER;
	return error_set(&fault->error, "'%s' is of version %lld, and this program knows %d at most: it is left alone",
			 ledger_file_name(day, name), (long long)version, LEDGER_VERSION);
}

static bool bring_up(sqlite3 *db, int32_t day, enum ledger_access access, struct ledger_fault *fault)
{
	int64_t version = 0;

	sqlite3_busy_timeout(db, BUSY_MS);
	if (!ledger_file_number(db, day, "PRAGMA user_version", &version, fault))
		return false;
	if (version < 0 || version > LEDGER_VERSION)
		return refuse(day, version, fault);
	return ledger_file_run(db, day, "PRAGMA journal_mode = WAL", fault) &&
	       ledger_file_run(db, day, access == LEDGER_READ ? reading : writing, fault) &&
	       (version == LEDGER_VERSION || upgrade(db, day, fault));
}

/* Before SQLite opens it: what it keeps beside the file takes the file's mode, so that nobody else reads whatever the
 * umask is. False with *fault untouched where there is none and none is to be made. */
static bool lay_out(const char *path, enum ledger_access access, struct ledger_fault *fault)
{
	struct stat about;
	int fd;

	if (lstat(path, &about) == 0) {
		if (S_ISREG(about.st_mode) && ((about.st_mode & 077) == 0 || chmod(path, 0600) == 0))
			return true;
		return error_set(&fault->error, "'%s' is no file of ours", path);
	}
	if (errno == ENOENT && access != LEDGER_MAKE)
		return false;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(&fault->error, "'%s' cannot be made: %s", path, strerror(errno));
	fchmod(fd, 0600);
	close(fd);
	return true;
}

sqlite3 *ledger_file_open(const char *folder, int32_t day, enum ledger_access access, struct ledger_fault *fault)
{
	char path[LEDGER_PATH_MAX];
	sqlite3 *db = NULL;

	fault->kind = LEDGER_FAULT_PASSING;
	if (!ledger_path(folder, day, "", path, &fault->error) || !lay_out(path, access, fault))
		return NULL;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		ledger_fault_of(fault, db, day);
	else if (bring_up(db, day, access, fault))
		return db;
	sqlite3_close(db);
	return NULL;
}

bool ledger_file_do(sqlite3 *db, int32_t day, sqlite3_stmt *statement, struct ledger_fault *fault)
{
	int code = sqlite3_step(statement);

	if (code != SQLITE_DONE)
		ledger_fault_of(fault, db, day);
	sqlite3_reset(statement);
	return code == SQLITE_DONE;
}

struct text ledger_column(sqlite3_stmt *statement, int at)
{
	const void *p = sqlite3_column_blob(statement, at);

	return p ? (struct text){ p, (size_t)sqlite3_column_bytes(statement, at) } : TEXT_NONE;
}

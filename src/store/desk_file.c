/* SPDX-License-Identifier: Apache-2.0 */
#include "store/desk_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum { COLUMNS_MAX = 16, COLUMN_NAMES_MAX = 400 };

/* The way from nothing to now; the version of a file is how many it has gone. Only ever appended to. */
static const char *const steps[] = {
	"CREATE TABLE letters (queue_id TEXT NOT NULL, t_us INTEGER NOT NULL, account TEXT NOT NULL, ip TEXT NOT NULL,"
	" familiar INTEGER NOT NULL, state INTEGER NOT NULL, recipients INTEGER NOT NULL, bits REAL NOT NULL,"
	" changed_us INTEGER NOT NULL, PRIMARY KEY (queue_id, t_us)) WITHOUT ROWID;"
	"CREATE INDEX letters_of ON letters (account, t_us);"
	"CREATE TABLE incidents (id INTEGER PRIMARY KEY, account TEXT NOT NULL, state INTEGER NOT NULL,"
	" mode INTEGER NOT NULL, began_us INTEGER, opened_us INTEGER, closed_us INTEGER, bits REAL NOT NULL,"
	" evidence TEXT NOT NULL, refused INTEGER NOT NULL, last_refused_us INTEGER);"
	"CREATE INDEX incidents_of ON incidents (account);"
	"CREATE TABLE numbers (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE notes (incident INTEGER NOT NULL, t_us INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,"
	" UNIQUE (incident, t_us, who, what));"
	"CREATE TABLE locks (account TEXT PRIMARY KEY, t_us INTEGER NOT NULL, incident INTEGER NOT NULL,"
	" scope INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE modes (domain TEXT PRIMARY KEY, mode INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE audit (t_us INTEGER NOT NULL, who TEXT NOT NULL, verb TEXT NOT NULL, about TEXT NOT NULL,"
	" UNIQUE (t_us, who, verb, about));"
	"CREATE INDEX audit_about ON audit (about, t_us);",

	"ALTER TABLE incidents ADD COLUMN braked INTEGER NOT NULL DEFAULT 0;",

	"ALTER TABLE incidents ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE locks ADD COLUMN reach INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE locks ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE steps (incident INTEGER NOT NULL, action TEXT NOT NULL, account TEXT NOT NULL, wanted INTEGER NOT NULL,"
	" state INTEGER NOT NULL, tries INTEGER NOT NULL, at_us INTEGER, done_us INTEGER, says TEXT NOT NULL, count INTEGER NOT NULL,"
	" proved_us INTEGER, proof TEXT NOT NULL, proof_count INTEGER NOT NULL, UNIQUE (incident, action));"
	"CREATE TABLE seen (incident INTEGER PRIMARY KEY, told TEXT NOT NULL);",

	("CREATE TABLE floods (account TEXT PRIMARY KEY, folder TEXT NOT NULL, incident INTEGER NOT NULL, since_us INTEGER, until_us INTEGER,"
	" moved_us INTEGER, spoofed INTEGER NOT NULL, validity INTEGER NOT NULL, next_uid INTEGER NOT NULL, seen_uid INTEGER NOT NULL,"
	" moved INTEGER NOT NULL, brought_back INTEGER NOT NULL) WITHOUT ROWID;"),

	("CREATE TABLE complaints (account TEXT NOT NULL, sent_us INTEGER NOT NULL, queue_id TEXT NOT NULL, reporter TEXT NOT NULL,"
	" about TEXT NOT NULL, t_us INTEGER NOT NULL, PRIMARY KEY (account, sent_us, queue_id, reporter)) WITHOUT ROWID;"),

	"CREATE TABLE notices (id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,"
	" to_operator INTEGER NOT NULL, summary INTEGER NOT NULL, code_hash TEXT NOT NULL, language TEXT NOT NULL, state INTEGER NOT NULL,"
	" ways TEXT NOT NULL, tries INTEGER NOT NULL, made_us INTEGER NOT NULL, next_us INTEGER NOT NULL, sent_us INTEGER, says TEXT NOT NULL);"
	"CREATE UNIQUE INDEX notices_once ON notices (incident, kind, to_operator) WHERE incident != 0 AND kind != 'changed';"
	"CREATE INDEX notices_of ON notices (account);"
	"CREATE INDEX notices_waiting ON notices (state) WHERE state = 0;"
	"CREATE INDEX notices_code ON notices (code_hash);"
	"CREATE TABLE codes (account TEXT PRIMARY KEY, hash TEXT NOT NULL, made_us INTEGER NOT NULL, expires_us INTEGER NOT NULL,"
	" tries_left INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE care (incident INTEGER NOT NULL, item TEXT NOT NULL, state INTEGER NOT NULL, who TEXT NOT NULL, at_us INTEGER,"
	" reminded_us INTEGER, PRIMARY KEY (incident, item)) WITHOUT ROWID;",

	"CREATE TABLE guessable (account TEXT PRIMARY KEY, fault TEXT NOT NULL, found_us INTEGER NOT NULL) WITHOUT ROWID;",

	"CREATE TABLE aftermath (incident INTEGER PRIMARY KEY, told TEXT NOT NULL);",

	"ALTER TABLE locks ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;",
};

enum { VERSION = sizeof steps / sizeof *steps };

/* what is taken over from a damaged file, most needed first */
static const char *const tables[] = { "locks", "steps", "numbers", "modes", "floods", "incidents", "codes", "notices", "letters", "notes", "care",
				      "seen", "aftermath", "complaints", "guessable", "audit" };

/* ---- life and failure */

void desk_file_init(struct desk_file *file, const char *folder)
{
	*file = (struct desk_file){ 0 };
	snprintf(file->path, sizeof file->path, "%s/desk.db", folder);
}

void desk_file_close(struct desk_file *file)
{
	sqlite3_stmt *statement;

	while (file->db && (statement = sqlite3_next_stmt(file->db, NULL)))
		sqlite3_finalize(statement);
	sqlite3_close(file->db);
	file->db = NULL;
}

bool desk_file_failed(struct desk_file *file, struct error *error)
{
	int code = sqlite3_errcode(file->db) & 0xff, number = file->db ? sqlite3_system_errno(file->db) : 0;
	bool of_system = number && (code == SQLITE_IOERR || code == SQLITE_FULL || code == SQLITE_CANTOPEN);

	file->damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
	if (of_system)
		return error_set(error, "'%s': %s (%s)", file->path, sqlite3_errmsg(file->db), strerror(number));
	return error_set(error, "'%s': %s", file->path, sqlite3_errmsg(file->db));
}

bool desk_file_give_up(struct desk_file *file, struct error *error)
{
	desk_file_failed(file, error);
	desk_file_close(file);
	return false;
}

bool desk_file_do(struct desk_file *file, const char *sql)
{
	return sqlite3_exec(file->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

bool desk_file_is_current(const struct desk_file *file)
{
	struct stat now;

	return file->db && stat(file->path, &now) == 0 && now.st_ino == file->inode && now.st_dev == file->device;
}

/* ---- opening */

static bool ask_number(struct desk_file *file, const char *sql, int64_t *number)
{
	sqlite3_stmt *statement = NULL;
	bool told = sqlite3_prepare_v2(file->db, sql, -1, &statement, NULL) == SQLITE_OK &&
		    sqlite3_step(statement) == SQLITE_ROW;

	if (told)
		*number = sqlite3_column_int64(statement, 0);
	return sqlite3_finalize(statement) == SQLITE_OK && told;
}

/* Where it is new it is made first, for its owner alone: it says who wrote from where. Never opened by us where it is
 * there, for closing it would drop the locks of this process's own connections. */
static bool connect_to(struct desk_file *file, int flags, struct error *error)
{
	struct stat now;
	int fd = flags & SQLITE_OPEN_CREATE ? open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;

	if (fd >= 0)
		close(fd);
	if (stat(file->path, &now) != 0)
		return error_set(error, "'%s': %s", file->path, strerror(errno));
	file->device = now.st_dev;
	file->inode = now.st_ino;
	if (sqlite3_open_v2(file->path, &file->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return desk_file_give_up(file, error);
	sqlite3_busy_timeout(file->db, DESK_BUSY_MS);
	return true;
}

static bool ask_version(struct desk_file *file, int64_t *version, struct error *error)
{
	if (!ask_number(file, "PRAGMA user_version", version))
		return desk_file_failed(file, error);
	if (*version <= VERSION)
		return true;
	return error_set(error, "'%s' is of version %lld, made by a newer sekisho; this one knows %d: run the newer one, or move the file away",
			 file->path, (long long)*version, VERSION);
}

static bool bring_up(struct desk_file *file, int64_t version, struct error *error)
{
	char done[40];
	bool good;

	if (version == VERSION)
		return true;
	snprintf(done, sizeof done, "PRAGMA user_version = %d", VERSION);
	good = desk_file_do(file, "BEGIN IMMEDIATE");
	for (; good && version < VERSION; version++)
		good = desk_file_do(file, steps[version]);
	return (good && desk_file_do(file, done) && desk_file_do(file, "COMMIT")) || desk_file_failed(file, error);
}

static bool is_sound(struct desk_file *file, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	bool sound = sqlite3_prepare_v2(file->db, "PRAGMA quick_check(1)", -1, &statement, NULL) == SQLITE_OK &&
		     sqlite3_step(statement) == SQLITE_ROW;

	if (!sound) {
		desk_file_failed(file, error);
	} else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
		sound = error_set(error, "'%s': %s", file->path, (const char *)sqlite3_column_text(statement, 0));
		file->damaged = true;
	}
	sqlite3_finalize(statement);
	return sound;
}

static bool open_up(struct desk_file *file, bool checked, struct error *error)
{
	int64_t version = 0;

	if (!connect_to(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error))
		return false;
	if (!ask_version(file, &version, error) || (checked && !is_sound(file, error)))
		goto closed;
	if (!desk_file_do(file, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON")) {
		desk_file_failed(file, error);
		goto closed;
	}
	if (bring_up(file, version, error))
		return true;
closed:
	desk_file_close(file);
	return false;
}

bool desk_file_read(struct desk_file *file, struct error *error)
{
	int64_t version = 0;

	if (desk_file_is_current(file))
		return true;
	desk_file_close(file);
	if (!connect_to(file, SQLITE_OPEN_READWRITE, error))
		return false;
	if (!ask_version(file, &version, error) || !desk_file_do(file, "PRAGMA query_only = ON"))
		return desk_file_give_up(file, error);
	if (version == VERSION)
		return true;
	desk_file_close(file);
	return error_set(error, "'%s' is of version %lld, and not brought up to date yet", file->path, (long long)version);
}

/* ---- a damaged file */

static bool names_of(sqlite3 *db, const char *table, char names[COLUMN_NAMES_MAX], char marks[2 * COLUMNS_MAX])
{
	sqlite3_stmt *statement = NULL;
	size_t n = 0, count = 0;

	if (sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?)", -1, &statement, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
	for (; count < COLUMNS_MAX && sqlite3_step(statement) == SQLITE_ROW; count++) {
		n += (size_t)snprintf(names + n, COLUMN_NAMES_MAX - n, "%s%s", count ? "," : "",
				      (const char *)sqlite3_column_text(statement, 0));
		snprintf(marks + 2 * count, 3, ",?");
	}
	sqlite3_finalize(statement);
	return count && n < COLUMN_NAMES_MAX;
}

/* row by row up to where it is damaged: from the other end it is read once more */
static uint64_t take_rows(sqlite3 *from, sqlite3 *to, const char *table, const char *order)
{
	char names[COLUMN_NAMES_MAX], marks[2 * COLUMNS_MAX + 1], *sql;
	sqlite3_stmt *read = NULL, *write = NULL;
	uint64_t taken = 0;

	if (!names_of(from, table, names, marks)) /* columns that it did not have yet keep their defaults */
		return 0;
	sql = sqlite3_mprintf("SELECT %s FROM %s ORDER BY 1 %s", names, table, order);
	sqlite3_prepare_v2(from, sql, -1, &read, NULL);
	sqlite3_free(sql);
	sql = sqlite3_mprintf("INSERT OR IGNORE INTO %s (%s) VALUES (%s)", table, names, marks + 1);
	sqlite3_prepare_v2(to, sql, -1, &write, NULL);
	sqlite3_free(sql);
	while (write && sqlite3_step(read) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(read); i++)
			sqlite3_bind_value(write, i + 1, sqlite3_column_value(read, i));
		taken += sqlite3_step(write) == SQLITE_DONE && sqlite3_changes(to) == 1;
		sqlite3_reset(write);
	}
	sqlite3_finalize(read);
	sqlite3_finalize(write);
	return taken;
}

static bool take_over(struct desk_file *file, uint64_t *taken)
{
	sqlite3 *from;
	bool good = desk_file_do(file, "BEGIN IMMEDIATE");

	if (sqlite3_open_v2(file->aside, &from, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
		for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
			*taken += take_rows(from, file->db, tables[i], "ASC") + take_rows(from, file->db, tables[i], "DESC");
	sqlite3_close(from);
	return good && desk_file_do(file, "COMMIT");
}

/* with its log beside it, which holds what was written last */
static bool move_aside(struct desk_file *file, struct error *error)
{
	char from[PATH_MAX + 8], to[PATH_MAX + 48];
	int64_t now_us = clock_now();
	struct civil now;

	if (file->aside_us && now_us - file->aside_us < DESK_ASIDE_US)
		return error_set(error, "'%s' is damaged again, too soon after the last time: is the disk failing?", file->path);
	when_to_civil(now_us, &now);
	snprintf(file->aside, sizeof file->aside, "%s.damaged-%04d%02d%02dT%02d%02d%02dZ", file->path, now.year, now.month,
		 now.day, now.hour, now.minute, now.second);
	if (rename(file->path, file->aside) != 0 && errno != ENOENT)
		return error_set(error, "'%s' is damaged and cannot be set aside: %s", file->path, strerror(errno));
	snprintf(from, sizeof from, "%s-wal", file->path);
	snprintf(to, sizeof to, "%s-wal", file->aside);
	rename(from, to);
	snprintf(from, sizeof from, "%s-shm", file->path);
	unlink(from);
	file->aside_us = now_us;
	file->damaged = false;
	return true;
}

/* what was set aside is in the new file now, as far as it could be read */
static bool settle(struct desk_file *file, struct error *warning, struct error *error)
{
	uint64_t taken = 0;

	if (!take_over(file, &taken))
		return desk_file_give_up(file, error);
	error_set(warning, "'%s' was damaged: set aside as '%s', and begun anew with the %llu rows that could be read", file->path,
		  strrchr(file->aside, '/') + 1, (unsigned long long)taken);
	*file->aside = '\0';
	return true;
}

bool desk_file_write(struct desk_file *file, struct error *warning, struct error *error)
{
	bool was_open = file->db != NULL, first = file->inode == 0;

	if (desk_file_is_current(file))
		return true;
	desk_file_close(file);
	if (file->damaged && !move_aside(file, error))
		return false;
	if (!open_up(file, first, error) && (!file->damaged || !move_aside(file, error) || !open_up(file, false, error)))
		return false;
	if (*file->aside)
		return settle(file, warning, error);
	if (was_open)
		error_set(warning, "'%s' was taken away or replaced, and opened anew: what it held may be lost", file->path);
	return true;
}

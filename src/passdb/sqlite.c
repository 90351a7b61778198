/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite, opened anew for each call: what a restored backup or a move put in its place is found. The file is the mail server's, so
 * its schema is not trusted with more than data. */
#include <sqlite3.h>
#include <stdlib.h>

#include "base/memory.h"
#include "passdb/backends.h"
#include "passdb/deadline.h"
#include "passdb/said.h"
#include "passdb/sql.h"

enum { LOCKED_WAIT_MS = 10, STEPS_BETWEEN_LOOKS = 10000 };

struct sqlite {
	char *path;
	sqlite3 *database; /* NULL between calls */
	int64_t deadline;
};

static void *sqlite_new(const struct passdb_settings *settings, struct error *error)
{
	struct sqlite *sqlite;

	if (!settings->file) {
		error_set(error, "the setting 'file' is missing: the absolute path of the database");
		return NULL;
	}
	sqlite = memory_zero(1, sizeof *sqlite);
	sqlite->path = memory_copy(settings->file, strlen(settings->file));
	return sqlite;
}

static void hang_up(struct sqlite *sqlite)
{
	sqlite3_close_v2(sqlite->database);
	sqlite->database = NULL;
}

static void sqlite_free(void *state)
{
	struct sqlite *sqlite = state;

	hang_up(sqlite);
	free(sqlite->path);
	free(sqlite);
}

static bool never_open(const void *state) { return false; }

static enum sql_end refused(struct sqlite *sqlite, const struct sql_call *call, struct error *error)
{
	int code = sqlite3_errcode(sqlite->database) & 0xff;
	char line[SAID_MAX];

	said(line, sqlite3_errmsg(sqlite->database), call ? call->values[STATEMENT_PASSWORD].p : NULL);
	if (code == SQLITE_BUSY || code == SQLITE_INTERRUPT || code == SQLITE_LOCKED)
		error_set(error, "database '%.200s': %s, and patience is over", sqlite->path,
			  code == SQLITE_INTERRUPT ? "the statement does not end" : "somebody else has locked it");
	else if (call)
		error_set(error, "setting '%s': %s", call->statement->setting, line);
	else
		error_set(error, "database '%.200s': %s", sqlite->path, line);
	return SQL_REFUSED;
}

/* ---- waiting */

static int wait_for_lock(void *state, int tries)
{
	const struct sqlite *sqlite = state;
	int left = deadline_left_ms(sqlite->deadline);

	if (!left)
		return 0;
	sqlite3_sleep(left < LOCKED_WAIT_MS ? left : LOCKED_WAIT_MS);
	return 1;
}

static int is_over(void *state)
{
	const struct sqlite *sqlite = state;

	return deadline_left_ms(sqlite->deadline) == 0;
}

/* ---- one transaction */

static void distrust(sqlite3 *database)
{
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
}

static enum sql_end sqlite_begin(void *state, int64_t deadline, bool writes, struct error *error)
{
	struct sqlite *sqlite = state;
	enum sql_end end = SQL_DONE;

	sqlite->deadline = deadline;
	if (sqlite3_open_v2(sqlite->path, &sqlite->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		end = refused(sqlite, NULL, error);
	} else {
		distrust(sqlite->database);
		sqlite3_busy_handler(sqlite->database, wait_for_lock, sqlite);
		sqlite3_progress_handler(sqlite->database, STEPS_BETWEEN_LOOKS, is_over, sqlite);
		if (sqlite3_exec(sqlite->database, writes ? "BEGIN IMMEDIATE" : "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
			end = refused(sqlite, NULL, error);
	}
	if (end != SQL_DONE)
		hang_up(sqlite);
	return end;
}

static bool bind(sqlite3_stmt *prepared, const struct sql_call *call)
{
	const struct statement *statement = call->statement;
	bool done = sqlite3_bind_parameter_count(prepared) == (int)statement->count;

	for (size_t i = 0; done && i < statement->count; i++) {
		struct text value = call->values[statement->places[i]];

		done = sqlite3_bind_text(prepared, (int)i + 1, value.p, (int)value.n, SQLITE_STATIC) == SQLITE_OK;
	}
	return done;
}

static bool give_row(sqlite3_stmt *prepared, struct sql_call *call)
{
	struct text values[SQL_COLUMNS_MAX];
	int count = sqlite3_column_count(prepared);

	for (int i = 0; i < count; i++) {
		values[i].p = (const char *)sqlite3_column_text(prepared, i);
		values[i].n = (size_t)sqlite3_column_bytes(prepared, i);
	}
	return call->row(call, values, (size_t)count);
}

static void give_heads(sqlite3_stmt *prepared, struct sql_call *call)
{
	const char *names[SQL_COLUMNS_MAX];
	int count = sqlite3_column_count(prepared);

	for (int i = 0; i < count; i++)
		names[i] = sqlite3_column_name(prepared, i);
	if (call->heads)
		call->heads(call, names, (size_t)count);
}

static enum sql_end step(struct sqlite *sqlite, sqlite3_stmt *prepared, struct sql_call *call, struct error *error)
{
	int code;

	if (!sql_takes_columns(call, (size_t)sqlite3_column_count(prepared)))
		return sql_wrong(call, error, sql_other_columns(call));
	if (!bind(prepared, call))
		return sql_wrong(call, error, "its parameters cannot be set");
	give_heads(prepared, call);
	while ((code = sqlite3_step(prepared)) == SQLITE_ROW)
		if (!give_row(prepared, call))
			return SQL_DONE;
	if (code != SQLITE_DONE)
		return refused(sqlite, call, error);
	call->changed = (uint64_t)sqlite3_changes64(sqlite->database);
	return SQL_DONE;
}

static enum sql_end sqlite_run(void *state, struct sql_call *call, struct error *error)
{
	struct sqlite *sqlite = state;
	sqlite3_stmt *prepared = NULL;
	enum sql_end end;

	if (sqlite3_prepare_v2(sqlite->database, call->statement->text, -1, &prepared, NULL) != SQLITE_OK)
		return refused(sqlite, call, error);
	end = prepared ? step(sqlite, prepared, call, error) : sql_wrong(call, error, "is empty");
	sqlite3_finalize(prepared);
	return end;
}

static bool sqlite_roll_back(void *state)
{
	struct sqlite *sqlite = state;

	hang_up(sqlite); /* which takes back what is not committed */
	return true;
}

static enum sql_end sqlite_commit(void *state, struct error *error)
{
	struct sqlite *sqlite = state;
	enum sql_end end = SQL_DONE;

	if (sqlite3_exec(sqlite->database, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		end = refused(sqlite, NULL, error);
	hang_up(sqlite);
	return end;
}

static const struct sql_driver driver = {
	.dialect = STATEMENT_SQLITE,
	.create = sqlite_new,
	.free = sqlite_free,
	.is_open = never_open,
	.begin = sqlite_begin,
	.run = sqlite_run,
	.commit = sqlite_commit,
	.roll_back = sqlite_roll_back,
};

static enum passdb_result sqlite_contacts(const struct passdb_settings *settings, const struct passdb_rows *rows, struct error *error)
{
	return sql_contacts(&driver, settings, rows, error);
}

static void *sqlite_backend(const struct passdb_settings *settings, struct error *error)
{
	return sql_new(&driver, settings, error);
}

const struct passdb_backend passdb_sqlite = {
	.name = "sqlite",
	.open = sqlite_backend,
	.close = sql_close,
	.get = sql_get,
	.set = sql_set,
	.delete = sql_delete,
	.list = sql_list,
	.contacts = sqlite_contacts,
};

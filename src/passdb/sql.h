/* SPDX-License-Identifier: Apache-2.0 */
/* What the databases have in common: the operator's statements (passdb/statement.h), what their results mean, and the second try
 * where a connection had died since the last call. A database itself is a struct sql_driver.
 *
 * `get` has to give one column and one row, `list` one column, `contacts` as many as it likes. `set` and
 * `delete` have to change exactly one row and give none: with none changed there is no such account; with more all is taken back, and that is
 * said. Each call is one transaction, and has `patience` seconds together. What a database says is told on only where it cannot quote what
 * is stored. */
#ifndef SEKISHO_PASSDB_SQL_H
#define SEKISHO_PASSDB_SQL_H
#include "passdb/passdb.h"
#include "passdb/statement.h"

enum sql_end {
	SQL_DONE,
	SQL_REFUSED, /* the error says why */
	SQL_LOST,    /* the connection is gone; likewise */
};

enum { SQL_COLUMNS_MAX = 32, SQL_VALUE_MAX = 4096 /* of `contacts`, in bytes; what is longer may come cut */ };

struct sql_call {
	const struct statement *statement;
	struct text values[STATEMENT_VALUES]; /* bytes without a terminating 0 */
	/* a row, `p` NULL where a value is NULL; false: no more. NULL itself: the statement may give no rows. */
	bool (*row)(struct sql_call *call, const struct text *values, size_t count);
	/* what its columns are named, once before the first row. NULL itself: the statement has to give one column. */
	void (*heads)(struct sql_call *call, const char *const *names, size_t count);
	bool headed; /* for drivers */
	void *context;
	uint64_t changed;
};

/* `state` is the driver's own. Nothing waits beyond `deadline` (passdb/deadline.h). */
struct sql_driver {
	enum statement_dialect dialect;
	/* NULL with a sentence; nothing is connected yet */
	void *(*create)(const struct passdb_settings *settings, struct error *error);
	void (*free)(void *state);
	/* is there a connection that may have died since? */
	bool (*is_open)(const void *state);
	/* connects where necessary */
	enum sql_end (*begin)(void *state, int64_t deadline, bool writes, struct error *error);
	/* counts in `changed`, gives rows to `row` until it says false, which is no failure */
	enum sql_end (*run)(void *state, struct sql_call *call, struct error *error);
	enum sql_end (*commit)(void *state, struct error *error);
	/* false where something stays done, for the table knows no transactions */
	bool (*roll_back)(void *state);
};

struct sql;

/* NULL with a sentence that names the setting */
struct sql *sql_new(const struct sql_driver *driver, const struct passdb_settings *settings, struct error *error);

/* the verbs of struct passdb_backend */
void sql_close(void *sql);
enum passdb_result sql_get(void *sql, const char *account, char stored[PASSWORD_HASH_MAX], struct error *error);
enum passdb_result sql_set(void *sql, const char *account, const char *stored, struct error *error);
enum passdb_result sql_delete(void *sql, const char *account, struct error *error);
/* names that no account has (empty, too long, with a byte 0) are passed over */
enum passdb_result sql_list(void *sql, void (*each)(void *context, const char *account), void *context, struct error *error);

/* the whole verb `contacts`, on a connection of its own */
enum passdb_result sql_contacts(const struct sql_driver *driver, const struct passdb_settings *settings, const struct passdb_rows *rows,
				struct error *error);

/* for drivers: may a statement give that many columns? And what is wrong where it gives others. */
bool sql_takes_columns(const struct sql_call *call, size_t count);
const char *sql_other_columns(const struct sql_call *call);
/* for drivers: SQL_REFUSED with "setting 'get': …" */
enum sql_end sql_wrong(const struct sql_call *call, struct error *error, const char *why);
#endif

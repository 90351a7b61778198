/* SPDX-License-Identifier: Apache-2.0 */
/* What goes before its day does: accounts that are forgotten, and columns that may not be kept so long. */
#include <inttypes.h>

#include "base/memory.h"
#include "store/ledger_day.h"

enum { FORGET_ROWS = 1000, BLANK_ROWS = 20 * 1000 };

enum { NUMBER, SENT, MESSAGE, NAME, ID, ACCOUNT, STATEMENTS };

static const char *const sql[STATEMENTS] = {
	[NUMBER] = "SELECT number FROM account WHERE name = ?",
	[SENT] = "SELECT k.row, m.queue_id, n.message_id FROM segment s"
		 " CROSS JOIN ids k ON k.segment = s.segment AND k.hash = ?1"
		 " CROSS JOIN message m ON m.row = k.row LEFT JOIN named n ON n.row = k.row WHERE m.account = ?1 LIMIT ?2",
	[MESSAGE] = "DELETE FROM message WHERE row = ?1",
	[NAME] = "DELETE FROM named WHERE row = ?1",
	[ID] = "DELETE FROM ids WHERE segment = ?1 AND hash = ?2 AND row = ?3",
	[ACCOUNT] = "DELETE FROM account WHERE number = ?1",
};

struct dropping {
	struct ledger_day *day;
	sqlite3_stmt *statements[STATEMENTS];
	int64_t account; /* its number; 0: the day does not have it */
	struct dropped {
		int64_t row, id, name; /* hashes; name 0: it has none */
	} rows[FORGET_ROWS];
	size_t count;
};

static bool run(struct dropping *dropping, int which, struct ledger_fault *fault)
{
	return ledger_file_do(dropping->day->db, dropping->day->number, dropping->statements[which], fault);
}

static bool find_account(struct dropping *dropping, struct text account, struct ledger_fault *fault)
{
	sqlite3_stmt *s = dropping->statements[NUMBER];
	int code;

	sqlite3_bind_text(s, 1, account.p, (int)account.n, SQLITE_STATIC);
	code = sqlite3_step(s);
	dropping->account = code == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE || ledger_fault_of(fault, dropping->day->db, dropping->day->number);
}

/* first they are read, for a table must not change under its reader */
static bool find_rows(struct dropping *dropping, void (*gone)(void *context, struct text queue_id), void *context,
		      struct ledger_fault *fault)
{
	const unsigned char *salt = dropping->day->salt;
	sqlite3_stmt *s = dropping->statements[SENT];
	int code;

	sqlite3_bind_int64(s, 1, dropping->account);
	sqlite3_bind_int64(s, 2, FORGET_ROWS);
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		struct text id = ledger_column(s, 1), name = ledger_column(s, 2);

		gone(context, id);
		dropping->rows[dropping->count++] = (struct dropped){
			sqlite3_column_int64(s, 0), (int64_t)ledger_hash_text(salt, 'q', id),
			sqlite3_column_type(s, 2) == SQLITE_NULL ? 0 : (int64_t)ledger_hash_text(salt, 'm', name) };
	}
	sqlite3_reset(s);
	return code == SQLITE_DONE || ledger_fault_of(fault, dropping->day->db, dropping->day->number);
}

static bool drop_row(struct dropping *dropping, const struct dropped *row, struct ledger_fault *fault)
{
	const int64_t hashes[] = { row->id, row->name, dropping->account };
	sqlite3_stmt *s = dropping->statements[ID];

	for (size_t i = 0; i < 3; i++) {
		sqlite3_bind_int64(s, 1, row->row / LEDGER_SEGMENT);
		sqlite3_bind_int64(s, 2, hashes[i]);
		sqlite3_bind_int64(s, 3, row->row);
		if (hashes[i] && !run(dropping, ID, fault))
			return false;
	}
	sqlite3_bind_int64(dropping->statements[MESSAGE], 1, row->row);
	sqlite3_bind_int64(dropping->statements[NAME], 1, row->row);
	return run(dropping, MESSAGE, fault) && run(dropping, NAME, fault);
}

static bool drop_rows(struct dropping *dropping, struct ledger_fault *fault)
{
	for (size_t i = 0; i < dropping->count; i++)
		if (!drop_row(dropping, &dropping->rows[i], fault))
			return false;
	if (dropping->count == FORGET_ROWS)
		return true;
	sqlite3_bind_int64(dropping->statements[ACCOUNT], 1, dropping->account);
	table_clear(&dropping->day->accounts);
	return run(dropping, ACCOUNT, fault);
}

bool ledger_day_forget(struct ledger_day *day, struct text account, void (*gone)(void *context, struct text queue_id),
		       void *context, bool *more, struct ledger_fault *fault)
{
	struct dropping *dropping = memory_zero(1, sizeof *dropping);
	bool done;

	dropping->day = day;
	done = ledger_file_prepare(day->db, day->number, sql, STATEMENTS, dropping->statements, fault) &&
	       ledger_day_begin(day, fault) && find_account(dropping, account, fault) &&
	       (!dropping->account || (find_rows(dropping, gone, context, fault) && drop_rows(dropping, fault))) &&
	       ledger_day_commit(day, fault);
	*more = done && dropping->count == FORGET_ROWS;
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(dropping->statements[i]);
	free(dropping);
	return done;
}

static const struct { const char *name, *columns; } blanks[] = {
	[LEDGER_BLANK_ADDRESSES] = { "addresses", "ip = NULL, session = NULL" },
	[LEDGER_BLANK_HASHES] = { "hashes", "from_hash = NULL, subject_hash = NULL, rcpt_hashes = NULL" },
};

bool ledger_day_blank(struct ledger_day *day, enum ledger_blank what, bool *more, struct ledger_fault *fault)
{
	char statement[400];
	int64_t from, until = (int64_t)day->next_row - 1;

	snprintf(statement, sizeof statement, "SELECT value FROM fact WHERE name = '%s'", blanks[what].name);
	if (!ledger_file_number(day->db, day->number, statement, &from, fault))
		return false;
	*more = until > from + BLANK_ROWS;
	if (*more)
		until = from + BLANK_ROWS;
	if (until <= from)
		return true;
	snprintf(statement, sizeof statement,
		 "UPDATE message SET %s WHERE row > %" PRId64 " AND row <= %" PRId64 ";"
		 "INSERT OR REPLACE INTO fact VALUES ('%s', %" PRId64 ")",
		 blanks[what].columns, from, until, blanks[what].name, until);
	return ledger_day_begin(day, fault) && ledger_file_run(day->db, day->number, statement, fault) &&
	       ledger_day_commit(day, fault);
}

void ledger_day_settle(struct ledger_day *day)
{
	sqlite3_wal_checkpoint_v2(day->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

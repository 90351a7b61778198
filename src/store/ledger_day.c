/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger_day.h"

#include <endian.h>
#include <sys/stat.h>

#include "base/memory.h"

enum { ACCOUNTS_REMEMBERED = 1000 * 1000 };

enum { BEGIN, COMMIT, ADD, NAME, ID, SPAN, ACCOUNT, ACCOUNT_NEW, SAME, STATEMENTS };
_Static_assert(STATEMENTS <= (int)LEDGER_DAY_STATEMENTS, "each statement has its place");

static const char *const sql[STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ADD] = "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[NAME] = "INSERT OR IGNORE INTO named VALUES (?, ?)",
	[ID] = "INSERT OR IGNORE INTO ids VALUES (?, ?, ?)",
	[SPAN] = "INSERT INTO segment VALUES (?1, ?2, ?3) ON CONFLICT (segment) DO UPDATE SET"
		 " first_us = min(first_us, ?2), last_us = max(last_us, ?3)",
	[ACCOUNT] = "SELECT number FROM account WHERE name = ?",
	[ACCOUNT_NEW] = "INSERT INTO account VALUES (?, ?)",
	[SAME] = "SELECT k.row FROM segment s CROSS JOIN ids k ON k.segment = s.segment AND k.hash = ?1"
		 " CROSS JOIN message m ON m.row = k.row"
		 " WHERE s.last_us >= ?2 AND s.first_us <= ?3 AND m.t_us BETWEEN ?2 AND ?3 AND m.queue_id = ?4"
		 " AND (?5 = 0 OR m.account = ?5) ORDER BY s.segment DESC, k.row DESC LIMIT 1",
};

/* ---- opening */

/* no row gets the number of one that was blanked and then deleted, or it would never be blanked itself */
#define LAST_ROW "SELECT max(coalesce((SELECT max(row) FROM message), 0)," \
		 " coalesce((SELECT max(value) FROM fact WHERE name <> 'salt'), 0))"

static bool load(struct ledger_day *day, struct ledger_fault *fault)
{
	int64_t row, account, last_us, any;

	if (!ledger_file_prepare(day->db, day->number, sql, STATEMENTS, day->statements, fault) ||
	    !ledger_file_salt(day->db, day->number, day->salt, fault) ||
	    !ledger_file_number(day->db, day->number, LAST_ROW, &row, fault) ||
	    !ledger_file_number(day->db, day->number, "SELECT max(number) FROM account", &account, fault) ||
	    !ledger_file_number(day->db, day->number, "SELECT count(*) FROM segment", &any, fault) ||
	    !ledger_file_number(day->db, day->number, "SELECT max(last_us) FROM segment", &last_us, fault))
		return false;
	day->next_row = (uint32_t)row + 1;
	day->next_account = (uint32_t)account + 1;
	day->last_us = any ? last_us : WHEN_NONE;
	return true;
}

struct ledger_day *ledger_day_open(const char *folder, int32_t number, enum ledger_access access, struct ledger_fault *fault)
{
	char path[LEDGER_PATH_MAX];
	struct stat about = { 0 };
	sqlite3 *db = ledger_file_open(folder, number, access, fault);
	struct ledger_day *day;

	if (!db)
		return NULL;
	day = memory_zero(1, sizeof *day);
	day->number = number;
	day->db = db;
	day->span = (struct ledger_span){ 0, INT64_MAX, INT64_MIN };
	if (load(day, fault)) {
		if (ledger_path(folder, number, "", path, NULL) && stat(path, &about) == 0)
			day->inode = about.st_ino;
		return day;
	}
	ledger_day_close(day);
	return NULL;
}

void ledger_day_close(struct ledger_day *day)
{
	if (!day)
		return;
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(day->statements[i]);
	if (sqlite3_get_autocommit(day->db))
		ledger_day_settle(day); /* SQLite only does it when no reader has the file open */
	sqlite3_close(day->db);
	table_done(&day->accounts);
	free(day->ids);
	free(day);
}

bool ledger_day_is_there(const struct ledger_day *day, const char *folder)
{
	char path[LEDGER_PATH_MAX];
	struct stat about;

	return ledger_path(folder, day->number, "", path, NULL) && stat(path, &about) == 0 && about.st_ino == day->inode;
}

/* ---- statements */

/* of one without rows */
static bool run(struct ledger_day *day, int which, struct ledger_fault *fault)
{
	return ledger_file_do(day->db, day->number, day->statements[which], fault);
}

/* the number in its first row; 0 without one */
static bool ask(struct ledger_day *day, int which, uint32_t *number, struct ledger_fault *fault)
{
	sqlite3_stmt *s = day->statements[which];
	int code = sqlite3_step(s);

	if (code == SQLITE_ROW)
		*number = (uint32_t)sqlite3_column_int64(s, 0);
	else if (code == SQLITE_DONE)
		*number = 0;
	else
		ledger_fault_of(fault, day->db, day->number);
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE;
}

static void bind_text(sqlite3_stmt *s, int at, struct text t) { sqlite3_bind_text(s, at, t.p, (int)t.n, SQLITE_STATIC); }

/* nothing where it is not known, for that takes no room */
static void bind_known(sqlite3_stmt *s, int at, struct text t)
{
	if (t.n)
		bind_text(s, at, t);
	else
		sqlite3_bind_null(s, at);
}

static void bind_hash(sqlite3_stmt *s, int at, uint64_t hash)
{
	if (hash)
		sqlite3_bind_int64(s, at, (int64_t)hash);
	else
		sqlite3_bind_null(s, at);
}

static void bind_ip(sqlite3_stmt *s, int at, const struct ip *ip)
{
	if (!ip_known(ip))
		sqlite3_bind_null(s, at);
	else if (ip_is_v4(ip))
		sqlite3_bind_blob(s, at, ip->bytes + 12, 4, SQLITE_STATIC);
	else
		sqlite3_bind_blob(s, at, ip->bytes, 16, SQLITE_STATIC);
}

/* ---- a transaction */

bool ledger_day_begin(struct ledger_day *day, struct ledger_fault *fault)
{
	day->id_count = 0;
	return run(day, BEGIN, fault);
}

static void gather(struct ledger_day *day, int64_t hash, uint32_t row)
{
	MEMORY_ROOM(day->ids, day->id_count, day->id_room);
	day->ids[day->id_count++] = (struct ledger_id){ hash, row };
}

static int in_order(const void *a, const void *b)
{
	const struct ledger_id *x = a, *y = b;
	uint32_t xs = x->row / LEDGER_SEGMENT, ys = y->row / LEDGER_SEGMENT;

	if (xs != ys)
		return xs < ys ? -1 : 1;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static bool write_ids(struct ledger_day *day, struct ledger_fault *fault)
{
	sqlite3_stmt *s = day->statements[ID];

	if (day->id_count)
		qsort(day->ids, day->id_count, sizeof *day->ids, in_order);
	for (size_t i = 0; i < day->id_count; i++) {
		sqlite3_bind_int64(s, 1, day->ids[i].row / LEDGER_SEGMENT);
		sqlite3_bind_int64(s, 2, day->ids[i].hash);
		sqlite3_bind_int64(s, 3, day->ids[i].row);
		if (!run(day, ID, fault))
			return false;
	}
	day->id_count = 0;
	return true;
}

static bool write_span(struct ledger_day *day, struct ledger_fault *fault)
{
	sqlite3_stmt *s = day->statements[SPAN];

	if (day->span.first_us > day->span.last_us)
		return true;
	sqlite3_bind_int64(s, 1, day->span.segment);
	sqlite3_bind_int64(s, 2, day->span.first_us);
	sqlite3_bind_int64(s, 3, day->span.last_us);
	day->span = (struct ledger_span){ 0, INT64_MAX, INT64_MIN };
	return run(day, SPAN, fault);
}

static bool widen(struct ledger_day *day, uint32_t row, int64_t t_us, struct ledger_fault *fault)
{
	if (day->span.segment != row / LEDGER_SEGMENT && !write_span(day, fault))
		return false;
	day->span.segment = row / LEDGER_SEGMENT;
	if (t_us < day->span.first_us)
		day->span.first_us = t_us;
	if (t_us > day->span.last_us)
		day->span.last_us = t_us;
	if (t_us > day->last_us)
		day->last_us = t_us;
	return true;
}

bool ledger_day_commit(struct ledger_day *day, struct ledger_fault *fault)
{
	return write_ids(day, fault) && write_span(day, fault) && run(day, COMMIT, fault);
}

/* ---- rows */

/* the number of an account, given where it has none if `make` says so; else 0 */
static bool number_of(struct ledger_day *day, struct text name, bool make, uint32_t *number, struct ledger_fault *fault)
{
	uint64_t key = ledger_hash_text(day->salt, 'a', name);
	const uint32_t *known = table_find(&day->accounts, key);

	if (known) {
		*number = *known;
		return true;
	}
	bind_text(day->statements[ACCOUNT], 1, name);
	if (!ask(day, ACCOUNT, number, fault))
		return false;
	if (*number == 0 && !make)
		return true;
	if (*number == 0) {
		*number = day->next_account++;
		sqlite3_bind_int64(day->statements[ACCOUNT_NEW], 1, *number);
		bind_text(day->statements[ACCOUNT_NEW], 2, name);
		if (!run(day, ACCOUNT_NEW, fault))
			return false;
	}
	if (day->accounts.count >= ACCOUNTS_REMEMBERED)
		table_clear(&day->accounts);
	table_put(&day->accounts, key, *number, NULL);
	return true;
}

bool ledger_day_add(struct ledger_day *day, const struct ledger_entry *entry, uint32_t *row, struct ledger_fault *fault)
{
	sqlite3_stmt *s = day->statements[ADD];
	uint64_t rcpts[LEDGER_RCPTS_MAX];
	uint32_t account;

	if (!number_of(day, ledger_entry_account(entry), true, &account, fault) || !widen(day, day->next_row, entry->t_us, fault))
		return false;
	for (size_t i = 0; i < entry->rcpts; i++)
		rcpts[i] = htole64(ledger_entry_rcpts(entry)[i]);
	sqlite3_bind_int64(s, 1, day->next_row);
	sqlite3_bind_int64(s, 2, entry->t_us);
	sqlite3_bind_int64(s, 3, account);
	bind_text(s, 4, ledger_entry_id(entry));
	bind_known(s, 5, ledger_entry_rest(entry));
	bind_ip(s, 6, &entry->ip);
	bind_known(s, 7, text_head((struct text){ entry->country, 2 }, entry->country[0] ? 2 : 0));
	sqlite3_bind_int64(s, 8, (int64_t)(entry->size_bytes & INT64_MAX));
	sqlite3_bind_int64(s, 9, entry->rcpt_count);
	sqlite3_bind_int(s, 10, entry->action);
	sqlite3_bind_int(s, 11, entry->familiar);
	sqlite3_bind_int(s, 12, entry->from_log);
	sqlite3_bind_int(s, 13, entry->centibits);
	bind_hash(s, 14, entry->from_hash);
	bind_hash(s, 15, entry->subject_hash);
	if (entry->rcpts)
		sqlite3_bind_blob(s, 16, rcpts, (int)(entry->rcpts * sizeof *rcpts), SQLITE_STATIC);
	else
		sqlite3_bind_null(s, 16);
	if (!run(day, ADD, fault))
		return false;
	if (entry->id_n)
		gather(day, (int64_t)ledger_hash_text(day->salt, 'q', ledger_entry_id(entry)), day->next_row);
	gather(day, account, day->next_row);
	*row = day->next_row++;
	return true;
}

bool ledger_day_name(struct ledger_day *day, uint32_t row, struct text message_id, struct ledger_fault *fault)
{
	sqlite3_stmt *s = day->statements[NAME];

	sqlite3_bind_int64(s, 1, row);
	bind_text(s, 2, message_id);
	if (!run(day, NAME, fault))
		return false;
	if (sqlite3_changes(day->db))
		gather(day, (int64_t)ledger_hash_text(day->salt, 'm', message_id), row);
	return true;
}

bool ledger_day_find(struct ledger_day *day, struct text queue_id, struct text account, int64_t t_us, uint32_t *row,
		     struct ledger_fault *fault)
{
	sqlite3_stmt *s = day->statements[SAME];
	uint32_t number = 0;

	*row = 0;
	if (account.n && !number_of(day, account, false, &number, fault))
		return false;
	if (account.n && !number)
		return true;
	sqlite3_bind_int64(s, 1, (int64_t)ledger_hash_text(day->salt, 'q', queue_id));
	sqlite3_bind_int64(s, 2, t_us - LEDGER_SAME_US);
	sqlite3_bind_int64(s, 3, t_us + LEDGER_SAME_US);
	bind_text(s, 4, queue_id);
	sqlite3_bind_int64(s, 5, number);
	return ask(day, SAME, row, fault);
}

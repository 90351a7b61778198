/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger_day_read.h"

#include <endian.h>

#include "base/memory.h"

enum { ACCOUNT, ROWS, STATEMENTS };
enum {
	T_US, QUEUE_ID, SESSION, IP, COUNTRY, SIZE, RCPT_COUNT, ACTION, FAMILIAR, FROM_LOG, CENTIBITS, FROM_HASH, SUBJECT_HASH,
	RCPT_HASHES, NAME, MESSAGE_ID
};

static const char *const sql[STATEMENTS] = {
	[ACCOUNT] = "SELECT number FROM account WHERE name = ?",
	[ROWS] = "SELECT m.t_us, m.queue_id, m.session, m.ip, m.country, m.size_bytes, m.rcpt_count, m.action, m.familiar,"
		 " m.from_log, m.centibits, m.from_hash, m.subject_hash, m.rcpt_hashes, a.name, n.message_id"
		 " FROM segment s CROSS JOIN ids k ON k.segment = s.segment AND k.hash = ?1"
		 " CROSS JOIN message m ON m.row = k.row CROSS JOIN account a ON a.number = m.account"
		 " LEFT JOIN named n ON n.row = k.row WHERE s.last_us >= ?2 AND s.first_us <= ?3 AND m.t_us BETWEEN ?2 AND ?3"
		 " ORDER BY s.segment DESC, k.row DESC LIMIT ?4",
};

struct ledger_day_read {
	int32_t number;
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	unsigned char salt[LEDGER_KEY_BYTES];
	uint64_t rcpt_hashes[LEDGER_RCPTS_MAX]; /* of the row that is told */
};

struct ledger_day_read *ledger_day_read_open(const char *folder, int32_t number, struct error *error)
{
	struct ledger_day_read *read = memory_zero(1, sizeof *read);
	struct ledger_fault fault = { 0 };

	read->number = number;
	read->db = ledger_file_open(folder, number, LEDGER_READ, &fault);
	if (read->db && ledger_file_prepare(read->db, number, sql, STATEMENTS, read->statements, &fault) &&
	    ledger_file_salt(read->db, number, read->salt, &fault))
		return read;
	if (fault.error.text[0])
		error_set(error, "%s", fault.error.text);
	ledger_day_read_close(read);
	return NULL;
}

void ledger_day_read_close(struct ledger_day_read *read)
{
	if (!read)
		return;
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(read->statements[i]);
	sqlite3_close(read->db);
	free(read);
}

/* ---- a row */

static struct ip column_ip(sqlite3_stmt *s)
{
	struct text bytes = ledger_column(s, IP);
	struct ip ip = { { 0 } };

	if (bytes.n == 16)
		memcpy(ip.bytes, bytes.p, 16);
	if (bytes.n == 4) {
		ip.bytes[10] = ip.bytes[11] = 0xff;
		memcpy(ip.bytes + 12, bytes.p, 4);
	}
	return ip;
}

static uint32_t column_hashes(sqlite3_stmt *s, uint64_t hashes[LEDGER_RCPTS_MAX])
{
	struct text bytes = ledger_column(s, RCPT_HASHES);
	size_t n = bytes.n / sizeof *hashes;

	n = n < LEDGER_RCPTS_MAX ? n : (size_t)LEDGER_RCPTS_MAX;
	if (n)
		memcpy(hashes, bytes.p, n * sizeof *hashes);
	for (size_t i = 0; i < n; i++)
		hashes[i] = le64toh(hashes[i]);
	return (uint32_t)n;
}

/* its texts are SQLite's, good until the next step */
static void read_row(struct ledger_day_read *read, struct ledger_found *found)
{
	sqlite3_stmt *s = read->statements[ROWS];
	struct text country = ledger_column(s, COUNTRY);

	*found = (struct ledger_found){
		.row = {
			.t_us = sqlite3_column_int64(s, T_US), .account = ledger_column(s, NAME), .queue_id = ledger_column(s, QUEUE_ID),
			.session = ledger_column(s, SESSION), .ip = column_ip(s), .from = TEXT_NONE, .subject = TEXT_NONE,
			.rcpt_count = (uint32_t)sqlite3_column_int64(s, RCPT_COUNT),
			.size_bytes = (uint64_t)sqlite3_column_int64(s, SIZE),
			.action = (uint8_t)sqlite3_column_int(s, ACTION), .familiar = (uint8_t)sqlite3_column_int(s, FAMILIAR),
			.from_log = sqlite3_column_int(s, FROM_LOG) != 0,
			.bits = (float)sqlite3_column_int(s, CENTIBITS) / 100,
		},
		.message_id = ledger_column(s, MESSAGE_ID),
		.from_hash = (uint64_t)sqlite3_column_int64(s, FROM_HASH),
		.subject_hash = (uint64_t)sqlite3_column_int64(s, SUBJECT_HASH),
		.rcpt_hashes = read->rcpt_hashes, .rcpt_hash_count = column_hashes(s, read->rcpt_hashes),
	};
	if (country.n == 2)
		memcpy(found->row.country, country.p, 2);
}

/* the next of the rows that were asked for; false at the end, or with a sentence */
static bool next_row(struct ledger_day_read *read, bool *told, struct error *error)
{
	struct ledger_fault fault;
	int code = sqlite3_step(read->statements[ROWS]);

	*told = code == SQLITE_ROW || code == SQLITE_DONE || (ledger_fault_of(&fault, read->db, read->number),
							      error_set(error, "%s", fault.error.text));
	return code == SQLITE_ROW;
}

static void ask_rows(struct ledger_day_read *read, int64_t hash, int64_t since_us, int64_t until_us, int64_t most)
{
	sqlite3_stmt *s = read->statements[ROWS];

	sqlite3_bind_int64(s, 1, hash);
	sqlite3_bind_int64(s, 2, since_us);
	sqlite3_bind_int64(s, 3, until_us);
	sqlite3_bind_int64(s, 4, most);
}

/* ---- by id */

static struct text keep(char to[LEDGER_ID_MAX], struct text t)
{
	size_t n = t.n < LEDGER_ID_MAX ? t.n : (size_t)LEDGER_ID_MAX;

	memcpy(to, t.p, n);
	return (struct text){ to, n };
}

static void keep_row(const struct ledger_found *found, struct ledger_kept *kept)
{
	kept->found = *found;
	kept->found.row.account = keep(kept->account, found->row.account);
	kept->found.row.queue_id = keep(kept->queue_id, found->row.queue_id);
	kept->found.row.session = keep(kept->session, found->row.session);
	kept->found.message_id = keep(kept->message_id, found->message_id);
	memcpy(kept->rcpt_hashes, found->rcpt_hashes, found->rcpt_hash_count * sizeof *found->rcpt_hashes);
	kept->found.rcpt_hashes = kept->rcpt_hashes;
}

static uint64_t apart(int64_t t_us, int64_t near_us)
{
	return t_us < near_us ? (uint64_t)near_us - (uint64_t)t_us : (uint64_t)t_us - (uint64_t)near_us;
}

struct asked {
	struct text id;
	bool by_name;
	int64_t near_us, since_us, until_us;
};

static bool look(struct ledger_day_read *read, const struct asked *asked, uint64_t *distance, struct ledger_kept *best,
		 struct error *error)
{
	struct text id = asked->id;
	bool told = true, over = false;

	ask_rows(read, (int64_t)ledger_hash_text(read->salt, asked->by_name ? 'm' : 'q', id), asked->since_us, asked->until_us,
		 LEDGER_SAME_ID_MAX);
	while (!over && next_row(read, &told, error)) {
		struct ledger_found found;
		uint64_t its;

		read_row(read, &found);
		its = asked->near_us == WHEN_NONE ? 0 : apart(found.row.t_us, asked->near_us);
		if (!text_is(asked->by_name ? found.message_id : found.row.queue_id, id) || its >= *distance)
			continue;
		*distance = its;
		keep_row(&found, best);
		over = asked->near_us == WHEN_NONE;
	}
	sqlite3_reset(read->statements[ROWS]);
	return told;
}

/* Where a time is known, its hour first: few segments have that, and what is found there is nearer than anything else. */
static bool whose(struct ledger_day_read *read, struct asked asked, uint64_t *distance, struct ledger_kept *best,
		  struct error *error)
{
	uint64_t before = *distance;

	if (asked.near_us != WHEN_NONE) {
		asked.since_us = asked.near_us - HOUR_US;
		asked.until_us = asked.near_us + HOUR_US;
		if (!look(read, &asked, distance, best, error))
			return false;
	}
	asked.since_us = INT64_MIN;
	asked.until_us = INT64_MAX;
	return *distance < before || look(read, &asked, distance, best, error);
}

bool ledger_day_read_whose(struct ledger_day_read *read, struct text id, int64_t near_us, uint64_t *distance,
			   struct ledger_kept *best, struct error *error)
{
	struct asked asked = { .id = id, .near_us = near_us };
	uint64_t before = *distance;

	if (id.n && text_span(id, CHAR_ALNUM) == id.n && !whose(read, asked, distance, best, error))
		return false;
	asked.by_name = true;
	return *distance < before || whose(read, asked, distance, best, error);
}

void ledger_day_read_share(struct ledger_day_read *read, int64_t kib)
{
	char pragma[64];

	snprintf(pragma, sizeof pragma, "PRAGMA cache_size = -%lld", (long long)kib);
	sqlite3_exec(read->db, pragma, NULL, NULL, NULL);
}

/* ---- by account */

bool ledger_day_read_each(struct ledger_day_read *read, struct text account, int64_t since_us, uint32_t *most,
			  void (*each)(void *context, const struct ledger_found *row), void *context, struct error *error)
{
	sqlite3_stmt *s = read->statements[ACCOUNT];
	struct ledger_fault fault;
	struct ledger_found found;
	int code;
	bool told;

	sqlite3_bind_text(s, 1, account.p, (int)account.n, SQLITE_STATIC);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW)
		ask_rows(read, sqlite3_column_int64(s, 0), since_us, INT64_MAX, *most);
	sqlite3_reset(s);
	if (code == SQLITE_DONE)
		return true;
	if (code != SQLITE_ROW) {
		ledger_fault_of(&fault, read->db, read->number);
		return error_set(error, "%s", fault.error.text);
	}
	while (next_row(read, &told, error)) {
		read_row(read, &found);
		each(context, &found);
		--*most;
	}
	sqlite3_reset(read->statements[ROWS]);
	return told;
}

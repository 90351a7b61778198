/* SPDX-License-Identifier: Apache-2.0 */
/* Of the ledger's own (store/ledger.h): a day's file, open for writing. What is added stands between ledger_day_begin and
 * ledger_day_commit. After a fault the day is only good for ledger_day_close, which takes back what was not committed.
 *
 * Ids are gathered until the commit and written in the order in which the tree has them: so each page is touched once. */
#ifndef SEKISHO_STORE_LEDGER_DAY_H
#define SEKISHO_STORE_LEDGER_DAY_H
#include "base/table.h"
#include "store/ledger_batch.h"
#include "store/ledger_file.h"

enum { LEDGER_DAY_STATEMENTS = 10 };

struct ledger_day {
	int32_t number; /* days since 1970 */
	sqlite3 *db;
	sqlite3_stmt *statements[LEDGER_DAY_STATEMENTS];
	unsigned char salt[LEDGER_KEY_BYTES];
	ino_t inode;
	uint64_t used; /* its keeper's, to tell which one was used last */
	uint32_t next_row, next_account;
	struct table accounts; /* hash of the name to number */
	int64_t last_us;       /* of all rows; WHEN_NONE: it has none */
	struct ledger_span {
		uint32_t segment;
		int64_t first_us, last_us; /* of the rows since it was written last; none where first_us > last_us */
	} span;
	struct ledger_id {
		int64_t hash;
		uint32_t row;
	} *ids; /* of this transaction */
	size_t id_count, id_room;
};

/* NULL as ledger_file_open */
struct ledger_day *ledger_day_open(const char *folder, int32_t number, enum ledger_access access, struct ledger_fault *fault);
void ledger_day_close(struct ledger_day *day);
/* is its file still the one in the folder? */
bool ledger_day_is_there(const struct ledger_day *day, const char *folder);

bool ledger_day_begin(struct ledger_day *day, struct ledger_fault *fault);
bool ledger_day_commit(struct ledger_day *day, struct ledger_fault *fault);
bool ledger_day_add(struct ledger_day *day, const struct ledger_entry *entry, uint32_t *row, struct ledger_fault *fault);
/* the first name of a row stays */
bool ledger_day_name(struct ledger_day *day, uint32_t row, struct text message_id, struct ledger_fault *fault);
/* the newest committed row with this queue id, no further than LEDGER_SAME_US from `t_us`; an empty account: anybody's.
 * *row 0: none */
bool ledger_day_find(struct ledger_day *day, struct text queue_id, struct text account, int64_t t_us, uint32_t *row,
		     struct ledger_fault *fault);

/* ---- what is deleted: work of bounded size, each call a transaction of its own; *more: call again */

/* rows of the account with all that leads to them; `gone` is told whose queue ids */
bool ledger_day_forget(struct ledger_day *day, struct text account, void (*gone)(void *context, struct text queue_id),
		       void *context, bool *more, struct ledger_fault *fault);
enum ledger_blank { LEDGER_BLANK_ADDRESSES, LEDGER_BLANK_HASHES };
bool ledger_day_blank(struct ledger_day *day, enum ledger_blank what, bool *more, struct ledger_fault *fault);
/* what was deleted leaves SQLite's log too, unless somebody is reading */
void ledger_day_settle(struct ledger_day *day);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Of the ledger's own (store/ledger.h): the database file of a day: its tables, their versions, and what went wrong with it.
 *
 *   account  number, name                         numbers are the file's own
 *   message  row, t_us, account, queue_id, …      rows are given in order, so that only the end of the table is written
 *   named    row, message_id                      known later than the row, so it does not make the row grow
 *   ids      segment, hash, row                   of queue ids and Message-IDs; beside them the numbers of accounts, which
 *                                                 are found among the hashes in the same way. Each segment of LEDGER_SEGMENT
 *                                                 rows has a stretch of its own.
 *   segment  segment, first_us, last_us           what times it has
 *   fact     name, value                          the salt of the hashes; how far columns were blanked
 *
 * Ids are hashed under a salt of the file's own, so that a file can be searched as long as it is there, whatever became
 * of the key. */
#ifndef SEKISHO_STORE_LEDGER_FILE_H
#define SEKISHO_STORE_LEDGER_FILE_H
#include <sqlite3.h>

#include "store/ledger_folder.h"

enum { LEDGER_VERSION = 2 };

enum ledger_fault_kind {
	LEDGER_FAULT_PASSING, /* a full disk, a lock: worth another try */
	LEDGER_FAULT_NEWER,   /* a file of a version that is not known */
	LEDGER_FAULT_DAMAGED,
};

struct ledger_fault {
	enum ledger_fault_kind kind;
	struct error error;
};

/* what the connection says is wrong with this day's file; always false */
bool ledger_fault_of(struct ledger_fault *fault, sqlite3 *db, int32_t day);

enum ledger_access {
	LEDGER_READ,  /* a file that is there */
	LEDGER_WRITE, /* the same, with what writing wants */
	LEDGER_MAKE,  /* and made where it is not there */
};

/* Opens it and brings it up to date. NULL with a fault; where no file is there and none is to be made its sentence is
 * untouched. */
sqlite3 *ledger_file_open(const char *folder, int32_t day, enum ledger_access access, struct ledger_fault *fault);
/* the salt of its hashes */
bool ledger_file_salt(sqlite3 *db, int32_t day, unsigned char salt[LEDGER_KEY_BYTES], struct ledger_fault *fault);
/* several statements at once */
bool ledger_file_run(sqlite3 *db, int32_t day, const char *sql, struct ledger_fault *fault);
/* the first column of the first row; 0 without one */
bool ledger_file_number(sqlite3 *db, int32_t day, const char *sql, int64_t *number, struct ledger_fault *fault);
/* prepared for as long as the connection lives */
bool ledger_file_prepare(sqlite3 *db, int32_t day, const char *const *sql, size_t count, sqlite3_stmt **statements,
			 struct ledger_fault *fault);
/* a statement that gives no rows, which is reset */
bool ledger_file_do(sqlite3 *db, int32_t day, sqlite3_stmt *statement, struct ledger_fault *fault);
/* of the row that a statement stands at: good until it goes on; without text where it is NULL */
struct text ledger_column(sqlite3_stmt *statement, int at);
#endif

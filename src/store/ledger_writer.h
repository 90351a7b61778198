/* SPDX-License-Identifier: Apache-2.0 */
/* Of the ledger's own (store/ledger.h): what its thread does: rows and names into the files of their days, one transaction
 * a day, and between them the work of deleting. One thread at a time.
 *
 * What cannot be written stays in the batch, with what belongs to the same day; other days go on. A name whose row is
 * not there yet stays too, for the log may be ahead of the row: LEDGER_NAME_ROUNDS rounds, of LEDGER_NAMES_LATE names. */
#ifndef SEKISHO_STORE_LEDGER_WRITER_H
#define SEKISHO_STORE_LEDGER_WRITER_H
#include "store/ledger_day.h"
#include "store/ledger_recent.h"

enum {
	LEDGER_DAYS_OPEN = 4,
	LEDGER_ROUND_ENTRIES = 128 * 1024, /* of one transaction */
	LEDGER_NAME_ROUNDS = 300,
	LEDGER_NAMES_LATE = 64 * 1024,
	LEDGER_ASIDE_MAX = 16, /* files set aside since the start: where more are damaged, the disk is */
};

struct ledger_chore {
	char *account;     /* to be forgotten; NULL: what is too old goes */
	int64_t now_us;
	struct ledger_listed *days; /* newest first; NULL: not begun */
	size_t left;                /* of them to be looked at, from the last one on */
	bool changed;               /* the day that is looked at */
	struct ledger_chore *next;
};

struct ledger_writer {
	char *folder;
	struct ledger_retention retention;
	struct ledger_day *days[LEDGER_DAYS_OPEN];
	uint64_t uses;
	struct ledger_recent recent;
	struct ledger_batch batch; /* what is to be written; what could not be stays */
	struct ledger_chore *chores;
	int32_t shut;              /* a day beside those written to that cannot be read in this round */
	unsigned aside;
	uint64_t written, filled, lost; /* rows */
	bool failing;
	bool hurried;              /* this round came before its time, and does not count for names */
	struct error why;          /* of the last fault */
};

void ledger_writer_init(struct ledger_writer *writer, const char *folder, const struct ledger_retention *retention);
void ledger_writer_done(struct ledger_writer *writer);
/* opens the newest day, so that what stands in the way is known at once */
bool ledger_writer_look(struct ledger_writer *writer, struct error *error);
/* one round: whatever of the batch can be written */
void ledger_writer_write(struct ledger_writer *writer);
/* a piece of the first chore; false: there is none, or it has to wait */
bool ledger_writer_chore(struct ledger_writer *writer);
void ledger_chore_free(struct ledger_chore *chore);

/* ---- between the writer's files */

/* the day, open; NULL as ledger_day_open */
struct ledger_day *ledger_writer_day(struct ledger_writer *writer, int32_t number, enum ledger_access access,
				     struct ledger_fault *fault);
/* after a fault with this day: closes it, says why, sets a damaged file aside */
void ledger_writer_fault(struct ledger_writer *writer, int32_t number, const struct ledger_fault *fault);
void ledger_writer_close(struct ledger_writer *writer, int32_t number);
#endif

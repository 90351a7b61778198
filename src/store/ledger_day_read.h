/* SPDX-License-Identifier: Apache-2.0 */
/* Of the ledger's own (store/ledger.h): a day's file, open for reading. Nothing stays open in it between the calls, so that
 * the writer can begin its log anew. */
#ifndef SEKISHO_STORE_LEDGER_DAY_READ_H
#define SEKISHO_STORE_LEDGER_DAY_READ_H
#include "store/ledger_file.h"
#include "store/ledger.h"

enum { LEDGER_SAME_ID_MAX = 1000 }; /* the newest of a day with the same id, of which the nearest is chosen */

struct ledger_day_read;

/* a row with room for what it refers to */
struct ledger_kept {
	struct ledger_found found;
	char account[LEDGER_ID_MAX], queue_id[LEDGER_ID_MAX], session[LEDGER_ID_MAX], message_id[LEDGER_ID_MAX];
	uint64_t rcpt_hashes[LEDGER_RCPTS_MAX];
};

/* NULL with a sentence, which is untouched where no file is there */
struct ledger_day_read *ledger_day_read_open(const char *folder, int32_t number, struct error *error);
void ledger_day_read_close(struct ledger_day_read *read);
/* so much of the file it may keep in memory */
void ledger_day_read_share(struct ledger_day_read *read, int64_t kib);
/* The row with this queue id, else with this Message-ID, that is nearest to `near_us`, into *best, if it is nearer than
 * *distance, which then is its own. For WHEN_NONE the one written last, at a distance of 0. */
bool ledger_day_read_whose(struct ledger_day_read *read, struct text id, int64_t near_us, uint64_t *distance,
			   struct ledger_kept *best, struct error *error);
/* *most becomes less by each that was told */
bool ledger_day_read_each(struct ledger_day_read *read, struct text account, int64_t since_us, uint32_t *most,
			  void (*each)(void *context, const struct ledger_found *row), void *context, struct error *error);
#endif

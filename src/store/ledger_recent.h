/* SPDX-License-Identifier: Apache-2.0 */
/* Of the ledger's own (store/ledger.h): where the rows that were written last stand, by queue id, so that neither a name
 * nor a row that is told again has to be looked for on the disk. LEDGER_RECENT_MAX rows at most, 64 bytes each. */
#ifndef SEKISHO_STORE_LEDGER_RECENT_H
#define SEKISHO_STORE_LEDGER_RECENT_H
#include "base/table.h"
#include "base/when.h"

enum { LEDGER_RECENT_MAX = 512 * 1024 };

struct ledger_place {
	uint64_t id, account; /* hashes of queue id and account */
	int64_t t_us;
	int32_t day;
	uint32_t row;
};

struct ledger_recent {
	struct table index; /* of the id to its place */
	struct ledger_place *places;
	size_t count, room, oldest;
	int64_t horizon_us; /* a row later than this is here, or was never written */
	int64_t last_us;    /* of all rows ever told of */
};

void ledger_recent_done(struct ledger_recent *recent);
/* forgets all: what was told of is to be looked for on the disk */
void ledger_recent_clear(struct ledger_recent *recent);
/* a row that was written before may be as late as this */
void ledger_recent_until(struct ledger_recent *recent, int64_t t_us);
void ledger_recent_put(struct ledger_recent *recent, const struct ledger_place *place);
void ledger_recent_drop(struct ledger_recent *recent, struct text queue_id);
/* the last one put with this id, or NULL; good until the next put */
const struct ledger_place *ledger_recent_find(const struct ledger_recent *recent, struct text queue_id);
/* as ids and accounts are compared here: differs from process to process */
uint64_t ledger_recent_key(struct text text);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the ledger's rows of one incident come to, for the paper on it: messages over time, how many people were reached, and
 * how the door was opened. Zeroed at init; whom it reached is only counted, for the ledger keeps keyed hashes. */
#ifndef SEKISHO_GATE_CONTROL_TALLY_H
#define SEKISHO_GATE_CONTROL_TALLY_H
#include <jansson.h>

#include "base/table.h"
#include "store/ledger.h"

enum { CONTROL_REACHED_MAX = 1000 * 1000 }; /* recipients told apart; beyond, the number is the least */

struct control_tally {
	struct control_mark {
		int64_t t_us;
		bool attacker;
	} *marks; /* a message each, in the order in which they were told */
	size_t count, room;
	struct table reached;
	bool left_out; /* not all recipients of what passed are known, or there were too many */
};

void control_tally_add(struct control_tally *tally, const struct ledger_found *found, bool attacker);
/* adds `opening`, `same_source`, `series` and `reached` to an incident that has `evidence`, `sources` and `passed` */
void control_tally_tell(const struct control_tally *tally, json_t *incident);
void control_tally_done(struct control_tally *tally);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is in an audit: wide before deep. Accounts are in lanes, by what a try at them costs. Each lane goes round by round: the
 * first ten words of all in it, then thirty, a hundred, and a hundred more each time; where a try costs next to nothing all the rest at
 * once. The lane that is least deep goes first, the cheap one of two; but those that are further need not wait for it: a tenth of
 * the time is theirs, and whoever would stand idle. So ten thousand quick hashes come to their end beside one that takes a second a try.
 *
 * Whoever calls has the lock of the audit. */
#ifndef SEKISHO_PASSDB_AUDIT_LANES_H
#define SEKISHO_PASSDB_AUDIT_LANES_H
#include "passdb/audit_subjects.h"

enum { AUDIT_LANES = 4, AUDIT_AHEAD_PART = 10 };

struct audit_lane {
	struct audit_subject **members;
	size_t count, room;
	unsigned bound;     /* of its round */
	size_t next, going; /* the next member; how many are being tried */
	bool done;
};

struct audit_lanes {
	struct audit_lane lanes[AUDIT_LANES];
	unsigned depth; /* wanted */
	uint64_t worked_us, ahead_us;
	unsigned rounds; /* that were ended */
};

struct audit_turn {
	struct audit_subject *subject;
	struct audit_lane *lane;
	unsigned bound; /* so many words of the list */
	bool ahead;
};

/* `subjects` stay where they are as long as the lanes live */
void audit_lanes_init(struct audit_lanes *lanes, const struct audit_subjects *subjects, unsigned depth);
void audit_lanes_done(struct audit_lanes *lanes);
/* false: there is nothing to do now; nor will there be, if the lanes are over */
bool audit_lanes_take(struct audit_lanes *lanes, struct audit_turn *turn) __attribute__((warn_unused_result));
void audit_lanes_give_back(struct audit_lanes *lanes, const struct audit_turn *turn, uint64_t took_us);
bool audit_lanes_over(const struct audit_lanes *lanes);
/* the first round behind so many words */
unsigned audit_round_after(unsigned tried);
#endif

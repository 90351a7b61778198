/* SPDX-License-Identifier: Apache-2.0 */
/* What an incident's paper wants to know and the ledger does not keep: which logins there were, and what became of the mail. Both
 * often come before anybody knows that there is an incident. So what was seen lately from places that are not plainly the owner's
 * is remembered for all accounts (SEEN_RECENT_MAX, the oldest are forgotten first); when an incident is opened its part of that
 * becomes a tally of its own, which is kept on the desk and added to until the incident is closed.
 *
 * Counts and decides nothing else. One thread; the desk outlives it. 2 MiB, and 64 bytes for each source of an open incident. */
#ifndef SEKISHO_GATE_SEEN_H
#define SEKISHO_GATE_SEEN_H
#include <jansson.h>

#include "event/event.h"
#include "profile/profile.h"
#include "store/desk.h"

enum {
	SEEN_RECENT_MAX = 65536,
	SEEN_SOURCES_MAX = 64, /* of one incident; more are only said to have been */
	SEEN_WRITES_MAX = 20,  /* tallies that are written a second */
};

#define SEEN_BEFORE_US HOUR_US /* a thief looks around before there is any sign of it */

struct seen;

struct seen *seen_new(struct desk *desk);
void seen_free(struct seen *seen);

/* an event of that source; only logins and outcomes are counted, and none where it is plainly the owner's */
void seen_event(struct seen *seen, const struct event *event, enum profile_familiar familiar);
/* what was seen of the account from `since_us` on belongs to this incident, logins somewhat before it as well, and what comes.
 * Not twice. */
void seen_begin(struct seen *seen, uint64_t incident, uint32_t account, int64_t since_us);
/* as it was on the desk */
void seen_restore(struct seen *seen, uint64_t incident, uint32_t account, struct text told);
/* the incident is over */
void seen_end(struct seen *seen, uint32_t account);
/* Each second: writes some of what changed. Is there more? */
bool seen_look(struct seen *seen);

/* ---- the tally as it stands on the desk, read by whoever tells of the incident */

struct seen_source {
	struct ip ip;
	uint8_t familiar; /* enum profile_familiar, the highest it was */
	uint32_t logins, failures;
	int64_t first_us, last_us;
};

struct seen_tally {
	uint32_t sent[FAMILIAR_LEVELS], bounced[FAMILIAR_LEVELS], deferred[FAMILIAR_LEVELS]; /* recipients, by source */
	struct seen_source sources[SEEN_SOURCES_MAX];
	size_t source_count;
	bool left_out;
};

/* false where it is no tally; then *tally is empty */
bool seen_read(struct text told, struct seen_tally *tally) __attribute__((warn_unused_result));
#endif

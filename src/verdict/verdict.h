/* SPDX-License-Identifier: Apache-2.0 */
/* From bits to a decision. Groups of evidence are capped, and added:
 *
 *   places alone pass, hold from the fourth country of a day on, and lock only where no person can be in so many;
 *   a strange place, a strange device and strangers together hold, but do not lock: a traveller has them all at once;
 *   pace alone never locks;
 *   outcomes can: a flood of bounces is enough by itself (what the owner's own place may add to it is limited in
 *   evidence/bounces.c).
 *
 * Pure. */
#ifndef SEKISHO_VERDICT_VERDICT_H
#define SEKISHO_VERDICT_VERDICT_H
#include "evidence/evidence.h"

enum verdict_action { VERDICT_PASS, VERDICT_HOLD, VERDICT_LOCK };

struct verdict_limits {
	float suspect_bits; /* from here on an account is named in reports */
	float hold_bits;    /* … its messages wait */
	float lock_bits;    /* … it is locked */
};

struct verdict {
	enum verdict_action action;
	float bits;
	float group_bits[GROUP_COUNT];
	enum profile_familiar familiar; /* the source of the event that was judged */
	bool owner_like;
	bool bad_list; /* of those lately written to for the first time more are dead than on a list that somebody keeps */
	bool bad_burst; /* … many of them, at a pace far over the account's own */
};

/* Bits from which on a live gate holds a message. Waiting costs little, so one from a source that was never seen is held
 * early; one from the owner's own place hardly ever. */
float verdict_holds_from(const struct verdict *verdict, const struct verdict_limits *limits);
void verdict_decide(const struct profile *profile, const struct verdict_limits *limits, struct verdict *verdict);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the stories of the guard have in common: alice has lived at home for a fortnight, and a gate stands around her.
 * Included by one test program each. */
#ifndef SEKISHO_TESTS_GUARD_STORY_H
#define SEKISHO_TESTS_GUARD_STORY_H
#include "gate.h"

static struct gate gate;
static struct story story;

static int begin(void **state)
{
	gate_begin(&gate, &story);
	story_commuter_days(&story, "alice", 1, 14);
	gate_watch(&gate);
	return 0;
}

/* … and nobody is ever locked */
__attribute__((unused)) static int begin_patient(void **state)
{
	gate_begin_with(&gate, &story, &(struct verdict_limits){ 14, 11, 99 }, &(struct brakes_limits){ 60, 30 });
	story_commuter_days(&story, "alice", 1, 14);
	gate_watch(&gate);
	return 0;
}

static int end(void **state)
{
	gate_end(&gate);
	return 0;
}

#define ALIVE PEOPLE("alive", 0)
#define DEAD PEOPLE("dead", .dead = 100)
#define NEXT_TOWN PLACE("JP", 7, 70)
#define THIEF_IN_TOWN PLACE("JP", 7, 71, .thief = true)

/* she writes from somewhere new while `bits` speak against her: 11 are little, 16 a doubt, 21 nearly a lock */
__attribute__((unused)) static void writes_while_accused(float bits, unsigned messages)
{
	gate_at(&gate, 15, "12:00");
	story_login(&story, "alice", NEXT_TOWN);
	gate_accuse(&gate, "alice", bits);
	story.pace_s = 5;
	story_sends(&story, "alice", NEXT_TOWN, messages, FRIENDS);
}

static struct event event_of(enum event_kind kind, const char *who)
{
	struct event event = { .kind = (uint8_t)kind, .t_us = story.now_us, .count = 1 };

	event.account = who ? story_account(&story, who) : ACCOUNT_NONE;
	return event;
}
#endif

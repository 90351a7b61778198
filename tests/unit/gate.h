/* SPDX-License-Identifier: Apache-2.0 */
/* A live gate around a story: what happens is told to a guard, and the guard is obeyed. What becomes of a message is
 * told only once the message was let go; a tick comes whenever the guard asked for one. Everything it said is kept as it
 * would go down a pipe. */
#ifndef SEKISHO_TESTS_GATE_H
#define SEKISHO_TESTS_GATE_H
#include "story.h"

#include "engine/guard.h"
#include "report/reply.h"

enum gate_fate { GATE_LET_GO, GATE_HELD, GATE_REFUSED, GATE_DISCARDED };

struct gate_letter {
	int64_t handed_us;
	enum gate_fate fate;
	bool thief;
	struct event *outcomes; /* that wait for it to be let go */
	size_t count, room;
};

struct gate_count {
	uint32_t handed_in, passed, held, refused, released, discarded;
	int64_t longest_us; /* from hold to release */
};

struct gate {
	struct story *story;
	struct engine *engine;
	struct guard *guard;
	struct gate_count owner, thief;
	uint32_t locks, braked;
	uint32_t locked_by; /* the thief's messages handed in until the first lock */
	struct guard_answer last; /* its texts are gone */
	struct reply said;        /* every line */
	bool deaf;                /* to the guard's wish for a tick */
	/* inside */
	int64_t wake_us;
	struct gate_letter *letters; /* by the story's number */
	size_t room;
};

void gate_begin(struct gate *gate, struct story *story);
void gate_begin_with(struct gate *gate, struct story *story, const struct verdict_limits *limits,
		     const struct brakes_limits *brakes);
void gate_end(struct gate *gate);
/* time passes, with the ticks that were asked for */
void gate_at(struct gate *gate, unsigned day, const char *time);
/* all counts begin anew */
void gate_watch(struct gate *gate);
/* complaints, so that just `bits` stand against the account: only time and a proof take them away */
void gate_accuse(struct gate *gate, const char *who, float bits);
/* what stands against it by now */
float gate_bits(struct gate *gate, const char *who);
/* one event as it is, without the story; NULL for no id */
struct guard_answer gate_tell(struct gate *gate, const struct event *event, const char *id);

/* so many of the thief's messages reached anybody */
static inline uint32_t gate_leaked(const struct gate *gate) { return gate->thief.passed + gate->thief.released; }
#endif

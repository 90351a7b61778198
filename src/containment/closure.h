/* SPDX-License-Identifier: Apache-2.0 */
/* The closure of an account: every action of its lock done, in order, and proved; or undone again, in the reverse order.
 *
 *   waiting ──▶ done ──▶ proved          (cannot: it makes no sense to try again; not set up: nobody told us how)
 *      └▶ failed, tried again after a second to a minute, while the others go on
 *
 * Where each step has come to is on the desk: the steps are put there with the lock itself, in one batch; so a closure that a crash
 * cut off goes on where it was, and what was done twice is done once. A check that finds a step not to hold any more makes it be done
 * again. Sentences are those of the actions.
 *
 * One thread, on a loop; desk and doors outlive it. */
#ifndef SEKISHO_CONTAINMENT_CLOSURE_H
#define SEKISHO_CONTAINMENT_CLOSURE_H
#include "containment/action.h"

enum { CLOSURE_TRY_LEAST_MS = 1000, CLOSURE_TRY_MOST_MS = 60000 };

struct closures;

struct closures_options {
	uv_loop_t *loop;
	struct doors *doors;
	struct desk *desk;
	/* everything that can be done is done and proved, or undone; called from the loop, once each time it comes to that. May be NULL. */
	void (*settled)(void *context, uint32_t account, uint64_t incident, bool shut);
	void *context;
};

struct closures *closures_new(const struct closures_options *options);
/* after doors_drop_calls; frees itself once the loop has run. NULL is fine. */
void closures_close(struct closures *closures);

struct closure_order {
	uint32_t account; /* of doors->accounts */
	uint64_t incident;
	uint8_t reach;    /* enum desk_reach */
	unsigned actions; /* bits by place in the array: of those that are not always done */
	int64_t began_us; /* what was sent since then is the thief's; WHEN_NONE: everything */
};

/* Begins, or widens what is there already: what has been done is not done again. The steps go into the batch. */
void closures_begin(struct closures *closures, const struct closure_order *order, struct desk_batch *batch);
/* Everything undone. Nothing where there is none. */
void closures_undo(struct closures *closures, uint32_t account, bool false_alarm, struct desk_batch *batch);
/* As the desk knew it before the restart: for each lock, then for each step; then closures_resume begins. */
void closures_restore(struct closures *closures, const struct closure_order *order);
void closures_restore_step(struct closures *closures, uint32_t account, const struct desk_step *step);
void closures_resume(struct closures *closures);

struct closure_state {
	bool known;       /* there is one */
	bool shut;        /* wanted; else it is being undone */
	bool settled;     /* nothing is left to do now */
	uint32_t lacking;    /* steps that are not as they should be, yet */
	uint32_t impossible; /* and those that never will be */
};
void closures_state(const struct closures *closures, uint32_t account, struct closure_state *state);
/* how many are not settled */
size_t closures_waiting(const struct closures *closures);
/* the desk lost what it had: all steps once more */
void closures_unsaved(struct closures *closures);
#endif

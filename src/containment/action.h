/* SPDX-License-Identifier: Apache-2.0 */
/* What is done to shut an account, each with the way back and the proof: an action is a row in actions.c and a file. In the
 * array's order they are done, in the reverse order they are undone.
 *
 * An action is asked for one account (a target) at a time, and says how it went through `done`, once, from the loop or
 * at once. Each can be done twice, and undone when nothing was done. It keeps no state of its own: where it
 * has come to is the closure's affair (containment/closure.h). Sentences are msgids with one %u for the number, or what a
 * server said. */
#ifndef SEKISHO_CONTAINMENT_ACTION_H
#define SEKISHO_CONTAINMENT_ACTION_H
#include "containment/doors.h"
#include "store/desk.h"

enum action_verb { ACTION_DO, ACTION_UNDO, ACTION_CHECK };

enum action_result {
	ACTION_DONE,   /* done, undone, or proved */
	ACTION_FAILED, /* not now; of a check: it is not so, it has to be done again */
	ACTION_CANNOT, /* and not later, either */
};

enum { ACTION_SAYS_MAX = 256 };

struct target {
	uint32_t account;   /* of doors->accounts */
	struct text name;   /* its normal form */
	int64_t began_us;   /* what was sent since then is the thief's; WHEN_NONE: all of it */
	uint8_t reach;      /* enum desk_reach */
	bool false_alarm;   /* of an undo: it was the owner all the time */
	const char *before; /* what the last thing that was done said: of a check */
};

/* `says` is good for the call */
typedef void action_done(void *context, enum action_result result, const char *says, uint32_t count);

struct action {
	const char *name;  /* stable: in settings, on the desk, in JSON */
	const char *title; /* msgid: "Dovecot's deny list" */
	unsigned reaches;  /* bits, 1 << enum desk_reach: in which locks it has a place */
	bool always;       /* else the setting `lock_actions`, or a person, asks for it */
	bool aside;        /* the next one does not wait for it */
	bool (*is_set_up)(const struct doors *doors);
	void (*run)(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done,
		    void *context);
};

enum { ACTIONS_MAX = 16 };
extern const struct action actions[];
extern const size_t action_count;

/* its place in the array, action_count where there is none */
size_t action_find(struct text name);
/* those that always have a place in this reach, and of `more` (bits by place) those that have one */
unsigned actions_for(uint8_t reach, unsigned more);
#endif

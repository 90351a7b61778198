/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the actions, for their array (actions.c) alone. */
#ifndef SEKISHO_CONTAINMENT_ACTS_H
#define SEKISHO_CONTAINMENT_ACTS_H
#include "containment/action.h"

#define ACT(name)                                                                                             \
	bool name##_is_set_up(const struct doors *doors);                                                     \
	void name(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done, \
		  void *context)

ACT(act_gate);
ACT(act_logins);
ACT(act_away);
ACT(act_deny);
ACT(act_password);
ACT(act_sessions);
ACT(act_queue);
ACT(act_cache);

#undef ACT

/* One question whose answer comes later, with what is needed then. Where the doors are closed before, it is dropped unanswered. */
struct act_call {
	struct act_call *next, **place; /* among the doors' */
	struct doors *doors;
	enum action_verb verb;
	struct target target; /* its texts are here */
	char name[ACCOUNT_NAME_MAX], before[ACTION_SAYS_MAX];
	char gathered[ACTION_SAYS_MAX]; /* names, where an action counts and says some of them */
	const char *const *says; /* by verb */
	uint32_t count, going;   /* so far, where an action takes several steps */
	enum dovecot_verb question;
	struct text asked;       /* the name that Dovecot is being asked about */
	void (*then)(struct act_call *call, bool good, const char *says);
	uv_timer_t timer;
	bool timed; /* the timer is used */
	action_done *done;
	void *context;
};

struct act_call *act_begin(struct doors *doors, enum action_verb verb, const struct target *target,
			   const char *const says[3], action_done *done, void *context);
/* `wake` is called after so long, instead of an answer */
void act_wait(struct act_call *call, unsigned ms, void (*wake)(uv_timer_t *timer));
/* Dovecot is asked about the target under the name that it may know it by, with and without its domain: what it counts is added to
 * call->count. `says`: why it is not good. */
void act_ask_dovecot(struct act_call *call, enum dovecot_verb verb, void (*then)(struct act_call *call, bool good, const char *says));
/* and frees it */
void act_answer(struct act_call *call, enum action_result result, const char *says, uint32_t count);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The two lists that others read by themselves: Postfix's table for when the daemon is away, and Dovecot's deny list. */
#include "base/i18n.h"
#include "containment/acts.h"

static void written(void *context, const struct error *error)
{
	struct act_call *call = context;

	act_answer(call, error ? ACTION_FAILED : ACTION_DONE, error ? error->text : call->says[call->verb], 0);
}

static void looked(void *context, bool there, const struct error *error)
{
	struct act_call *call = context;

	act_answer(call, there ? ACTION_DONE : ACTION_FAILED,
		   error   ? error->text
		   : there ? call->says[call->verb]
			   : N_("the file on the disk does not have it"),
		   0);
}

static void run(struct roster *roster, struct act_call *call)
{
	struct error error;

	if (call->verb == ACTION_CHECK) {
		roster_look(roster, call->target.name, looked, call);
	} else if (call->verb == ACTION_DO && !roster_put(roster, call->target.name, &error)) {
		act_answer(call, ACTION_CANNOT, error.text, 0);
	} else {
		if (call->verb == ACTION_UNDO)
			roster_drop(roster, call->target.name);
		roster_when_written(roster, written, call);
	}
}

/* ---- Postfix's table */

bool act_away_is_set_up(const struct doors *doors) { return doors->away != NULL; }

void act_away(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done, void *context)
{
	static const char *const says[] = {
		[ACTION_DO] = N_("Postfix refuses its mail by itself while the daemon is away"),
		[ACTION_UNDO] = N_("Postfix lets its mail pass while the daemon is away"),
		[ACTION_CHECK] = N_("the table on the disk has it"),
	};

	run(doors->away, act_begin(doors, verb, target, says, done, context));
}

/* ---- the deny list, about which Dovecot can be asked */

bool act_deny_is_set_up(const struct doors *doors) { return doors->denied != NULL; }

static void tried(void *context, enum dovecot_trial trial, const char *says)
{
	static const struct {
		enum action_result result;
		const char *says; /* NULL: what Dovecot said */
	} meant[] = {
		[TRIAL_DENIED] = { ACTION_DONE, N_("a login was tried, and turned away before its password counted") },
		[TRIAL_WRONG] = { ACTION_FAILED, N_("a login was tried, and its password was looked at") },
		[TRIAL_LET_IN] = { ACTION_FAILED, N_("a login with a random password was let in") },
		[TRIAL_FAILED] = { ACTION_FAILED, NULL },
	};

	act_answer(context, meant[trial].result, meant[trial].says ? meant[trial].says : says, 0);
}

void act_deny(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done, void *context)
{
	static const char *const says[] = {
		[ACTION_DO] = N_("it stands in Dovecot's deny list: no login is good, and mail goes on to arrive"),
		[ACTION_UNDO] = N_("it stands in Dovecot's deny list no longer"),
		[ACTION_CHECK] = N_("the list on the disk has it; Dovecot was not asked"),
	};
	struct act_call *call = act_begin(doors, verb, target, says, done, context);

	if (verb == ACTION_CHECK && doors->trial)
		dovecot_try(doors->dovecot, "imap", call->target.name, tried, call);
	else
		run(doors->denied, call);
}

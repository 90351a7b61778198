/* SPDX-License-Identifier: Apache-2.0 */
/* The gate itself: the lock is in its memory before any action is asked, so what is done here is to look whether it holds. */
#include "base/i18n.h"
#include "containment/acts.h"

bool act_gate_is_set_up(const struct doors *doors) { return doors->gate.refuses_mail != NULL; }
bool act_logins_is_set_up(const struct doors *doors) { return doors->gate.refuses_logins != NULL; }

static void tell(bool refuses, enum action_verb verb, const char *const says[3], action_done *done, void *context)
{
	if (refuses == (verb != ACTION_UNDO))
		done(context, ACTION_DONE, says[verb], 0);
	else
		done(context, ACTION_FAILED, refuses ? N_("the gate still refuses") : N_("the gate does not refuse"),
		     0);
}

void act_gate(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done, void *context)
{
	static const char *const says[] = {
		[ACTION_DO] = N_("the gate refuses its mail, in open sessions too"),
		[ACTION_UNDO] = N_("the gate lets its mail pass again"),
		[ACTION_CHECK] = N_("the gate was asked about its mail, and refuses"),
	};

	tell(doors->gate.refuses_mail(doors->gate.context, target), verb, says, done, context);
}

void act_logins(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done,
		void *context)
{
	static const char *const says[] = {
		[ACTION_DO] = N_("the gate refuses its logins before a password is looked at"),
		[ACTION_UNDO] = N_("the gate lets its logins pass again"),
		[ACTION_CHECK] = N_("the gate was asked about its logins, and refuses"),
	};

	tell(doors->gate.refuses_logins(doors->gate.context, target), verb, says, done, context);
}

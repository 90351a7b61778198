/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of Dovecot. Dovecot looks at its deny list once a second at most, so somebody may come in up to a second after it was
 * written: sessions are ended at once, and once more when nobody can come in any more. */
#include "base/i18n.h"
#include "containment/acts.h"

enum { AGAIN_MS = 1100 };

bool act_sessions_is_set_up(const struct doors *doors) { return doors->doveadm; }

static void kicked_again(struct act_call *call, bool good, const char *says)
{
	act_answer(call, good ? ACTION_DONE : ACTION_FAILED, good ? N_("%u sessions were ended") : says, call->count);
}

static void again(uv_timer_t *timer) { act_ask_dovecot(timer->data, DOVECOT_KICK, kicked_again); }

static void kicked(struct act_call *call, bool good, const char *says)
{
	if (good)
		act_wait(call, AGAIN_MS, again);
	else
		act_answer(call, ACTION_FAILED, says, call->count);
}

/* the owner may be there where only places are shut */
static void counted(struct act_call *call, bool good, const char *says)
{
	uint32_t count = call->count;

	if (!good)
		act_answer(call, ACTION_FAILED, says, 0);
	else if (!count)
		act_answer(call, ACTION_DONE, N_("no session is left"), 0);
	else if (call->target.reach == REACH_PLACES)
		act_answer(call, ACTION_DONE, N_("%u sessions are there, begun from where the gate lets them in"), count);
	else
		act_answer(call, ACTION_FAILED, N_("%u sessions are there again"), count);
}

void act_sessions(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done, void *context)
{
	struct act_call *call = act_begin(doors, verb, target, NULL, done, context);

	if (verb == ACTION_DO)
		act_ask_dovecot(call, DOVECOT_KICK, kicked);
	else if (verb == ACTION_CHECK)
		act_ask_dovecot(call, DOVECOT_WHO, counted);
	else
		act_answer(call, ACTION_DONE, N_("sessions may be opened again"), 0);
}

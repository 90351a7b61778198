/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot's cache of passwords, in which an old one stays right until it is forgotten. */
#include "base/i18n.h"
#include "containment/acts.h"

bool act_cache_is_set_up(const struct doors *doors) { return doors->doveadm; }

static void flushed(struct act_call *call, bool good, const char *says)
{
	act_answer(call, good ? ACTION_DONE : ACTION_FAILED, good ? call->says[call->verb] : says, call->count);
}

void act_cache(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done,
	       void *context)
{
	static const char *const says[] = {
		[ACTION_DO] = N_("%u entries of the cache were forgotten"),
		[ACTION_UNDO] = N_("%u entries of the cache were forgotten"),
		[ACTION_CHECK] = N_("the cache was emptied of it once more, and had %u entries"),
	};

	act_ask_dovecot(act_begin(doors, verb, target, says, done, context), DOVECOT_FLUSH, flushed);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot's cache of passwords, in which an old one stays right until it is forgotten. */
#include "base/i18n.h"
#include "containment/acts.h"

bool act_cache_is_set_up(const struct doors *doors) { return doors->doveadm; }

static void flushed(void *context, enum dovecot_result result, uint32_t count, const char *says)
{
	struct act_call *call = context;

	act_answer(call, result == DOVECOT_DONE ? ACTION_DONE : ACTION_FAILED,
		   result == DOVECOT_DONE ? call->says[call->verb] : says, count);
}

void act_cache(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done,
	       void *context)
{
	static const char *const says[] = {
		[ACTION_DO] = N_("%u entries of the cache were forgotten"),
		[ACTION_UNDO] = N_("%u entries of the cache were forgotten"),
		[ACTION_CHECK] = N_("the cache was emptied of it once more, and had %u entries"),
	};

	dovecot_ask(doors->dovecot, DOVECOT_FLUSH, target->name, flushed,
		    act_begin(doors, verb, target, says, done, context));
}

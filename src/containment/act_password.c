/* SPDX-License-Identifier: Apache-2.0 */
/* The forced change: the password becomes a random one that nobody is told. What it was is kept by the helper, for a false alarm. */
#include <string.h>

#include "base/i18n.h"
#include "containment/acts.h"
#include "containment/sentence.h"

/* it is only done where somebody asks for it: a helper that is not there is then a failure */
bool act_password_is_set_up(const struct doors *doors) { return doors->keys != NULL; }

static enum action_result meaning(enum keys_result result)
{
	return result == KEYS_DONE ? ACTION_DONE : result == KEYS_FAILED ? ACTION_FAILED : ACTION_CANNOT;
}

static void changed(void *context, enum keys_result result, const char *says)
{
	struct act_call *call = context;
	char text[ACTION_SAYS_MAX];

	if (result == KEYS_DONE && *says)
		sentence_compose(SENTENCE_FINGERPRINT, &says, text, sizeof text);
	else
		text_copy(text, sizeof text,
			  text_of(result == KEYS_DONE ? N_("the password is a random one that nobody was told")
						      : says));
	act_answer(call, meaning(result), text, 0);
}

static void restored(void *context, enum keys_result result, const char *says)
{
	act_answer(context, meaning(result),
		   result == KEYS_DONE     ? N_("the password is what it was")
		   : result == KEYS_CANNOT ? N_("the password stays as it is: nothing was kept that could be restored")
					   : says,
		   0);
}

/* what was done said which fingerprint there was */
static void compared(void *context, enum keys_result result, const char *says)
{
	struct act_call *call = context;
	struct text print[SENTENCE_PARTS_MAX];

	if (result != KEYS_DONE)
		act_answer(call, meaning(result), says, 0);
	else if (!*says || !sentence_parts(SENTENCE_FINGERPRINT, text_of(call->before), print))
		act_answer(call, ACTION_DONE,
			   N_("whoever keeps the password says that it was changed; what is stored cannot be read"), 0);
	else if (text_is(*print, text_of(says)))
		act_answer(call, ACTION_DONE, N_("what is stored is what was set: the old password is void"), 0);
	else
		act_answer(call, ACTION_CANNOT, N_("somebody changed the password once more since"), 0);
}

void act_password(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done,
		  void *context)
{
	struct act_call *call = act_begin(doors, verb, target, NULL, done, context);

	if (verb == ACTION_DO)
		keys_ask(doors->keys, KEYS_SCRAMBLE, call->target.name, TEXT_NONE, changed, call);
	else if (verb == ACTION_CHECK)
		keys_ask(doors->keys, KEYS_FINGERPRINT, call->target.name, TEXT_NONE, compared, call);
	else if (target->false_alarm)
		keys_ask(doors->keys, KEYS_RESTORE, call->target.name, TEXT_NONE, restored, call);
	else
		act_answer(call, ACTION_CANNOT, N_("the password stays as it is: its owner gets a new one"), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the thief sent before the lock, and still lies in Postfix's queue, is held. What is being delivered at that moment cannot
 * be called back, and is counted and named. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "containment/acts.h"
#include "containment/sentence.h"
#include "containment/survey.h"

enum { NAMED_MAX = 8 };

bool act_queue_is_set_up(const struct doors *doors) { return doors->survey && doors->gate.found; }

static void name_going(struct act_call *call, struct text id)
{
	size_t used = strlen(call->gathered);

	if (call->going++ < NAMED_MAX)
		snprintf(call->gathered + used, sizeof call->gathered - used, "%s%.*s", used ? " " : "", TEXT_ARG(id));
	else if (call->going == NAMED_MAX + 1)
		snprintf(call->gathered + used, sizeof call->gathered - used, " …");
}

static void found(void *context, const struct queue_message *message)
{
	struct act_call *call = context;
	const struct doors_gate *gate = &call->doors->gate;

	if (text_is(message->queue, TEXT("hold")) || gate->found(gate->context, &call->target, message) == MAIL_LEFT)
		return;
	call->count++;
	if (text_is(message->queue, TEXT("active")))
		name_going(call, message->queue_id);
}

static void proved(struct act_call *call)
{
	if (call->count)
		act_answer(call, ACTION_FAILED, N_("%u messages are on their way still"), call->count);
	else
		act_answer(call, ACTION_DONE, N_("nothing of it is on its way in the queue"), 0);
}

static void held(struct act_call *call)
{
	char text[ACTION_SAYS_MAX], going[12];

	snprintf(going, sizeof going, "%u", call->going);
	sentence_compose(SENTENCE_BEING_DELIVERED, (const char *const[]){ going, call->gathered }, text, sizeof text);
	act_answer(call, ACTION_DONE, call->going ? text : N_("%u messages were put on hold"), call->count);
}

static void searched(void *context, const struct error *error)
{
	struct act_call *call = context;

	if (call->count)
		call->doors->gate.commit(call->doors->gate.context);
	if (error)
		act_answer(call, ACTION_FAILED, error->text, 0);
	else if (call->verb == ACTION_CHECK)
		proved(call);
	else
		held(call);
}

void act_queue(struct doors *doors, enum action_verb verb, const struct target *target, action_done *done,
	       void *context)
{
	struct act_call *call = act_begin(doors, verb, target, NULL, done, context);

	if (verb == ACTION_UNDO) { /* whoever lifts the lock lets mail go */
		act_answer(call, ACTION_DONE, N_("what was held goes out, as far as it may"), 0);
		return;
	}
	survey_ask(doors->survey, target->account, found, searched, call);
}

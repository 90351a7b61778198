/* SPDX-License-Identifier: Apache-2.0 */
/* What comes back of an attack, and is moved out of the owner's way: what is to be remembered of it, and until when. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "gate/gate_inside.h"

static void tell_story(struct gate *gate, const struct desk_flood *flood, struct text who)
{
	const char *what = flood->brought_back ? N_("what had come back of it was moved back into INBOX")
					       : N_("what came back of it was moved out of INBOX");

	log_say(LOG_NOTE, _("%.*s: %.*s: %u mails that came back are in a folder of their own, %u were brought back"), TEXT_ARG(who), TEXT_ARG(flood->account),
		flood->moved, flood->brought_back);
	if (flood->incident)
		desk_note(gate_batch(gate), flood->incident, clock_now(), who, text_of(what));
}

/* false, with a sentence, where nobody is to look for it */
static bool watch(struct gate *gate, struct desk_flood *flood, enum control_flood_step step, struct error *error)
{
	int64_t until_us = floods_until(gate->floods, flood->account);

	if (step == FLOOD_AGAIN && until_us == WHEN_NONE)
		return error_set(error, "%s", _("what comes back to this account is not moved any more"));
	if (step == FLOOD_AGAIN) {
		flood->until_us = until_us; /* which may have come nearer meanwhile */
		return true;
	}
	if (flood->until_us == WHEN_NONE)
		floods_leave(gate->floods, flood->account);
	else if (!floods_watch(gate->floods, flood->account, flood->until_us, clock_now()))
		return error_set(error, "%s", _("what comes back is moved for too many accounts already"));
	return true;
}

void gate_keep_flood(struct gate *gate, const struct desk_flood *asked, enum control_flood_step step, struct text who, control_done *done,
		     void *ticket)
{
	struct desk_flood flood = *asked;
	struct error error;

	if (!watch(gate, &flood, step, &error)) {
		control_refuse(done, ticket, error.text);
		return;
	}
	desk_put_flood(gate_batch(gate), &flood);
	if (step == FLOOD_DONE && (flood.moved || flood.brought_back))
		tell_story(gate, &flood, who);
	gate_commit(gate, control_kept, control_promise(done, ticket));
}

void gate_ebb(struct gate *gate, uint32_t account, bool false_alarm)
{
	struct text name = accounts_name(gate->accounts, account);
	int64_t until_us = clock_now() + FLOODS_EBB_US;

	if (false_alarm)
		floods_leave(gate->floods, name);
	else
		floods_shorten(gate->floods, name, until_us);
	desk_end_flood(gate_batch(gate), name, false_alarm ? WHEN_NONE : until_us);
}

static void restore(void *context, const struct desk_flood *flood)
{
	struct gate *gate = context;
	int64_t now_us = clock_now();

	if (flood->until_us > now_us && !floods_watch(gate->floods, flood->account, flood->until_us, now_us))
		log_say(LOG_ERROR, _("what comes back is moved for too many accounts already"));
}

bool gate_restore_floods(struct gate *gate, struct desk_reader *reader, struct error *error)
{
	return desk_each_flood(reader, TEXT_NONE, true, restore, gate, error);
}

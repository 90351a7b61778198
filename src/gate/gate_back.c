/* SPDX-License-Identifier: Apache-2.0 */
/* Mail came back of which the ledger says that an account here sent it: bounces, automatic answers, complaints. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/log.h"
#include "gate/gate_inside.h"

static uint64_t hash_of(struct text text)
{
	char lower[CONTROL_RETURNED_TEXT];
	size_t n = text.n < sizeof lower ? text.n : sizeof lower;

	for (size_t i = 0; i < n; i++)
		lower[i] = (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] | 0x20 : text.p[i]);
	return hash_text(HASH_FIXED, (struct text){ lower, n }) | 1;
}

static void tell(struct gate *gate, const struct control_returned *returned, const struct event *event)
{
	struct guard_answer said;

	gate_tell(gate, event, returned->queue_id, &said);
}

/* The log may have said it first: there the recipient stands as it was written, in this hash. */
static void tell_bounces(struct gate *gate, const struct control_returned *returned, struct event *event)
{
	for (size_t i = 0; i < returned->count; i++) {
		const struct control_return *one = &returned->recipients[i];

		event->rcpt = hash_of(one->address);
		event->reason = (uint8_t)one->why;
		if (!returns_first(gate->returns, returned->queue_id, event->rcpt, returned->of, event->t_us))
			continue;
		aftermath_returned(gate->aftermath, event->account, returned->queue_id, returned->sent_us, returned->familiar);
		tell(gate, returned, event);
	}
}

static void tell_complaint(struct gate *gate, const struct control_returned *returned, struct event *event)
{
	if (!returns_first(gate->returns, returned->queue_id, hash_pair(hash_of(returned->reporter), EVENT_COMPLAINT), 0, event->t_us))
		return;
	log_say(LOG_NOTE, _("a complaint from %.*s about mail of %.*s"), TEXT_ARG(returned->reporter), TEXT_ARG(returned->account));
	desk_put_complaint(gate_batch(gate), &(struct desk_complaint){ .account = returned->account, .queue_id = returned->queue_id,
								      .reporter = returned->reporter, .about = returned->about,
								      .sent_us = returned->sent_us, .t_us = event->t_us });
	tell(gate, returned, event);
}

void gate_came_back(struct gate *gate, const struct control_returned *returned)
{
	struct event event = { .t_us = clock_now(), .kind = (uint8_t)returned->kind, .count = 1 };

	event.account = accounts_find(gate->accounts, returned->account, &event.account_key);
	if (!event.account)
		return;
	if (returned->kind == EVENT_BOUNCE)
		tell_bounces(gate, returned, &event);
	else if (returned->kind == EVENT_COMPLAINT)
		tell_complaint(gate, returned, &event);
	else
		tell(gate, returned, &event);
}

void gate_note_outcome(struct gate *gate, const struct event *event, struct text queue_id)
{
	if (event->kind == EVENT_OUTCOME && event->result == RESULT_BOUNCED && queue_id.n)
		returns_first(gate->returns, queue_id, event->rcpt, 0, event->t_us);
}

/* the reader of mails is this same program, and starts from the root's folder */
bool gate_listen_mail(struct gate *gate, struct error *error)
{
	const struct config *config = gate->config;

	if (!*config->lmtp_listen)
		return true;
	gate->own_program = realpath("/proc/self/exe", NULL);
	gate->own_config = config->file ? realpath(config->file, NULL) : NULL;
	if (!gate->own_program || (config->file && !gate->own_config))
		return error_set(error, _("lmtp_listen: the program that reads mails is not found: %s"), strerror(errno));
	gate->inlet = inlet_new(&gate->loop, &(struct inlet_options){ config->lmtp_listen, gate->own_program, gate->own_config, 0 }, error);
	return gate->inlet != NULL;
}

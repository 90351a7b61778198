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
#include "mail/original.h"
#include "notice/mark.h"

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
	struct event event = { .t_us = clock_now(), .kind = (uint8_t)returned->kind, .count = 1, .spam = returned->phishing };

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

/* ---- ways in */

bool gate_read_seal(struct gate *gate, struct error *error)
{
	struct notice_keys keys;

	if (!notice_keys_read(gate->config->state_folder, true, &keys, error))
		return false;
	memcpy(gate->seal_key, keys.seal, sizeof gate->seal_key);
	notice_keys_wipe(&keys);
	return true;
}

static bool make_trace(void *context, struct text login, struct text queue_id, char value[MILTER_TRACE_MAX])
{
	const struct gate *gate = context;
	char name[ACCOUNT_NAME_MAX];

	return seal_make(gate->seal_key, accounts_normal(gate->accounts, login, name), queue_id, clock_now(), value);
}

/* the reader of mails is this same program, and starts from the root's folder */
static bool start_readers(struct gate *gate, struct error *error)
{
	const struct config *config = gate->config;

	gate->own_program = realpath("/proc/self/exe", NULL);
	gate->own_config = config->file ? realpath(config->file, NULL) : NULL;
	if (!gate->own_program || (config->file && !gate->own_config))
		return error_set(error, _("the program that reads mails that came in is not found: %s"), strerror(errno));
	gate->readers = mail_readers_new(&gate->loop, gate->own_program, gate->own_config, error);
	return gate->readers != NULL;
}

static bool listen_lmtp(struct gate *gate, struct error *error)
{
	struct inlet_options options = { .where = gate->config->lmtp_listen, .readers = gate->readers };

	gate->inlet = *options.where ? inlet_new(&gate->loop, &options, error) : NULL;
	return gate->inlet || !*options.where;
}

static bool listen_milter(struct gate *gate, struct error *error)
{
	struct inlet_options options = { .where = gate->config->milter_listen, .is_milter = true, .readers = gate->readers,
					 .trace_field = ORIGINAL_TRACE_FIELD, .context = gate };

	if (strcmp(gate->config->milter_trace, "yes") == 0)
		options.trace = make_trace;
	gate_read_sent(gate, &options);
	gate->milter = *options.where ? inlet_new(&gate->loop, &options, error) : NULL;
	return gate->milter || !*options.where;
}

bool gate_listen_mail(struct gate *gate, struct error *error)
{
	const struct config *config = gate->config;

	if (strcmp(config->milter_trace, "yes") != 0 && strcmp(config->milter_trace, "no") != 0)
		return error_set(error, _("milter_trace: '%s' is neither yes nor no"), config->milter_trace);
	if (strcmp(config->milter_reads, "suspects") != 0 && strcmp(config->milter_reads, "no") != 0)
		return error_set(error, _("milter_reads: '%s' is neither suspects nor no"), config->milter_reads);
	if (!*config->lmtp_listen && !*config->milter_listen)
		return true;
	return start_readers(gate, error) && listen_lmtp(gate, error) && listen_milter(gate, error);
}

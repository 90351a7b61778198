/* SPDX-License-Identifier: Apache-2.0 */
/* Postfix asks: at each RCPT, where only locked accounts are turned away, and at END-OF-MESSAGE, where the message is judged. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/gate_inside.h"

#define USUAL_SOCKET "unix:/var/spool/postfix/sekisho/policy"
#define PUT_OFF TEXT("451 4.3.0 Temporary problem, please try again in a few minutes")

/* ---- answers that wait for the disk */

struct promise {
	struct gate *gate;
	struct policy_ticket ticket;
	enum ledger_action done;
	char id[QUEUE_ID_MAX];
	char action[GATE_ACTION_MAX];
};

static void keep(void *context, const struct error *error)
{
	struct promise *promise = context;
	struct gate *gate = promise->gate;

	if (error && promise->done != LEDGER_PASSED && !text_is(text_of(promise->action), PUT_OFF)) {
		if (promise->done == LEDGER_HELD)
			held_drop(gate->held, text_of(promise->id));
		gate->tally.held -= promise->done == LEDGER_HELD;
		gate->tally.refused -= promise->done == LEDGER_REFUSED;
		gate->tally.put_off++;
		policy_server_answer(gate->policy, promise->ticket, PUT_OFF);
	} else {
		policy_server_answer(gate->policy, promise->ticket, text_of(promise->action));
	}
	free(promise);
}

static void answer(struct gate *gate, struct policy_ticket ticket, struct text action, enum ledger_action done,
		   struct text id)
{
	struct promise *promise;

	if (!gate->batch) {
		policy_server_answer(gate->policy, ticket, action);
		return;
	}
	promise = memory_zero(1, sizeof *promise);
	promise->gate = gate;
	promise->ticket = ticket;
	promise->done = done;
	text_copy(promise->id, sizeof promise->id, id);
	text_copy(promise->action, sizeof promise->action, action);
	gate_commit(gate, keep, promise);
}

/* ---- RCPT */

static struct event event_of(struct gate *gate, const struct policy_request *request, enum event_kind kind)
{
	struct event event = {
		.t_us = clock_now(), .kind = (uint8_t)kind, .protocol = PROTOCOL_SMTP, .ok = kind == EVENT_AUTH, .count = 1, .ip = request->ip,
	};

	event.account = accounts_add(gate->accounts, request->login, &event.account_key);
	event.place_silent = gate_is_silent(gate, &event.ip);
	return event;
}

static void login(struct gate *gate, const struct event *event)
{
	struct guard_answer said;

	if (witnesses_hear(gate->witnesses, WITNESS_POLICY, event)) {
		gate->tally.logins++;
		gate_tell(gate, event, TEXT_NONE, &said);
	}
}

static void asked_rcpt(struct gate *gate, const struct policy_request *request, struct policy_ticket ticket)
{
	struct event event = event_of(gate, request, EVENT_AUTH);
	char action[GATE_ACTION_MAX];

	if (policy_letters_rcpt(gate->letters, request, event.t_us) && event.account)
		login(gate, &event);
	if (!event.account || !guard_shuts(gate->guard, &event) || !gate_enforces(gate, event.account)) {
		answer(gate, ticket, TEXT("DUNNO"), LEDGER_PASSED, TEXT_NONE);
		return;
	}
	gate->tally.turned_away++;
	snprintf(action, sizeof action, "421 4.7.0 This account is locked for its protection, reference %llu",
		 (unsigned long long)gate_note_refused(gate, event.account, event.t_us));
	answer(gate, ticket, text_of(action), LEDGER_PASSED, TEXT_NONE);
}

/* ---- END-OF-MESSAGE */

/* is it sent in another name than the account's own? */
static bool is_foreign(const struct gate *gate, const struct event *event, struct text sender)
{
	char normal[ACCOUNT_NAME_MAX];
	struct text name = accounts_name(gate->accounts, event->account);

	sender = accounts_normal(gate->accounts, sender, normal);
	if (text_find(name, '@') == name.n) /* a login without a domain may write from any */
		sender = text_head(sender, text_find(sender, '@'));
	return sender.n && !text_is(sender, name);
}

static void enter(struct gate *gate, const struct policy_request *request, const struct policy_letter *letter,
		  const struct event *event, const struct guard_answer *said, enum ledger_action done)
{
	struct ledger_row row = {
		.t_us = event->t_us,
		.account = accounts_name(gate->accounts, event->account),
		.queue_id = request->queue_id,
		.session = request->instance,
		.ip = event->ip,
		.from = request->sender,
		.rcpts = letter->rcpts,
		.rcpt_texts = letter->rcpt_count,
		.rcpt_count = event->count,
		.size_bytes = request->size_bytes,
		.action = (uint8_t)done,
		.familiar = (uint8_t)said->verdict.familiar,
		.bits = said->verdict.bits,
	};
	struct event_place place = { 0 };

	if (said->verdict.familiar != FAMILIAR_WELL && !event->place_silent) /* for the report, if there will be one */
		geo_place(gate->geo, &event->ip, &place);
	memcpy(row.country, place.country, sizeof row.country);
	ledger_add(gate->ledger, &row);
}

/* what Postfix is to do, in words; what is done is counted */
static enum ledger_action decide(struct gate *gate, const struct policy_request *request, const struct event *event,
				 const struct guard_answer *said, char action[GATE_ACTION_MAX])
{
	text_copy(action, GATE_ACTION_MAX, TEXT("DUNNO"));
	if (said->action == GUARD_PASS || !gate_enforces(gate, event->account)) {
		gate->tally.passed++;
		return LEDGER_PASSED;
	}
	if (said->action == GUARD_HOLD && (!request->queue_id.n || request->queue_id.n >= QUEUE_ID_MAX)) {
		gate->tally.put_off++; /* it could not be found again */
		text_copy(action, GATE_ACTION_MAX, PUT_OFF);
		return LEDGER_REFUSED;
	}
	if (said->action == GUARD_HOLD) {
		gate->tally.held++;
		gate_hold(gate, event, &said->verdict, request->queue_id, false);
		snprintf(action, GATE_ACTION_MAX, "HOLD kept for a while by sekisho, %.1f bits", (double)said->verdict.bits);
		return LEDGER_HELD;
	}
	gate->tally.refused++;
	snprintf(action, GATE_ACTION_MAX,
		 "554 5.7.1 Not sent: somebody else seems to use this account, and it is locked. Please tell your provider reference %llu",
		 (unsigned long long)gate_note_refused(gate, event->account, event->t_us));
	return LEDGER_REFUSED;
}

static void judge(struct gate *gate, const struct policy_request *request, struct policy_ticket ticket)
{
	struct event event = event_of(gate, request, EVENT_SUBMIT);
	struct policy_letter letter = policy_letters_take(gate->letters, request);
	struct text id = request->queue_id.n ? request->queue_id : request->instance;
	struct event_detail detail = {
		.rcpts = letter.hashes,
		.rcpt_count = letter.rcpt_count,
	};
	struct guard_answer said;
	enum ledger_action done;
	char action[GATE_ACTION_MAX];

	if (!event.account) {
		answer(gate, ticket, TEXT("DUNNO"), LEDGER_PASSED, TEXT_NONE);
		return;
	}
	event.count = request->recipient_count ? request->recipient_count : letter.rcpt_count ? letter.rcpt_count : 1;
	event.from = request->sender.n ? hash_text(HASH_FIXED, request->sender) : 0;
	detail.foreign_from = is_foreign(gate, &event, request->sender);
	event.detail = &detail;
	gate->tally.submissions++;
	witnesses_asked(gate->witnesses, id);
	gate_tell(gate, &event, id, &said);
	done = decide(gate, request, &event, &said, action);
	enter(gate, request, &letter, &event, &said, done);
	answers_put(gate->answers, request->instance, id, text_of(action), event.t_us);
	answer(gate, ticket, text_of(action), done, request->queue_id);
}

/* whoever is asked once more has got the answer to the first: what was put off is not asked about again */
static void asked_message(struct gate *gate, const struct policy_request *request, struct policy_ticket ticket)
{
	struct text id = request->queue_id.n ? request->queue_id : request->instance;
	const char *before = answers_find(gate->answers, request->instance, id, clock_now());

	if (before)
		policy_server_answer(gate->policy, ticket, text_of(before));
	else
		judge(gate, request, ticket);
}

/* ---- */

static void asked(void *context, const struct policy_request *request, struct policy_ticket ticket)
{
	struct gate *gate = context;

	if (request->login.n && request->state == POLICY_RCPT)
		asked_rcpt(gate, request, ticket);
	else if (request->login.n && request->state == POLICY_END_OF_MESSAGE)
		asked_message(gate, request, ticket);
	else
		policy_server_answer(gate->policy, ticket, TEXT("DUNNO"));
}

static void faulty(void *context, const char *client, const struct error *error)
{
	if (gate_may_complain(context))
		log_say(LOG_WARN, _("a policy request from %s cannot be read: %s"), client, error->text);
}

bool gate_listen_policy(struct gate *gate, struct error *error)
{
	const struct config_texts *where = &gate->config->policy_listen;

	gate->letters = policy_letters_new();
	gate->answers = answers_new();
	gate->policy = policy_server_new(&gate->loop, &(struct policy_handler){ asked, faulty, gate });
	if (!where->count)
		return policy_server_listen(gate->policy, USUAL_SOCKET, error);
	for (size_t i = 0; i < where->count; i++)
		if (!policy_server_listen(gate->policy, where->items[i], error))
			return false;
	return true;
}

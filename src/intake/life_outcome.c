/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a message: its outcomes, its return to the sender, its end. */
#include "intake/life_inside.h"
#include "intake/reason.h"

/* ---- outcomes that wait for a copy */

void life_let_out(struct life *life, int64_t now_us)
{
	struct held held;

	while (life_held_take(life->held, now_us, &held)) {
		struct message *message = &life->slots[held.slot];
		struct event *event = held.says ? event_sink_next(life->sink) : NULL;

		if (event)
			*event = held.event;
		if (message->key != held.key || !message->held)
			continue; /* its queue id is used again */
		if (event)
			life_about(life, event, message);
		if (--message->held == 0 && (message->flags & FLAG_GONE))
			life_drop(life, message);
	}
}

void life_tick(struct life *life, int64_t now_us) { life_let_out(life, now_us - LIFE_HELD_US); }
void life_finish(struct life *life) { life_let_out(life, INT64_MAX); }

void life_hold(struct life *life, const struct line *line, struct message *message)
{
	life_held_add(life->held, message->key, (uint32_t)(message - life->slots), line->t_us);
	message->held++;
}

/* ---- outcomes */

/* was this recipient deferred before, under this queue id or an earlier one? A final outcome forgets it. */
static bool tried_before(struct life *life, struct message *message, uint64_t rcpt, bool final)
{
	uint64_t key = hash_pair(message->number ? message->number : message->key, rcpt) | 1;
	bool before = false;

	if (final && !message->deferred)
		return false;
	if (final) {
		before = table_drop(&life->pending, key);
		message->deferred -= before;
		return before;
	}
	if (life->pending.count >= LIFE_PENDING_MAX)
		table_clear(&life->pending);
	table_put(&life->pending, key, 1, &before);
	before = !before;
	message->deferred += !before;
	return before;
}

static void emit_outcome(struct life *life, const struct line *line, struct message *message,
			 const struct life_outcome *outcome, uint64_t rcpt, bool again)
{
	struct event *event = life_emit(life, line, EVENT_OUTCOME);

	event->account = message->account;
	event->message = message->number;
	event->rcpt = rcpt;
	event->ip = message->ip;
	event->place_silent = message->flags & FLAG_SILENT;
	event->result = outcome->result;
	event->again = again;
	event->unannounced = message->flags & FLAG_UNANNOUNCED;
	event->count = 1;
	if (outcome->result != RESULT_SENT)
		event->reason = (uint8_t)reason_of(outcome->dsn, outcome->reply);
	life_about(life, event, message);
}

/* mail from outside: a bounce for a mailbox here, or mail that is sent on to elsewhere */
static void inbound_outcome(struct life *life, const struct line *line, struct message *message,
			    const struct life_outcome *outcome, uint64_t rcpt)
{
	if (message->flags & FLAG_NULL_SENDER) {
		if (outcome->local && outcome->result == RESULT_SENT) {
			uint64_t key;
			uint32_t account = accounts_find(life->accounts, outcome->rcpt, &key);
			uint32_t *forger = key ? table_find(&life->forged, key) : NULL;
			struct event *event = life_emit(life, line, EVENT_BOUNCE);

			account = forger ? *forger : account ? account : accounts_add(life->accounts, outcome->rcpt, &key);

			event->account = account;
			event->account_key = key;
			event->ip = message->ip;
			event->rcpt = rcpt;
			event->count = 1;
			life_about(life, event, message);
		}
		return;
	}
	if (outcome->local)
		return;
	if (!(message->flags & FLAG_FORWARDED)) {
		message->flags |= FLAG_FORWARDED;
		message->sender = life_sender_of(life, outcome->original.n ? outcome->original : TEXT("forwarded"), false);
		if (message->sender)
			life->senders[message->sender - 1].forwards = true;
		life_count_sender(life, message, 1, 0);
	}
	if (!ip_is_local(&message->ip))
		life_count_sender(life, message, 0, 1);
}

/* where somebody watches: was it queued before this run, or what it continues? Bounces that came through a filter are none
 * of an account's mail. */
static bool is_earlier(const struct life *life, const struct message *message)
{
	bool continues = (message->flags & (FLAG_EARLIER | FLAG_NULL_SENDER)) == FLAG_EARLIER;

	return life->firsts && (message->origin == ORIGIN_UNKNOWN || (continues && message->origin != ORIGIN_LOGIN));
}

static void tell_outcome(struct life *life, const struct line *line, struct message *message,
			 const struct life_outcome *outcome)
{
	uint64_t rcpt = hash_text(HASH_FIXED, outcome->rcpt) | 1;
	bool final = outcome->result != RESULT_DEFERRED;

	if ((message->flags & FLAG_HANDED) && outcome->result == RESULT_SENT)
		return;
	if (message->origin == ORIGIN_LOGIN && message->number) {
		bool again = tried_before(life, message, rcpt, final);

		message->recipients += (message->flags & FLAG_UNANNOUNCED) && !again;
		emit_outcome(life, line, message, outcome, rcpt, again);
	} else if (message->origin == ORIGIN_CLIENT || message->origin == ORIGIN_LOCAL) {
		if (message->origin == ORIGIN_CLIENT && final)
			inbound_outcome(life, line, message, outcome, rcpt);
		if (message->sender && outcome->result == RESULT_BOUNCED)
			life->senders[message->sender - 1].bounced++;
	}
	if (is_earlier(life, message))
		emit_outcome(life, line, message, outcome, rcpt, tried_before(life, message, rcpt, final));
	message->finals += final;
}

void life_outcome(struct life *life, const struct line *line, struct message *message,
		  const struct life_outcome *outcome)
{
	message->touched_us = line->t_us;
	if (outcome->saved && (message->flags & FLAG_HANDED) && message->message_id)
		life_stays_here(life, message, outcome->rcpt);
	if ((outcome->program || message->held) && outcome->result == RESULT_SENT && message->message_id) {
		life_hold(life, line, message);
		life->holding = true;
	}
	tell_outcome(life, line, message, outcome);
	life->holding = false;
	if ((message->flags & FLAG_CLOSES_ITSELF) && message->recipients && message->finals >= message->recipients)
		life_drop(life, message);
}

void life_returned(struct life *life, const struct line *line, struct message *message, struct text child_id)
{
	struct message *child;

	message->touched_us = line->t_us;
	child = life_open(life, line, child_id);
	if (child->origin != ORIGIN_UNKNOWN) /* an id used before: this is mail of the server itself */
		life_born(life, line, child);
}

void life_expired(struct life *life, const struct line *line, struct message *message)
{
	uint32_t open = message->recipients > message->finals ? message->recipients - message->finals : 0;
	struct event *event;

	if (message->sender)
		life->senders[message->sender - 1].bounced += open;
	if (!open || !(message->number ? message->origin == ORIGIN_LOGIN : is_earlier(life, message)))
		return;
	event = life_emit(life, line, EVENT_OUTCOME);
	event->account = message->account;
	event->message = message->number;
	event->ip = message->ip;
	event->place_silent = message->flags & FLAG_SILENT;
	event->result = RESULT_BOUNCED;
	event->reason = REASON_OTHER;
	event->again = true;
	event->count = open;
	life_about(life, event, message);
	message->finals += open;
	message->deferred = 0;
	if (message->flags & FLAG_CLOSES_ITSELF)
		life_drop(life, message);
}

void life_refused(struct life *life, const struct line *line, struct message *message)
{
	life_end(life, line, message);
}

void life_closes_itself(struct message *message) { message->flags |= FLAG_CLOSES_ITSELF; }

void life_end(struct life *life, const struct line *line, struct message *message)
{
	if (message->held)
		message->flags |= FLAG_GONE;
	else
		life_drop(life, message);
}

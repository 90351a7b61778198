/* SPDX-License-Identifier: Apache-2.0 */
/* Which message goes on as which: what a content filter sent back in, what another host of ours took over, and what only
 * looked like that. */
#include "intake/life_inside.h"

/* ---- one message goes on as another */

void life_uncount_sender(struct life *life, const struct message *message)
{
	struct life_sender *sender = message->sender ? &life->senders[message->sender - 1] : NULL;
	uint32_t counted = sender && sender->forwards ? message->finals : message->recipients;

	if (!sender || (message->flags & (FLAG_COUNTED | FLAG_CONTINUES)) != FLAG_COUNTED)
		return;
	sender->messages -= sender->messages > 0;
	sender->recipients -= counted < sender->recipients ? counted : sender->recipients;
}

static void continue_first(struct life *life, struct message *message, struct message *first)
{
	if (first->held) /* what took them was no mailbox */
		life_held_silence(life->held, first->key, first->held);
	message->account = first->account;
	message->number = first->number;
	message->deferred += first->deferred;
	message->origin = first->origin;
	message->ip = first->ip;
	message->sender = first->sender;
	message->flags = (uint16_t)((message->flags & ~FLAG_SILENT) | FLAG_CONTINUES |
				   (first->flags & (FLAG_SILENT | FLAG_FORWARDED)));
	first->flags |= FLAG_HANDED;
	if (life->firsts)
		memcpy(life->firsts[message - life->slots].id, life_first_id(life, first), LIFE_ID_MAX);
}

/* what is known of the first is its queue id alone: the message goes its own way, and its outcomes are told for the
 * first, too */
static void continue_earlier(struct life *life, struct message *message, struct text first_id)
{
	if (!life->firsts || (message->origin != ORIGIN_CLIENT && message->origin != ORIGIN_LOCAL))
		return;
	message->flags |= FLAG_EARLIER;
	text_copy(life->firsts[message - life->slots].id, LIFE_ID_MAX, first_id);
}

/* Behind one filter may stand another: when all recipients of the first came back, the next copy continues that one. */
static void continue_chain(struct life *life, struct message *message, struct message *first)
{
	struct message *latest = &life->slots[first->latest];
	bool all_back =
		first->latest && first->continued >= first->recipients && latest->message_id == first->message_id;

	if (all_back)
		latest->flags |= FLAG_HANDED;
	continue_first(life, message, first);
	message->before = first->latest;
	first->latest = (uint32_t)(message - life->slots);
	first->continued = all_back ? 0 : first->continued;
}

/* ---- by Message-ID */

/* only what comes from this machine may continue a message: anybody else may write any Message-ID */
static bool may_continue(const struct message *message)
{
	return message->origin == ORIGIN_LOCAL || (message->origin == ORIGIN_CLIENT && ip_is_loopback(&message->ip));
}

/* one after the other from the same hand, a program here or one user: a list server's copies to its members rather than a
 * filter's. Where it is a filter's, the filter says under which queue id (life_handed). */
static bool same_hand(const struct message *message, const struct message *first)
{
	if (first->origin != message->origin || (first->flags & FLAG_CONTINUES) || !may_continue(first))
		return false;
	return message->origin == ORIGIN_CLIENT || message->sender == first->sender;
}

/* as far as both are known: under the same sender, to no more than the same recipients. A list server sends the same
 * Message-ID on to its members, in the list's name. */
static bool same_envelope(const struct message *message, const struct message *first)
{
	bool told = !((message->flags | first->flags) & FLAG_UNANNOUNCED);

	if (!(first->flags & message->flags & FLAG_COUNTED))
		return true;
	return (!first->from || !message->from || first->from == message->from) &&
	       (!told || message->recipients <= first->recipients);
}

static bool is_copy(const struct message *message, const struct message *first)
{
	return first->origin != ORIGIN_UNKNOWN && may_continue(message) && !same_hand(message, first) &&
	       same_envelope(message, first);
}

void life_find_first(struct life *life, struct message *message)
{
	uint32_t slot = (uint32_t)(message - life->slots);
	uint32_t *named = message->message_id ? table_find(&life->by_message_id, message->message_id) : NULL;

	if (!named || *named == slot || (message->flags & FLAG_CONTINUES))
		return;
	if (is_copy(message, &life->slots[*named]))
		continue_chain(life, message, &life->slots[*named]);
	else
		*named = slot;
}

void life_message_id(struct life *life, const struct line *line, struct message *message, struct text message_id)
{
	uint32_t slot = (uint32_t)(message - life->slots), *named;
	struct message *first;

	if (message_id.n == 0 || message->message_id)
		return;
	message->message_id = hash_text(life->seed, message_id) | 1;
	message->touched_us = line->t_us;
	if (life->firsts)
		life->options.watch->named(life->options.watch->context, line->t_us, text_of(message->id), message_id);
	named = table_put(&life->by_message_id, message->message_id, slot, NULL);
	first = &life->slots[*named];
	if (first != message && !first->held && is_copy(message, first)) /* so far; its sender may be told too late */
		life_hold(life, line, first);
	if (message->flags & FLAG_COUNTED)
		life_find_first(life, message);
}

/* ---- by queue id */

void life_continues(struct life *life, const struct line *line, struct message *message, struct text first_id)
{
	struct message *first = life_known(life, line, first_id);

	if (first == message || (message->flags & FLAG_CONTINUES))
		return;
	if (first && first->origin != ORIGIN_UNKNOWN)
		continue_first(life, message, first);
	else
		continue_earlier(life, message, first_id);
}

/* a filter of this machine, or beside it */
static struct message *filtered_as(struct life *life, const struct line *line, const struct ip *relay, struct text id)
{
	struct message *copy = ip_is_local(relay) ? life_known(life, line, id) : NULL;

	if (copy && !may_continue(copy) && !(copy->origin == ORIGIN_CLIENT && ip_equal(&copy->ip, relay)))
		return NULL;
	return copy;
}

void life_relay(struct life *life, uint32_t host)
{
	for (size_t i = 0; i < life->relay_count; i++)
		if (life->relays[i] == host)
			return;
	if (life->relay_count < LIFE_RELAYS_MAX)
		life->relays[life->relay_count++] = host;
}

/* another host of ours, whose log is read with this one's. Whoever answers may name any queue id: the message must be the
 * same by name, sender and number of recipients, too. */
static struct message *relayed_as(struct life *life, const struct line *line, const struct message *message,
				  struct text id)
{
	struct line there = *line;

	for (size_t i = 0; i < life->relay_count && message->message_id; i++) {
		struct message *copy;

		there.host = life->relays[i];
		copy = there.host != line->host ? life_known(life, &there, id) : NULL;
		if (copy && copy->origin == ORIGIN_CLIENT && copy->message_id == message->message_id &&
		    same_envelope(copy, message))
			return copy;
	}
	return NULL;
}

void life_handed(struct life *life, const struct line *line, struct message *message, const struct ip *relay,
		 struct text copy_id)
{
	struct message *copy = filtered_as(life, line, relay, copy_id);
	bool elsewhere = !copy && (copy = relayed_as(life, line, message, copy_id));

	if (!copy || copy == message || (copy->flags & FLAG_CONTINUES))
		return;
	if (message->origin == ORIGIN_UNKNOWN) {
		if (elsewhere && (message->flags & FLAG_NULL_SENDER)) /* our own bounce, on its way home */
			copy->origin = ORIGIN_UNKNOWN;
		else
			continue_earlier(life, copy, text_of(message->id));
		message->flags |= life->firsts ? FLAG_HANDED : 0;
		return;
	}
	life_uncount_sender(life, copy);
	continue_first(life, copy, message);
	message->latest = (uint32_t)(copy - life->slots);
	message->continued += copy->recipients;
}

/* ---- what only looked like it */

/* the newest of those that continue this one or the same first as it */
static uint32_t newest_copy(struct life *life, const struct message *message)
{
	uint32_t *named = table_find(&life->by_message_id, message->message_id);

	if (!named)
		return 0;
	return life->slots[*named].latest ? life->slots[*named].latest : *named;
}

void life_stays_here(struct life *life, struct message *message, struct text mailbox)
{
	uint32_t own = (uint32_t)(message - life->slots), slot = newest_copy(life, message), before;
	uint32_t sender = life_sender_of(life, message->recipients == 1 ? mailbox : TEXT("forwarded"), false);

	message->flags &= (uint16_t)~FLAG_HANDED;
	message->latest = message->continued = 0;
	for (; slot != own; slot = before) {
		struct message *copy = &life->slots[slot];

		if (!(copy->flags & FLAG_CONTINUES) || copy->message_id != message->message_id)
			return;
		before = copy->before;
		copy->flags = (uint16_t)(copy->flags & ~(FLAG_CONTINUES | FLAG_SILENT));
		copy->origin = ORIGIN_LOCAL;
		copy->account = copy->number = copy->deferred = copy->before = 0;
		copy->sender = sender;
		if (sender)
			life->senders[sender - 1].forwards = true;
		if (copy->flags & FLAG_COUNTED)
			life_count_sender(life, copy, 1, copy->recipients);
	}
}

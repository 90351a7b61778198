/* SPDX-License-Identifier: Apache-2.0 */
/* Where a message comes from: logins, queue ids, clients and local users. */
#include <stdlib.h>

#include "base/memory.h"
#include "intake/life_inside.h"

enum { FORGED_MAX = 200 * 1000 };

struct life *life_new(struct accounts *accounts, struct event_sink *sink, const struct life_options *options)
{
	struct life *life = memory_zero(1, sizeof *life);

	life->accounts = accounts;
	life->sink = sink;
	life->options = *options;
	life->logins = life_logins_new();
	life->held = life_held_new();
	life->slot_room = 1024;
	life->slots = memory_zero(life->slot_room, sizeof *life->slots);
	life->firsts = options->watch ? memory_zero(life->slot_room, sizeof *life->firsts) : NULL;
	life->slot_count = 1;
	life->seed = hash_seed();
	return life;
}

void life_free(struct life *life)
{
	if (!life)
		return;
	life_logins_free(life->logins);
	life_held_free(life->held);
	table_done(&life->by_id);
	table_done(&life->by_message_id);
	table_done(&life->pending);
	table_done(&life->by_sender);
	table_done(&life->forged);
	free(life->slots);
	free(life->firsts);
	free(life->senders);
	free(life);
}

bool life_silent(const struct life *life, const struct ip *ip)
{
	for (size_t i = 0; i < life->options.webmail_host_count; i++)
		if (ip_equal(ip, &life->options.webmail_hosts[i]))
			return true;
	return !ip_known(ip) || ip_is_loopback(ip);
}

struct event *life_emit(struct life *life, const struct line *line, enum event_kind kind)
{
	struct event *event;

	if (life->holding) {
		life_held_last(life->held)->says = true;
		event = &life_held_last(life->held)->event;
	} else {
		event = event_sink_next(life->sink);
	}
	event->t_us = line->t_us;
	event->kind = (uint8_t)kind;
	return event;
}

const char *life_first_id(const struct life *life, const struct message *message)
{
	const char *first = life->firsts[message - life->slots].id;

	return first[0] ? first : message->id;
}

void life_about(struct life *life, const struct event *event, const struct message *message)
{
	if (life->firsts && !life->holding)
		life->options.watch->about(life->options.watch->context, event, text_of(life_first_id(life, message)));
}

/* ---- logins */

static void emit_login(struct life *life, const struct line *line, const struct life_login *login, uint32_t account,
		       uint64_t key)
{
	struct event *event = life_emit(life, line, EVENT_AUTH);

	event->account = account;
	event->account_key = key;
	event->ip = login->ip;
	event->protocol = login->protocol;
	event->ok = login->ok;
	event->count = login->attempts ? login->attempts : 1;
	event->place_silent = life_silent(life, &login->ip);
}

void life_login(struct life *life, const struct line *line, const struct life_login *login)
{
	uint64_t key;
	uint32_t account = login->ok ? accounts_add(life->accounts, login->name, &key)
				     : accounts_find(life->accounts, login->name, &key);

	if (key || !login->ok)
		emit_login(life, line, login, account, key);
}

static void smtp_failure(struct life *life, const struct line *line, struct text name, const struct ip *ip)
{
	life_login(life, line, &(struct life_login){ .name = name, .ip = *ip, .protocol = PROTOCOL_SMTP });
}

/* backend and server may write the same name with a domain and without */
static uint64_t local_part(struct text name)
{
	char lower[64];

	name.n = text_find(name, '@');
	text_copy(lower, sizeof lower, name);
	for (char *c = lower; *c; c++)
		*c = (char)((unsigned)(*c - 'A') < 26 ? *c | 0x20 : *c);
	return name.n ? hash_text(hash_seed(), text_of(lower)) | 1 : 0;
}

void life_backend_failure(struct life *life, const struct line *line, struct text name, const struct ip *ip)
{
	if (!life_logins_backend_told(life->logins, line->t_us, ip, local_part(name)))
		smtp_failure(life, line, name, ip);
}

void life_smtp_failure(struct life *life, const struct line *line, struct text name, const struct ip *ip)
{
	if (!life_logins_server_told(life->logins, line->t_us, ip, local_part(name)))
		smtp_failure(life, line, name, ip);
}

bool life_heard_before(struct life *life, const struct line *line)
{
	uint64_t said = hash_text(life->seed ^ (uint64_t)line->t_us, line->text);
	struct heard *heard = &life->heard[said % LIFE_HEARD];

	if (heard->said == said && heard->source != line->source && heard->ahead) {
		heard->ahead--;
		return true;
	}
	if (heard->said != said || heard->source != line->source)
		*heard = (struct heard){ said, line->source, 0 };
	heard->ahead++;
	return false;
}

void life_session_end(struct life *life, const struct line *line)
{
	life_logins_end(life->logins, line->host, line->pid);
}

/* a login over SMTP shows in the log with each of its messages: the first of them in a session tells */
static void session_login(struct life *life, const struct line *line, uint32_t account, uint64_t key,
			  const struct ip *ip)
{
	if (life_logins_begin(life->logins, line->host, line->pid, account, ip))
		emit_login(life, line, &(struct life_login){ .ip = *ip, .protocol = PROTOCOL_SMTP, .ok = true },
			   account, key);
}

void life_session_login(struct life *life, const struct line *line, struct text name, const struct ip *ip)
{
	uint64_t key;
	uint32_t account = accounts_add(life->accounts, name, &key);

	if (account)
		session_login(life, line, account, key, ip);
}

bool life_session(const struct life *life, const struct line *line, struct text *name, struct ip *ip)
{
	uint32_t account = life_logins_who(life->logins, line->host, line->pid, ip);

	if (account)
		*name = accounts_name(life->accounts, account);
	return account != 0;
}

/* ---- slots */

static void unlink_slot(struct life *life, struct message *message)
{
	life->slots[message->older].newer = message->newer;
	life->slots[message->newer].older = message->older;
}

/* as the youngest: right before the head, which thereby has the oldest at its other side */
static void link_slot(struct life *life, uint32_t slot)
{
	struct message *head = &life->slots[0], *message = &life->slots[slot];

	message->older = head->older;
	message->newer = 0;
	life->slots[head->older].newer = slot;
	head->older = slot;
}

void life_drop(struct life *life, struct message *message)
{
	uint32_t slot = (uint32_t)(message - life->slots);
	uint32_t *named = message->message_id ? table_find(&life->by_message_id, message->message_id) : NULL;

	if (named && *named == slot) {
		if (message->latest && life->slots[message->latest].message_id == message->message_id)
			*named = message->latest; /* a filter's copy of it is still about */
		else
			table_drop(&life->by_message_id, message->message_id);
	}
	table_drop(&life->by_id, message->key);
	unlink_slot(life, message);
	*message = (struct message){ .older = life->slot_free };
	life->slot_free = slot;
}

static void forget_old(struct life *life, int64_t now_us)
{
	struct message *oldest = &life->slots[life->slots[0].newer];

	if (oldest == life->slots)
		return;
	if (life->by_id.count >= LIFE_MESSAGES_MAX) {
		life->forgotten++;
		life_drop(life, oldest);
	} else if (oldest->touched_us < now_us - LIFE_DAYS_MAX * DAY_US) {
		life_drop(life, oldest);
	}
}

static uint32_t take_slot(struct life *life)
{
	uint32_t slot = life->slot_free;

	if (slot) {
		life->slot_free = life->slots[slot].older;
		return slot;
	}
	MEMORY_ROOM(life->slots, life->slot_count, life->slot_room);
	if (life->firsts && life->slot_count * 2 == life->slot_room) /* they have grown */
		life->firsts = memory_resize(life->firsts, life->slot_room, sizeof *life->firsts);
	return life->slot_count++;
}

static uint64_t id_key(const struct life *life, uint32_t host, struct text id)
{
	return hash_text(life->seed ^ host * 0x9e3779b97f4a7c15ull, id) | 1;
}

struct message *life_known(struct life *life, const struct line *line, struct text id)
{
	uint32_t *slot = table_find(&life->by_id, id_key(life, line->host, id));

	return slot ? &life->slots[*slot] : NULL;
}

struct message *life_open(struct life *life, const struct line *line, struct text id)
{
	uint64_t key = id_key(life, line->host, id);
	uint32_t *known, slot;
	struct message *message;

	life_let_out(life, line->t_us - LIFE_HELD_US);
	known = table_find(&life->by_id, key);
	if (known) {
		message = &life->slots[*known];
		if (line->t_us - message->touched_us > HOUR_US) { /* it is young again */
			unlink_slot(life, message);
			link_slot(life, *known);
		}
		message->touched_us = line->t_us;
		return message;
	}
	forget_old(life, line->t_us);
	slot = take_slot(life);
	message = &life->slots[slot];
	*message = (struct message){ .key = key, .touched_us = line->t_us };
	text_copy(message->id, sizeof message->id, id);
	if (life->firsts)
		life->firsts[slot].id[0] = '\0';
	table_put(&life->by_id, key, slot, NULL);
	link_slot(life, slot);
	return message;
}

/* ---- local senders */

uint32_t life_sender_of(struct life *life, struct text user, bool is_uid)
{
	uint64_t key = hash_text(life->seed ^ is_uid, user) | 1;
	uint32_t *known = table_find(&life->by_sender, key);
	struct life_sender *made;

	if (known)
		return *known + 1;
	if (life->sender_count >= LIFE_SENDERS_MAX)
		return 0;
	table_put(&life->by_sender, key, (uint32_t)life->sender_count, NULL);
	MEMORY_ROOM(life->senders, life->sender_count, life->sender_room);
	made = &life->senders[life->sender_count++];
	*made = (struct life_sender){ .is_uid = is_uid };
	text_copy(made->user, sizeof made->user, user);
	return (uint32_t)life->sender_count;
}

void life_count_sender(struct life *life, struct message *message, uint32_t messages, uint32_t recipients)
{
	if (!message->sender)
		return;
	life->senders[message->sender - 1].messages += messages;
	life->senders[message->sender - 1].recipients += recipients;
}

/* ---- messages */

/* an id is used again where the end of its first life was not logged */
struct message *life_born(struct life *life, const struct line *line, struct message *message)
{
	char id[LIFE_ID_MAX];

	if (message->origin == ORIGIN_UNKNOWN && !(message->flags & FLAG_COUNTED))
		return message;
	memcpy(id, message->id, sizeof id);
	life_drop(life, message);
	return life_open(life, line, text_of(id));
}

void life_client(struct life *life, const struct line *line, struct message *message, struct text client_name,
		 const struct ip *ip, struct text login)
{
	uint64_t key;

	message = life_born(life, line, message);
	message->ip = *ip;
	message->flags |= life_silent(life, ip) ? FLAG_SILENT : 0;
	message->account = login.n ? accounts_add(life->accounts, login, &key) : ACCOUNT_NONE;
	message->origin = message->account ? ORIGIN_LOGIN : ORIGIN_CLIENT;
	if (message->account)
		session_login(life, line, message->account, key, ip);
	else if (!ip_is_loopback(ip))
		life_relay(life, line->host);
}

void life_local(struct life *life, const struct line *line, struct message *message, struct text user)
{
	uint64_t uid;

	message = life_born(life, line, message);
	message->origin = ORIGIN_LOCAL;
	message->sender = life_sender_of(life, user, text_number(user, UINT32_MAX, &uid));
}

/* bounces of such mail go to whom it names: they are still this account's */
static void note_forged(struct life *life, struct text from, uint32_t account)
{
	uint64_t key;
	uint32_t named = accounts_find(life->accounts, from, &key);

	if (!key || named == account || life->forged.count >= FORGED_MAX)
		return;
	*table_put(&life->forged, key, account, NULL) = account;
}

static void submit(struct life *life, const struct line *line, struct message *message, struct text from)
{
	struct event *event = life_emit(life, line, EVENT_SUBMIT);

	message->number = ++life->numbers;
	note_forged(life, from, message->account);
	event->account = message->account;
	event->message = message->number;
	event->count = message->recipients;
	event->ip = message->ip;
	event->protocol = PROTOCOL_SMTP;
	event->from = hash_text(HASH_FIXED, from);
	event->place_silent = message->flags & FLAG_SILENT;
	life_about(life, event, message);
}

void life_adopt(struct life *life, const struct line *line, struct message *message, const struct ip *ip,
		struct text login)
{
	uint64_t key;
	uint32_t account = message->origin == ORIGIN_LOGIN ? ACCOUNT_NONE : accounts_add(life->accounts, login, &key);

	if (!account)
		return;
	life_uncount_sender(life, message);
	message->account = account;
	message->origin = ORIGIN_LOGIN;
	message->sender = 0;
	message->ip = *ip;
	message->flags = (uint16_t)(message->flags & ~FLAG_SILENT) | (life_silent(life, ip) ? FLAG_SILENT : 0);
	session_login(life, line, account, key, ip);
	if (message->flags & FLAG_COUNTED)
		submit(life, line, message, TEXT_NONE);
}

/* 0 where there is no domain: it may be added later on */
static uint32_t sender_key(struct text from)
{
	char lower[LIFE_SENDER_COMPARED];

	if (text_find(from, '@') == from.n)
		return 0;
	text_copy(lower, sizeof lower, from);
	for (char *c = lower; *c; c++)
		*c = (char)((unsigned)(*c - 'A') < 26 ? *c | 0x20 : *c);
	return (uint32_t)hash_text(HASH_FIXED, text_of(lower)) | 1;
}

void life_queued(struct life *life, const struct line *line, struct message *message, struct text from,
		 uint32_t recipients)
{
	message->touched_us = line->t_us;
	if (message->flags & FLAG_COUNTED)
		return;
	message->flags |= FLAG_COUNTED | (from.n ? 0 : FLAG_NULL_SENDER);
	message->recipients = recipients;
	message->flags |= recipients ? 0 : FLAG_UNANNOUNCED;
	message->from = sender_key(from);
	life_find_first(life, message);
	if (message->flags & FLAG_CONTINUES) {
		uint32_t *first = message->message_id ? table_find(&life->by_message_id, message->message_id) : NULL;

		if (first)
			life->slots[*first].continued += recipients;
		return;
	}
	if (message->origin == ORIGIN_LOGIN) {
		submit(life, line, message, from);
	} else if (from.n && message->origin == ORIGIN_CLIENT && ip_is_local(&message->ip)) {
		char host[IP_TEXT_MAX];

		message->sender = life_sender_of(life, text_of(ip_format(&message->ip, host)), false);
		message->flags |= FLAG_FORWARDED;
		life_count_sender(life, message, 1, recipients);
	} else if (message->origin == ORIGIN_LOCAL) {
		life_count_sender(life, message, 1, recipients);
	}
}

/* ---- what is left */

void life_each_left(const struct life *life, void (*each)(void *context, const struct life_left *left), void *context)
{
	for (uint32_t i = 1; i < life->slot_count; i++) {
		const struct message *message = &life->slots[i];
		uint32_t open = message->recipients > message->finals ? message->recipients - message->finals : 0;

		if (message->key && message->number && message->origin == ORIGIN_LOGIN &&
		    (message->flags & (FLAG_COUNTED | FLAG_GONE)) == FLAG_COUNTED && !(message->flags & FLAG_HANDED && open == 0))
			each(context, &(struct life_left){ message->account, message->number, message->id, open });
	}
}

size_t life_senders(const struct life *life, const struct life_sender **senders)
{
	*senders = life->senders;
	return life->sender_count;
}

uint64_t life_forgotten(const struct life *life) { return life->forgotten; }

size_t life_bytes(const struct life *life)
{
	return life->slot_room * sizeof *life->slots + table_bytes(&life->by_id) + table_bytes(&life->by_message_id) +
	       table_bytes(&life->pending) + life_held_bytes(life->held) + life->sender_room * sizeof *life->senders +
	       (life->firsts ? life->slot_room * sizeof *life->firsts : 0);
}

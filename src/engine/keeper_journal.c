/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/keeper_journal.h"

#include "base/image.h"
#include "engine/guard.h"

/* what an event has always */
struct event_part {
	int64_t t_us;
	uint64_t account_key, rcpt, from;
	struct ip ip;
	uint32_t count, account, message, asn;
	char country[2];
	uint8_t kind, protocol, result, reason;
	uint16_t flags;
};

struct detail_part {
	uint64_t subject, link;
	uint32_t client, dead_before;
	uint8_t net, zero[7];
};

enum {
	FLAG_OK = 1,
	FLAG_AGAIN = 2,
	FLAG_UNANNOUNCED = 4,
	FLAG_PLACE_SILENT = 8,
	FLAG_SPAM = 16,
	FLAG_LISTED = 32,
	FLAG_FOREIGN_FROM = 64,
	FLAG_FILTERED = 128,
	FLAG_REPEAT = 256, /* and twice it: enum event_repeat */
};

struct record_head {
	uint32_t bytes; /* with this, a multiple of 8 */
	uint8_t kind, zero;
	uint16_t event_bytes, detail_bytes, text_bytes, rcpt_count, name_bytes;
	uint32_t account;
	uint32_t zeros;
};

_Static_assert(sizeof(struct record_head) % 8 == 0 && sizeof(struct event_part) % 8 == 0 && sizeof(struct detail_part) % 8 == 0,
	       "recipients stand at a multiple of 8");
_Static_assert(KEEPER_RCPTS_MAX * 8 + GUARD_ID_MAX + 4096 < BLOCKS_BYTES, "a record must fit into a block");

/* ---- put */

static size_t padded(size_t bytes) { return (bytes + 7) & ~(size_t)7; }

static char *copy(char *to, const void *from, size_t bytes)
{
	if (bytes)
		memcpy(to, from, bytes);
	return to + bytes;
}

/* parts, recipients and texts follow the head in this order */
static bool put(struct blocks_out *out, struct record_head *head, const struct event_part *event,
		const struct detail_part *detail, const uint64_t *rcpts, struct text name, struct text text)
{
	size_t bytes = sizeof *head + head->event_bytes + head->detail_bytes + head->rcpt_count * sizeof *rcpts + name.n + text.n;
	char *to = blocks_room(out, padded(bytes));

	if (!to)
		return false;
	head->bytes = (uint32_t)padded(bytes);
	head->name_bytes = (uint16_t)name.n;
	head->text_bytes = (uint16_t)text.n;
	to = copy(to, head, sizeof *head);
	to = copy(to, event, head->event_bytes);
	to = copy(to, detail, head->detail_bytes);
	to = copy(to, rcpts, head->rcpt_count * sizeof *rcpts);
	to = copy(to, name.p, name.n);
	to = copy(to, text.p, text.n);
	memset(to, 0, padded(bytes) - bytes);
	return true;
}

bool journal_put_name(struct blocks_out *out, uint32_t account, struct text name)
{
	return put(out, &(struct record_head){ .kind = JOURNAL_NAME, .account = account }, NULL, NULL, NULL, TEXT_NONE, name);
}

bool journal_put_mark(struct blocks_out *out, struct text name, struct text value)
{
	return put(out, &(struct record_head){ .kind = JOURNAL_MARK }, NULL, NULL, NULL, name, value);
}

bool journal_put_lift(struct blocks_out *out, uint32_t account)
{
	return put(out, &(struct record_head){ .kind = JOURNAL_LIFT, .account = account }, NULL, NULL, NULL, TEXT_NONE, TEXT_NONE);
}

static uint16_t flags_of(const struct event *event)
{
	const struct event_detail *detail = event->detail;

	return (uint16_t)((event->ok ? FLAG_OK : 0) | (event->again ? FLAG_AGAIN : 0) |
			  (event->unannounced ? FLAG_UNANNOUNCED : 0) | (event->place_silent ? FLAG_PLACE_SILENT : 0) |
			  (event->spam ? FLAG_SPAM : 0) | (event->listed ? FLAG_LISTED : 0) |
			  (detail && detail->foreign_from ? FLAG_FOREIGN_FROM : 0) |
			  (detail && detail->filtered ? FLAG_FILTERED : 0) | event->repeat * FLAG_REPEAT);
}

bool journal_put_event(struct blocks_out *out, const struct event *event, struct text id)
{
	const struct event_detail *detail = event->detail;
	struct record_head head = { .kind = JOURNAL_EVENT, .event_bytes = sizeof(struct event_part) };
	struct event_part part = {
		event->t_us, event->account_key, event->rcpt, event->from, event->ip, event->count, event->account, event->message,
		event->place.asn, { event->place.country[0], event->place.country[1] }, event->kind, event->protocol,
		event->result, event->reason, flags_of(event),
	};
	struct detail_part more = { 0 };

	if (detail) {
		more = (struct detail_part){ detail->subject, detail->link, detail->client, detail->dead_before, detail->net, { 0 } };
		head.detail_bytes = sizeof more;
		head.rcpt_count = (uint16_t)(detail->rcpt_count < KEEPER_RCPTS_MAX ? detail->rcpt_count : KEEPER_RCPTS_MAX);
	}
	return put(out, &head, &part, &more, detail ? detail->rcpts : NULL, TEXT_NONE, text_head(id, id.n < GUARD_ID_MAX ? id.n : GUARD_ID_MAX));
}

/* ---- get */

/* a part of so many bytes into one that may be longer; one that is longer than ours is none of ours */
static bool take(struct text *rest, size_t stored, void *to, size_t bytes)
{
	if (stored > rest->n || stored > bytes)
		return false;
	memcpy(to, rest->p, stored);
	*rest = text_after(*rest, stored);
	return true;
}

static bool take_text(struct text *rest, size_t bytes, struct text *text)
{
	if (bytes > rest->n)
		return false;
	*text = text_head(*rest, bytes);
	*rest = text_after(*rest, bytes);
	return true;
}

static void fill_in(struct journal_record *record, const struct event_part *part, const struct detail_part *more, bool detailed)
{
	record->event = (struct event){
		.t_us = part->t_us, .kind = part->kind, .protocol = part->protocol, .result = part->result, .reason = part->reason,
		.repeat = (uint8_t)(part->flags / FLAG_REPEAT & 3),
		.ok = part->flags & FLAG_OK, .again = part->flags & FLAG_AGAIN, .unannounced = part->flags & FLAG_UNANNOUNCED,
		.place_silent = part->flags & FLAG_PLACE_SILENT, .spam = part->flags & FLAG_SPAM, .listed = part->flags & FLAG_LISTED,
		.count = part->count, .account = part->account, .message = part->message,
		.place = { { part->country[0], part->country[1] }, part->asn },
		.account_key = part->account_key, .rcpt = part->rcpt, .from = part->from, .ip = part->ip,
		.detail = detailed ? &record->detail : NULL,
	};
	record->detail.subject = more->subject;
	record->detail.link = more->link;
	record->detail.client = more->client;
	record->detail.dead_before = more->dead_before;
	record->detail.net = more->net;
	record->detail.foreign_from = part->flags & FLAG_FOREIGN_FROM;
	record->detail.filtered = part->flags & FLAG_FILTERED;
}

static bool can_be(const struct event *event, const struct event_detail *detail)
{
	return event->kind < EVENT_KINDS && event->protocol <= PROTOCOL_SIEVE && event->result <= RESULT_DEFERRED &&
	       event->reason <= REASON_OTHER && event->repeat <= REPEAT_HERE && detail->net <= NET_HOSTING && image_is_time(event->t_us);
}

static bool take_event(struct text *rest, const struct record_head *head, struct journal_record *record)
{
	struct event_part part = { 0 };
	struct detail_part more = { 0 };
	struct text rcpts;

	if (!take(rest, head->event_bytes, &part, sizeof part) || !take(rest, head->detail_bytes, &more, sizeof more) ||
	    head->event_bytes % 8 || head->detail_bytes % 8 || !take_text(rest, head->rcpt_count * sizeof(uint64_t), &rcpts))
		return false;
	fill_in(record, &part, &more, head->detail_bytes > 0);
	record->detail.rcpts = (const uint64_t *)(const void *)rcpts.p;
	record->detail.rcpt_count = head->rcpt_count;
	return can_be(&record->event, &record->detail);
}

bool journal_next(struct text *block, struct journal_record *record)
{
	struct record_head head;
	struct text rest;

	if (block->n < sizeof head)
		return false;
	memcpy(&head, block->p, sizeof head);
	if (head.bytes % 8 || head.bytes < sizeof head || head.bytes > block->n || head.kind >= JOURNAL_KINDS)
		return false;
	rest = text_after(text_head(*block, head.bytes), sizeof head);
	*block = text_after(*block, head.bytes);
	*record = (struct journal_record){ .kind = (enum journal_kind)head.kind, .account = head.account };
	return (head.kind != JOURNAL_EVENT || take_event(&rest, &head, record)) && take_text(&rest, head.name_bytes, &record->name) &&
	       take_text(&rest, head.text_bytes, &record->text);
}

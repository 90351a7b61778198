/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger_batch.h"

#include <math.h>

#include "base/memory.h"
#include "store/ledger_folder.h"

enum { FIRST_BYTES = 64 * 1024, KEPT_BYTES = 32 * 1024 * 1024, CENTIBITS_MAX = 1000 * 1000 };

void ledger_batch_done(struct ledger_batch *batch)
{
	free(batch->bytes);
	*batch = (struct ledger_batch){ 0 };
}

void ledger_batch_clear(struct ledger_batch *batch)
{
	if (batch->room > KEPT_BYTES)
		ledger_batch_done(batch);
	batch->used = batch->count = batch->rows = 0;
}

static char *make_room(struct ledger_batch *batch, size_t bytes)
{
	size_t room = batch->room ? batch->room : FIRST_BYTES;

	while (room - batch->used < bytes)
		room *= 2;
	if (room != batch->room)
		batch->bytes = memory_resize(batch->bytes, room, 1);
	batch->room = room;
	return batch->bytes + batch->used;
}

static struct text cut(struct text t) { return text_head(t, t.n > LEDGER_ID_MAX ? (size_t)LEDGER_ID_MAX : t.n); }

/* `head` with its texts behind it; the places for the hashes are the caller's to fill in */
static struct ledger_entry *add(struct ledger_batch *batch, struct ledger_entry head, struct text account, struct text id,
				struct text rest)
{
	const struct text texts[] = { cut(account), cut(id), cut(rest) };
	size_t n = sizeof head + head.rcpts * sizeof(uint64_t) + texts[0].n + texts[1].n + texts[2].n;
	struct ledger_entry *entry;
	char *to;

	head.bytes = (uint32_t)((n + 7) / 8 * 8);
	head.account_n = (uint16_t)texts[0].n, head.id_n = (uint16_t)texts[1].n, head.rest_n = (uint16_t)texts[2].n;
	entry = (struct ledger_entry *)(void *)make_room(batch, head.bytes);
	*entry = head;
	to = (char *)(entry + 1) + head.rcpts * sizeof(uint64_t);
	for (size_t i = 0; i < 3; to += texts[i++].n)
		if (texts[i].n)
			memcpy(to, texts[i].p, texts[i].n);
	batch->used += head.bytes;
	batch->count++;
	return entry;
}

static int32_t centibits_of(float bits)
{
	if (!isfinite(bits))
		return 0;
	return (int32_t)lroundf(fmaxf(fminf(bits * 100, (float)CENTIBITS_MAX), -(float)CENTIBITS_MAX));
}

void ledger_batch_row(struct ledger_batch *batch, const struct ledger_row *row, const unsigned char *key)
{
	uint32_t rcpts = row->rcpt_texts < LEDGER_RCPTS_MAX ? row->rcpt_texts : (uint32_t)LEDGER_RCPTS_MAX;
	struct ledger_entry *entry = add(batch, (struct ledger_entry){
		.kind = LEDGER_ROW, .action = row->action, .familiar = row->familiar, .t_us = row->t_us,
		.size_bytes = row->size_bytes, .from_hash = ledger_hash_known(key, row->from),
		.subject_hash = ledger_hash_known(key, row->subject), .ip = row->ip, .rcpt_count = row->rcpt_count,
		.centibits = centibits_of(row->bits), .rcpts = (uint16_t)rcpts,
		.country = { row->country[0], row->country[1] }, .from_log = row->from_log,
	}, row->account, row->queue_id, row->session);
	uint64_t *hashes = (uint64_t *)(entry + 1);

	for (uint32_t i = 0; i < rcpts; i++)
		hashes[i] = ledger_hash_text(key, 'p', row->rcpts[i]);
	batch->rows++;
}

void ledger_batch_name(struct ledger_batch *batch, int64_t t_us, struct text queue_id, struct text message_id)
{
	add(batch, (struct ledger_entry){ .kind = LEDGER_NAME, .t_us = t_us }, TEXT_NONE, queue_id, message_id);
}

void ledger_batch_append(struct ledger_batch *batch, const struct ledger_batch *more)
{
	if (!more->used)
		return;
	memcpy(make_room(batch, more->used), more->bytes, more->used);
	batch->used += more->used;
	batch->count += more->count;
	batch->rows += more->rows;
}

void ledger_batch_sift(struct ledger_batch *batch, bool (*is_over)(void *context, struct ledger_entry *entry), void *context)
{
	struct ledger_batch kept = { .bytes = batch->bytes, .room = batch->room };
	struct ledger_entry *entry = ledger_batch_next(batch, NULL), *next;

	for (; entry; entry = next) {
		uint32_t bytes = entry->bytes;

		next = ledger_batch_next(batch, entry);
		if (is_over(context, entry))
			continue;
		kept.rows += entry->kind == LEDGER_ROW;
		memmove(kept.bytes + kept.used, entry, bytes);
		kept.used += bytes;
		kept.count++;
	}
	*batch = kept;
	if (!batch->count)
		ledger_batch_clear(batch);
}

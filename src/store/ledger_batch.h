/* SPDX-License-Identifier: Apache-2.0 */
/* Of the ledger's own (store/ledger.h): rows and names on their way to the disk, one behind the other in one buffer.
 * Recipients, senders and subjects are hashes here already. An entry moves when something is appended. */
#ifndef SEKISHO_STORE_LEDGER_BATCH_H
#define SEKISHO_STORE_LEDGER_BATCH_H
#include "store/ledger.h"

enum ledger_kind { LEDGER_ROW, LEDGER_NAME };
enum ledger_progress {
	LEDGER_PENDING,
	LEDGER_TAKEN,  /* written by a transaction that is not committed yet */
	LEDGER_LATER,  /* cannot be written in this round */
	LEDGER_DONE,
};

struct ledger_entry {
	uint32_t bytes; /* with what follows: hashes of recipients, account, queue id, session or Message-ID */
	uint8_t kind, progress;
	uint8_t action, familiar;
	int64_t t_us;
	uint64_t size_bytes, from_hash, subject_hash; /* a hash of 0: not known */
	struct ip ip;
	uint32_t rcpt_count;
	int32_t centibits; /* the evidence, in hundredths of a bit */
	uint16_t rcpts, account_n, id_n, rest_n;
	uint16_t rounds; /* a name that waits for its row: so long */
	char country[2];
	bool from_log, filled;
};

struct ledger_batch {
	char *bytes;
	size_t used, room, count, rows; /* `rows`: entries that are rows */
};

void ledger_batch_done(struct ledger_batch *batch);
/* makes it empty; a buffer that an outage made large is given back */
void ledger_batch_clear(struct ledger_batch *batch);
void ledger_batch_row(struct ledger_batch *batch, const struct ledger_row *row, const unsigned char *key);
void ledger_batch_name(struct ledger_batch *batch, int64_t t_us, struct text queue_id, struct text message_id);
void ledger_batch_append(struct ledger_batch *batch, const struct ledger_batch *more);
/* forgets the entries for which `is_over` says so; the others keep their order */
void ledger_batch_sift(struct ledger_batch *batch, bool (*is_over)(void *context, struct ledger_entry *entry), void *context);

/* the entry behind this one, the first for NULL; NULL at the end */
static inline struct ledger_entry *ledger_batch_next(const struct ledger_batch *batch, const struct ledger_entry *entry)
{
	const char *at = entry ? (const char *)entry + entry->bytes : batch->bytes;

	return batch->count && at < batch->bytes + batch->used ? (struct ledger_entry *)(uintptr_t)at : NULL;
}

static inline const uint64_t *ledger_entry_rcpts(const struct ledger_entry *entry) { return (const uint64_t *)(entry + 1); }
static inline struct text ledger_entry_account(const struct ledger_entry *entry)
{
	return (struct text){ (const char *)(ledger_entry_rcpts(entry) + entry->rcpts), entry->account_n };
}
static inline struct text ledger_entry_id(const struct ledger_entry *entry)
{
	return (struct text){ ledger_entry_account(entry).p + entry->account_n, entry->id_n };
}
/* the session of a row, the Message-ID of a name */
static inline struct text ledger_entry_rest(const struct ledger_entry *entry)
{
	return (struct text){ ledger_entry_id(entry).p + entry->id_n, entry->rest_n };
}
#endif

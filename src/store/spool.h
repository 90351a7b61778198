/* SPDX-License-Identifier: Apache-2.0 */
/* What happened, kept compactly until the second look: fixed records in an unlinked file in $TMPDIR or /var/tmp, in the
 * order of the events. Holds at most `limit_bytes`. After a full disk or the limit only what is asked to be kept in any
 * case is kept, in memory, SPOOL_KEPT_MAX records of it; the rest is lost, and spool_partial says so. One thread at a
 * time. */
#ifndef SEKISHO_STORE_SPOOL_H
#define SEKISHO_STORE_SPOOL_H
#include "event/event.h"

struct spool_record {
	int64_t t_us;
	uint32_t account, message;
	uint8_t kind, protocol, result, reason; /* of the event */
	uint8_t ok, again, passed, first_contact;
	uint32_t count;
	struct ip ip;
};

enum { SPOOL_KEPT_MAX = 2000000 };

struct spool;

struct spool *spool_new(uint64_t limit_bytes);
void spool_free(struct spool *spool);
/* a place for the next record, to be filled in; NULL where it would not be kept. `anyway`: also when the file is full */
struct spool_record *spool_next(struct spool *spool, bool anyway);
/* records so far, kept or not: the number of the next one */
uint64_t spool_count(const struct spool *spool);
/* calls `each` for every record in order, with its number */
void spool_each(struct spool *spool, void (*each)(void *context, uint64_t number, const struct spool_record *record),
		void *context);
bool spool_partial(const struct spool *spool);
#endif

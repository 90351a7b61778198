/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger_recent.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

uint64_t ledger_recent_key(struct text text) { return hash_text(hash_seed(), text) | 1; }

void ledger_recent_done(struct ledger_recent *recent)
{
	table_done(&recent->index);
	free(recent->places);
	recent->places = NULL;
}

void ledger_recent_clear(struct ledger_recent *recent)
{
	table_clear(&recent->index);
	recent->count = recent->oldest = 0;
	recent->horizon_us = recent->last_us;
}

void ledger_recent_until(struct ledger_recent *recent, int64_t t_us)
{
	if (t_us > recent->last_us)
		recent->last_us = t_us;
	if (t_us > recent->horizon_us)
		recent->horizon_us = t_us;
}

/* the place of the oldest, which is looked for on the disk from now on; while there is room, a new one */
static size_t make_room(struct ledger_recent *recent)
{
	size_t at = recent->oldest;
	const uint32_t *indexed;

	if (recent->count < LEDGER_RECENT_MAX) {
		MEMORY_ROOM(recent->places, recent->count, recent->room);
		return recent->count++;
	}
	indexed = table_find(&recent->index, recent->places[at].id);
	if (indexed && *indexed == at)
		table_drop(&recent->index, recent->places[at].id);
	if (recent->places[at].t_us > recent->horizon_us)
		recent->horizon_us = recent->places[at].t_us;
	recent->oldest = (at + 1) % LEDGER_RECENT_MAX;
	return at;
}

void ledger_recent_put(struct ledger_recent *recent, const struct ledger_place *place)
{
	size_t at = make_room(recent);

	recent->places[at] = *place;
	*table_put(&recent->index, place->id, 0, NULL) = (uint32_t)at;
	if (place->t_us > recent->last_us)
		recent->last_us = place->t_us;
}

void ledger_recent_drop(struct ledger_recent *recent, struct text queue_id)
{
	table_drop(&recent->index, ledger_recent_key(queue_id));
}

const struct ledger_place *ledger_recent_find(const struct ledger_recent *recent, struct text queue_id)
{
	const uint32_t *at = table_find(&recent->index, ledger_recent_key(queue_id));

	return at ? &recent->places[*at] : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/witness.h"

#include <stdlib.h>

#include "base/memory.h"

struct cell {
	uint64_t kind;
	int64_t t_us; /* of the last that was told */
	uint32_t told[WITNESSES], believed;
};

struct witnesses {
	struct cell cells[WITNESS_CELLS];
	uint64_t messages[WITNESS_MESSAGES]; /* hashes of queue ids */
};

struct witnesses *witnesses_new(void) { return memory_zero(1, sizeof(struct witnesses)); }
void witnesses_free(struct witnesses *witnesses) { free(witnesses); }

static uint64_t kind_of(const struct event *event)
{
	return hash_pair(event->account_key, ip_host_key(&event->ip) ^ (uint64_t)(event->protocol << 1 | event->ok)) | 1;
}

static bool is_old(const struct cell *cell, int64_t t_us)
{
	return t_us - cell->t_us > WITNESS_US || cell->t_us - t_us > WITNESS_US;
}

uint32_t witnesses_hear(struct witnesses *witnesses, enum witness who, const struct event *event)
{
	uint64_t kind = kind_of(event);
	struct cell *cell = &witnesses->cells[kind % WITNESS_CELLS];
	uint32_t news;

	if (cell->kind != kind || is_old(cell, event->t_us))
		*cell = (struct cell){ .kind = kind, .t_us = event->t_us };
	cell->t_us = event->t_us > cell->t_us ? event->t_us : cell->t_us;
	cell->told[who] += event->count;
	if (cell->told[who] <= cell->believed)
		return 0;
	news = cell->told[who] - cell->believed;
	cell->believed = cell->told[who];
	return news;
}

void witnesses_asked(struct witnesses *witnesses, struct text queue_id)
{
	uint64_t key = hash_text(hash_seed(), queue_id) | 1;

	witnesses->messages[(key >> 8) % WITNESS_MESSAGES] = key;
}

bool witnesses_was_asked(const struct witnesses *witnesses, struct text queue_id)
{
	uint64_t key = hash_text(hash_seed(), queue_id) | 1;

	return witnesses->messages[(key >> 8) % WITNESS_MESSAGES] == key;
}

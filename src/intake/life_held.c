/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/life_held.h"

#include <stdlib.h>

#include "base/memory.h"

/* a ring: `first` is the place of the oldest; room is a power of two */
struct life_held {
	struct held *items;
	size_t first, count, room;
};

struct life_held *life_held_new(void) { return memory_zero(1, sizeof(struct life_held)); }

void life_held_free(struct life_held *held)
{
	if (held)
		free(held->items);
	free(held);
}

static struct held *at(struct life_held *held, size_t i) { return &held->items[(held->first + i) & (held->room - 1)]; }

static void grow(struct life_held *held)
{
	size_t room = held->room ? held->room * 2 : 64;
	struct held *items = memory_zero(room, sizeof *items);

	for (size_t i = 0; i < held->count; i++)
		items[i] = *at(held, i);
	free(held->items);
	held->items = items;
	held->first = 0;
	held->room = room;
}

struct held *life_held_add(struct life_held *held, uint64_t key, uint32_t slot, int64_t t_us)
{
	struct held *made;

	if (held->count == held->room)
		grow(held);
	made = at(held, held->count++);
	*made = (struct held){ .key = key, .slot = slot, .event = { .t_us = t_us } };
	return made;
}

struct held *life_held_last(struct life_held *held) { return at(held, held->count - 1); }

bool life_held_take(struct life_held *held, int64_t before_us, struct held *oldest)
{
	if (!held->count || (held->items[held->first].event.t_us >= before_us && held->count < LIFE_HELD_MAX))
		return false;
	*oldest = held->items[held->first];
	held->first = (held->first + 1) & (held->room - 1);
	held->count--;
	return true;
}

void life_held_silence(struct life_held *held, uint64_t key, uint32_t count)
{
	for (size_t i = held->count; i > 0 && count > 0; i--) {
		struct held *one = at(held, i - 1);

		if (one->key == key) {
			one->says = false;
			count--;
		}
	}
}

size_t life_held_count(const struct life_held *held) { return held->count; }
size_t life_held_bytes(const struct life_held *held) { return held->room * sizeof *held->items; }

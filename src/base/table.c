/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include <string.h>

#include "base/memory.h"

enum { TABLE_FIRST_SLOTS = 64 };

void table_done(struct table *table)
{
	memory_large_free(table->slots, table->slots ? table->mask + 1 : 0, sizeof *table->slots);
	*table = (struct table){ 0 };
}

void table_clear(struct table *table)
{
	if (table->slots)
		memset(table->slots, 0, table_bytes(table));
	table->count = 0;
}

static uint64_t key_at(const struct table *table, size_t at)
{
	return (uint64_t)table->slots[at].high << 32 | table->slots[at].low;
}

/* keys are made never 0 by setting their lowest bit, so that one says nothing */
static size_t home_of(const struct table *table, uint64_t key)
{
	return (key >> 1 ^ key >> 33) & table->mask;
}

static size_t slot_of(const struct table *table, uint64_t key)
{
	size_t at = home_of(table, key);

	for (;; at = (at + 1) & table->mask) {
		uint64_t here = key_at(table, at);

		if (here == key || here == 0)
			return at;
	}
}

uint32_t *table_find(const struct table *table, uint64_t key)
{
	size_t at;

	if (!table->slots)
		return NULL;
	at = slot_of(table, key);
	return key_at(table, at) ? &table->slots[at].value : NULL;
}

static void grow(struct table *table)
{
	struct table old = *table;
	size_t slots = old.slots ? (old.mask + 1) * 2 : TABLE_FIRST_SLOTS;

	table->slots = memory_large(slots, sizeof *table->slots);
	table->mask = slots - 1;
	for (size_t i = 0; old.slots && i <= old.mask; i++)
		if (key_at(&old, i))
			table->slots[slot_of(table, key_at(&old, i))] = old.slots[i];
	table_done(&old);
}

uint32_t *table_put(struct table *table, uint64_t key, uint32_t value, bool *made)
{
	size_t at;
	bool fresh;

	if (!table->slots || (table->count + 1) * 4 > (table->mask + 1) * 3)
		grow(table);
	at = slot_of(table, key);
	fresh = key_at(table, at) == 0;
	if (made)
		*made = fresh;
	if (fresh) {
		table->slots[at] = (struct table_slot){ (uint32_t)key, (uint32_t)(key >> 32), value };
		table->count++;
	}
	return &table->slots[at].value;
}

bool table_drop(struct table *table, uint64_t key)
{
	size_t hole, at;

	if (!table->slots)
		return false;
	hole = slot_of(table, key);
	if (!key_at(table, hole))
		return false;
	for (at = (hole + 1) & table->mask; key_at(table, at); at = (at + 1) & table->mask) {
		size_t home = home_of(table, key_at(table, at));

		/* may it move back? only if its home does not lie behind the hole */
		if (((at - home) & table->mask) >= ((at - hole) & table->mask)) {
			table->slots[hole] = table->slots[at];
			hole = at;
		}
	}
	table->slots[hole] = (struct table_slot){ 0 };
	table->count--;
	return true;
}

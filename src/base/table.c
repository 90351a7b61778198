/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { TABLE_FIRST_SLOTS = 64 };

void table_done(struct table *table)
{
	free(table->keys);
	free(table->values);
	*table = (struct table){ 0 };
}

void table_clear(struct table *table)
{
	if (table->keys)
		memset(table->keys, 0, (table->mask + 1) * sizeof *table->keys);
	table->count = 0;
}

static size_t slot_of(const struct table *table, uint64_t key)
{
	size_t at = key & table->mask;

	while (table->keys[at] != key && table->keys[at] != 0)
		at = (at + 1) & table->mask;
	return at;
}

uint32_t *table_find(const struct table *table, uint64_t key)
{
	size_t at;

	if (!table->keys)
		return NULL;
	at = slot_of(table, key);
	return table->keys[at] ? &table->values[at] : NULL;
}

static void grow(struct table *table)
{
	struct table old = *table;
	size_t slots = old.keys ? (old.mask + 1) * 2 : TABLE_FIRST_SLOTS;

	table->keys = memory_zero(slots, sizeof *table->keys);
	table->values = memory_new(slots * sizeof *table->values);
	table->mask = slots - 1;
	for (size_t i = 0; old.keys && i <= old.mask; i++) {
		if (old.keys[i]) {
			size_t at = slot_of(table, old.keys[i]);

			table->keys[at] = old.keys[i];
			table->values[at] = old.values[i];
		}
	}
	free(old.keys);
	free(old.values);
}

uint32_t *table_put(struct table *table, uint64_t key, uint32_t value, bool *made)
{
	size_t at;

	if (!table->keys || (table->count + 1) * 4 > (table->mask + 1) * 3)
		grow(table);
	at = slot_of(table, key);
	if (made)
		*made = table->keys[at] == 0;
	if (table->keys[at] == 0) {
		table->keys[at] = key;
		table->values[at] = value;
		table->count++;
	}
	return &table->values[at];
}

bool table_drop(struct table *table, uint64_t key)
{
	size_t hole, at;

	if (!table->keys)
		return false;
	hole = slot_of(table, key);
	if (!table->keys[hole])
		return false;
	for (at = (hole + 1) & table->mask; table->keys[at]; at = (at + 1) & table->mask) {
		size_t home = table->keys[at] & table->mask;

		/* may it move back? only if its home does not lie behind the hole */
		if (((at - home) & table->mask) >= ((at - hole) & table->mask)) {
			table->keys[hole] = table->keys[at];
			table->values[hole] = table->values[at];
			hole = at;
		}
	}
	table->keys[hole] = 0;
	table->count--;
	return true;
}

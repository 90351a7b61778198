/* SPDX-License-Identifier: Apache-2.0 */
/* A table from 64-bit keys (already well mixed, never 0) to 32-bit values: open addressing, linear probing,
 * deletion by shifting back, at most 3/4 full. 12 bytes a slot. Zeroed at init by `struct table t = { 0 };`. */
#ifndef SEKISHO_BASE_TABLE_H
#define SEKISHO_BASE_TABLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* key and value side by side, so that a look-up touches one cache line */
struct table_slot {
	uint32_t low, high; /* of the key */
	uint32_t value;
};

struct table {
	struct table_slot *slots;
	size_t count, mask; /* mask + 1 slots; none before the first key */
};

/* for what has a number */
static inline uint64_t table_key(uint32_t number) { return hash_pair(number, HASH_FIXED) | 1; }

void table_done(struct table *table);
void table_clear(struct table *table);
/* the value's place, or NULL; good until the next put or drop */
uint32_t *table_find(const struct table *table, uint64_t key);
/* the value's place, made with `value` where the key was not there; *made tells (NULL is fine) */
uint32_t *table_put(struct table *table, uint64_t key, uint32_t value, bool *made);
bool table_drop(struct table *table, uint64_t key);
static inline size_t table_bytes(const struct table *table)
{
	return table->slots ? (table->mask + 1) * sizeof *table->slots : 0;
}
#endif

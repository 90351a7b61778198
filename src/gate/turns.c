/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/turns.h"

static struct turns_slot *slot_of(struct turns *turns, uint64_t key)
{
	struct turns_slot *oldest = &turns->slots[key % TURNS_SLOTS];

	for (unsigned i = 0; i < TURNS_NEAR; i++) {
		struct turns_slot *slot = &turns->slots[(key + i) % TURNS_SLOTS];

		if (slot->key == key)
			return slot;
		if (!slot->key || slot->since_us < oldest->since_us)
			oldest = slot;
		if (!slot->key)
			break;
	}
	*oldest = (struct turns_slot){ .key = key, .since_us = INT64_MIN };
	return oldest;
}

bool turns_take(struct turns *turns, uint64_t key, uint32_t most, int64_t span_us, int64_t now_us)
{
	struct turns_slot *slot = slot_of(turns, key ? key : 1);

	/* a clock that was set back begins anew, too */
	if (slot->since_us == INT64_MIN || now_us < slot->since_us || now_us - slot->since_us >= span_us) {
		slot->since_us = now_us;
		slot->taken = 0;
	}
	if (slot->taken >= most)
		return false;
	slot->taken++;
	return true;
}

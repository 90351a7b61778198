/* SPDX-License-Identifier: Apache-2.0 */
/* How often somebody may ask: so many turns in an hour of each key, and then none until it is over. A fixed table: where it is full the
 * keys that were seen longest ago are forgotten. Zeroed at init. */
#ifndef SEKISHO_GATE_TURNS_H
#define SEKISHO_GATE_TURNS_H
#include <stdbool.h>
#include <stdint.h>

enum { TURNS_SLOTS = 16384, TURNS_NEAR = 8 };

struct turns {
	struct turns_slot {
		uint64_t key; /* 0: free */
		int64_t since_us;
		uint32_t taken;
	} slots[TURNS_SLOTS];
};

/* one more, if there are less than `most` within `span_us`; what is refused does not count */
bool turns_take(struct turns *turns, uint64_t key, uint32_t most, int64_t span_us, int64_t now_us) __attribute__((warn_unused_result));
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to some number of accounts, to measure the detector with: events as a live gate would make them, each
 * computed from the number of its message, so that nothing is stored and every run is alike. Which account is next is
 * drawn evenly from all, so that its profile is hardly ever in a cache: the worst that can be.
 *
 * The first WORLD_WARM_DAYS each account logs in and writes to two of its people a day, and becomes known. From then on
 * the kinds of events have the shares that bench/hijack's worlds have; shares of people, places and thieves are near
 * to those. */
#ifndef SEKISHO_BENCH_DETECTOR_WORLD_H
#define SEKISHO_BENCH_DETECTOR_WORLD_H
#include <stdio.h>

#include "event/event.h"

enum {
	WORLD_WARM_DAYS = 3,
	WORLD_RCPTS_MAX = 40,
	WORLD_ROUND_MAX = WORLD_RCPTS_MAX + 8, /* events */
	WORLD_BATCH = 256,
	WORLD_ID = 24,
};

struct world {
	uint32_t accounts;
	uint64_t round; /* one message a round */
};

/* what comes next; events point into it */
struct world_batch {
	struct event events[WORLD_BATCH];
	struct event_detail details[WORLD_BATCH];
	size_t count, rcpt_count;
	uint64_t rcpts[WORLD_BATCH * WORLD_RCPTS_MAX];
	char ids[WORLD_BATCH][WORLD_ID]; /* of the message that an event is about */
};

void world_init(struct world *world, uint32_t accounts);
bool world_is_warm(const struct world *world);
void world_fill(struct world *world, struct world_batch *batch);
/* the name of an account, in `to` */
struct text world_account(uint32_t account, char to[64]);
/* the batch as JSON Lines, in the fields of bench/hijack */
void world_write(const struct world_batch *batch, FILE *to);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/returns.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"

struct generation {
	struct table seen;   /* message and recipient */
	struct table counts; /* of a message */
	int64_t since_us;
};

struct returns {
	struct generation young, old;
	uint64_t seed;
};

struct returns *returns_new(void)
{
	struct returns *returns = memory_zero(1, sizeof *returns);

	returns->seed = hash_seed();
	returns->young.since_us = WHEN_NONE;
	return returns;
}

static void generation_done(struct generation *generation)
{
	table_done(&generation->seen);
	table_done(&generation->counts);
}

void returns_free(struct returns *returns)
{
	if (!returns)
		return;
	generation_done(&returns->young);
	generation_done(&returns->old);
	free(returns);
}

static void grow_older(struct returns *returns, int64_t now_us)
{
	struct generation *young = &returns->young;

	if (young->since_us == WHEN_NONE)
		young->since_us = now_us;
	if (young->seen.count < RETURNS_MAX && now_us - young->since_us < RETURNS_US)
		return;
	generation_done(&returns->old);
	returns->old = *young;
	*young = (struct generation){ .since_us = now_us };
}

static uint32_t count_in(const struct generation *generation, uint64_t message)
{
	const uint32_t *count = table_find(&generation->counts, message);

	return count ? *count : 0;
}

bool returns_first(struct returns *returns, struct text queue_id, uint64_t what, uint32_t most, int64_t now_us)
{
	uint64_t message = hash_text(returns->seed, queue_id) | 1, one = hash_pair(message, what) | 1;

	grow_older(returns, now_us);
	if (table_find(&returns->young.seen, one) || table_find(&returns->old.seen, one))
		return false;
	if (most && count_in(&returns->young, message) + count_in(&returns->old, message) >= most)
		return false;
	table_put(&returns->young.seen, one, 0, NULL);
	(*table_put(&returns->young.counts, message, 0, NULL))++;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "web/limits.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/when.h"

enum { ROWS = 4, COLUMNS = 1 << 14 };

/* at most so many at once, and one more each `every_us` */
static const struct {
	float most;
	int64_t every_us;
} rates[LIMIT_KINDS] = {
	[LIMIT_REQUEST] = { 240, SECOND_US / 4 },
	[LIMIT_CODE] = { 8, 2 * MINUTE_US },
	[LIMIT_TRY] = { 20, MINUTE_US },
	[LIMIT_PANEL] = { 120, SECOND_US / 2 }, /* a panel may speak for many from one address, behind a proxy of its own */
	[LIMIT_CHANGE] = { 30, MINUTE_US },
};

struct counter {
	float level;
	uint32_t at_s;
};

struct limits {
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct counter counters[LIMIT_KINDS][ROWS][COLUMNS];
};

struct limits *limits_new(void)
{
	struct limits *limits = memory_zero(1, sizeof *limits);

	randombytes_buf(limits->key, sizeof limits->key);
	return limits;
}

void limits_free(struct limits *limits) { free(limits); }

/* what is left of it by now */
static float level_of(const struct counter *counter, enum limit_kind kind, uint32_t now_s)
{
	float gone = (float)(now_s - counter->at_s) * ((float)SECOND_US / (float)rates[kind].every_us);

	return counter->level > gone ? counter->level - gone : 0;
}

bool limits_allow(struct limits *limits, enum limit_kind kind, const struct ip *ip, int64_t now_us)
{
	uint64_t key = ip_host_key(ip);
	uint16_t columns[crypto_shorthash_BYTES / 2];
	struct counter *mine[ROWS];
	uint32_t now_s = (uint32_t)(now_us / SECOND_US);
	float lowest = rates[kind].most + 1;

	_Static_assert(ROWS <= crypto_shorthash_BYTES / 2, "a column of the hash for each row");
	crypto_shorthash((unsigned char *)columns, (const unsigned char *)&key, sizeof key, limits->key);
	for (int row = 0; row < ROWS; row++) {
		float level;

		mine[row] = &limits->counters[kind][row][columns[row] % COLUMNS];
		level = level_of(mine[row], kind, now_s);
		lowest = level < lowest ? level : lowest;
	}
	if (lowest + 1 > rates[kind].most)
		return false;
	for (int row = 0; row < ROWS; row++) {
		float level = level_of(mine[row], kind, now_s);

		*mine[row] = (struct counter){ level > lowest + 1 ? level : lowest + 1, now_s };
	}
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/repeats.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

/* Files take turns: all that one says of a moment, then all that another says of it. So only the file that speaks has to
 * be counted, beside the most that any has said. */
struct said {
	uint64_t what;  /* 0: free */
	int64_t t_us;
	uint32_t source;
	uint16_t count, most;
};

struct repeats {
	uint64_t seed;
	struct said sets[REPEATS_SETS][REPEATS_WAYS];
};

struct repeats *repeats_new(void)
{
	struct repeats *repeats = memory_zero(1, sizeof *repeats);

	repeats->seed = hash_seed();
	return repeats;
}

void repeats_free(struct repeats *repeats) { free(repeats); }

static uint64_t what_is_said(const struct repeats *repeats, const struct line *line)
{
	uint64_t who = hash_text(repeats->seed ^ (uint64_t)line->t_us, line->program);

	return hash_text(hash_pair(who, (uint64_t)line->host << 32 | line->pid), line->text) | 1;
}

/* the one, or the oldest of its set made new */
static struct said *find(struct repeats *repeats, uint64_t what, int64_t t_us)
{
	struct said *set = repeats->sets[(what >> 1) % REPEATS_SETS], *oldest = set;

	for (size_t i = 0; i < REPEATS_WAYS; i++) {
		if (set[i].what == what)
			return &set[i];
		if (!set[i].what || (oldest->what && set[i].t_us < oldest->t_us))
			oldest = &set[i];
	}
	*oldest = (struct said){ .what = what, .t_us = t_us };
	return oldest;
}

bool repeats_heard(struct repeats *repeats, const struct line *line)
{
	struct said *said = find(repeats, what_is_said(repeats, line), line->t_us);

	if (said->source != line->source)
		said->count = 0;
	said->source = line->source;
	said->count += said->count < UINT16_MAX;
	if (said->count <= said->most)
		return true;
	said->most = said->count;
	return false;
}

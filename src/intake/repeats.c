/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/repeats.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

enum { SOURCES = 4 }; /* of one line; more of them take each other's place */

/* these words at this time: how often each source has said them */
struct said {
	uint64_t what; /* 0: free */
	int64_t t_us;
	uint32_t source[SOURCES]; /* 0: none */
	uint16_t count[SOURCES];
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
	uint64_t who = hash_text(repeats->seed, line->program);

	return hash_text(hash_pair(who, (uint64_t)line->host << 32 | line->pid), line->text) | 1;
}

/* the place of this source among those who said it, or one that it may take */
static unsigned place_of(const struct said *said, uint32_t source)
{
	unsigned i = 0;

	while (i < SOURCES - 1 && said->source[i] && said->source[i] != source)
		i++;
	return i;
}

static uint16_t count_of(const struct said *said, uint32_t source)
{
	unsigned i = place_of(said, source);

	return said->source[i] == source ? said->count[i] : 0;
}

static uint16_t most(const struct said *said)
{
	uint16_t count = 0;

	for (unsigned i = 0; i < SOURCES; i++)
		count = said->count[i] > count ? said->count[i] : count;
	return count;
}

static void say(struct said *said, uint32_t source)
{
	unsigned i = place_of(said, source);
	uint16_t count = count_of(said, source);

	said->source[i] = source;
	said->count[i] = (uint16_t)(count + (count < UINT16_MAX));
}

static int64_t apart(int64_t a, int64_t b) { return a > b ? a - b : b - a; }

/* what others have said more often than this source, at the nearest time */
static struct said *by_others(struct said *set, uint64_t what, const struct line *line)
{
	struct said *nearest = NULL;

	for (size_t i = 0; i < REPEATS_WAYS; i++)
		if (set[i].what == what && apart(set[i].t_us, line->t_us) < REPEATS_WITHIN_US &&
		    count_of(&set[i], line->source) < most(&set[i]) &&
		    (!nearest || apart(set[i].t_us, line->t_us) < apart(nearest->t_us, line->t_us)))
			nearest = &set[i];
	return nearest;
}

/* the same words of the same time, or the oldest of the set made new */
static struct said *find(struct said *set, uint64_t what, int64_t t_us)
{
	struct said *oldest = set;

	for (size_t i = 0; i < REPEATS_WAYS; i++) {
		if (set[i].what == what && set[i].t_us == t_us)
			return &set[i];
		if (!set[i].what || (oldest->what && set[i].t_us < oldest->t_us))
			oldest = &set[i];
	}
	*oldest = (struct said){ .what = what, .t_us = t_us };
	return oldest;
}

bool repeats_heard(struct repeats *repeats, const struct line *line)
{
	uint64_t what = what_is_said(repeats, line);
	struct said *set = repeats->sets[(what >> 1) % REPEATS_SETS], *said = by_others(set, what, line);
	bool heard = said != NULL;

	say(heard ? said : find(set, what, line->t_us), line->source);
	return heard;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "state/known.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum {
	HUGE_PAGES = KNOWN_BYTES / MEMORY_HUGE_PAGE,
	LINE_WORDS = 8,
	LINES = KNOWN_BYTES / 2 / 64,
	PROBES = 6,
	PART_LINES = 1024,
	PARTS = LINES / PART_LINES,
};

struct filter {
	uint64_t *words;
	bool used[PARTS]; /* by lines: what was never used need not be looked at, nor is it memory yet */
};

struct known {
	void *huge;
	struct filter young, old;
	size_t keys; /* in the younger */
};

struct known *known_new(void)
{
	struct known *known = memory_zero(1, sizeof *known);

	known->huge = memory_huge(HUGE_PAGES);
	known->young.words = known->huge;
	known->old.words = known->young.words + LINES * LINE_WORDS;
	return known;
}

void known_free(struct known *known)
{
	if (!known)
		return;
	memory_huge_free(known->huge, HUGE_PAGES);
	free(known);
}

static uint64_t key_of(uint32_t account, uint64_t rcpt)
{
	return hash_pair(rcpt, account ^ HASH_FIXED);
}

static bool has(const struct filter *filter, uint64_t key)
{
	const uint64_t *line = filter->words + (key % LINES) * LINE_WORDS;
	uint64_t probes = hash_mix(key, 0x9e3779b97f4a7c15ull);

	for (unsigned i = 0; i < PROBES; i++, probes >>= 9)
		if (!(line[probes >> 6 & 7] >> (probes & 63) & 1))
			return false;
	return true;
}

void known_expect(const struct known *known, uint32_t account, uint64_t rcpt)
{
	__builtin_prefetch(known->young.words + (key_of(account, rcpt) % LINES) * LINE_WORDS, 1);
}

bool known_has(const struct known *known, uint32_t account, uint64_t rcpt)
{
	uint64_t key = key_of(account, rcpt);

	return has(&known->young, key) || has(&known->old, key);
}

void known_add(struct known *known, uint32_t account, uint64_t rcpt)
{
	uint64_t key = key_of(account, rcpt), probes = hash_mix(key, 0x9e3779b97f4a7c15ull);
	uint64_t *line = known->young.words + (key % LINES) * LINE_WORDS;
	struct filter old;

	if (has(&known->young, key))
		return;
	known->young.used[key % LINES / PART_LINES] = true;
	for (unsigned i = 0; i < PROBES; i++, probes >>= 9)
		line[probes >> 6 & 7] |= 1ull << (probes & 63);
	if (++known->keys < KNOWN_KEYS_MAX)
		return;
	old = known->old;
	known->old = known->young;
	known->young = old;
	memset(known->young.words, 0, (size_t)LINES * 64);
	memset(known->young.used, 0, sizeof known->young.used);
	known->keys = 0;
}

/* ---- to a picture and back: line by line, without those that are empty */

enum { IMAGE_VERSION = 1 };

struct line_image {
	uint64_t number, words[LINE_WORDS];
};

/* the next line from `i` on that is not empty; LINES for none */
static size_t next_line(const struct filter *filter, size_t i)
{
	for (; i < LINES; i++) {
		const uint64_t *line = filter->words + i * LINE_WORDS;

		if (!filter->used[i / PART_LINES])
			i |= PART_LINES - 1;
		else if (line[0] | line[1] | line[2] | line[3] | line[4] | line[5] | line[6] | line[7])
			break;
	}
	return i;
}

static void save_filter(const struct filter *filter, const char *name, struct image_out *out)
{
	struct line_image image;
	uint64_t count = 0;

	for (size_t i = next_line(filter, 0); i < LINES; i = next_line(filter, i + 1))
		count++;
	image_begin(out, name, IMAGE_VERSION, sizeof image, count);
	for (size_t i = next_line(filter, 0); i < LINES; i = next_line(filter, i + 1)) {
		image.number = i;
		memcpy(image.words, filter->words + i * LINE_WORDS, sizeof image.words);
		image_put(out, &image, sizeof image);
	}
}

void known_save(const struct known *known, struct image_out *out)
{
	uint64_t keys = known->keys;

	image_begin(out, "known keys", IMAGE_VERSION, sizeof keys, 1);
	image_put(out, &keys, sizeof keys);
	save_filter(&known->young, "known young", out);
	save_filter(&known->old, "known old", out);
}

static bool load_filter(struct filter *filter, const char *name, struct image_in *in, struct error *error)
{
	struct line_image image;
	uint64_t count;

	if (!image_open(in, name, IMAGE_VERSION, sizeof image, LINES, &count, error))
		return false;
	while (count--) {
		if (!image_get(in, &image, 1, error))
			return false;
		if (image.number >= LINES)
			return image_wrong(in, error);
		filter->used[image.number / PART_LINES] = true;
		memcpy(filter->words + image.number * LINE_WORDS, image.words, sizeof image.words);
	}
	return true;
}

bool known_load(struct known *known, struct image_in *in, struct error *error)
{
	uint64_t keys = 0;
	bool there;

	if (!image_one(in, "known keys", IMAGE_VERSION, &keys, sizeof keys, &there, error))
		return false;
	if (keys >= KNOWN_KEYS_MAX)
		return image_wrong(in, error);
	known->keys = (size_t)keys;
	return load_filter(&known->young, "known young", in, error) && load_filter(&known->old, "known old", in, error);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "password/fuse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { PLACES = 3, TRIES_MAX = 100, ALONE = 1 };

/* the finalizer of MurmurHash3: each bit of the number changes each of the hash, and none are lost */
static inline uint64_t mix(uint64_t key, uint64_t seed)
{
	uint64_t h = key + seed;

	h = (h ^ h >> 33) * 0xff51afd7ed558ccdull;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53ull;
	return h ^ h >> 33;
}

/* the next of a row of seeds (splitmix64) */
static uint64_t next_seed(uint64_t *row)
{
	uint64_t z = *row += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static inline uint8_t print_of(uint64_t hash) { return (uint8_t)(hash ^ hash >> 32); }

/* the upper bits say where it begins, lower ones where it is in the second and third segment */
static inline void places_of(const struct fuse *fuse, uint64_t hash, uint32_t places[PLACES])
{
	uint32_t mask = fuse->segment - 1, begin = (uint32_t)((__uint128_t)hash * ((uint64_t)fuse->segments * fuse->segment) >> 64);

	places[0] = begin;
	places[1] = (begin + fuse->segment) ^ ((uint32_t)(hash >> 18) & mask);
	places[2] = (begin + 2 * fuse->segment) ^ ((uint32_t)hash & mask);
}

/* both by the paper, where they were found by trial */
struct fuse fuse_shape(uint32_t count)
{
	double n = count < 2 ? 2 : count;
	double segment = exp2(floor(log(n) / log(3.33) + 2.25)), factor = fmax(1.125, 0.875 + 0.25 * log(1e6) / log(n));
	double segments;

	if (!count)
		return (struct fuse){ 0, 4, 0 };
	segment = fmin(segment, FUSE_SEGMENT_MAX);
	segments = ceil(round(n * factor) / segment) - (PLACES - 1);
	return (struct fuse){ 0, (uint32_t)segment, segments < 1 ? 1 : (uint32_t)segments };
}

bool fuse_is_sound(const struct fuse *fuse)
{
	uint32_t segment = fuse->segment;

	return segment >= 4 && segment <= FUSE_SEGMENT_MAX && (segment & (segment - 1)) == 0 && fuse->segments <= UINT32_MAX / segment - PLACES;
}

size_t fuse_bytes(const struct fuse *fuse)
{
	return fuse->segments ? ((size_t)fuse->segments + PLACES - 1) * fuse->segment : 0;
}

bool fuse_has(const struct fuse *fuse, const uint8_t *prints, uint64_t key)
{
	uint64_t hash = mix(key, fuse->seed);
	uint32_t places[PLACES];

	if (!fuse->segments)
		return false;
	places_of(fuse, hash, places);
	return (prints[places[0]] ^ prints[places[1]] ^ prints[places[2]]) == print_of(hash);
}

/* ---- filling */

struct fuse_room {
	uint64_t *hashes; /* in the order of where they begin, then in that in which they were taken out */
	uint64_t *mixed;  /* by place: all hashes there, by exclusive or */
	uint32_t *alone;  /* places where one was alone, then those from which each was taken */
	uint8_t *counts;  /* by place: how many have it */
	uint32_t *begins; /* by segment */
	size_t keys_room, places_room, segments_room;
};

struct fuse_room *fuse_room_new(void) { return memory_zero(1, sizeof(struct fuse_room)); }

void fuse_room_free(struct fuse_room *room)
{
	if (!room)
		return;
	free(room->hashes);
	free(room->mixed);
	free(room->alone);
	free(room->counts);
	free(room->begins);
	free(room);
}

/* what was there is of no use any more */
static void *fresh(void *old, size_t count, size_t bytes)
{
	free(old);
	return memory_new(count * bytes);
}

static void make_room(struct fuse_room *room, const struct fuse *fuse, uint32_t count)
{
	size_t places = fuse_bytes(fuse);

	if (room->keys_room < count) {
		room->keys_room = count;
		room->hashes = fresh(room->hashes, count, sizeof *room->hashes);
	}
	if (room->segments_room < fuse->segments) {
		room->segments_room = fuse->segments;
		room->begins = fresh(room->begins, fuse->segments, sizeof *room->begins);
	}
	if (room->places_room >= places)
		return;
	room->places_room = places;
	room->mixed = fresh(room->mixed, places, sizeof *room->mixed);
	room->alone = fresh(room->alone, places, sizeof *room->alone);
	room->counts = fresh(room->counts, places, sizeof *room->counts);
}

static inline uint32_t segment_of(const struct fuse *fuse, uint64_t hash) { return (uint32_t)((__uint128_t)hash * fuse->segments >> 64); }

/* in the order of their segments, so that what is touched one after another lies together */
static void order(const struct fuse *fuse, const uint64_t *keys, uint32_t count, struct fuse_room *room)
{
	uint32_t *begins = room->begins, at = 0;

	memset(begins, 0, fuse->segments * sizeof *begins);
	for (uint32_t i = 0; i < count; i++)
		begins[segment_of(fuse, mix(keys[i], fuse->seed))]++;
	for (uint32_t i = 0; i < fuse->segments; i++) {
		uint32_t here = begins[i];

		begins[i] = at;
		at += here;
	}
	for (uint32_t i = 0; i < count; i++) {
		uint64_t hash = mix(keys[i], fuse->seed);

		room->hashes[begins[segment_of(fuse, hash)]++] = hash;
	}
}

/* false where more have one place than can be counted */
static bool put_all(const struct fuse *fuse, uint32_t count, struct fuse_room *room)
{
	size_t places_count = fuse_bytes(fuse);
	uint32_t places[PLACES];
	bool ok = true;

	memset(room->counts, 0, places_count);
	memset(room->mixed, 0, places_count * sizeof *room->mixed);
	for (uint32_t i = 0; i < count; i++) {
		places_of(fuse, room->hashes[i], places);
		for (int p = 0; p < PLACES; p++) {
			room->mixed[places[p]] ^= room->hashes[i];
			ok = ++room->counts[places[p]] && ok;
		}
	}
	return ok;
}

/* Who is alone somewhere is taken out, so that others become alone. How many were: all, or it failed. A place is written into `alone`
 * behind all that are still to be looked at, and once only, so that there is room: the taken ones stand at its end. */
static uint32_t take_out(const struct fuse *fuse, struct fuse_room *room)
{
	uint32_t places_count = (uint32_t)fuse_bytes(fuse), waiting = 0, taken = 0, places[PLACES];

	for (uint32_t i = 0; i < places_count; i++)
		if (room->counts[i] == ALONE)
			room->alone[waiting++] = i;
	while (waiting) {
		uint32_t place = room->alone[--waiting];
		uint64_t hash = room->mixed[place];

		if (room->counts[place] != ALONE) /* it has gone by another of its places */
			continue;
		room->hashes[taken++] = hash;
		room->alone[places_count - taken] = place;
		places_of(fuse, hash, places);
		for (int p = 0; p < PLACES; p++) {
			room->mixed[places[p]] ^= hash;
			if (--room->counts[places[p]] == ALONE)
				room->alone[waiting++] = places[p];
		}
	}
	return taken;
}

static void put_back(const struct fuse *fuse, uint8_t *prints, uint32_t count, const struct fuse_room *room)
{
	uint32_t places_count = (uint32_t)fuse_bytes(fuse), places[PLACES];

	for (uint32_t i = count; i-- > 0;) {
		uint64_t hash = room->hashes[i];

		places_of(fuse, hash, places); /* its own place is still zero */
		prints[room->alone[places_count - 1 - i]] =
			(uint8_t)(print_of(hash) ^ prints[places[0]] ^ prints[places[1]] ^ prints[places[2]]);
	}
}

bool fuse_fill(struct fuse *fuse, uint8_t *prints, const uint64_t *keys, uint32_t count, struct fuse_room *room)
{
	uint64_t row = 0x726b2b9d438b9d4dull;

	make_room(room, fuse, count);
	for (int try = 0; try < TRIES_MAX && count; try++) {
		fuse->seed = next_seed(&row);
		order(fuse, keys, count, room);
		if (!put_all(fuse, count, room) || take_out(fuse, room) != count)
			continue;
		put_back(fuse, prints, count, room);
		return true;
	}
	return !count;
}

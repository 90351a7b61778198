/* SPDX-License-Identifier: Apache-2.0 */
#include "password/breached_build.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/temporary.h"
#include "password/breached_file.h"
#include "password/breached_new.h"

enum { BLOCK_KEYS = 4096, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

_Static_assert((int)BREACHED_HEAPS == (int)BREACHED_PARTS_MAX, "a part consists of whole heaps");

struct heap {
	uint64_t *block; /* of keys that are not in the file yet */
	size_t count;
	uint32_t *blocks; /* of the file, by number */
	size_t block_count, block_room;
};

struct breached_build {
	struct heap heaps[BREACHED_HEAPS];
	uint64_t added;
	int spill; /* the file; -1 until there is more than fits in memory */
	uint32_t spilled;
};

/* what it takes to build one part after the other */
struct workshop {
	struct breached_new *file;
	struct fuse_room *room;
	uint64_t *keys, *scratch;
	size_t keys_room;
	uint8_t *prints;
	size_t prints_room;
};

struct breached_build *breached_build_new(void)
{
	struct breached_build *build = memory_zero(1, sizeof *build);

	build->spill = -1;
	return build;
}

void breached_build_free(struct breached_build *build)
{
	if (!build)
		return;
	for (size_t i = 0; i < BREACHED_HEAPS; i++) {
		free(build->heaps[i].block);
		free(build->heaps[i].blocks);
	}
	if (build->spill >= 0)
		close(build->spill);
	free(build);
}

uint64_t breached_build_added(const struct breached_build *build) { return build->added; }

/* ---- dealing */

static bool spill_failed(struct error *error) { return error_set(error, _("cannot write a temporary file: %s"), strerror(errno)); }

static bool write_block(int fd, const void *block, size_t bytes, uint64_t at)
{
	size_t done = 0;

	while (done < bytes) {
		ssize_t n = pwrite(fd, (const char *)block + done, bytes - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static bool spill(struct breached_build *build, struct heap *heap, struct error *error)
{
	uint64_t at = (uint64_t)build->spilled * BLOCK_KEYS * sizeof *heap->block;

	if (build->spill < 0 && (build->spill = temporary_file()) < 0)
		return spill_failed(error);
	if (!write_block(build->spill, heap->block, BLOCK_KEYS * sizeof *heap->block, at))
		return spill_failed(error);
	MEMORY_ROOM(heap->blocks, heap->block_count, heap->block_room);
	heap->blocks[heap->block_count++] = build->spilled++;
	heap->count = 0;
	return true;
}

bool breached_build_add(struct breached_build *build, const unsigned char digest[BREACHED_DIGEST_BYTES], struct error *error)
{
	uint64_t key = breached_key(digest);
	struct heap *heap = &build->heaps[breached_part(key, BREACHED_PART_BITS_MAX)];

	if (build->added == BREACHED_KEYS_MAX)
		return error_set(error, _("a file takes at most %llu passwords"), (unsigned long long)BREACHED_KEYS_MAX);
	if (!heap->block)
		heap->block = memory_new(BLOCK_KEYS * sizeof *heap->block);
	heap->block[heap->count++] = key;
	build->added++;
	return heap->count < BLOCK_KEYS || spill(build, heap, error);
}

/* ---- one part */

static size_t heap_keys(const struct heap *heap) { return heap->block_count * BLOCK_KEYS + heap->count; }

static bool read_block(int fd, void *to, size_t bytes, uint64_t at, struct error *error)
{
	size_t done = 0;

	while (done < bytes) {
		ssize_t n = pread(fd, (char *)to + done, bytes - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set(error, _("cannot read a temporary file: %s"), n < 0 ? strerror(errno) : _("it is cut off"));
		done += (size_t)n;
	}
	return true;
}

static bool take_heap(const struct breached_build *build, const struct heap *heap, uint64_t *to, struct error *error)
{
	const size_t bytes = BLOCK_KEYS * sizeof *to;

	for (size_t i = 0; i < heap->block_count; i++, to += BLOCK_KEYS)
		if (!read_block(build->spill, to, bytes, (uint64_t)heap->blocks[i] * bytes, error))
			return false;
	if (heap->count)
		memcpy(to, heap->block, heap->count * sizeof *to);
	return true;
}

/* from the lowest digit up; what is sorted ends in `keys` */
static void sort(uint64_t *keys, uint64_t *scratch, size_t count)
{
	for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
		size_t begins[DIGITS] = { 0 }, at = 0;

		for (size_t i = 0; i < count; i++)
			begins[keys[i] >> shift & (DIGITS - 1)]++;
		for (size_t i = 0; i < DIGITS; i++) {
			size_t here = begins[i];

			begins[i] = at;
			at += here;
		}
		for (size_t i = 0; i < count; i++)
			scratch[begins[keys[i] >> shift & (DIGITS - 1)]++] = keys[i];
		memcpy(keys, scratch, count * sizeof *keys);
	}
}

static size_t drop_doubles(uint64_t *keys, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!kept || keys[i] != keys[kept - 1])
			keys[kept++] = keys[i];
	return kept;
}

static void make_room(struct workshop *shop, size_t count)
{
	if (count <= shop->keys_room)
		return;
	shop->keys_room = count;
	free(shop->keys);
	free(shop->scratch);
	shop->keys = memory_new(count * sizeof *shop->keys);
	shop->scratch = memory_new(count * sizeof *shop->scratch);
}

static uint8_t *blank_prints(struct workshop *shop, size_t bytes)
{
	if (bytes > shop->prints_room) {
		shop->prints_room = bytes;
		free(shop->prints);
		shop->prints = memory_new(bytes);
	}
	if (bytes)
		memset(shop->prints, 0, bytes);
	return shop->prints;
}

static bool write_part(struct workshop *shop, size_t count, struct breached_row *row, struct error *error)
{
	struct fuse fuse = fuse_shape((uint32_t)count);
	size_t bytes = fuse_bytes(&fuse);
	uint8_t *prints = blank_prints(shop, bytes);

	if (!fuse_fill(&fuse, prints, shop->keys, (uint32_t)count, shop->room))
		return error_set(error, "%s", _("no filter was found for these passwords"));
	*row = (struct breached_row){ htole64(fuse.seed), htole32((uint32_t)count), htole32(fuse.segment), htole32(fuse.segments), 0 };
	return breached_new_write(shop->file, prints, bytes, error);
}

static bool build_part(struct breached_build *build, struct workshop *shop, const struct heap *heaps, size_t heap_count,
		       struct breached_row *row, struct error *error)
{
	size_t count = 0, at = 0;

	for (size_t i = 0; i < heap_count; i++)
		count += heap_keys(&heaps[i]);
	if (count > FUSE_KEYS_MAX) /* whoever made this list meant it so, for keys are spread evenly */
		return error_set(error, _("more than %d passwords begin alike"), FUSE_KEYS_MAX);
	make_room(shop, count);
	for (size_t i = 0; i < heap_count; at += heap_keys(&heaps[i++]))
		if (!take_heap(build, &heaps[i], shop->keys + at, error))
			return false;
	sort(shop->keys, shop->scratch, count);
	return write_part(shop, drop_doubles(shop->keys, count), row, error);
}

/* ---- the file */

static unsigned part_bits_for(uint64_t count)
{
	unsigned bits = 0;

	while (bits < BREACHED_PART_BITS_MAX && count >> bits > BREACHED_PART_KEYS)
		bits++;
	return bits;
}

static bool build_parts(struct breached_build *build, struct workshop *shop, unsigned part_bits, uint64_t at_least, struct error *error)
{
	size_t parts = (size_t)1 << part_bits, each = BREACHED_HEAPS / parts;
	struct breached_row rows[BREACHED_PARTS_MAX];
	uint64_t count = 0;

	for (size_t i = 0; i < parts; i++) {
		if (!build_part(build, shop, &build->heaps[i * each], each, &rows[i], error))
			return false;
		count += le32toh(rows[i].count);
	}
	return breached_new_finish(shop->file, rows, part_bits, count, at_least, error);
}

bool breached_build_write(struct breached_build *build, const char *path, uint64_t at_least, struct error *error)
{
	struct workshop shop = { .room = fuse_room_new() };
	unsigned part_bits = part_bits_for(build->added);
	bool done;

	shop.file = breached_new_open(path, part_bits, error);
	done = shop.file && build_parts(build, &shop, part_bits, at_least, error);
	breached_new_close(shop.file);
	fuse_room_free(shop.room);
	free(shop.keys);
	free(shop.scratch);
	free(shop.prints);
	return done;
}

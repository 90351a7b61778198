/* SPDX-License-Identifier: Apache-2.0 */
/* The data format of MaxMind DB, version 2: a control byte holds type and size, larger ones go on behind it. */
#include "geo/source.h"

enum { POINTER = 1, MAP = 7, ARRAY = 11, CONTAINER = 12, END_MARKER = 13, BOOLEAN = 14, FLOAT = 15 };

struct walk {
	struct text section;
	size_t at;
	unsigned left; /* values that may still be seen */
};

static bool take_bytes(struct walk *walk, size_t n, uint32_t *number)
{
	uint32_t value = 0;

	if (walk->section.n - walk->at < n)
		return false;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | (uint8_t)walk->section.p[walk->at++];
	*number = value;
	return true;
}

/* size classes 29, 30 and 31 say that 1, 2 or 3 bytes follow, which count from where the class before ended */
static bool take_size(struct walk *walk, uint32_t control, uint32_t *size)
{
	static const uint32_t from[] = { 29, 285, 65821 };
	uint32_t more, class = control & 31;

	*size = class;
	if (class < 29)
		return true;
	if (!take_bytes(walk, class - 28, &more))
		return false;
	*size = from[class - 29] + more;
	return true;
}

/* pointers of 1 to 4 bytes begin where the shorter ones end; three bits of the control byte are the highest */
static bool take_pointer(struct walk *walk, uint32_t control, uint32_t *target)
{
	static const uint32_t from[] = { 0, 2048, 526336, 0 };
	uint32_t low, class = control >> 3 & 3;

	if (!take_bytes(walk, class + 1, &low))
		return false;
	*target = from[class] + (class == 3 ? low : low | (control & 7) << (8 * (class + 1)));
	return *target < walk->section.n;
}

static bool skip(struct walk *walk, size_t n)
{
	if (walk->section.n - walk->at < n)
		return false;
	walk->at += n;
	return true;
}

static bool walk_value(struct walk *walk, unsigned depth);

static bool walk_pointer(struct walk *walk, uint32_t control, unsigned depth)
{
	uint32_t target;
	size_t back;
	bool fine;

	if (!take_pointer(walk, control, &target))
		return false;
	back = walk->at;
	walk->at = target;
	fine = (uint8_t)walk->section.p[target] >> 5 != POINTER && walk_value(walk, depth + 1);
	walk->at = back;
	return fine;
}

static bool walk_values(struct walk *walk, uint32_t count, unsigned depth)
{
	for (uint32_t i = 0; i < count; i++)
		if (!walk_value(walk, depth + 1))
			return false;
	return true;
}

static bool walk_value(struct walk *walk, unsigned depth)
{
	uint32_t control, type, size;

	if (depth > GEO_SHAPE_DEPTH || walk->left-- == 0 || !take_bytes(walk, 1, &control))
		return false;
	type = control >> 5;
	if (type == POINTER)
		return walk_pointer(walk, control, depth);
	if (type == 0) {
		if (!take_bytes(walk, 1, &type))
			return false;
		type += 7;
	}
	if (type > FLOAT || type == CONTAINER || type == END_MARKER || !take_size(walk, control, &size))
		return false;
	if (type == MAP)
		return size <= GEO_SHAPE_VALUES && walk_values(walk, 2 * size, depth);
	if (type == ARRAY)
		return size <= GEO_SHAPE_VALUES && walk_values(walk, size, depth);
	return type == BOOLEAN || skip(walk, size);
}

bool geo_mmdb_shape(struct text section, uint32_t offset)
{
	struct walk walk = { .section = section, .at = offset, .left = GEO_SHAPE_VALUES };

	return offset < section.n && walk_value(&walk, 0);
}

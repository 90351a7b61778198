/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"

enum { ARENA_BLOCK_BYTES = 64 * 1024 };

struct arena_block {
	struct arena_block *before;
	_Alignas(8) char bytes[];
};

void arena_done(struct arena *arena)
{
	while (arena->last) {
		struct arena_block *block = arena->last;

		arena->last = block->before;
		free(block);
	}
	*arena = (struct arena){ 0 };
}

void arena_clear(struct arena *arena)
{
	struct arena_block *kept = arena->last;

	if (!kept || arena->room > ARENA_BLOCK_BYTES) {
		arena_done(arena);
		return;
	}
	arena->last = kept->before;
	arena_done(arena);
	kept->before = NULL;
	*arena = (struct arena){ kept, 0, ARENA_BLOCK_BYTES, sizeof *kept + ARENA_BLOCK_BYTES };
}

static void *take(struct arena *arena, size_t bytes, size_t align)
{
	size_t at = (arena->used + align - 1) & ~(align - 1);

	if (!arena->last || at + bytes > arena->room) {
		size_t room = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;
		struct arena_block *block = memory_new(sizeof *block + room);

		block->before = arena->last;
		arena->last = block;
		arena->room = room;
		arena->total += sizeof *block + room;
		at = 0;
	}
	arena->used = at + bytes;
	return arena->last->bytes + at;
}

void *arena_take(struct arena *arena, size_t bytes) { return take(arena, bytes, 8); }

char *arena_text(struct arena *arena, struct text text)
{
	char *copy = take(arena, text.n + 1, 1);

	if (text.n)
		memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return copy;
}

struct text arena_small(struct arena *arena, struct text text)
{
	char *copy = arena_text(arena, text);

	for (size_t i = 0; i < text.n; i++)
		copy[i] = (char)tolower((unsigned char)copy[i]);
	return (struct text){ copy, text.n };
}

static char *put(char *to, struct text text)
{
	if (text.n)
		memcpy(to, text.p, text.n);
	return to + text.n;
}

struct text arena_joined(struct arena *arena, struct text a, struct text between, struct text b)
{
	char *all = take(arena, a.n + between.n + b.n, 1);

	return text_between(all, put(put(put(all, a), between), b));
}

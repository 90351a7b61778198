/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of one lifetime: given out in small pieces, given back all at once. Pieces never move, so a
 * pointer stays good until arena_done. Zeroed at init by `struct arena a = { 0 };`. */
#ifndef SEKISHO_BASE_ARENA_H
#define SEKISHO_BASE_ARENA_H
#include "base/text.h"

struct arena {
	struct arena_block *last;
	size_t used, room, total; /* bytes */
};

void arena_done(struct arena *arena);
/* gives back all pieces and keeps a block for the next ones */
void arena_clear(struct arena *arena);
/* aligned to 8 bytes */
void *arena_take(struct arena *arena, size_t bytes) __attribute__((returns_nonnull));
/* a copy of the text, packed without alignment, terminated by NUL */
char *arena_text(struct arena *arena, struct text text) __attribute__((returns_nonnull));
/* a copy with the letters of ASCII small */
struct text arena_small(struct arena *arena, struct text text);
/* a, then what stands between them, then b */
struct text arena_joined(struct arena *arena, struct text a, struct text between, struct text b);
#endif

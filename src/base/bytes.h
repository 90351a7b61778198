/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that grow at their end; a NUL stands behind what bytes_add and bytes_say put. Zeroed at first, freed with free(bytes->p).
 * Nothing here is limited: who reads from outside cuts first. */
#ifndef SEKISHO_BASE_BYTES_H
#define SEKISHO_BASE_BYTES_H
#include "base/text.h"

struct bytes {
	char *p; /* NULL until something was wanted */
	size_t n, room;
};

/* room for `n` more behind what there is; who writes there raises bytes->n */
char *bytes_room(struct bytes *bytes, size_t n) __attribute__((returns_nonnull, warn_unused_result));
void bytes_add(struct bytes *bytes, struct text more);
/* as much of it as fits into `most` bytes in all */
void bytes_fill(struct bytes *bytes, struct text more, size_t most);
void bytes_say(struct bytes *bytes, const char *more);

static inline struct text bytes_text(const struct bytes *bytes) { return (struct text){ bytes->p, bytes->n }; }
#endif

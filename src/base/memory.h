/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation succeeds or ends the program with a sentence: no caller carries on half-built.
 * Freed with free(). */
#ifndef SEKISHO_BASE_MEMORY_H
#define SEKISHO_BASE_MEMORY_H
#include <stddef.h>

void *memory_new(size_t bytes) __attribute__((malloc, returns_nonnull, warn_unused_result));
void *memory_zero(size_t count, size_t bytes) __attribute__((malloc, returns_nonnull, warn_unused_result));
void *memory_resize(void *old, size_t count, size_t bytes) __attribute__((returns_nonnull, warn_unused_result));
char *memory_copy(const char *text, size_t bytes) __attribute__((malloc, returns_nonnull, warn_unused_result));

/* Whole huge pages, zeroed by the kernel as they are used, for what is looked into at random places: where the kernel has
 * them that is one miss instead of two. Not for free(). */
enum { MEMORY_HUGE_PAGE = 2 * 1024 * 1024 };
void *memory_huge(size_t pages) __attribute__((malloc, returns_nonnull, warn_unused_result));
void memory_huge_free(void *huge, size_t pages);

/* Zeroed; in whole huge pages where it fills at least one, so that a fork has less to copy. Freed with the same size. */
void *memory_large(size_t count, size_t bytes) __attribute__((malloc, returns_nonnull, warn_unused_result));
void memory_large_free(void *large, size_t count, size_t bytes);

/* room for one more element in an array that doubles: `items`, `count`, `room` are the caller's own three fields */
#define MEMORY_ROOM(items, count, room)                                                  \
	do {                                                                             \
		if ((count) == (room)) {                                                 \
			(room) = (room) ? (room) * 2 : 8;                                \
			(items) = memory_resize((items), (size_t)(room), sizeof *(items)); \
		}                                                                        \
	} while (0)
#endif

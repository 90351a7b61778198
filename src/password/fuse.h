/* SPDX-License-Identifier: Apache-2.0 */
/* A binary fuse filter of three places and eight bits (T. Mueller Graf, D. Lemire: Binary Fuse Filters, ACM JEA 27, 2022): which of
 * all numbers were in a set? Whoever was in it is always found; of the others one in 256 is, too. About nine bits for each of a million
 * numbers and more, some more for fewer.
 *
 * The array is cut into segments of equal length. A number has one place in each of three segments that follow one another; the
 * fingerprints there, taken together by exclusive or, are its own. To fill it, who is alone in a place is taken out until nobody is left,
 * and put in again in the reverse order. That fails now and then, and is then done with another seed; the same set always has the
 * same filter. Nothing is kept; filters may be asked by several threads at once. */
#ifndef SEKISHO_PASSWORD_FUSE_H
#define SEKISHO_PASSWORD_FUSE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FUSE_KEYS_MAX = 1 << 28, FUSE_SEGMENT_MAX = 1 << 18 };

struct fuse {
	uint64_t seed;
	uint32_t segment;  /* places in one; a power of two from 4 to FUSE_SEGMENT_MAX */
	uint32_t segments; /* in which a number may begin; two more follow. 0: the set is empty */
};

/* what it takes for so many; the seed is still to be found */
struct fuse fuse_shape(uint32_t count);
/* could that be the shape of one? For what comes from a file. */
bool fuse_is_sound(const struct fuse *fuse);
/* of its array */
size_t fuse_bytes(const struct fuse *fuse);
bool fuse_has(const struct fuse *fuse, const uint8_t *prints, uint64_t key);

/* Room to fill filters in, one after another; it grows to 23 bytes for each number of the largest. */
struct fuse_room;
struct fuse_room *fuse_room_new(void) __attribute__((warn_unused_result));
void fuse_room_free(struct fuse_room *room);
/* `fuse` has the shape for `count`, `prints` fuse_bytes of zero, and all keys are different: only where they are not it fails. */
bool fuse_fill(struct fuse *fuse, uint8_t *prints, const uint64_t *keys, uint32_t count, struct fuse_room *room)
	__attribute__((warn_unused_result));
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A file of blocks, each with a checksum over its bytes, its number and whether it is the last: what is cut off or damaged
 * is known before it is used. A block is written at once, at its place; one that did not fit on the disk is written there
 * again later. Nothing is allocated while writing. Bytes are as this machine has them; a file of another kind of machine, or
 * of a newer version, is told from a damaged one. */
#ifndef SEKISHO_STORE_BLOCKS_H
#define SEKISHO_STORE_BLOCKS_H
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { BLOCKS_BYTES = 1 << 20, BLOCKS_KIND = 8 };

struct block_head {
	uint32_t bytes, last;
	uint64_t sum;
};

/* ---- writing */

struct blocks_out {
	int fd;            /* the caller's; -1: none yet */
	uint64_t at;       /* bytes of the file so far */
	uint64_t number;   /* of the block that is being filled */
	size_t used;
	bool stuck;        /* it could not be written: only blocks_flush tries again */
	struct block_head head;
	_Alignas(8) char bytes[BLOCKS_BYTES];
};

/* `kind`: what the file is, BLOCKS_KIND bytes. What is in the block already goes into this file. */
bool blocks_begin(struct blocks_out *out, int fd, const char *kind) __attribute__((warn_unused_result));
/* room for so many bytes, at most BLOCKS_BYTES, in one block and aligned to 8; NULL where the block before cannot be written */
void *blocks_room(struct blocks_out *out, size_t n);
/* the same bytes over as many blocks as they take; `out` is a struct blocks_out */
bool blocks_put(void *out, const void *bytes, size_t n);
/* writes what there is; false, with errno, where it cannot be */
bool blocks_flush(struct blocks_out *out, bool last) __attribute__((warn_unused_result));

/* ---- reading */

enum blocks_kind { BLOCKS_WHOLE, BLOCKS_DAMAGED, BLOCKS_OTHER_VERSION };

struct blocks_in {
	int fd;
	uint64_t at, number;
	size_t used, filled; /* of the bytes */
	bool last;           /* the block that was read is the last */
	_Alignas(8) char bytes[BLOCKS_BYTES];
};

enum blocks_kind blocks_open(struct blocks_in *in, int fd, const char *kind);
/* the next block: bytes[0 … filled); false at the end, and where it is damaged */
bool blocks_next(struct blocks_in *in);
/* bytes over as many blocks as they take; `in` is a struct blocks_in */
bool blocks_get(void *in, void *to, size_t n);
/* reads on to the end: is it there? */
bool blocks_are_whole(struct blocks_in *in);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The file of breached passwords, as who builds it and who asks it agree on it. All numbers are little-endian:
 *
 *   head          struct breached_head, which ends with the checksum of itself and of the table
 *   table         2^part_bits × struct breached_row: a filter (password/fuse.h) for each beginning of a key
 *   fingerprints  of each row, one behind another
 *
 * A key is made of the first eight bytes of a password's SHA-1 by a mixing that can be undone, so that also a part of a list, which may
 * have one beginning alone, spreads evenly over the rows. Checksums are BLAKE2b with 32 bytes. */
#ifndef SEKISHO_PASSWORD_BREACHED_FILE_H
#define SEKISHO_PASSWORD_BREACHED_FILE_H
#include <endian.h>
#include <string.h>

#include "password/fuse.h"

#define BREACHED_MAGIC "sekisho breached"

enum { BREACHED_VERSION = 1, BREACHED_MAGIC_BYTES = 16, BREACHED_SUM_BYTES = 32, BREACHED_DIGEST_BYTES = 20, BREACHED_PART_BITS_MAX = 8 };
enum { BREACHED_PARTS_MAX = 1 << BREACHED_PART_BITS_MAX };

struct breached_head {
	char magic[BREACHED_MAGIC_BYTES];
	uint32_t version, part_bits;
	uint64_t count, at_least, bytes; /* passwords; how often each was seen, at least; of the whole file */
	uint8_t body_sum[BREACHED_SUM_BYTES], head_sum[BREACHED_SUM_BYTES];
};
_Static_assert(sizeof(struct breached_head) == 112, "no gaps");

struct breached_row {
	uint64_t seed;
	uint32_t count, segment, segments, unused;
};
_Static_assert(sizeof(struct breached_row) == 24, "no gaps");

/* the finalizer of SplitMix64: one to one */
static inline uint64_t breached_key(const unsigned char digest[BREACHED_DIGEST_BYTES])
{
	uint64_t z;

	memcpy(&z, digest, sizeof z);
	z = be64toh(z);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static inline size_t breached_part(uint64_t key, unsigned part_bits) { return part_bits ? (size_t)(key >> (64 - part_bits)) : 0; }

static inline struct fuse breached_fuse(const struct breached_row *row)
{
	return (struct fuse){ le64toh(row->seed), le32toh(row->segment), le32toh(row->segments) };
}

/* over the head without its own sum, and the table */
void breached_sum_head(const struct breached_head *head, const struct breached_row *rows, size_t count, uint8_t sum[BREACHED_SUM_BYTES]);
#endif

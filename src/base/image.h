/* SPDX-License-Identifier: Apache-2.0 */
/* A picture of memory, as bytes: sections, each with a name, a version, and records of one size. Every room writes and reads
 * its own; where the bytes go, and that they come back unharmed, is the affair of whoever made the image (store/blocks.h).
 *
 * Sections stand in one order; one that is missing has no records. Records only ever grow at their end: shorter ones, of an
 * older version, are read with zeros behind. A section of a newer version, one with longer records, or one that nobody asks
 * for is refused with a sentence.
 *
 * Writing allocates nothing and takes no lock, for it is done in a forked child. Reading trusts nothing: a room checks each
 * number before it stands for a place in memory, and says image_wrong where it cannot be. */
#ifndef SEKISHO_BASE_IMAGE_H
#define SEKISHO_BASE_IMAGE_H
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { IMAGE_NAME_MAX = 16 };

struct image_section {
	char name[IMAGE_NAME_MAX]; /* filled up with NUL */
	uint32_t version, record_bytes;
	uint64_t count;
};

/* ---- writing */

struct image_out {
	bool (*put)(void *context, const void *bytes, size_t n);
	void *context;
	bool failed; /* something was not put; what follows is not tried */
};

/* `count` records are to follow */
void image_begin(struct image_out *out, const char *name, uint32_t version, size_t record_bytes, uint64_t count);
void image_put(struct image_out *out, const void *records, size_t bytes);
/* no section follows; true where all was put */
bool image_finish(struct image_out *out) __attribute__((warn_unused_result));

/* ---- reading */

struct image_in {
	bool (*get)(void *context, void *to, size_t n); /* all of them, or false */
	void *context;
	struct image_section section; /* the one that comes next, or is being read */
	bool known;    /* its head was read already */
	bool newer;    /* refused because a newer version wrote it */
	uint64_t left; /* records */
	size_t record_bytes;
};

/* the section of this name, with at most so many records; *count is 0 where it is missing */
bool image_open(struct image_in *in, const char *name, uint32_t version, size_t record_bytes, uint64_t most, uint64_t *count,
		struct error *error) __attribute__((warn_unused_result));
/* the next ones of what image_open counted */
bool image_get(struct image_in *in, void *records, size_t count, struct error *error) __attribute__((warn_unused_result));
/* the same, of a section with exactly one record, or none: *there tells */
bool image_one(struct image_in *in, const char *name, uint32_t version, void *record, size_t record_bytes, bool *there,
	       struct error *error) __attribute__((warn_unused_result));
/* was that all? */
bool image_ended(struct image_in *in, struct error *error) __attribute__((warn_unused_result));
/* always false: what the section holds cannot be */
bool image_wrong(const struct image_in *in, struct error *error);

/* a time with which one can calculate: before the year 30000, and not WHEN_NONE */
bool image_is_time(int64_t t_us);
/* a number from 0 on */
bool image_is_amount(double amount);
#endif

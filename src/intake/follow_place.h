/* SPDX-License-Identifier: Apache-2.0 */
/* Where a log was left, as a text without line ends:
 *   file DEVICE INODE OFFSET HEAD HASH LAST     hexadecimal; HASH is that of the first HEAD bytes, LAST the time of the
 *                                               last line in microseconds since 1970
 *   journal CURSOR                              as libsystemd writes it
 * A file that is not there yet has the device and inode 0. The text comes from a disk, so every byte of it is looked at. */
#ifndef SEKISHO_INTAKE_FOLLOW_PLACE_H
#define SEKISHO_INTAKE_FOLLOW_PLACE_H
#include "intake/follow.h"

enum { FOLLOW_HEAD_MAX = 512 };

struct follow_place {
	bool journal;
	struct text cursor; /* of a journal: a view of what was parsed */
	uint64_t device, inode, offset; /* offset: unpacked, at the start of a line */
	uint64_t head_bytes, head_hash; /* at most FOLLOW_HEAD_MAX */
	int64_t last_us;
};

/* false leaves *place alone */
bool follow_place_parse(struct text text, struct follow_place *place) __attribute__((warn_unused_result));
/* "" where a cursor has no room */
const char *follow_place_write(const struct follow_place *place, char to[FOLLOW_PLACE_MAX]);
#endif

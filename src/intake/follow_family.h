/* SPDX-License-Identifier: Apache-2.0 */
/* A log and what was rotated away from it, in the same folder: mail.log, mail.log.1, mail.log-20261122.gz, … A packed one that
 * still stands beside what it was packed from is left out: it may not be whole yet. */
#ifndef SEKISHO_INTAKE_FOLLOW_FAMILY_H
#define SEKISHO_INTAKE_FOLLOW_FAMILY_H
#include "intake/follow_piece.h"

enum { FAMILY_MAX = 4096 };

struct family {
	char **paths; /* oldest first; the last is the log itself, whether it is there or not */
	size_t count, room;
};

/* zeroed at init by `struct family family = { 0 };` */
void family_list(struct family *family, const char *path);
void family_done(struct family *family);
/* opens the one that was left there: its index, or family->count. The same file, … */
size_t family_find_same(const struct family *family, const struct follow_place *place, struct piece *piece);
/* … else what has the same beginning: a copy, or a packed one */
size_t family_find(const struct family *family, const struct follow_place *place, struct piece *piece);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* One of the files that a log consists of: the one that is written to, or one that was rotated away, packed or not. It is held
 * open, so that it stays the same file whatever it is called. And the cutter, which makes lines of its bytes. */
#ifndef SEKISHO_INTAKE_FOLLOW_PIECE_H
#define SEKISHO_INTAKE_FOLLOW_PIECE_H
#include <sys/types.h>

#include "intake/follow_place.h"
#include "intake/input.h"

struct piece {
	int fd;              /* -1: none */
	struct input *input; /* unpacks it; NULL: it is plain */
	uint64_t device, inode;
	uint64_t read;       /* bytes so far, unpacked */
	char head[FOLLOW_HEAD_MAX];
	size_t head_bytes;
};

#define PIECE_NONE ((struct piece){ .fd = -1 })

/* at its start; false leaves errno beside the sentence */
bool piece_open(struct piece *piece, const char *path, struct error *error) __attribute__((warn_unused_result));
void piece_close(struct piece *piece);
/* 0: there is no more (yet); -1 with a sentence */
ssize_t piece_read(struct piece *piece, const char *path, char *to, size_t room, struct error *error);
/* has it lost what was read of it: cut off, or written anew? */
bool piece_cut_off(struct piece *piece);
/* does it begin as the one that was left there did? */
bool piece_begins(const struct piece *piece, const struct follow_place *place);
/* its identity, in *place */
void piece_mark(const struct piece *piece, struct follow_place *place);
/* that of the file by now; 0 where it is packed */
uint64_t piece_size(const struct piece *piece);
/* the path names this very file */
bool piece_stands_at(const struct piece *piece, const char *path);
/* nothing was written to it for that long */
bool piece_quiet(const struct piece *piece, int64_t span_us);
/* a plain one: the last start of a line at or before `offset`, no more than a line away; else `offset` itself */
uint64_t piece_line_start(const struct piece *piece, uint64_t offset);
/* a plain one: does no line begin there? */
bool piece_in_line(const struct piece *piece, uint64_t offset);

enum { CUTTER_TAKES = 64 * 1024, CUTTER_ROOM = INPUT_LINE_MAX + CUTTER_TAKES };

/* keeps half a line until its rest comes; of a line of more than INPUT_LINE_MAX bytes the rest is skipped */
struct cutter {
	char *bytes;
	size_t start, end; /* of what is not used up */
	bool skipping;     /* up to the next line end */
};

void cutter_init(struct cutter *cutter);
void cutter_done(struct cutter *cutter);
void cutter_clear(struct cutter *cutter, bool skipping);
/* a line without its end, and the bytes that cutter_drop is to be told; false: there is no whole one */
bool cutter_line(struct cutter *cutter, struct text *line, size_t *bytes);
void cutter_drop(struct cutter *cutter, size_t bytes);
/* half a line that is all there will be */
struct text cutter_rest(const struct cutter *cutter);
#endif

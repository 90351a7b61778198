/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the keeper share. keeper.c keeps the journal and has pictures made; keeper_image.c is what stands in one;
 * keeper_read.c reads the folder.
 *
 * Picture N holds what was told before journal N began; journals from N on follow it. Every file has a number higher than
 * those before it; `memory.N.new` is a picture that is not whole. */
#ifndef SEKISHO_ENGINE_KEEPER_INSIDE_H
#define SEKISHO_ENGINE_KEEPER_INSIDE_H
#include <sys/types.h>

#include "base/image.h"
#include "engine/keeper.h"
#include "engine/keeper_journal.h"

#define KEEPER_PICTURE "sekishoM" /* kinds of files */
#define KEEPER_JOURNAL "sekishoJ"

enum { KEEPER_NAME_MAX = 48 }; /* of a file */

struct keeper_mark {
	uint16_t name_bytes, value_bytes;
	char name[KEEPER_MARK_MAX], value[KEEPER_MARK_MAX];
};

struct keeper {
	char *folder;
	int dir, lock;
	struct accounts *accounts;
	struct engine *engine;
	struct guard *guard;
	struct keeper_mark marks[KEEPER_MARKS];
	uint32_t mark_count, mark_oldest;
	uint64_t base;          /* the picture that the journals follow; 0: there is none */
	uint64_t number;        /* the highest that a file has: of the journal that is being written */
	uint64_t journal_bytes; /* of those before it, since the picture */
	uint32_t names_told;    /* accounts up to here are in the picture or in a journal */
	bool gap;               /* something is in neither */
	struct blocks_out journal;
	/* the picture that is being made */
	pid_t child;            /* 0: none */
	uint64_t child_number;
	uint64_t bytes_before;  /* journal_bytes, and those of the journal that its fork ended */
	int64_t began_us;       /* the last one that was tried; WHEN_NONE: none yet */
	bool failed;            /* it is not there, or not yet */
	struct blocks_out picture;
	char *lost;
};

/* a file's name: "memory" or "journal", its number, what follows */
void keeper_file(char to[KEEPER_NAME_MAX], const char *what, uint64_t number, const char *end);
/* … and back; false for other files */
bool keeper_file_number(const char *file, const char *what, uint64_t *number, struct text *end);

void keeper_save(const struct keeper *keeper, struct image_out *out);
/* accounts, engine, guard and marks, or none of them */
bool keeper_load(struct keeper *keeper, struct image_in *in, struct error *error) __attribute__((warn_unused_result));
void keeper_note_mark(struct keeper *keeper, struct text name, struct text value);

/* the folder into memory; sets base, number and lost */
bool keeper_read_folder(struct keeper *keeper, bool *first, struct error *error) __attribute__((warn_unused_result));
/* the records of one block; false where one cannot be */
bool keeper_replay(struct keeper *keeper, struct text block) __attribute__((warn_unused_result));
#endif

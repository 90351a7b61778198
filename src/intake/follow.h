/* SPDX-License-Identifier: Apache-2.0 */
/* Follows logs as they are written: files (inotify, with a look every FOLLOW_LOOK_US for file systems without it) and the
 * journal. Lines go through the same frame, formats and life as those of `scan`, and come out as events, each with the
 * queue id of its message.
 *
 * A file that was renamed is read to its end before the new one of that name is begun; one that was cut off is begun
 * anew. Where it was left is a text (follow_place): device, inode, place, and a hash of its beginning. Given back at the
 * next start, what was written meanwhile is read first, also where the file was rotated since, packed or not. A file that is not
 * there yet is waited for. Time stamps without a year are of the year nearest to now.
 *
 * Reads at most FOLLOW_TURN_BYTES in one turn of the loop, so that others get theirs. */
#ifndef SEKISHO_INTAKE_FOLLOW_H
#define SEKISHO_INTAKE_FOLLOW_H
#include <uv.h>

#include "base/error.h"
#include "event/accounts.h"
#include "intake/life.h"

enum { FOLLOW_TURN_BYTES = 256 * 1024, FOLLOW_PLACE_MAX = 400, FOLLOW_FILES_MAX = 16 };
#define FOLLOW_LOOK_US (5 * SECOND_US)

struct follow;

/* texts and pointers are good for the call */
struct follow_event {
	struct event event;
	struct text queue_id;   /* of the message that SUBMIT, OUTCOME, BOUNCE is about; of a copy that a content filter sent
				 * back in: the first message's; empty where it never passed here */
	bool again;             /* read already before the last start, between the place given and `again_until_us`: only
				 * the ledger may have missed it */
};

struct follow_handler {
	void (*event)(void *context, const struct follow_event *event);
	/* cleanup said which Message-ID a queue id has */
	void (*named)(void *context, int64_t t_us, struct text queue_id, struct text message_id);
	/* lines of a known program that were not understood are counted only; this is about files: gone, unreadable, … */
	void (*trouble)(void *context, const char *path, const struct error *error);
	void *context;
};

struct follow_options {
	struct life_options life;
	int64_t again_us; /* events of lines up to so long before the place that was given back are told again, with `again` */
};

struct follow *follow_new(uv_loop_t *loop, struct accounts *accounts, const struct follow_options *options,
			  const struct follow_handler *handler);
/* "journal", or the path of a file; `place`: empty, or what follow_place gave for it: then from there on, else from now
 * on. Before it returns nothing is read. */
bool follow_add(struct follow *follow, const char *path, struct text place, struct error *error) __attribute__((warn_unused_result));
/* begins to read */
void follow_start(struct follow *follow);
/* where the n-th (in order of follow_add) stands: behind the last line whose events were handed out. "" unknown */
const char *follow_place(const struct follow *follow, size_t n, char place[FOLLOW_PLACE_MAX]);

struct follow_tally {
	uint64_t lines, bytes, unparsed;
	int64_t behind_bytes; /* not read yet */
	int64_t last_us;      /* time of the last line */
};
void follow_tally(const struct follow *follow, struct follow_tally *tally);
void follow_close(struct follow *follow);
#endif

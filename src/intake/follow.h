/* SPDX-License-Identifier: Apache-2.0 */
/* Follows logs as they are written: files (inotify, with a look every FOLLOW_LOOK_US for file systems without it) and the
 * journal. Lines go through the same frame, formats and life as those of `scan`, and come out as events, each with the
 * queue id of its message. Of a message that was queued before this run only that is known: its outcomes have ACCOUNT_NONE
 * and number 0, as have those of mail that is no account's.
 *
 * A file that was renamed or deleted is read to its end, until the new one of that name was written to and nothing came for
 * five seconds; one that was cut off is begun anew, after the rest of the copy, if one was made. Where it was left is a text
 * (follow_place): device, inode, place, and a hash of its beginning. Given back at the next start, what was written meanwhile
 * is read first, also where the file was rotated since, packed or not: what was rotated away is looked for in the same folder
 * under the same name with a number or date behind it. A file that is not there yet is waited for. Of a line of more than
 * INPUT_LINE_MAX bytes the rest is left out. A line that two logs hold counts once. Time stamps without a year are of the year
 * nearest to now, then to the line before; after a month without lines of the last one that is not in the future.
 *
 * Reads at most FOLLOW_TURN_BYTES (and the end of an entry of the journal) in one turn of the loop, so that others get theirs.
 * Handlers are called from the loop, and may ask for everything but follow_close. */
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
	bool again;             /* of a line before the place that was given back, no older than `again_us`: only the
				 * ledger may have missed it */
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
	struct life_options life; /* `watch` is set here */
	int64_t again_us; /* events of lines up to so long before the place that was given back are told again, with `again` */
};

struct follow *follow_new(uv_loop_t *loop, struct accounts *accounts, const struct follow_options *options,
			  const struct follow_handler *handler);
/* "journal", "journal:/folder", or the path of a file; `place`: empty, or what follow_place gave for it: then from there on, else from now
 * on. Before it returns nothing is read. */
bool follow_add(struct follow *follow, const char *path, struct text place, struct error *error) __attribute__((warn_unused_result));
/* begins to read */
void follow_start(struct follow *follow);
/* The place of now, to import what is older: it is taken first, then the logs are read with `until_us` of reader_options a
 * second earlier, then follow_add gets it. What the import left out of that second is told `again`. "" where nothing can be
 * read. */
const char *follow_place_now(const char *path, char place[FOLLOW_PLACE_MAX]);
/* where the n-th (in order of follow_add) stands: behind the last line whose events were handed out. "" unknown */
const char *follow_place(const struct follow *follow, size_t n, char place[FOLLOW_PLACE_MAX]);

struct follow_tally {
	uint64_t lines, bytes, unparsed;
	int64_t behind_bytes; /* of files, not read yet */
	int64_t last_us;      /* time of the last line, WHEN_NONE before the first */
};
void follow_tally(const struct follow *follow, struct follow_tally *tally);
/* frees itself once the loop has run */
void follow_close(struct follow *follow);
#endif

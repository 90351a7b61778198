/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the follow room share, and nobody else sees. A source is a log that is followed, of one kind or the other:
 * it is marked ready when there may be something to read, and read in turns until there is nothing. */
#ifndef SEKISHO_INTAKE_FOLLOW_INSIDE_H
#define SEKISHO_INTAKE_FOLLOW_INSIDE_H
#include "intake/follow_place.h"
#include "intake/frame.h"

#define FOLLOW_SOON_US (SECOND_US / 2)  /* the next look, where something has to be waited for */
#define FOLLOW_QUIET_US (5 * SECOND_US) /* a file that was renamed is left when it was not written to for so long */

struct follow_source;

struct follow_kind {
	/* where to begin; `place` NULL: now */
	bool (*begin)(struct follow_source *source, const struct follow_place *place, struct error *error);
	/* starts source->watch, and sets source->watching when it is to be closed; asked again at each look */
	void (*watch)(struct follow_source *source);
	/* hands on what `most` bytes hold, and says how many they were; 0: there is no more for now */
	size_t (*read)(struct follow_source *source, size_t most);
	const char *(*place)(const struct follow_source *source, char place[FOLLOW_PLACE_MAX]);
	int64_t (*behind)(const struct follow_source *source);
	void (*done)(struct follow_source *source);
};

/* the first member of each kind's own struct */
struct follow_source {
	const struct follow_kind *kind;
	struct follow *follow;
	char *path;
	struct frame *frame;
	uint32_t number;
	bool ready;      /* there may be something to read */
	bool soon;       /* look again soon */
	bool watching;
	int64_t last_us; /* time of its last line; before the first: when it was begun */
	struct error told; /* the trouble that was told last, until it is over */
	union {
		uv_handle_t any;
		uv_fs_event_t folder;
		uv_poll_t journal;
	} watch;
};

struct follow_source *follow_file_new(void);
struct follow_source *follow_journal_new(void);
/* "journal" or "journal:/folder" */
bool follow_is_journal(const char *path);
const char *follow_file_now(const char *path, char place[FOLLOW_PLACE_MAX]);
const char *follow_journal_now(const char *path, char place[FOLLOW_PLACE_MAX]);

uv_loop_t *follow_loop(const struct follow_source *source);
/* lines up to so long before the place are told again; 0: none */
int64_t follow_again_us(const struct follow_source *source);
/* a frame for a look into the log, to be freed */
struct frame *follow_frame(const struct follow_source *source);
/* one line without its end, whose events are handed out before this returns */
void follow_line(struct follow_source *source, struct text line, bool again);
void follow_unparsed(struct follow_source *source);
/* there may be something to read */
void follow_wake(struct follow_source *source);
/* tells it, but not again and again */
void follow_trouble(struct follow_source *source, const struct error *error);
/* what to remember of a log where nothing was read yet: time stamps may have whole seconds */
int64_t follow_begun_us(void);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* From files to events: input -> lines -> envelope -> format -> life -> events in the sink. Counts what it could not use;
 * never stops at a bad line. One thread; accounts and sink stay the caller's. */
#ifndef SEKISHO_INTAKE_READER_H
#define SEKISHO_INTAKE_READER_H
#include "base/error.h"
#include "intake/input.h"
#include "intake/life.h"

enum { READER_OPEN_MAX = 32 };

struct reader_options {
	int year;                    /* of the first line, 0 to infer it */
	int64_t since_us, until_us;  /* lines outside are passed over; WHEN_NONE: no limit */
	int64_t now_us;              /* the reference for standard input; files are judged by their own age */
	struct life_options life;
	void (*progress)(void *context, uint64_t done_bytes); /* NULL: none */
	void *context;
};

struct reader_tally {
	uint64_t lines, bytes;
	uint64_t unparsed;   /* of a program we know, not understood */
	uint64_t foreign;    /* of other programs */
	uint64_t repeated;   /* that another file said, too: counted there */
	uint64_t overlong;   /* cut at the input's limit */
	uint64_t forward, backward; /* lines later, earlier than the one before */
	uint64_t by_format[8]; /* lines by row of formats[] */
	int64_t first_us, last_us;
};

/* one file, or the journal */
struct reader_source {
	const char *path;    /* of the journal: NULL for the local one */
	bool journal;
	struct input *opened; /* NULL, or this file, opened already, that the reader takes over */
	const char *opens;   /* what is opened instead of `path`, which remains its name; NULL: `path` */
	int64_t first_us;    /* its first time, WHEN_NONE unknown: then it is begun when those before it have ended */
	uint64_t bytes;      /* of the file as it lies there, for the progress */
	struct reader_tally tally;
	bool failed;         /* not read to its end … */
	struct error why;    /* … and why */
};

struct reader;

struct reader *reader_new(struct accounts *accounts, struct event_sink *sink, const struct reader_options *options);
void reader_free(struct reader *reader);
/* Reads all sources, in order of `first_us`. Those that overlap in time (Postfix's log and Dovecot's, the logs of two
 * hosts) are read side by side, line by line in order of time, at most READER_OPEN_MAX of them at once. A line that two of
 * them hold counts once. */
void reader_read(struct reader *reader, struct reader_source *sources, size_t count);
/* The time of a file's first line that has one, or WHEN_NONE. A time stamp without a year is of `year` or, where the older part
 * of the same log begins at `older_us`, of the year nearest to that; without a `year` (0) the file's age tells. */
int64_t reader_first_time(const char *path, int year, int64_t older_us);
const struct life *reader_life(const struct reader *reader);
#endif

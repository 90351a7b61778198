/* SPDX-License-Identifier: Apache-2.0 */
/* From files to events: input -> lines -> envelope -> format -> life -> events in the sink. Counts what it could not
 * use; never stops at a bad line. One thread; accounts and sink stay the caller's. */
#ifndef SEKISHO_INTAKE_READER_H
#define SEKISHO_INTAKE_READER_H
#include "base/error.h"
#include "intake/life.h"

struct reader_options {
	int year;                    /* of the first line, 0 to infer it */
	int64_t since_us, until_us;  /* lines outside are passed over; WHEN_NONE: no limit */
	int64_t now_us;              /* the reference for standard input; files are judged by their own age */
	struct life_options life;
	void (*progress)(void *context, const char *path, uint64_t done, uint64_t size); /* NULL: none */
	void *context;
};

struct reader_tally {
	uint64_t lines, bytes;
	uint64_t unparsed;   /* of a program we know, not understood */
	uint64_t foreign;    /* of other programs */
	uint64_t overlong;   /* cut at the input's limit */
	uint64_t by_format[8]; /* lines by row of formats[] */
	int64_t first_us, last_us;
};

struct reader;

struct reader *reader_new(struct accounts *accounts, struct event_sink *sink, const struct reader_options *options);
void reader_free(struct reader *reader);
/* adds to *tally, also where it fails; the sink keeps what was read */
bool reader_file(struct reader *reader, const char *path, struct reader_tally *tally, struct error *error);
/* path NULL: the local journal */
bool reader_journal(struct reader *reader, const char *path, struct reader_tally *tally, struct error *error);
/* the time of a file's first line that has one, or WHEN_NONE */
int64_t reader_first_time(const char *path, int year);
const struct life *reader_life(const struct reader *reader);
#endif

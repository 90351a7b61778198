/* SPDX-License-Identifier: Apache-2.0 */
/* Where log lines come from: a plain file, a compressed one (told by its content, never by its name), a tar or
 * zip of logs, standard input, a FIFO, the journal, a journal file, or what journalctl -o json, json-seq,
 * json-sse and export print. All of them become blocks of whole text lines.
 *
 * The lines are borrowed until the next call. NUL bytes and the '\r' of a CRLF are left in them. A line of more
 * than INPUT_LINE_MAX bytes is cut after as many, and counted. An entry of a journal is one line of the form
 *   2026-11-22T10:33:40.123456+00:00 host program[pid]: message
 * whatever it holds: see intake/journal.h. One thread at a time may use an input; compressed ones and journals
 * are read ahead by a thread of their own, which input_close ends and waits for. */
#ifndef SEKISHO_INTAKE_INPUT_H
#define SEKISHO_INTAKE_INPUT_H
#include "base/error.h"
#include "base/text.h"

enum {
	INPUT_LINE_MAX = 64 * 1024,        /* bytes without the '\n' */
	INPUT_LONG_LINE_MAX = 1024 * 1024, /* the same, where input_long_lines was asked for */
};

#define INPUT_UNPACKED_MAX ((uint64_t)64 << 30) /* bytes that the members of one archive may come to */

struct input;

/* "-" and /dev/stdin are standard input. NULL with the reason for what is away, a folder, a socket, a device */
struct input *input_open(const char *path, struct error *error);
/* the same, and errors speak of `name` */
struct input *input_open_as(const char *path, const char *name, struct error *error);
/* mail lines of the local journal (path NULL), of a folder of journal files or of one; from `since_us` on unless
 * it is WHEN_NONE */
struct input *input_open_journal(const char *path, int64_t since_us, struct error *error);
void input_close(struct input *input);

/* ---- the members of a tar or zip file, each unpacked into a file without a name: so they can be read in any order, side
 * by side, and be compressed themselves */
struct input_member {
	const char *name; /* in the archive, without controls */
	int fd;           /* of the file, read from its start; the taker's to close */
	uint64_t bytes;
};
/* 0: it is no archive. 1: every member that holds bytes was handed to `take`, until that said no. -1: those before the
 * fault were */
int input_members(const char *path, bool (*take)(void *context, const struct input_member *member), void *context,
		  struct error *error);

/* 1: *lines holds one or more whole lines, where only the last of all may lack its '\n'. 0: the end. -1: cannot
 * go on (cut off or damaged); every whole line before that place has been handed out, and 0 comes next */
int input_next(struct input *input, struct text *lines, struct error *error) __attribute__((warn_unused_result));

/* looks at the first line without taking it; empty where there is none. Good until the next call. What is beyond
 * INPUT_LINE_MAX bytes is left out. */
struct text input_first_line(struct input *input);
/* lines may have INPUT_LONG_LINE_MAX bytes: messages with a thousand recipients, on one line */
void input_long_lines(struct input *input);

/* ---- the bytes as they are unpacked, for who cuts lines himself; never mixed with the functions above */
/* the first `most` bytes, without taking them; fewer where there are no more, or where the rest is damaged */
struct text input_peek(struct input *input, size_t most);
/* as input_next: at most `most` bytes, good until the next call */
int input_take(struct input *input, size_t most, struct text *bytes, struct error *error) __attribute__((warn_unused_result));
/* they are not the file's own: it is compressed */
bool input_packed(const struct input *input);

uint64_t input_bytes(const struct input *input);    /* handed out so far, uncompressed */
uint64_t input_size(const struct input *input);     /* of the file as it lies there; 0 unknown */
uint64_t input_position(const struct input *input); /* of input_size, read so far; any thread may ask */
uint64_t input_overlong(const struct input *input); /* lines that were cut */
/* entries of a journal that were skipped: not well-formed, too large, without a time or a message */
uint64_t input_bad_entries(const struct input *input);
#endif

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

struct input;

/* "-" and /dev/stdin are standard input. NULL with the reason for what is away, a folder, a socket, a device */
struct input *input_open(const char *path, struct error *error);
/* mail lines of the local journal (path NULL), of a folder of journal files or of one; from `since_us` on unless
 * it is WHEN_NONE */
struct input *input_open_journal(const char *path, int64_t since_us, struct error *error);
void input_close(struct input *input);

/* 1: *lines holds one or more whole lines, where only the last of all may lack its '\n'. 0: the end. -1: cannot
 * go on (cut off or damaged); every whole line before that place has been handed out, and 0 comes next */
int input_next(struct input *input, struct text *lines, struct error *error) __attribute__((warn_unused_result));

/* looks at the first line without taking it; empty where there is none. Good until the next call. What is beyond
 * INPUT_LINE_MAX bytes is left out. */
struct text input_first_line(struct input *input);
/* lines may have INPUT_LONG_LINE_MAX bytes: messages with a thousand recipients, on one line */
void input_long_lines(struct input *input);

uint64_t input_bytes(const struct input *input);    /* handed out so far, uncompressed */
uint64_t input_size(const struct input *input);     /* of the file as it lies there; 0 unknown */
uint64_t input_position(const struct input *input); /* of input_size, read so far; any thread may ask */
uint64_t input_overlong(const struct input *input); /* lines that were cut */
/* entries of a journal that were skipped: not well-formed, too large, without a time or a message */
uint64_t input_bad_entries(const struct input *input);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope of a line: when, which host, which program. Understands syslog (RFC 3164) with and without a
 * priority, a year or a fraction of the second, RFC 3339 and RFC 5424 time stamps, TAI64N, Exim's and Dovecot's own logs, all mixed if need be.
 *
 * A time stamp without a year gets the year nearest to the line before, at first that which is not after
 * `reference_us` (the file's age); one without a zone is in local time. Not thread-safe. */
#ifndef SEKISHO_INTAKE_FRAME_H
#define SEKISHO_INTAKE_FRAME_H
#include "base/when.h"
#include "intake/format.h"

enum { FRAME_HOSTS_MAX = 65535 };

struct frame;

/* `year`: of the first line; 0 to infer it */
struct frame *frame_new(int year);
/* another one, for a file that is read at the same time, with the same numbers for hosts; free it first. Its first line
 * is of the year nearest to `near_us`, unless that is WHEN_NONE */
struct frame *frame_beside(struct frame *first, int64_t near_us);
void frame_free(struct frame *frame);
/* a file begins that was written before `reference_us` */
void frame_begin(struct frame *frame, int64_t reference_us);
/* takes the envelope off a line without its "\n"; false where it has none (the line is foreign) */
bool frame_take(struct frame *frame, struct text text, struct line *line) __attribute__((warn_unused_result));
#endif

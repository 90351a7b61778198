/* SPDX-License-Identifier: Apache-2.0 */
/* A connection to a unix socket that brings lines, on a libuv loop. It is lost once: when it cannot be made, when it ends, when
 * a line is longer than LINES_MAX, or when nothing comes for LINES_PATIENCE_MS while something is expected. The process
 * ignores SIGPIPE. */
#ifndef SEKISHO_CONTAINMENT_LINES_H
#define SEKISHO_CONTAINMENT_LINES_H
#include <uv.h>

#include "base/error.h"
#include "base/text.h"

enum { LINES_MAX = 65536, LINES_PATIENCE_MS = 300000 };

struct lines;

/* called from the loop only, never from within lines_open; each may call lines_close */
struct lines_handler {
	void (*opened)(void *context);
	void (*line)(void *context, struct text line); /* without its end; good for the call */
	void (*lost)(void *context, const struct error *error); /* the connection frees itself afterwards */
	void *context;
};

struct lines *lines_open(uv_loop_t *loop, const char *path, const struct lines_handler *handler);
/* copies the text; the copy is wiped once it is sent */
void lines_send(struct lines *lines, struct text text);
/* is there something to wait for? */
void lines_expect(struct lines *lines, bool expected);
/* tells nobody; frees itself once the loop has run */
void lines_close(struct lines *lines);
#endif

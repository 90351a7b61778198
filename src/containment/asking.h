/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to a helper that answers line for line, in order, over a unix socket (containment/queue.h, containment/keys.h). They
 * stand in line as values of one size, which the asker understands; a flight of them is sent, and the next one when all of it
 * was answered. Where the connection is lost it is made anew, with pauses of a second to a minute, at once where it had been good: a
 * helper that had nothing to do ends, and the next connection starts another one. */
#ifndef SEKISHO_CONTAINMENT_ASKING_H
#define SEKISHO_CONTAINMENT_ASKING_H
#include <uv.h>

#include "base/error.h"
#include "base/text.h"

enum { ASKING_REQUEST_MAX = 256 /* bytes */ };

struct asking_kind {
	size_t request_bytes, line_room; /* line_room: of one request, as it is sent */
	size_t flight_max;
	bool once;            /* what was sent and not answered is given up, not sent again; else it is asked again for ever */
	unsigned patience_ms; /* so long nobody is there, and all is given up; 0: for ever */
	/* the line, with its end; 0: it cannot be sent, and is given up in its turn */
	size_t (*write)(const void *request, char *line);
	const char *hello; /* asked first on each connection, to know that somebody is there, who says `ok …`; NULL: none */
	bool (*fits)(const void *request, struct text line); /* can this be its answer? The connection is made anew if not. */
	/* both called from the loop, with a request that has left the line */
	void (*answered)(void *request, struct text line);
	void (*given_up)(void *request, const char *why);
	void (*forget)(void *request); /* what it owns is freed, NULL: nothing */
};

struct asking;

/* nothing is sent before the loop runs; the kind stays the caller's */
struct asking *asking_new(uv_loop_t *loop, const char *path, const struct asking_kind *kind);
/* copies request_bytes; what is put in one turn of the loop goes together */
void asking_put(struct asking *asking, const void *request);
const char *asking_path(const struct asking *asking);
bool asking_is_there(const struct asking *asking); /* it answered the last time */
size_t asking_waiting(const struct asking *asking);
/* tells nobody any more; frees itself once the loop has run */
void asking_close(struct asking *asking);
#endif

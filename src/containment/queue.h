/* SPDX-License-Identifier: Apache-2.0 */
/* Postfix's queue, through the one helper that may touch it (sekisho-queue(8), root, started by a socket). Asked over a
 * unix socket, one line a request:
 *
 *   release ID T        postsuper -H, and on its way at once: postqueue -i, or for many one look through the deferred queue
 *   hold ID T           postsuper -h
 *   delete ID T         postsuper -d, only out of the hold queue
 *   list                every message in the queue
 *   ping
 *
 * and answered, in order, with `ok ID STATE` (the queue where it is now, or "gone") or `no ID REASON`; list with lines
 * `message ID QUEUE T RECIPIENTS <LOGIN> <SENDER>` and `end`. T is the time, in seconds since 1970, when the message was
 * queued, or 0. An id that is used again is another message, and the helper says `no ID other` instead of touching it: the
 * file has to have been coming in at T, within two minutes. The helper checks every byte of an id; it never calls a shell.
 *
 * This is the asking side, on a libuv loop: requests are put in line, sent when the helper is there, and asked again with
 * growing pauses while it is not (a second to a minute). Each is answered once. One whose answer was lost with the
 * connection is asked again: so a message that was released meanwhile, and has left, is QUEUE_ABSENT. At most
 * QUEUE_WAITING_MAX wait; beyond, QUEUE_FAILED is said at once. */
#ifndef SEKISHO_CONTAINMENT_QUEUE_H
#define SEKISHO_CONTAINMENT_QUEUE_H
#include <uv.h>

#include "base/error.h"
#include "base/text.h"
#include "base/when.h"

enum { QUEUE_WAITING_MAX = 100000, QUEUE_ID_MAX = 32 };

enum queue_verb { QUEUE_RELEASE, QUEUE_HOLD, QUEUE_DELETE };

enum queue_result {
	QUEUE_DONE,
	QUEUE_ABSENT, /* no such message (any more, or not yet); to be deleted, and not in the hold queue */
	QUEUE_OTHER,  /* the id was used again: it is another message */
	QUEUE_FAILED, /* the helper could not; try again later */
};

struct queue_message {
	struct text queue_id, queue; /* "hold", "active", "deferred", "incoming", … */
	int64_t arrival_us;
	struct text login, sender; /* empty: nobody logged in, the null sender */
	uint32_t recipients;
};

struct queue;

/* nothing is sent before the loop runs */
struct queue *queue_new(uv_loop_t *loop, const char *socket_path);
/* `t_us`: when it was queued, WHEN_NONE where it is not known. What can be no id is QUEUE_ABSENT at once. */
void queue_ask(struct queue *queue, enum queue_verb verb, struct text id, int64_t t_us,
	       void (*done)(void *context, struct text id, int64_t t_us, enum queue_result result), void *context);
/* `each` for every message, then `end`, with a NULL error where the list is whole */
void queue_list(struct queue *queue, void (*each)(void *context, const struct queue_message *message),
		void (*end)(void *context, const struct error *error), void *context);
bool queue_is_there(const struct queue *queue); /* answered the last time */
size_t queue_waiting(const struct queue *queue);
/* tells nobody any more; frees itself once the loop has run. NULL is fine. */
void queue_close(struct queue *queue);
#endif

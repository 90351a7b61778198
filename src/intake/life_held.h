/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes that wait. What Postfix's pipe gave to a program may be delivered, or may come back in: whether it was a content
 * filter shows only when a copy is there, and the copy may be logged after the delivery, and after the message has left the
 * queue. The same goes for any filter whose copy is known by name and not yet by sender. So such an outcome, and the message,
 * wait for LIFE_HELD_US of log time; a copy that comes takes its place. A queue of at most LIFE_HELD_MAX: what is beyond,
 * the oldest first, is let out early. */
#ifndef SEKISHO_INTAKE_LIFE_HELD_H
#define SEKISHO_INTAKE_LIFE_HELD_H
#include "event/event.h"

enum { LIFE_HELD_MAX = 64 * 1024 };
#define LIFE_HELD_US (2 * MINUTE_US)

struct held {
	uint64_t key;       /* of the message, and … */
	uint32_t slot;      /* … where it stands */
	bool says;          /* `event` is one */
	struct event event; /* t_us: since when it waits, in any case */
};

struct life_held;

struct life_held *life_held_new(void);
void life_held_free(struct life_held *held);
/* at the end of the queue; good until the next one is added */
struct held *life_held_add(struct life_held *held, uint64_t key, uint32_t slot, int64_t t_us);
struct held *life_held_last(struct life_held *held);
/* the oldest, taken out into *oldest, where it is older than that or there are too many */
bool life_held_take(struct life_held *held, int64_t before_us, struct held *oldest);
/* the newest `count` of this message say nothing any more */
void life_held_silence(struct life_held *held, uint64_t key, uint32_t count);
size_t life_held_count(const struct life_held *held);
size_t life_held_bytes(const struct life_held *held);
#endif

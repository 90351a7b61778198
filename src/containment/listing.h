/* SPDX-License-Identifier: Apache-2.0 */
/* A request to a helper that is answered with many lines, on a connection of its own. */
#ifndef SEKISHO_CONTAINMENT_LISTING_H
#define SEKISHO_CONTAINMENT_LISTING_H
#include <uv.h>

#include "base/error.h"
#include "base/text.h"

enum listing_step { LISTING_GOES_ON, LISTING_ENDS, LISTING_FAILS };

struct listing_handler {
	const char *who; /* for faults: "the queue's helper"; stays the caller's */
	/* what a line means; LISTING_FAILS: and why */
	enum listing_step (*line)(void *context, struct text line, struct error *error);
	/* the last call, with a NULL error where the list is whole; frees the context, which must not be looked at in listing_close */
	void (*end)(void *context, const struct error *error);
	void *context; /* a value from memory_new, freed with the listing */
};

struct listing;

/* stands in *first until it ends */
void listing_open(struct listing **first, uv_loop_t *loop, const char *path, struct text request,
		  const struct listing_handler *handler);
/* all of them, without a word */
void listing_close_all(struct listing **first);
#endif

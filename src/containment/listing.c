/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/listing.h"

#include "base/memory.h"
#include "containment/lines.h"

struct listing {
	struct listing **first, *next;
	struct lines *lines;
	struct text request;
	char *path;
	struct listing_handler handler;
};

static void forget(struct listing *listing)
{
	struct listing **place = listing->first;

	while (*place != listing)
		place = &(*place)->next;
	*place = listing->next;
	free((char *)listing->request.p);
	free(listing->handler.context);
	free(listing->path);
	free(listing);
}

/* The end is told last: whoever hears it may close everything. */
static void finish(struct listing *listing, const struct error *error)
{
	struct listing_handler handler = listing->handler;

	listing->handler.context = NULL;
	lines_close(listing->lines);
	forget(listing);
	handler.end(handler.context, error);
	free(handler.context);
}

static void on_opened(void *context)
{
	struct listing *listing = context;

	lines_send(listing->lines, listing->request);
	lines_expect(listing->lines, true);
}

static void on_line(void *context, struct text line)
{
	struct listing *listing = context;
	struct error error;

	switch (listing->handler.line(listing->handler.context, line, &error)) {
	case LISTING_GOES_ON: return;
	case LISTING_ENDS: finish(listing, NULL); return;
	case LISTING_FAILS: finish(listing, &error); return;
	}
}

static void on_lost(void *context, const struct error *error)
{
	struct listing *listing = context;
	struct error told;

	error_set(&told, "%s at '%s': %s", listing->handler.who, listing->path, error->text);
	finish(listing, &told);
}

void listing_open(struct listing **first, uv_loop_t *loop, const char *path, struct text request,
		  const struct listing_handler *handler)
{
	struct listing *listing = memory_new(sizeof *listing);
	const struct lines_handler lines = { on_opened, on_line, on_lost, listing };

	*listing = (struct listing){ .first = first, .next = *first, .handler = *handler };
	listing->request = (struct text){ memory_copy(request.p, request.n), request.n };
	listing->path = memory_copy(path, strlen(path));
	listing->lines = lines_open(loop, path, &lines);
	*first = listing;
}

void listing_close_all(struct listing **first)
{
	while (*first) {
		lines_close((*first)->lines);
		forget(*first);
	}
}

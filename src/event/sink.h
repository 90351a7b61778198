/* SPDX-License-Identifier: Apache-2.0 */
/* Where readers put events: a batch that is handed on when full, so that another thread may judge it.
 * Whoever made the sink owns the memory and sets `full`, which must leave room for at least one event. */
#ifndef SEKISHO_EVENT_SINK_H
#define SEKISHO_EVENT_SINK_H
#include "event/event.h"

struct event_sink {
	struct event *items;
	size_t count, room;
	void (*full)(struct event_sink *sink);
	void *context;
};

/* the next event, zeroed, to be filled in place */
static inline struct event *event_sink_next(struct event_sink *sink)
{
	struct event *event;

	if (sink->count == sink->room)
		sink->full(sink);
	event = &sink->items[sink->count++];
	*event = (struct event){ 0 };
	return event;
}
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A life room whose events are watched: whatever the fuzzers of log formats feed it, these must hold. */
#ifndef SEKISHO_FUZZ_WATCH_H
#define SEKISHO_FUZZ_WATCH_H
#include <assert.h>

#include "intake/life_inside.h"

enum { WATCH_EVENTS = 4, WATCH_MESSAGES = 4096 };

struct watch {
	struct accounts *accounts;
	struct life *life;
	struct event events[WATCH_EVENTS];
	struct event_sink sink;
	uint32_t known, messages;       /* accounts and messages so far */
	uint32_t owner[WATCH_MESSAGES]; /* of each message */
	bool waited;                    /* a delivery waited for a copy: so may a new account's bounce, or never be told */
};

/* only who logged in, or got a bounce, becomes an account: never who failed */
static void watch_account(struct watch *watch, const struct event *event)
{
	if (event->kind == EVENT_BOUNCE)
		watch->known = accounts_count(watch->accounts); /* also where it counts for somebody else */
	else if (event->kind == EVENT_AUTH && event->ok && event->account == watch->known + 1)
		watch->known++;
	else if (watch->waited && event->account > watch->known)
		watch->known = event->account;
	assert(event->account <= watch->known);
}

static void watch_event(struct watch *watch, const struct event *event)
{
	watch_account(watch, event);
	assert(!event->account || accounts_name(watch->accounts, event->account).n);
	switch (event->kind) {
	case EVENT_AUTH:
		assert(event->count && (!event->ok || (event->account && event->account_key)));
		break;
	case EVENT_SUBMIT:
		assert(event->account && event->message == ++watch->messages);
		watch->owner[event->message % WATCH_MESSAGES] = event->account;
		break;
	case EVENT_OUTCOME:
		assert(event->count && event->message && event->message <= watch->messages);
		assert(event->result <= RESULT_DEFERRED);
		assert(event->result != RESULT_SENT || event->reason == REASON_NONE);
		assert(watch->messages - event->message >= WATCH_MESSAGES ||
		       watch->owner[event->message % WATCH_MESSAGES] == event->account);
		break;
	case EVENT_BOUNCE: assert(event->count == 1 && !event->message); break;
	default: assert(!"an event of no kind");
	}
}

static void watch_events(struct event_sink *sink)
{
	for (size_t i = 0; i < sink->count; i++)
		watch_event(sink->context, &sink->items[i]);
	sink->count = 0;
}

static inline void watch_begin(struct watch *watch)
{
	static const struct ip webmail = { { [10] = 0xff, 0xff, 10, 0, 0, 80 } };

	*watch = (struct watch){ .accounts = accounts_new("example.org") };
	watch->sink = (struct event_sink){
		.items = watch->events,
		.room = WATCH_EVENTS,
		.full = watch_events,
		.context = watch,
	};
	watch->life = life_new(watch->accounts, &watch->sink,
			       &(struct life_options){ .webmail_hosts = &webmail, .webmail_host_count = 1 });
}

/* after each line or verb: whatever was added has shown in an event, unless it waits */
static inline void watch_look(struct watch *watch)
{
	watch->waited |= life_held_count(watch->life->held) > 0;
	watch_events(&watch->sink);
	assert(watch->waited || accounts_count(watch->accounts) == watch->known);
}

static void watch_left(void *context, const struct life_left *left)
{
	const struct watch *watch = context;

	assert(left->account && left->account <= watch->known && left->id[0]);
	assert(left->number && left->number <= watch->messages);
}

static inline void watch_end(struct watch *watch)
{
	const struct life_sender *senders;
	size_t count = life_senders(watch->life, &senders);

	life_each_left(watch->life, watch_left, watch);
	assert(count <= LIFE_SENDERS_MAX);
	for (size_t i = 0; i < count; i++) /* nothing was taken off twice */
		assert(senders[i].messages <= INT32_MAX && senders[i].recipients <= INT32_MAX);
	life_free(watch->life);
	accounts_free(watch->accounts);
}

/* any bytes as lines of one program, a second apart */
static inline void watch_lines(const uint8_t *data, size_t size, const struct format *format, struct text program)
{
	struct watch watch;
	struct text rest = { (const char *)data, size };
	struct line line = { .t_us = 1000 * DAY_US, .host = 1, .pid = 1, .program = program };

	watch_begin(&watch);
	while (text_cut(&rest, '\n', &line.text)) {
		line.t_us += SECOND_US;
		format->read(watch.life, &line);
		watch_look(&watch);
	}
	line.text = rest;
	format->read(watch.life, &line);
	watch_look(&watch);
	watch_end(&watch);
}
#endif

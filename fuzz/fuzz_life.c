/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes choose verbs: four a verb, of which the first says which, the others with what. A second life room that is watched
 * gets the same verbs, and must say the same, but for outcomes of what it knows by queue id alone. */
#include "watch.h"

#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct text logins[] = { TEXT(""), TEXT("alice"), TEXT("bob@example.com"), TEXT("not a name") };
static const struct text words[] = {
	TEXT(""), TEXT("m1@x"), TEXT("33"), TEXT("www-data"), TEXT("alice@example.org"), TEXT("c@d"), TEXT("e@f"),
	TEXT("g@h"),
};
static const struct ip clients[] = {
	{ { 0 } },
	{ { [10] = 0xff, 0xff, 127, 0, 0, 1 } },
	{ { [10] = 0xff, 0xff, 203, 0, 113, 7 } },
	{ { [10] = 0xff, 0xff, 10, 0, 0, 9 } },
	{ { [10] = 0xff, 0xff, 10, 0, 0, 80 } },
	{ { 0x20, 1, 0xd, 0xb8, [15] = 7 } },
};

#define PICK(list, byte) list[(byte) % (sizeof list / sizeof *list)]

static void play_login(struct life *life, const struct line *line, const uint8_t *byte)
{
	struct text login = PICK(logins, byte[1]), name;
	struct ip ip = PICK(clients, byte[2]);

	switch (byte[3] % 6) {
	case 0: life_login(life, line, &(struct life_login){ login, ip, byte[3] >> 4, byte[3] & 8, byte[2] }); break;
	case 1: life_backend_failure(life, line, login, &ip); break;
	case 2: life_smtp_failure(life, line, login, &ip); break;
	case 3: life_session_end(life, line); break;
	case 4: life_session_login(life, line, login, &ip); break;
	case 5: assert(!life_session(life, line, &name, &ip) || name.n); break;
	}
}

static void play_message(struct life *life, const struct line *line, const uint8_t *byte)
{
	struct text id = text_head(text_after(TEXT("ABCDEFGH"), byte[1] % 8), 1);
	struct text other = text_head(text_after(TEXT("ABCDEFGH"), byte[2] % 8), 1);
	struct message *message = life_open(life, line, id);
	struct ip ip = PICK(clients, byte[2]);
	struct life_outcome outcome = {
		.rcpt = PICK(words, byte[2]),
		.original = PICK(words, byte[2] >> 3),
		.result = byte[3] % 3,
		.local = byte[3] & 128,
		.program = byte[3] & 64,
		.saved = (byte[3] & 160) == 160,
	};

	switch (byte[0] % 14) {
	case 0: life_client(life, line, message, TEXT("h"), &ip, PICK(logins, byte[3])); break;
	case 1: life_local(life, line, message, PICK(words, byte[2])); break;
	case 2: life_message_id(life, line, message, PICK(words, byte[2])); break;
	case 3: life_continues(life, line, message, other); break;
	case 4: life_adopt(life, line, message, &ip, PICK(logins, byte[3])); break;
	case 5: life_queued(life, line, message, PICK(words, byte[2]), byte[3]); break;
	case 6: life_returned(life, line, message, other); break;
	case 7: life_expired(life, line, message); break;
	case 8: life_refused(life, line, message); break;
	case 9: life_closes_itself(message); break;
	case 10: life_end(life, line, message); break;
	case 11: life_handed(life, line, message, &ip, other); break;
	default: life_outcome(life, line, message, &outcome); break;
	}
}

static void play(struct life *life, const struct line *line, const uint8_t *byte)
{
	if (byte[0] % 16 == 14)
		play_login(life, line, byte);
	else
		play_message(life, line, byte);
}

/* ---- the two of them */

struct list {
	struct event *events;
	size_t count, room;
};

/* `watch` first: it is the context of its sink */
struct plain {
	struct watch watch;
	struct list told;
};

struct live {
	struct accounts *accounts;
	struct life *life;
	struct event events[WATCH_EVENTS];
	struct event_sink sink;
	struct life_watch watch;
	struct list told;
};

static void keep(struct list *list, const struct event *event)
{
	MEMORY_ROOM(list->events, list->count, list->room);
	list->events[list->count++] = *event;
}

static void plain_events(struct event_sink *sink)
{
	struct plain *plain = sink->context;

	for (size_t i = 0; i < sink->count; i++)
		keep(&plain->told, &sink->items[i]);
	watch_events(sink);
}

static void live_events(struct event_sink *sink)
{
	struct live *live = sink->context;

	for (size_t i = 0; i < sink->count; i++)
		if (sink->items[i].kind != EVENT_OUTCOME || sink->items[i].message)
			keep(&live->told, &sink->items[i]);
		else
			assert(!sink->items[i].account && sink->items[i].count);
	sink->count = 0;
}

static void note_about(void *context, const struct event *event, struct text id)
{
	const struct live *live = context;

	assert(event == &live->sink.items[live->sink.count - 1] && event->kind != EVENT_AUTH);
	assert(id.n && id.n < LIFE_ID_MAX);
}

static void note_named(void *context, int64_t t_us, struct text id, struct text message_id)
{
	assert(context && t_us && id.n && message_id.n);
}

static void live_begin(struct live *live)
{
	*live = (struct live){ .accounts = accounts_new("example.org"), .watch = { note_about, note_named, live } };
	live->sink = (struct event_sink){ .items = live->events, .room = WATCH_EVENTS, .full = live_events, .context = live };
	live->life = life_new(live->accounts, &live->sink, &(struct life_options){ .watch = &live->watch });
}

static void live_end(struct live *live)
{
	live_events(&live->sink);
	life_free(live->life);
	accounts_free(live->accounts);
	free(live->told.events);
}

static void same(const struct list *a, const struct list *b)
{
	assert(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct event *one = &a->events[i], *other = &b->events[i];

		assert(one->kind == other->kind && one->t_us == other->t_us && one->account == other->account);
		assert(one->message == other->message && one->count == other->count && one->rcpt == other->rcpt);
		assert(one->result == other->result && one->again == other->again && ip_equal(&one->ip, &other->ip));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plain plain = { .told = { NULL } };
	struct live live;
	struct line line = { .t_us = 1000 * DAY_US, .host = 1, .pid = 1 };

	watch_begin(&plain.watch);
	plain.watch.sink.full = plain_events;
	live_begin(&live);
	for (; size >= 4; data += 4, size -= 4) {
		line.host = 1 + data[0] / 128;
		line.pid = 1 + data[3] / 64;
		if (data[0] % 16 == 15) {
			line.t_us += (data[1] - 100) * HOUR_US;
			continue;
		}
		play(plain.watch.life, &line, data);
		play(live.life, &line, data);
		plain_events(&plain.watch.sink);
		watch_look(&plain.watch);
	}
	live_events(&live.sink);
	same(&plain.told, &live.told);
	watch_end(&plain.watch);
	live_end(&live);
	free(plain.told.events);
	return 0;
}

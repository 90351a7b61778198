/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/follow.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "intake/follow_inside.h"
#include "intake/repeats.h"
#include "intake/told.h"

enum { EVENTS = 64, READ_BYTES = 64 * 1024 };
#define FRAME_STALE_US (30 * DAY_US)

struct follow {
	uv_loop_t *loop;
	uv_idle_t turns;   /* runs while there is something to read */
	uv_timer_t look;
	bool started;
	unsigned handles;  /* that are not closed yet */
	struct accounts *accounts;
	struct follow_handler handler;
	int64_t again_us;
	struct life_watch watch;
	struct life *life;
	struct told told;
	struct repeats *repeats; /* where there is more than one source */
	struct frame *hosts;     /* has their numbers */
	struct event_sink sink;
	struct event events[EVENTS];
	char ids[EVENTS][LIFE_ID_MAX]; /* of the messages that they are about */
	bool again;              /* so are the events of the line that is being read */
	struct follow_source *sources[FOLLOW_FILES_MAX];
	size_t count;
	struct follow_tally tally;
	int64_t read_us;         /* when something was read last, on the steady clock */
};

uv_loop_t *follow_loop(const struct follow_source *source) { return source->follow->loop; }
int64_t follow_again_us(const struct follow_source *source) { return source->follow->again_us; }
int64_t follow_begun_us(void) { return clock_now() - SECOND_US; }

/* ---- events */

static void hand_out(struct event_sink *sink)
{
	struct follow *follow = sink->context;

	for (size_t i = 0; i < sink->count; i++) {
		const struct event *event = &sink->items[i];
		struct follow_event out = { *event, TEXT_NONE, follow->again };

		if (event->kind != EVENT_AUTH)
			out.queue_id = text_of(follow->ids[i]);
		follow->handler.event(follow->handler.context, &out);
		follow->ids[i][0] = '\0';
	}
	sink->count = 0;
}

static void note_about(void *context, const struct event *event, struct text id)
{
	struct follow *follow = context;

	text_copy(follow->ids[event - follow->events], LIFE_ID_MAX, id);
}

static void note_named(void *context, int64_t t_us, struct text id, struct text message_id)
{
	struct follow *follow = context;

	if (follow->handler.named)
		follow->handler.named(follow->handler.context, t_us, id, message_id);
}

/* ---- lines */

/* The year of a stamp without one is that nearest to the line before, unless that is long ago: then it is the last that is
 * not in the future. */
static void refresh_frame(struct follow_source *source)
{
	int64_t now_us = clock_now();
	bool stale = now_us - source->last_us > FRAME_STALE_US;

	if (source->frame && !stale)
		return;
	frame_free(source->frame);
	source->frame = frame_beside(source->follow->hosts, stale ? WHEN_NONE : source->last_us);
	frame_begin(source->frame, now_us);
}

struct frame *follow_frame(const struct follow_source *source)
{
	struct frame *frame = frame_beside(source->follow->hosts, source->last_us);

	frame_begin(frame, clock_now());
	return frame;
}

void follow_line(struct follow_source *source, struct text text, bool again)
{
	struct follow *follow = source->follow;
	struct follow_tally *tally = &follow->tally;
	const struct told_program *program;
	struct line line;

	tally->lines++;
	tally->bytes += text.n + 1;
	if (!frame_take(source->frame, text, &line))
		return;
	source->last_us = tally->last_us = line.t_us;
	line.source = source->number;
	program = told_program(&follow->told, line.program);
	if (!program->format || (follow->repeats && repeats_heard(follow->repeats, &line)))
		return;
	follow->again = again;
	tally->unparsed += told_line(program, follow->life, &line) == LINE_UNPARSED;
	hand_out(&follow->sink);
}

void follow_unparsed(struct follow_source *source) { source->follow->tally.unparsed++; }

void follow_trouble(struct follow_source *source, const struct error *error)
{
	struct follow *follow = source->follow;

	if (strcmp(source->told.text, error->text) == 0)
		return;
	source->told = *error;
	if (follow->handler.trouble)
		follow->handler.trouble(follow->handler.context, source->path, error);
}

/* ---- turns */

/* the ready one whose last line is the oldest: so logs that are caught up with go side by side */
static struct follow_source *next_ready(const struct follow *follow)
{
	struct follow_source *next = NULL;

	for (size_t i = 0; i < follow->count; i++) {
		struct follow_source *source = follow->sources[i];

		if (source->ready && (!next || source->last_us < next->last_us))
			next = source;
	}
	return next;
}

static size_t read_source(struct follow_source *source, size_t most)
{
	size_t n;

	refresh_frame(source);
	n = source->kind->read(source, most);
	source->ready = n > 0;
	if (n > 0)
		source->follow->read_us = clock_steady();
	return n < most ? n : most;
}

static void look(uv_timer_t *timer);

/* the log's time goes on without lines: its clock may be another than ours */
static void pass_time(struct follow *follow)
{
	if (follow->tally.last_us == WHEN_NONE)
		return;
	follow->again = false;
	life_tick(follow->life, follow->tally.last_us + clock_steady() - follow->read_us);
	hand_out(&follow->sink);
}

/* nothing is left to read */
static void rest(struct follow *follow)
{
	bool soon = false;

	uv_idle_stop(&follow->turns);
	pass_time(follow);
	for (size_t i = 0; i < follow->count; i++)
		soon |= follow->sources[i]->soon;
	if (soon && uv_timer_get_due_in(&follow->look) > FOLLOW_SOON_US / 1000)
		uv_timer_start(&follow->look, look, FOLLOW_SOON_US / 1000, 0);
}

static void turn(uv_idle_t *idle)
{
	struct follow *follow = idle->data;
	struct follow_source *source = NULL;
	size_t left = FOLLOW_TURN_BYTES;

	while (left && (source = next_ready(follow)))
		left -= read_source(source, left < READ_BYTES ? left : READ_BYTES);
	if (!next_ready(follow))
		rest(follow);
}

void follow_wake(struct follow_source *source)
{
	source->ready = true;
	if (source->follow->started)
		uv_idle_start(&source->follow->turns, turn);
}

static void look(uv_timer_t *timer)
{
	struct follow *follow = timer->data;

	for (size_t i = 0; i < follow->count; i++) {
		follow->sources[i]->soon = false;
		follow->sources[i]->kind->watch(follow->sources[i]);
		follow_wake(follow->sources[i]);
	}
	uv_timer_start(timer, look, FOLLOW_LOOK_US / 1000, 0);
}

/* ---- life */

struct follow *follow_new(uv_loop_t *loop, struct accounts *accounts, const struct follow_options *options,
			  const struct follow_handler *handler)
{
	struct follow *follow = memory_zero(1, sizeof *follow);
	struct life_options life = options->life;

	follow->loop = loop;
	follow->accounts = accounts;
	follow->handler = *handler;
	follow->again_us = options->again_us;
	follow->watch = (struct life_watch){ note_about, note_named, follow };
	follow->sink = (struct event_sink){ .items = follow->events, .room = EVENTS, .full = hand_out, .context = follow };
	life.watch = &follow->watch;
	follow->life = life_new(accounts, &follow->sink, &life);
	follow->hosts = frame_new(0);
	follow->tally.last_us = WHEN_NONE;
	uv_idle_init(loop, &follow->turns);
	uv_timer_init(loop, &follow->look);
	follow->turns.data = follow->look.data = follow;
	follow->handles = 2;
	return follow;
}

static void tell_bad_place(struct follow_source *source)
{
	struct error error;

	error_set(&error, _("what was written down of the place where '%s' was left cannot be read; it is read from now on"), source->path);
	follow_trouble(source, &error);
}

bool follow_add(struct follow *follow, const char *path, struct text text, struct error *error)
{
	struct follow_source *source;
	struct follow_place place;
	bool journal = follow_is_journal(path), known = text.n && follow_place_parse(text, &place) && place.journal == journal;

	if (follow->count == FOLLOW_FILES_MAX)
		return error_set(error, _("cannot follow '%s': more than %d logs"), path, FOLLOW_FILES_MAX);
	source = journal ? follow_journal_new() : follow_file_new();
	source->follow = follow;
	source->path = memory_copy(path, strlen(path));
	source->number = (uint32_t)follow->count + 1;
	source->last_us = known && !journal ? place.last_us : follow_begun_us();
	if (text.n && !known)
		tell_bad_place(source);
	if (!source->kind->begin(source, known ? &place : NULL, error)) {
		source->kind->done(source);
		free(source->path);
		free(source);
		return false;
	}
	follow->sources[follow->count++] = source;
	if (follow->count == 2)
		follow->repeats = repeats_new();
	return true;
}

void follow_start(struct follow *follow)
{
	follow->started = true;
	look(&follow->look);
}

const char *follow_place(const struct follow *follow, size_t n, char place[FOLLOW_PLACE_MAX])
{
	place[0] = '\0';
	return n < follow->count ? follow->sources[n]->kind->place(follow->sources[n], place) : place;
}

const char *follow_place_now(const char *path, char place[FOLLOW_PLACE_MAX])
{
	place[0] = '\0';
	return follow_is_journal(path) ? follow_journal_now(path, place) : follow_file_now(path, place);
}

void follow_tally(const struct follow *follow, struct follow_tally *tally)
{
	*tally = follow->tally;
	for (size_t i = 0; i < follow->count; i++)
		tally->behind_bytes += follow->sources[i]->kind->behind(follow->sources[i]);
}

static void free_all(struct follow *follow)
{
	for (size_t i = 0; i < follow->count; i++) {
		struct follow_source *source = follow->sources[i];

		source->kind->done(source);
		frame_free(source->frame);
		free(source->path);
		free(source);
	}
	frame_free(follow->hosts);
	repeats_free(follow->repeats);
	life_free(follow->life);
	free(follow);
}

static void closed(uv_handle_t *handle)
{
	struct follow *follow = handle->data;

	if (--follow->handles == 0)
		free_all(follow);
}

void follow_close(struct follow *follow)
{
	if (!follow)
		return;
	uv_close((uv_handle_t *)&follow->turns, closed);
	uv_close((uv_handle_t *)&follow->look, closed);
	for (size_t i = 0; i < follow->count; i++) {
		struct follow_source *source = follow->sources[i];

		if (!source->watching)
			continue;
		source->watch.any.data = follow;
		follow->handles++;
		uv_close(&source->watch.any, closed);
	}
}

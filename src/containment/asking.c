/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/asking.h"

#include <stdio.h>

#include "base/memory.h"
#include "containment/lines.h"

enum { PAUSE_LEAST_MS = 1000, PAUSE_MOST_MS = 60000 };

struct asking {
	uv_loop_t *loop;
	uv_timer_t wake;     /* to send, or to try again */
	uv_timer_t patience; /* since when nobody answers */
	unsigned handles;    /* that are not closed yet */
	const struct asking_kind *kind;
	char *path;
	struct lines *lines; /* NULL: no connection */
	bool open, answered; /* this connection */
	bool there, closing, greeting; /* greeting: the answer to `hello` is to come */
	unsigned pause_ms;
	char *ring;
	size_t room, first, count; /* room is a power of two */
	size_t sent;               /* of the first ones */
};

/* ---- the line of requests */

static void *at(const struct asking *asking, size_t n)
{
	return asking->ring + ((asking->first + n) & (asking->room - 1)) * asking->kind->request_bytes;
}

static void make_room(struct asking *asking)
{
	const size_t bytes = asking->kind->request_bytes;
	size_t room = asking->room ? asking->room * 2 : 64;
	char *ring;

	if (asking->count < asking->room)
		return;
	ring = memory_new(room * bytes);
	for (size_t i = 0; i < asking->count; i++)
		memcpy(ring + i * bytes, at(asking, i), bytes);
	free(asking->ring);
	asking->ring = ring;
	asking->room = room;
	asking->first = 0;
}

static void take_first(struct asking *asking, char request[ASKING_REQUEST_MAX])
{
	memcpy(request, at(asking, 0), asking->kind->request_bytes);
	asking->first = (asking->first + 1) & (asking->room - 1);
	asking->count--;
	asking->sent -= asking->sent > 0;
}

static void forget(const struct asking *asking, void *request)
{
	if (asking->kind->forget)
		asking->kind->forget(request);
}

/* the first ones; what is asked meanwhile waits */
static void give_up(struct asking *asking, size_t count, const char *why)
{
	_Alignas(max_align_t) char request[ASKING_REQUEST_MAX];

	for (; count && !asking->closing; count--) {
		take_first(asking, request);
		asking->kind->given_up(request, why);
		forget(asking, request);
	}
}

/* ---- sending */

/* Those before which nothing waits and that cannot be sent are given up; further on one ends the flight. */
static void send_requests(struct asking *asking)
{
	const struct asking_kind *kind = asking->kind;
	size_t n = 0, line = 1, room = kind->line_room * kind->flight_max;
	char *text = memory_new(room);

	while (line && asking->sent < asking->count && asking->sent < kind->flight_max && !asking->closing) {
		line = kind->write(at(asking, asking->sent), text + n);
		n += line;
		asking->sent += line > 0;
		if (!line && !asking->sent) {
			give_up(asking, 1, "");
			line = 1;
		}
	}
	if (n && !asking->closing)
		lines_send(asking->lines, (struct text){ text, n });
	if (!asking->closing)
		lines_expect(asking->lines, asking->sent > 0);
	explicit_bzero(text, n);
	free(text);
}

/* ---- the connection */

static void on_impatience(uv_timer_t *timer);

static void begin_patience(struct asking *asking)
{
	if (asking->kind->patience_ms && asking->count && !asking->answered && !uv_is_active((uv_handle_t *)&asking->patience))
		uv_timer_start(&asking->patience, on_impatience, asking->kind->patience_ms, 0);
}

static void on_opened(void *context)
{
	struct asking *asking = context;

	asking->open = true;
	asking->greeting = asking->kind->hello != NULL;
	if (!asking->greeting) {
		send_requests(asking);
		return;
	}
	lines_send(asking->lines, text_of(asking->kind->hello));
	lines_expect(asking->lines, true);
}

static void on_wake(uv_timer_t *timer);

static void start_over(struct asking *asking, const char *why)
{
	bool was_good = asking->answered;
	size_t sent = asking->sent;

	asking->lines = NULL;
	asking->open = asking->answered = asking->greeting = false;
	asking->sent = 0;
	if (!was_good) {
		asking->there = false;
		asking->pause_ms = asking->pause_ms ? asking->pause_ms * 2 : PAUSE_LEAST_MS;
		if (asking->pause_ms > PAUSE_MOST_MS)
			asking->pause_ms = PAUSE_MOST_MS;
	}
	if (asking->kind->once)
		give_up(asking, sent, why);
	if (asking->closing || !asking->count)
		return;
	uv_timer_start(&asking->wake, on_wake, asking->pause_ms, 0);
	begin_patience(asking);
}

static void on_lost(void *context, const struct error *error) { start_over(context, error->text); }

static void leave(struct asking *asking)
{
	if (asking->lines)
		lines_close(asking->lines);
	asking->lines = NULL;
}

/* one that cannot be an answer ends the connection: what follows it would be taken for another request's */
static void distrust(struct asking *asking)
{
	asking->answered = false;
	leave(asking);
	start_over(asking, "what it says is no answer");
}

static void on_impatience(uv_timer_t *timer)
{
	struct asking *asking = timer->data;

	leave(asking);
	asking->open = asking->there = asking->greeting = false;
	asking->sent = asking->pause_ms = 0; /* who asks next finds out anew */
	uv_timer_stop(&asking->wake);
	give_up(asking, asking->count, "nobody answers");
}

static void note_life(struct asking *asking)
{
	asking->there = asking->answered = true;
	asking->pause_ms = 0;
	uv_timer_stop(&asking->patience);
}

static void on_line(void *context, struct text line)
{
	_Alignas(max_align_t) char request[ASKING_REQUEST_MAX];
	struct asking *asking = context;

	if (asking->greeting && text_starts(line, TEXT("ok "))) {
		asking->greeting = false;
		note_life(asking);
		send_requests(asking);
		return;
	}
	if (!asking->sent || !asking->kind->fits(at(asking, 0), line)) {
		distrust(asking);
		return;
	}
	take_first(asking, request);
	note_life(asking);
	asking->kind->answered(request, line);
	forget(asking, request);
	if (!asking->sent && asking->count && !asking->closing)
		uv_timer_start(&asking->wake, on_wake, 0, 0);
}

static void on_wake(uv_timer_t *timer)
{
	struct asking *asking = timer->data;
	const struct lines_handler handler = { on_opened, on_line, on_lost, asking };

	if (!asking->lines)
		asking->lines = lines_open(asking->loop, asking->path, &handler);
	else if (asking->open && !asking->sent && !asking->greeting)
		send_requests(asking);
}

/* ---- from outside */

struct asking *asking_new(uv_loop_t *loop, const char *path, const struct asking_kind *kind)
{
	struct asking *asking = memory_zero(1, sizeof *asking);

	asking->loop = loop;
	asking->kind = kind;
	asking->path = memory_copy(path, strlen(path));
	asking->handles = 2;
	uv_timer_init(loop, &asking->wake);
	uv_timer_init(loop, &asking->patience);
	asking->wake.data = asking->patience.data = asking;
	return asking;
}

void asking_put(struct asking *asking, const void *request)
{
	make_room(asking);
	memcpy(at(asking, asking->count++), request, asking->kind->request_bytes);
	begin_patience(asking);
	if (!uv_is_active((uv_handle_t *)&asking->wake))
		uv_timer_start(&asking->wake, on_wake, 0, 0);
}

const char *asking_path(const struct asking *asking) { return asking->path; }
bool asking_is_there(const struct asking *asking) { return asking->there; }
size_t asking_waiting(const struct asking *asking) { return asking->count; }

static void on_closed(uv_handle_t *handle)
{
	struct asking *asking = handle->data;

	if (--asking->handles)
		return;
	free(asking->ring);
	free(asking->path);
	free(asking);
}

void asking_close(struct asking *asking)
{
	asking->closing = true;
	leave(asking);
	for (; asking->count; asking->count--)
		forget(asking, at(asking, asking->count - 1));
	asking->sent = 0;
	uv_close((uv_handle_t *)&asking->wake, on_closed);
	uv_close((uv_handle_t *)&asking->patience, on_closed);
}

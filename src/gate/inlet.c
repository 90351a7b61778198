/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/inlet.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "intake/lmtp.h"
#include "intake/stream.h"

enum { READ_BYTES = 64 * 1024 };

struct client {
	union stream stream;
	struct inlet *inlet;
	struct client *next;
	struct lmtp *lmtp;            /* one of both */
	struct milter *milter;
	struct mail_reading *waits;   /* for this; NULL: for nothing */
	bool reading, closing, closed;
	uint64_t touched_ms;
	char *rest;                   /* read, and not taken yet: what came behind a mail */
	size_t rest_bytes;
};

struct inlet {
	uv_loop_t *loop;
	struct inlet_options options;
	struct listening listening;
	size_t handles; /* not closed yet */
	uv_timer_t clock;
	struct client *clients;
	unsigned client_count;
	bool closing;
	char buffer[READ_BYTES];
};

/* what waits for the client to take it */
struct unsent {
	uv_write_t write;
	char text[];
};

/* ---- the session, of either kind */

static void say(void *context, struct text bytes);
static void take_mail(void *context, struct text bytes);
static void copy_mail(void *context, struct text bytes);

static bool add_trace(void *context, struct text login, struct text queue_id, char value[MILTER_TRACE_MAX])
{
	const struct inlet_options *options = &((struct client *)context)->inlet->options;

	return options->trace(options->context, login, queue_id, value);
}

static bool wants(void *context, struct text login, struct text queue_id)
{
	const struct inlet_options *options = &((struct client *)context)->inlet->options;

	return options->wants(options->context, login, queue_id);
}

static void take_sent(void *context, struct text login, struct text queue_id, struct text bytes)
{
	const struct inlet_options *options = &((struct client *)context)->inlet->options;

	options->sent(options->context, login, queue_id, bytes);
}

static void session_begin(struct client *client)
{
	const struct inlet_options *options = &client->inlet->options;

	if (options->is_milter)
		client->milter = milter_new(&(struct milter_handler){
			.say = say, .mail = copy_mail, .trace = options->trace ? add_trace : NULL, .trace_field = options->trace_field,
			.wants = options->wants ? wants : NULL, .sent = take_sent, .context = client });
	else
		client->lmtp = lmtp_new(&(struct lmtp_handler){ say, take_mail, client });
}

static void session_end(struct client *client)
{
	lmtp_free(client->lmtp);
	milter_free(client->milter);
}

static size_t session_take(struct client *client, struct text bytes)
{
	if (client->lmtp)
		return lmtp_take(client->lmtp, bytes);
	milter_take(client->milter, bytes);
	return bytes.n;
}

static bool session_waits(const struct client *client) { return client->lmtp && lmtp_waits(client->lmtp); }

static bool session_is_over(const struct client *client)
{
	return client->lmtp ? lmtp_is_over(client->lmtp) : milter_is_over(client->milter);
}

/* ---- the end of things */

static void free_inlet(struct inlet *inlet)
{
	if (inlet->handles || inlet->clients || !inlet->closing)
		return;
	free(inlet);
}

static void free_client(struct client *client)
{
	struct inlet *inlet = client->inlet;
	struct client **at = &inlet->clients;

	if (!client->closed || client->waits)
		return;
	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	inlet->client_count--;
	session_end(client);
	free(client->rest);
	free(client);
	free_inlet(inlet);
}

static void client_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;

	client->closed = true;
	free_client(client);
}

static void close_client(struct client *client)
{
	if (client->closing)
		return;
	client->closing = true;
	if (client->waits && mail_reading_forget(client->waits))
		client->waits = NULL;
	uv_close(&client->stream.handle, client_closed);
}

/* ---- what is said */

static void sent(uv_write_t *write, int status)
{
	struct client *client = write->data;

	free(write);
	if (client->closing)
		return;
	client->touched_ms = uv_now(client->inlet->loop);
	if (status < 0 || session_is_over(client))
		close_client(client);
}

static void say(void *context, struct text lines)
{
	struct client *client = context;
	struct unsent *unsent;
	uv_buf_t bytes;

	if (client->closing)
		return;
	unsent = memory_new(sizeof *unsent + lines.n);
	memcpy(unsent->text, lines.p, lines.n);
	unsent->write.data = client;
	bytes = uv_buf_init(unsent->text, (unsigned)lines.n);
	if (uv_write(&unsent->write, &client->stream.stream, &bytes, 1, sent) == 0)
		return;
	free(unsent);
	close_client(client);
}

/* ---- a mail */

static void go_on(struct client *client);

static void was_read(void *context, bool taken)
{
	struct client *client = context;

	client->waits = NULL;
	client->touched_ms = uv_now(client->inlet->loop);
	if (client->closing) {
		free_client(client);
		return;
	}
	lmtp_answer(client->lmtp, taken);
	go_on(client);
}

static void take_mail(void *context, struct text bytes)
{
	struct client *client = context;

	client->waits = mail_readers_read(client->inlet->options.readers, bytes, was_read, client);
}

static void copy_mail(void *context, struct text bytes)
{
	const struct client *client = context;

	mail_readers_copy(client->inlet->options.readers, bytes);
}

/* ---- what comes in */

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct client *client = handle->data;

	*room = uv_buf_init(client->inlet->buffer, READ_BYTES);
}

static void keep_rest(struct client *client, struct text rest)
{
	free(client->rest);
	client->rest = rest.n ? memory_copy(rest.p, rest.n) : NULL;
	client->rest_bytes = rest.n;
}

static void got(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct client *client = stream->data;
	struct text all;

	if (n < 0) {
		close_client(client);
		return;
	}
	client->touched_ms = uv_now(client->inlet->loop);
	all = (struct text){ room->base, (size_t)n };
	keep_rest(client, text_after(all, session_take(client, all)));
	if (client->milter && milter_is_over(client->milter)) {
		close_client(client);
	} else if (session_waits(client)) { /* nothing more is read until it is answered */
		uv_read_stop(stream);
		client->reading = false;
	}
}

/* what came behind the mail, then more */
static void go_on(struct client *client)
{
	struct text rest = { client->rest, client->rest_bytes };
	size_t used = rest.n ? session_take(client, rest) : 0;
	char *before = client->rest;

	client->rest = NULL;
	keep_rest(client, text_after(rest, used));
	free(before);
	if (client->closing || client->reading || session_waits(client) || session_is_over(client))
		return;
	client->reading = true;
	uv_read_start(&client->stream.stream, give_room, got);
}

/* ---- clients */

static bool is_full(const struct inlet *inlet)
{
	return inlet->client_count >= (inlet->options.is_milter ? INLET_MILTERS_MAX : INLET_CONNECTIONS_MAX);
}

static void came(uv_stream_t *stream, int status)
{
	struct inlet *inlet = stream->data;
	struct listener *listener = (struct listener *)stream;
	struct client *client;

	if (status < 0)
		return;
	if (is_full(inlet)) {
		stream_turn_away(listener);
		return;
	}
	client = memory_zero(1, sizeof *client);
	client->inlet = inlet;
	client->next = inlet->clients;
	inlet->clients = client;
	inlet->client_count++;
	client->touched_ms = uv_now(inlet->loop);
	client->stream.handle.data = client;
	if (stream_accept(listener, &client->stream) != 0) {
		close_client(client);
		return;
	}
	session_begin(client);
	go_on(client);
}

static void look_round(uv_timer_t *clock)
{
	struct inlet *inlet = clock->data;

	for (struct client *client = inlet->clients; client; client = client->next)
		if (!client->waits && uv_now(inlet->loop) - client->touched_ms >= INLET_SILENCE_US / 1000)
			close_client(client);
}

/* ---- life */

static void part_closed(void *context)
{
	struct inlet *inlet = context;

	inlet->handles--;
	free_inlet(inlet);
}

static void clock_closed(uv_handle_t *clock) { part_closed(clock->data); }

struct inlet *inlet_new(uv_loop_t *loop, const struct inlet_options *options, struct error *error)
{
	struct inlet *inlet = memory_zero(1, sizeof *inlet);

	inlet->loop = loop;
	inlet->options = *options;
	uv_timer_init(loop, &inlet->clock);
	inlet->clock.data = inlet;
	inlet->handles = 2;
	uv_timer_start(&inlet->clock, look_round, 10000, 10000);
	if (listening_open(&inlet->listening, loop, options->where, came, inlet, error))
		return inlet;
	inlet_close(inlet);
	return NULL;
}

void inlet_close(struct inlet *inlet)
{
	if (!inlet)
		return;
	inlet->closing = true;
	for (struct client *client = inlet->clients; client; client = client->next)
		close_client(client);
	listening_close(&inlet->listening, part_closed);
	uv_close((uv_handle_t *)&inlet->clock, clock_closed);
}

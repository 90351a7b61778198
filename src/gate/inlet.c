/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/inlet.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/program.h"
#include "intake/listen.h"
#include "intake/lmtp.h"

enum { READ_BYTES = 64 * 1024, BACKLOG = 64, LISTENERS_MAX = 8 };

union stream {
	uv_handle_t handle;
	uv_stream_t stream;
	uv_tcp_t tcp;
	uv_pipe_t pipe;
};

struct client {
	union stream stream;
	struct inlet *inlet;
	struct client *next; /* in the line of those whose mail waits for a reader */
	struct lmtp *lmtp;
	struct text mail;
	uv_work_t work;
	bool taken;          /* what became of the mail */
	bool reading, at_work, queued, closing, closed;
	uint64_t touched_ms;
	char *rest;          /* read, and not taken yet: what came behind a mail */
	size_t rest_bytes;
	char why[sizeof(struct error)];
};

struct inlet {
	uv_loop_t *loop;
	struct inlet_options options;
	struct listen_place place;
	struct listener {
		union stream stream;
		bool is_unix;
	} listeners[LISTENERS_MAX];
	size_t listener_count, handles;
	uv_timer_t clock;
	struct client *clients[INLET_CONNECTIONS_MAX];
	struct client *first, **end; /* the line */
	unsigned at_work;
	int stop[2];                 /* readable once everything is to end */
	bool closing;
	char buffer[READ_BYTES];
};

/* what waits for the client to take it */
struct unsent {
	uv_write_t write;
	char text[];
};

/* ---- the end of things */

static void free_inlet(struct inlet *inlet)
{
	if (inlet->handles || inlet->at_work || !inlet->closing)
		return;
	for (size_t i = 0; i < INLET_CONNECTIONS_MAX; i++)
		if (inlet->clients[i])
			return;
	listen_forget(&inlet->place);
	close(inlet->stop[0]);
	if (inlet->stop[1] >= 0)
		close(inlet->stop[1]);
	free(inlet);
}

static void free_client(struct client *client)
{
	struct inlet *inlet = client->inlet;

	if (!client->closed || client->at_work)
		return;
	for (size_t i = 0; i < INLET_CONNECTIONS_MAX; i++)
		if (inlet->clients[i] == client)
			inlet->clients[i] = NULL;
	lmtp_free(client->lmtp);
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

static void leave_line(struct client *client)
{
	struct inlet *inlet = client->inlet;
	struct client **at = &inlet->first;

	if (!client->queued)
		return;
	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	if (inlet->end == &client->next)
		inlet->end = at;
	client->queued = false;
}

static void close_client(struct client *client)
{
	if (client->closing)
		return;
	client->closing = true;
	leave_line(client);
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
	if (status < 0 || lmtp_is_over(client->lmtp))
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

/* ---- a mail is read, by a program of its own */

static int descriptor_of(struct text mail)
{
	int fd = memfd_create("mail", MFD_CLOEXEC);
	size_t at = 0;

	while (fd >= 0 && at < mail.n) {
		ssize_t n = write(fd, mail.p + at, mail.n - at);

		if (n <= 0) {
			close(fd);
			return -1;
		}
		at += (size_t)n;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* On a thread of the pool. Of a reader that dies of a mail only that mail is lost, and it would die of it again. */
static void read_mail(uv_work_t *work)
{
	struct client *client = work->data;
	const struct inlet_options *options = &client->inlet->options;
	const char *const words[] = { options->program, "inspect", "--tell", "-", options->config_file ? "-c" : NULL, options->config_file, NULL };
	struct error error = { "" };
	int status = -1, fd = descriptor_of(client->mail);
	struct program program = { .words = words, .input = fd, .output = -1, .stop = client->inlet->stop[0],
				   .patience_us = options->patience_us, .status = &status };

	client->taken = fd >= 0;
	if (fd < 0)
		return;
	if (!program_run(&program, &error)) {
		client->taken = status < 0 && !client->inlet->closing;
		memcpy(client->why, error.text, sizeof error.text);
	}
	close(fd);
}

static void read_next(struct inlet *inlet);
static void go_on(struct client *client);

static void has_read(uv_work_t *work, int status)
{
	struct client *client = work->data;
	struct inlet *inlet = client->inlet;

	client->at_work = false;
	inlet->at_work--;
	if (*client->why)
		log_say(LOG_WARN, _("a mail that came in could not be told: %s"), client->why);
	*client->why = '\0';
	client->touched_ms = uv_now(inlet->loop);
	if (client->closing) {
		free_client(client);
	} else {
		lmtp_answer(client->lmtp, client->taken);
		go_on(client);
	}
	if (inlet->closing)
		free_inlet(inlet);
	else
		read_next(inlet);
}

static void read_next(struct inlet *inlet)
{
	while (inlet->first && inlet->at_work < INLET_AT_ONCE) {
		struct client *client = inlet->first;

		leave_line(client);
		client->at_work = true;
		inlet->at_work++;
		client->work.data = client;
		uv_queue_work(inlet->loop, &client->work, read_mail, has_read);
	}
}

static void take_mail(void *context, struct text bytes)
{
	struct client *client = context;
	struct inlet *inlet = client->inlet;

	client->mail = bytes;
	client->next = NULL;
	client->queued = true;
	*inlet->end = client;
	inlet->end = &client->next;
	read_next(inlet);
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
	keep_rest(client, text_after(all, lmtp_take(client->lmtp, all)));
	if (lmtp_waits(client->lmtp)) { /* nothing more is read until it is answered */
		uv_read_stop(stream);
		client->reading = false;
	}
}

/* what came behind the mail, then more */
static void go_on(struct client *client)
{
	struct text rest = { client->rest, client->rest_bytes };
	size_t used = rest.n ? lmtp_take(client->lmtp, rest) : 0;
	char *before = client->rest;

	client->rest = NULL;
	keep_rest(client, text_after(rest, used));
	free(before);
	if (client->closing || client->reading || lmtp_waits(client->lmtp) || lmtp_is_over(client->lmtp))
		return;
	client->reading = true;
	uv_read_start(&client->stream.stream, give_room, got);
}

/* ---- clients */

static int open_stream(struct inlet *inlet, union stream *stream, bool is_unix)
{
	return is_unix ? uv_pipe_init(inlet->loop, &stream->pipe, 0) : uv_tcp_init(inlet->loop, &stream->tcp);
}

static void turned_away(uv_handle_t *handle) { free(handle); }

static struct client **free_place(struct inlet *inlet)
{
	for (size_t i = 0; i < INLET_CONNECTIONS_MAX; i++)
		if (!inlet->clients[i])
			return &inlet->clients[i];
	return NULL;
}

static void turn_away(struct inlet *inlet, struct listener *listener)
{
	union stream *stream = memory_zero(1, sizeof *stream);

	open_stream(inlet, stream, listener->is_unix);
	uv_accept(&listener->stream.stream, &stream->stream);
	uv_close(&stream->handle, turned_away);
}

static void came(uv_stream_t *stream, int status)
{
	struct inlet *inlet = stream->data;
	struct listener *listener = (struct listener *)stream;
	struct client **place = free_place(inlet), *client;

	if (status < 0)
		return;
	if (!place) {
		turn_away(inlet, listener);
		return;
	}
	*place = client = memory_zero(1, sizeof *client);
	client->inlet = inlet;
	client->touched_ms = uv_now(inlet->loop);
	open_stream(inlet, &client->stream, listener->is_unix);
	client->stream.handle.data = client;
	if (uv_accept(stream, &client->stream.stream) != 0) {
		close_client(client);
		return;
	}
	client->lmtp = lmtp_new(&(struct lmtp_handler){ say, take_mail, client });
	go_on(client);
}

static void look_round(uv_timer_t *clock)
{
	struct inlet *inlet = clock->data;

	for (size_t i = 0; i < INLET_CONNECTIONS_MAX; i++) {
		struct client *client = inlet->clients[i];

		if (client && !client->at_work && !client->queued && uv_now(inlet->loop) - client->touched_ms >= INLET_SILENCE_US / 1000)
			close_client(client);
	}
}

/* ---- life */

static int domain_of(int fd)
{
	int domain = AF_UNSPEC;
	socklen_t n = sizeof domain;

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n);
	return domain;
}

static int listen_on(struct inlet *inlet, int fd)
{
	struct listener *listener = &inlet->listeners[inlet->listener_count++];
	int status;

	listener->is_unix = domain_of(fd) == AF_UNIX;
	open_stream(inlet, &listener->stream, listener->is_unix);
	listener->stream.handle.data = inlet;
	inlet->handles++;
	status = listener->is_unix ? uv_pipe_open(&listener->stream.pipe, fd) : uv_tcp_open(&listener->stream.tcp, fd);
	return status ? status : uv_listen(&listener->stream.stream, BACKLOG, came);
}

struct inlet *inlet_new(uv_loop_t *loop, const struct inlet_options *options, struct error *error)
{
	struct inlet *inlet = memory_zero(1, sizeof *inlet);
	int status = 0;

	inlet->loop = loop;
	inlet->options = *options;
	inlet->options.patience_us = options->patience_us ? options->patience_us : INLET_PATIENCE_US;
	inlet->end = &inlet->first;
	if (pipe2(inlet->stop, O_CLOEXEC) != 0 || !listen_open(options->where, &inlet->place, error)) {
		free(inlet);
		return NULL;
	}
	for (size_t i = 0; i < inlet->place.count && i < LISTENERS_MAX && status == 0; i++)
		status = listen_on(inlet, inlet->place.sockets[i]);
	uv_timer_init(loop, &inlet->clock);
	inlet->clock.data = inlet;
	inlet->handles++;
	uv_timer_start(&inlet->clock, look_round, 10000, 10000);
	if (status == 0)
		return inlet;
	error_set(error, _("cannot listen on '%s': %s"), options->where, uv_strerror(status));
	inlet_close(inlet);
	return NULL;
}

static void own_closed(uv_handle_t *handle)
{
	struct inlet *inlet = handle->data;

	inlet->handles--;
	free_inlet(inlet);
}

void inlet_close(struct inlet *inlet)
{
	if (!inlet)
		return;
	inlet->closing = true;
	close(inlet->stop[1]); /* whoever is at work is stopped */
	inlet->stop[1] = -1;
	for (size_t i = 0; i < INLET_CONNECTIONS_MAX; i++)
		if (inlet->clients[i])
			close_client(inlet->clients[i]);
	for (size_t i = 0; i < inlet->listener_count; i++)
		uv_close(&inlet->listeners[i].stream.handle, own_closed);
	uv_close((uv_handle_t *)&inlet->clock, own_closed);
}

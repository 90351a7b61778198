/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/lines.h"

#include "base/memory.h"

struct lines {
	uv_pipe_t pipe;
	uv_timer_t patience;
	uv_connect_t connect;
	struct lines_handler handler;
	unsigned handles; /* that are not closed yet */
	bool closing;
	size_t used;
	char bytes[LINES_MAX];
};

struct sending {
	uv_write_t write;
	size_t n;
	char bytes[];
};

/* ---- the end */

static void on_closed(uv_handle_t *handle)
{
	struct lines *lines = handle->data;

	if (--lines->handles == 0)
		free(lines);
}

void lines_close(struct lines *lines)
{
	if (lines->closing)
		return;
	lines->closing = true;
	uv_close((uv_handle_t *)&lines->pipe, on_closed);
	uv_close((uv_handle_t *)&lines->patience, on_closed);
}

static void lose(struct lines *lines, const char *why)
{
	struct error error;

	if (lines->closing)
		return;
	lines_close(lines);
	error_set(&error, "%s", why);
	lines->handler.lost(lines->handler.context, &error);
}

/* ---- what comes */

static void on_silence(uv_timer_t *timer) { lose(timer->data, "no answer"); }

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct lines *lines = handle->data;

	*room = uv_buf_init(lines->bytes + lines->used, (unsigned)(LINES_MAX - lines->used));
}

static void take_lines(struct lines *lines)
{
	struct text rest = { lines->bytes, lines->used }, line;

	while (!lines->closing && text_cut(&rest, '\n', &line))
		lines->handler.line(lines->handler.context, line);
	if (lines->closing)
		return;
	memmove(lines->bytes, rest.p, rest.n);
	lines->used = rest.n;
	if (lines->used == LINES_MAX)
		lose(lines, "a line without an end");
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct lines *lines = stream->data;

	if (n < 0) {
		lose(lines, n == UV_EOF ? "it hung up" : uv_strerror((int)n));
		return;
	}
	if (uv_is_active((uv_handle_t *)&lines->patience))
		uv_timer_again(&lines->patience);
	lines->used += (size_t)n;
	take_lines(lines);
}

static void on_connected(uv_connect_t *connect, int status)
{
	struct lines *lines = connect->data;

	if (lines->closing)
		return;
	if (!status)
		status = uv_read_start((uv_stream_t *)&lines->pipe, on_room, on_read);
	if (status)
		lose(lines, uv_strerror(status));
	else
		lines->handler.opened(lines->handler.context);
}

struct lines *lines_open(uv_loop_t *loop, const char *path, const struct lines_handler *handler)
{
	struct lines *lines = memory_new(sizeof *lines);

	lines->handler = *handler;
	lines->handles = 2;
	lines->closing = false;
	lines->used = 0;
	uv_pipe_init(loop, &lines->pipe, 0);
	uv_timer_init(loop, &lines->patience);
	lines->pipe.data = lines->patience.data = lines->connect.data = lines;
	uv_pipe_connect(&lines->connect, &lines->pipe, path, on_connected);
	return lines;
}

/* ---- what goes */

/* there may be a password in it */
static void wipe(struct sending *sending)
{
	explicit_bzero(sending->bytes, sending->n);
	free(sending);
}

static void on_written(uv_write_t *write, int status)
{
	struct lines *lines = write->handle->data;

	wipe(write->data);
	if (status && status != UV_ECANCELED)
		lose(lines, uv_strerror(status));
}

void lines_send(struct lines *lines, struct text text)
{
	struct sending *sending = memory_new(sizeof *sending + text.n);
	uv_buf_t bytes = uv_buf_init(sending->bytes, (unsigned)text.n);

	sending->n = text.n;
	memcpy(sending->bytes, text.p, text.n);
	sending->write.data = sending;
	if (uv_write(&sending->write, (uv_stream_t *)&lines->pipe, &bytes, 1, on_written))
		wipe(sending); /* the reading side hears of it */
}

void lines_expect(struct lines *lines, bool expected)
{
	if (expected)
		uv_timer_start(&lines->patience, on_silence, LINES_PATIENCE_MS, LINES_PATIENCE_MS);
	else
		uv_timer_stop(&lines->patience);
}

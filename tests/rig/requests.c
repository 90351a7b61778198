/* SPDX-License-Identifier: Apache-2.0 */
#include "requests.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static struct {
	uv_pipe_t input;
	void (*ask)(struct text line);
	void (*over)(void);
	size_t waiting; /* what is not answered */
	bool ended;     /* the input */
	size_t used;
	char bytes[1 << 20];
} requests;

static void end_if_done(void)
{
	fflush(stdout);
	if (!requests.ended || requests.waiting)
		return;
	requests.over();
	uv_close((uv_handle_t *)&requests.input, NULL);
}

void requests_answered(void)
{
	requests.waiting--;
	end_if_done();
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	*room = uv_buf_init(requests.bytes + requests.used, (unsigned)(sizeof requests.bytes - requests.used));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct text rest, line;

	requests.used += n > 0 ? (size_t)n : 0;
	rest = (struct text){ requests.bytes, requests.used };
	while (text_cut(&rest, '\n', &line)) {
		requests.waiting++;
		requests.ask(line);
	}
	memmove(requests.bytes, rest.p, rest.n);
	requests.used = rest.n;
	if (n >= 0)
		return;
	requests.ended = true;
	uv_read_stop(stream);
	end_if_done();
}

int requests_run(uv_loop_t *loop, void (*ask)(struct text line), void (*over)(void))
{
	requests.ask = ask;
	requests.over = over;
	signal(SIGPIPE, SIG_IGN);
	uv_pipe_init(loop, &requests.input, 0);
	uv_pipe_open(&requests.input, STDIN_FILENO);
	uv_read_start((uv_stream_t *)&requests.input, on_room, on_read);
	uv_run(loop, UV_RUN_DEFAULT);
	return uv_loop_close(loop) == 0 ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A server of a test's own, on the test's loop: on a unix socket, or on a port of the loopback. What it hears goes to `hear`, which
 * takes what it can use from the front and answers with fake_say. */
#ifndef SEKISHO_TESTS_FAKE_SERVER_H
#define SEKISHO_TESTS_FAKE_SERVER_H
#include <arpa/inet.h>
#include <stdlib.h>
#include <uv.h>

#include "base/memory.h"
#include "base/text.h"

enum { FAKE_HEARD_MAX = 1 << 20 };

struct fake_server {
	union {
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} listener;
	bool is_pipe;
	uint16_t port;
	size_t clients, living;
	struct fake_client *last; /* the newest one */
	/* how much of it was used */
	size_t (*hear)(struct fake_server *server, struct fake_client *client, struct text heard);
	void (*greet)(struct fake_server *server, struct fake_client *client); /* or NULL */
	void *context;
};

struct fake_client {
	struct fake_server *server;
	union {
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} line;
	size_t used;
	char bytes[FAKE_HEARD_MAX];
};

static void fake_gone(uv_handle_t *handle)
{
	struct fake_client *client = handle->data;

	client->server->living--;
	if (client->server->last == client)
		client->server->last = NULL;
	free(client);
}

__attribute__((unused)) static void fake_hang_up(struct fake_client *client)
{
	if (!uv_is_closing((uv_handle_t *)&client->line))
		uv_close((uv_handle_t *)&client->line, fake_gone);
}

static void fake_said(uv_write_t *write, int status) { free(write); }

__attribute__((unused)) static void fake_say(struct fake_client *client, struct text text)
{
	uv_write_t *write = memory_new(sizeof *write + text.n);
	char *bytes = (char *)(write + 1);
	uv_buf_t buffer = uv_buf_init(bytes, (unsigned)text.n);

	memcpy(bytes, text.p, text.n);
	uv_write(write, &client->line.stream, &buffer, 1, fake_said);
}

static void fake_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct fake_client *client = handle->data;

	*room = uv_buf_init(client->bytes + client->used, (unsigned)(sizeof client->bytes - client->used));
}

static void fake_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct fake_client *client = stream->data;
	size_t used;

	if (n < 0) {
		fake_hang_up(client);
		return;
	}
	client->used += (size_t)n;
	used = client->server->hear(client->server, client, (struct text){ client->bytes, client->used });
	memmove(client->bytes, client->bytes + used, client->used - used);
	client->used -= used;
}

static void fake_accept(uv_stream_t *stream, int status)
{
	struct fake_server *server = stream->data;
	struct fake_client *client = memory_new(sizeof *client);

	client->server = server;
	client->used = 0;
	if (server->is_pipe)
		uv_pipe_init(stream->loop, &client->line.pipe, 0);
	else
		uv_tcp_init(stream->loop, &client->line.tcp);
	client->line.stream.data = client;
	server->clients++;
	server->living++;
	server->last = client;
	if (uv_accept(stream, &client->line.stream) || uv_read_start(&client->line.stream, fake_room, fake_read)) {
		fake_hang_up(client);
		return;
	}
	if (server->greet)
		server->greet(server, client);
}

__attribute__((unused)) static void fake_listen_pipe(struct fake_server *server, uv_loop_t *loop, const char *path)
{
	server->is_pipe = true;
	uv_pipe_init(loop, &server->listener.pipe, 0);
	server->listener.stream.data = server;
	if (uv_pipe_bind(&server->listener.pipe, path) || uv_listen(&server->listener.stream, 64, fake_accept))
		abort();
}

__attribute__((unused)) static void fake_listen_port(struct fake_server *server, uv_loop_t *loop)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int size = sizeof address;

	uv_tcp_init(loop, &server->listener.tcp);
	server->listener.stream.data = server;
	if (uv_tcp_bind(&server->listener.tcp, (struct sockaddr *)&address, 0) || uv_listen(&server->listener.stream, 64, fake_accept) ||
	    uv_tcp_getsockname(&server->listener.tcp, (struct sockaddr *)&address, &size))
		abort();
	server->port = ntohs(address.sin_port);
}

/* its clients end when the other side does */
static inline void fake_close(struct fake_server *server)
{
	if (server->last)
		fake_hang_up(server->last);
	uv_close((uv_handle_t *)&server->listener, NULL);
}
#endif

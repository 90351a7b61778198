/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/stream.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"

static int stream_init(uv_loop_t *loop, union stream *stream, bool is_unix)
{
	return is_unix ? uv_pipe_init(loop, &stream->pipe, 0) : uv_tcp_init(loop, &stream->tcp);
}

/* ---- who comes */

int stream_accept(struct listener *listener, union stream *stream)
{
	int status = stream_init(listener->listening->loop, stream, listener->is_unix);

	return status ? status : uv_accept(&listener->stream.stream, &stream->stream);
}

static void turned_away(uv_handle_t *handle) { free(handle); }

void stream_turn_away(struct listener *listener)
{
	union stream *stream = memory_zero(1, sizeof *stream);

	if (stream_accept(listener, stream) != 0)
		stream->handle.data = NULL; /* it goes all the same */
	uv_close(&stream->handle, turned_away);
}

/* ---- where they come in */

static bool is_unix(int fd)
{
	int domain = AF_UNSPEC;
	socklen_t n = sizeof domain;

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0 && domain == AF_UNIX;
}

static int listen_on(struct listening *listening, int fd, uv_connection_cb came)
{
	struct listener *listener = &listening->listeners[listening->count++];
	int status;

	listener->listening = listening;
	listener->is_unix = is_unix(fd);
	status = stream_init(listening->loop, &listener->stream, listener->is_unix);
	listener->stream.handle.data = listening->owner;
	listening->open++;
	if (status == 0)
		status = listener->is_unix ? uv_pipe_open(&listener->stream.pipe, fd) : uv_tcp_open(&listener->stream.tcp, fd);
	if (status != 0)
		close(fd);
	return status ? status : uv_listen(&listener->stream.stream, LISTEN_BACKLOG, came);
}

bool listening_open(struct listening *listening, uv_loop_t *loop, const char *where, uv_connection_cb came, void *owner, struct error *error)
{
	size_t i = 0;
	int status = 0;

	listening->loop = loop;
	listening->owner = owner;
	if (!listen_open(where, &listening->place, error))
		return false;
	while (i < listening->place.count && status == 0)
		status = listen_on(listening, listening->place.sockets[i++], came);
	while (i < listening->place.count)
		close(listening->place.sockets[i++]);
	return status == 0 || error_set(error, _("cannot listen on '%s': %s"), where, uv_strerror(status));
}

static void socket_closed(uv_handle_t *handle)
{
	struct listening *listening = ((struct listener *)handle)->listening;

	if (--listening->open == 0)
		listening->closed(listening->owner);
}

void listening_close(struct listening *listening, void (*closed)(void *owner))
{
	bool none = listening->open == 0;

	listening->closed = closed;
	for (size_t i = 0; i < listening->count; i++)
		uv_close(&listening->listeners[i].stream.handle, socket_closed);
	listen_forget(&listening->place);
	if (none)
		closed(listening->owner);
}

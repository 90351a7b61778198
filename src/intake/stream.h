/* SPDX-License-Identifier: Apache-2.0 */
/* Connections of either kind, unix or TCP, on a loop, and the sockets of one place that they come in by. */
#ifndef SEKISHO_INTAKE_STREAM_H
#define SEKISHO_INTAKE_STREAM_H
#include <uv.h>

#include "intake/listen.h"

union stream {
	uv_handle_t handle;
	uv_stream_t stream;
	uv_tcp_t tcp;
	uv_pipe_t pipe;
};

/* one socket; what uv_connection_cb is given. Its `stream.handle.data` is the owner's word. */
struct listener {
	union stream stream; /* its first field */
	struct listening *listening;
	bool is_unix;
};

/* Zeroed at first; stays where it is until its owner is told that it is closed. */
struct listening {
	uv_loop_t *loop;
	struct listen_place place;
	struct listener listeners[LISTEN_SOCKETS_MAX];
	size_t count, open;
	void *owner;
	void (*closed)(void *owner);
};

/* Listens at `where` (see listen.h); `owner` is each listener's data. A false one that opened something has to be closed, too:
 * `count` tells. */
bool listening_open(struct listening *listening, uv_loop_t *loop, const char *where, uv_connection_cb came, void *owner, struct error *error)
	__attribute__((warn_unused_result));
/* `closed` is called by the loop once the last socket is gone; at once where there is none */
void listening_close(struct listening *listening, void (*closed)(void *owner));

/* Takes who has come to this listener; the stream has to be closed by the caller whatever is answered: 0 or an error of libuv */
int stream_accept(struct listener *listener, union stream *stream) __attribute__((warn_unused_result));
/* ends the connection of who has come, without a word */
void stream_turn_away(struct listener *listener);
#endif

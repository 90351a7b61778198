/* SPDX-License-Identifier: Apache-2.0 */
/* One buffer serves all connections: a request that comes in one piece, as those of Postfix do, is read from where the
 * kernel put it. Only what is left over, half a request or one whose turn has not come, is copied. */
#include "intake/policy_server.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "intake/stream.h"

enum { TICK_MS = 1000 };
#define DUNNO TEXT("DUNNO")

enum stage {
	STAGE_READING,
	STAGE_ASKED,   /* the answer comes later */
	STAGE_WRITING, /* the client has not taken all of it */
	STAGE_LEAVING, /* told DUNNO, hears no more; what it still sends is thrown away, lest the kernel resets what it was told */
	STAGE_CLOSED,
};

enum waits { WAITS_NOT, WAITS_FOR_TIME, WAITS_FOR_TURN };

struct connection {
	union stream stream;
	struct policy_server *server;
	const struct listener *listener;
	uint32_t number, generation;
	uint8_t stage, waits; /* enum stage, enum waits: in which list it stands */
	bool deaf, ended;    /* not read from; said all it had to say */
	char *rest;          /* what was read and not asked yet: half a request, unless deaf */
	uint32_t rest_bytes;
	uint64_t due_ms;
	TAILQ_ENTRY(connection) wait;
};
TAILQ_HEAD(connections, connection);

struct policy_server {
	uv_loop_t *loop;
	struct policy_handler handler;
	struct policy_tally tally;
	struct listening places[POLICY_PLACES_MAX];
	uint32_t place_count;
	struct connection **all; /* by number; kept for the next client */
	uint32_t count, room;
	uint32_t *spare;         /* numbers that are free */
	uint32_t spare_count, spare_room;
	uv_timer_t timer;        /* runs while somebody is due */
	uv_idle_t turn;          /* runs while somebody is ready */
	struct connections due;  /* in the order in which their time is up */
	struct connections ready;
	size_t rest_bytes;       /* of all */
	uint32_t handles;        /* not closed yet */
	char buffer[POLICY_REQUEST_MAX];
};

/* what waits for the client to take it */
struct unsent {
	uv_write_t write;
	size_t bytes;
	char text[];
};

static void serve(struct connection *connection, size_t bytes, size_t known);

/* ---- closing */

static void server_done(struct policy_server *server)
{
	for (uint32_t i = 0; i < server->count; i++)
		free(server->all[i]);
	free(server->all);
	free(server->spare);
	free(server);
}

static void handle_closed(struct policy_server *server)
{
	if (--server->handles == 0)
		server_done(server);
}

static void own_closed(uv_handle_t *handle) { handle_closed(handle->data); }
static void place_closed(void *server) { handle_closed(server); }

static void connection_closed(uv_handle_t *handle)
{
	struct connection *connection = (struct connection *)handle;
	struct policy_server *server = connection->server;

	MEMORY_ROOM(server->spare, server->spare_count, server->spare_room);
	server->spare[server->spare_count++] = connection->number;
	handle_closed(server);
}

/* ---- waiting */

static void wait_no_more(struct connection *connection)
{
	struct policy_server *server = connection->server;

	if (connection->waits != WAITS_NOT)
		TAILQ_REMOVE(connection->waits == WAITS_FOR_TIME ? &server->due : &server->ready, connection, wait);
	connection->waits = WAITS_NOT;
}

static void tick(uv_timer_t *timer);
static void take_turns(uv_idle_t *turn);

/* its time runs from now */
static void wait_for_time(struct connection *connection)
{
	struct policy_server *server = connection->server;

	wait_no_more(connection);
	connection->due_ms = uv_now(server->loop) + POLICY_SILENCE_US / 1000;
	connection->waits = WAITS_FOR_TIME;
	if (TAILQ_EMPTY(&server->due))
		uv_timer_start(&server->timer, tick, TICK_MS, TICK_MS);
	TAILQ_INSERT_TAIL(&server->due, connection, wait);
}

/* to be served in the next turn of the loop */
static void wait_for_turn(struct connection *connection)
{
	struct policy_server *server = connection->server;

	wait_no_more(connection);
	connection->waits = WAITS_FOR_TURN;
	if (TAILQ_EMPTY(&server->ready))
		uv_idle_start(&server->turn, take_turns);
	TAILQ_INSERT_TAIL(&server->ready, connection, wait);
}

/* ---- a connection */

static void set_rest(struct connection *connection, struct text rest)
{
	struct policy_server *server = connection->server;

	server->rest_bytes += rest.n - connection->rest_bytes;
	connection->rest_bytes = (uint32_t)rest.n;
	if (rest.n) {
		connection->rest = memory_resize(connection->rest, rest.n, 1);
		memcpy(connection->rest, rest.p, rest.n);
	} else if (connection->rest) {
		free(connection->rest);
		connection->rest = NULL;
	}
}

static void drop(struct connection *connection)
{
	if (connection->stage == STAGE_CLOSED)
		return;
	connection->stage = STAGE_CLOSED;
	connection->generation++;
	connection->server->tally.open--;
	wait_no_more(connection);
	set_rest(connection, TEXT_NONE);
	uv_close(&connection->stream.handle, connection_closed);
}

/* the buffer begins with what is left of before */
static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct connection *connection = (struct connection *)handle;
	struct policy_server *server = connection->server;
	size_t kept = connection->rest_bytes;

	if (kept)
		memcpy(server->buffer, connection->rest, kept);
	*room = uv_buf_init(server->buffer + kept, (unsigned)(sizeof server->buffer - kept));
}

/* half-closed clients get their answers still */
static void at_end(struct connection *connection)
{
	if (connection->stage != STAGE_ASKED) {
		drop(connection);
		return;
	}
	connection->ended = true;
	uv_read_stop(&connection->stream.stream);
}

static void have_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
	struct connection *connection = (struct connection *)stream;

	if (got == UV_EOF)
		at_end(connection);
	else if (got < 0)
		drop(connection);
	else if (got > 0 && connection->stage != STAGE_LEAVING)
		serve(connection, connection->rest_bytes + (size_t)got, connection->rest_bytes);
}

static void listen_to(struct connection *connection)
{
	connection->deaf = false;
	if (uv_read_start(&connection->stream.stream, give_room, have_read) != 0)
		drop(connection);
}

static void turn_deaf(struct connection *connection)
{
	connection->deaf = true;
	uv_read_stop(&connection->stream.stream);
}

/* an answer is out: what comes next? */
static void go_on(struct connection *connection)
{
	connection->stage = STAGE_READING;
	if (connection->ended)
		drop(connection);
	else if (connection->deaf)
		wait_for_turn(connection);
}

/* ---- answers */

static void have_written(uv_write_t *write, int status)
{
	struct unsent *unsent = (struct unsent *)write;
	struct connection *connection = (struct connection *)write->handle;

	free(unsent);
	if (connection->stage != STAGE_WRITING)
		return;
	wait_no_more(connection);
	if (status == 0)
		go_on(connection);
	else
		drop(connection);
}

static void write_later(struct connection *connection, struct text rest)
{
	struct unsent *unsent = memory_new(sizeof *unsent + rest.n);
	uv_buf_t buffer = uv_buf_init(unsent->text, (unsigned)rest.n);

	memcpy(unsent->text, rest.p, rest.n);
	if (uv_write(&unsent->write, &connection->stream.stream, &buffer, 1, have_written) != 0) {
		free(unsent);
		drop(connection);
		return;
	}
	connection->stage = STAGE_WRITING;
	turn_deaf(connection);
	wait_for_time(connection);
}

static size_t answer_text(struct text action, char *to)
{
	size_t n = 7;

	if (action.n > POLICY_ACTION_MAX)
		action.n = POLICY_ACTION_MAX;
	memcpy(to, "action=", n);
	for (size_t i = 0; i < action.n; i++)
		to[n++] = (unsigned char)action.p[i] < ' ' || action.p[i] == 0x7f ? ' ' : action.p[i];
	to[n++] = '\n';
	to[n++] = '\n';
	return n;
}

/* how many bytes of it were not taken; -1: the client is gone */
static ssize_t write_now(struct connection *connection, char *text, size_t bytes)
{
	uv_buf_t buffer = uv_buf_init(text, (unsigned)bytes);
	int sent = uv_try_write(&connection->stream.stream, &buffer, 1);

	if (sent < 0 && sent != UV_EAGAIN)
		return -1;
	return (ssize_t)bytes - (sent > 0 ? sent : 0);
}

void policy_server_answer(struct policy_server *server, struct policy_ticket ticket, struct text action)
{
	struct connection *connection = ticket.connection < server->count ? server->all[ticket.connection] : NULL;
	char text[POLICY_ACTION_MAX + sizeof "action=\n\n"];
	size_t bytes;
	ssize_t left;

	if (!connection || connection->generation != ticket.generation || connection->stage != STAGE_ASKED)
		return;
	connection->generation++;
	bytes = answer_text(action, text);
	left = write_now(connection, text, bytes);
	if (left < 0)
		drop(connection);
	else if (left > 0)
		write_later(connection, (struct text){ text + bytes - left, (size_t)left });
	else
		go_on(connection);
}

/* ---- requests */

static const char *client_name(const struct connection *connection, char name[POLICY_CLIENT_MAX])
{
	struct sockaddr_storage address;
	int size = sizeof address;
	struct ucred peer;
	socklen_t peer_size = sizeof peer;
	char host[INET6_ADDRSTRLEN];
	int fd;

	snprintf(name, POLICY_CLIENT_MAX, "?");
	if (connection->listener->is_unix) {
		if (uv_fileno(&connection->stream.handle, &fd) == 0 && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_size) == 0)
			snprintf(name, POLICY_CLIENT_MAX, "pid %d, uid %u", (int)peer.pid, (unsigned)peer.uid);
	} else if (uv_tcp_getpeername(&connection->stream.tcp, (struct sockaddr *)&address, &size) == 0 &&
		   uv_ip_name((struct sockaddr *)&address, host, sizeof host) == 0) {
		snprintf(name, POLICY_CLIENT_MAX, "%s", host);
	}
	return name;
}

static void find_faulty(struct connection *connection, const struct error *error)
{
	struct policy_server *server = connection->server;
	char name[POLICY_CLIENT_MAX], text[sizeof "action=DUNNO\n\n"];
	size_t bytes = answer_text(DUNNO, text);
	int fd;

	server->tally.faulty++;
	server->handler.faulty(server->handler.context, client_name(connection, name), error);
	if (connection->stage == STAGE_CLOSED)
		return;
	if (write_now(connection, text, bytes) != 0 || uv_fileno(&connection->stream.handle, &fd) != 0 || shutdown(fd, SHUT_WR) != 0) {
		drop(connection);
		return;
	}
	connection->stage = STAGE_LEAVING;
	set_rest(connection, TEXT_NONE);
	wait_for_time(connection);
}

/* the bytes of the first request; 0: it is not whole, or faulty */
static size_t ask_first(struct connection *connection, struct text bytes, size_t known)
{
	struct policy_server *server = connection->server;
	struct policy_request request;
	struct error error;
	size_t used = 0;

	switch (policy_parse(bytes, known, &request, &used, &error)) {
	case POLICY_PARTIAL: return 0;
	case POLICY_FAULTY: find_faulty(connection, &error); return 0;
	case POLICY_WHOLE: break;
	}
	server->tally.requests++;
	connection->stage = STAGE_ASKED;
	wait_no_more(connection); /* its first half may have come before */
	server->handler.asked(server->handler.context, &request,
			      (struct policy_ticket){ connection->number, connection->generation });
	return used;
}

/* a request that is not whole; its time runs from its first byte, `fresh`: that came now */
static void keep_half(struct connection *connection, struct text half, bool fresh)
{
	const struct policy_server *server = connection->server;
	struct error error;

	set_rest(connection, half);
	if (!half.n) {
		wait_no_more(connection);
	} else if (half.n == POLICY_REQUEST_MAX) {
		error_set(&error, _("a request is longer than %d bytes"), POLICY_REQUEST_MAX);
		find_faulty(connection, &error);
	} else if (server->rest_bytes > POLICY_RESTS_BYTES) {
		error_set(&error, _("half requests hold more than %d bytes"), POLICY_RESTS_BYTES);
		find_faulty(connection, &error);
	} else if (fresh || connection->waits != WAITS_FOR_TIME) {
		wait_for_time(connection);
	}
}

/* the buffer holds so many bytes of this connection, of which the first `known` hold no whole request */
static void serve(struct connection *connection, size_t bytes, size_t known)
{
	struct text rest = { connection->server->buffer, bytes };
	bool fresh = false;
	size_t used;

	while (connection->stage == STAGE_READING && (used = ask_first(connection, rest, known)) > 0) {
		rest = text_after(rest, used);
		known = 0;
		fresh = true;
	}
	if (connection->stage == STAGE_READING) {
		keep_half(connection, rest, fresh);
	} else if (connection->stage == STAGE_ASKED || connection->stage == STAGE_WRITING) {
		set_rest(connection, rest);
		if (rest.n)
			turn_deaf(connection);
		if (connection->server->rest_bytes > POLICY_RESTS_BYTES)
			drop(connection);
	}
}

static void take_turn(struct connection *connection)
{
	uv_buf_t room;

	wait_no_more(connection);
	listen_to(connection);
	if (connection->stage != STAGE_READING || !connection->rest_bytes)
		return;
	give_room(&connection->stream.handle, 0, &room);
	serve(connection, connection->rest_bytes, 0);
}

/* of those who are ready now; who becomes it meanwhile has the next turn of the loop */
static void take_turns(uv_idle_t *turn)
{
	struct policy_server *server = turn->data;
	struct connection *connection;
	size_t ready = 0;

	TAILQ_FOREACH(connection, &server->ready, wait)
		ready++;
	while (ready-- && (connection = TAILQ_FIRST(&server->ready)))
		take_turn(connection);
	if (TAILQ_EMPTY(&server->ready))
		uv_idle_stop(&server->turn);
}

static void tick(uv_timer_t *timer)
{
	struct policy_server *server = timer->data;
	struct connection *connection;

	while ((connection = TAILQ_FIRST(&server->due)) && connection->due_ms <= uv_now(server->loop)) {
		server->tally.slow += connection->stage != STAGE_LEAVING;
		drop(connection);
	}
	if (TAILQ_EMPTY(&server->due))
		uv_timer_stop(&server->timer);
}

/* ---- new connections */

static struct connection *new_connection(struct policy_server *server)
{
	struct connection *connection;

	if (server->spare_count)
		return server->all[server->spare[--server->spare_count]];
	connection = memory_zero(1, sizeof *connection);
	connection->server = server;
	connection->number = server->count;
	MEMORY_ROOM(server->all, server->count, server->room);
	server->all[server->count++] = connection;
	return connection;
}

/* closed by drop, whatever is answered */
static bool connection_begin(struct connection *connection, struct listener *listener)
{
	connection->listener = listener;
	connection->stage = STAGE_READING;
	connection->waits = WAITS_NOT;
	connection->deaf = connection->ended = false;
	connection->server->handles++;
	connection->server->tally.open++;
	return stream_accept(listener, &connection->stream) == 0;
}

static void somebody_comes(uv_stream_t *stream, int status)
{
	struct listener *listener = (struct listener *)stream;
	struct policy_server *server = stream->data;
	struct connection *connection;

	if (status < 0) {
		server->tally.refused_connections++;
		return;
	}
	connection = new_connection(server);
	if (!connection_begin(connection, listener)) {
		drop(connection);
	} else if (server->tally.open > POLICY_CONNECTIONS_MAX) {
		server->tally.refused_connections++;
		drop(connection);
	} else {
		server->tally.connections++;
		if (!listener->is_unix)
			uv_tcp_nodelay(&connection->stream.tcp, 1);
		listen_to(connection);
	}
}

/* ---- the server */

struct policy_server *policy_server_new(uv_loop_t *loop, const struct policy_handler *handler)
{
	struct policy_server *server = memory_zero(1, sizeof *server);

	server->loop = loop;
	server->handler = *handler;
	TAILQ_INIT(&server->due);
	TAILQ_INIT(&server->ready);
	uv_timer_init(loop, &server->timer);
	uv_idle_init(loop, &server->turn);
	server->timer.data = server->turn.data = server;
	server->handles = 2;
	signal(SIGPIPE, SIG_IGN);
	return server;
}

bool policy_server_listen(struct policy_server *server, const char *where, struct error *error)
{
	struct listening *place = &server->places[server->place_count];
	bool listens;

	if (server->place_count == POLICY_PLACES_MAX)
		return error_set(error, _("cannot listen on '%s': more than %d places"), where, POLICY_PLACES_MAX);
	listens = listening_open(place, server->loop, where, somebody_comes, server, error);
	if (place->count) {
		server->place_count++;
		server->handles++;
	}
	return listens;
}

void policy_server_tally(const struct policy_server *server, struct policy_tally *tally) { *tally = server->tally; }

void policy_server_close(struct policy_server *server)
{
	if (!server)
		return;
	for (uint32_t i = 0; i < server->place_count; i++)
		listening_close(&server->places[i], place_closed);
	for (uint32_t i = 0; i < server->count; i++)
		drop(server->all[i]);
	uv_close((uv_handle_t *)&server->timer, own_closed);
	uv_close((uv_handle_t *)&server->turn, own_closed);
}

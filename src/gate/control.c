/* SPDX-License-Identifier: Apache-2.0 */
/* The socket: connections, lines, and the one thread at a time that asks the databases. */
#include "gate/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/control_inside.h"

enum { BACKLOG = 64, READ_BYTES = 16 * 1024 };

enum at_work {
	AT_REST,
	AT_PEER,  /* who is it? */
	AT_GATE,  /* the gate will call */
	AT_LINE,  /* waits for the databases */
	AT_STORES,
	AT_ANSWER, /* it is being written */
};

struct connection {
	struct control_job job; /* first: the gate's ticket is a connection, too */
	struct control *control;
	struct connection *next; /* in the line for the databases */
	uv_pipe_t pipe;
	uv_work_t work;
	uv_write_t write;
	enum at_work at_work;
	struct control_peer peer;
	uint64_t touched_ms; /* loop time */
	char *line, *answer;
	size_t n, used; /* bytes read, and those of them that are answered */
	bool last, closing, closed;
};

struct control {
	uv_loop_t *loop;
	struct control_options options;
	struct control_stores stores;
	uv_pipe_t listener;
	uv_timer_t clock;
	struct connection *connections[CONTROL_CONNECTIONS_MAX];
	struct connection *first, **end; /* the line for the databases */
	bool looking, closing;
	unsigned handles; /* of our own that are open */
};

static void serve(struct connection *connection);

/* ---- the end of things */

static void free_control(struct control *control)
{
	if (control->handles || control->looking)
		return;
	for (size_t i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		if (control->connections[i])
			return;
	control_stores_done(&control->stores);
	free(control);
}

/* once its handle is closed and nobody works for it any more */
static void free_connection(struct connection *connection)
{
	struct control *control = connection->control;

	if (!connection->closed || (connection->at_work != AT_REST && !(control->closing && connection->at_work == AT_GATE)))
		return;
	for (size_t i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		if (control->connections[i] == connection)
			control->connections[i] = NULL;
	control_job_done(&connection->job);
	free(connection->line);
	free(connection->answer);
	free(connection);
	if (control->closing)
		free_control(control);
}

static void connection_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;

	connection->closed = true;
	free_connection(connection);
}

static void close_connection(struct connection *connection)
{
	if (connection->closing)
		return;
	connection->closing = true;
	uv_close((uv_handle_t *)&connection->pipe, connection_closed);
}

/* true where nobody is there any more to be answered */
static bool rest(struct connection *connection)
{
	connection->at_work = AT_REST;
	if (!connection->closing)
		return false;
	free_connection(connection);
	return true;
}

/* ---- answers */

static void answered(uv_write_t *write, int status)
{
	struct connection *connection = write->data;

	free(connection->answer);
	connection->answer = NULL;
	control_job_done(&connection->job);
	if (rest(connection))
		return;
	connection->touched_ms = uv_now(connection->control->loop);
	if (status < 0 || connection->last)
		close_connection(connection);
	else
		serve(connection);
}

static json_t *error_of(const struct control_job *job)
{
	json_t *answer = json_pack("{s:o, s:s}", "error", control_text(text_of(job->error.text)), "fault",
				   control_fault_names[job->fault]);

	return answer ? answer : json_object();
}

static void answer(struct connection *connection)
{
	struct control_job *job = &connection->job;
	json_t *said = *job->error.text ? error_of(job) : json_incref(job->answer);
	char *text = json_dumps(said, JSON_COMPACT | JSON_REAL_PRECISION(15));
	size_t n = text ? strlen(text) : 0;
	uv_buf_t bytes;

	json_decref(said);
	connection->answer = memory_copy(text ? text : "", n + 1);
	connection->answer[n] = '\n';
	free(text);
	bytes = uv_buf_init(connection->answer, (unsigned)n + 1);
	connection->at_work = AT_ANSWER;
	connection->touched_ms = uv_now(connection->control->loop);
	connection->write.data = connection;
	if (uv_write(&connection->write, (uv_stream_t *)&connection->pipe, &bytes, 1, answered) != 0 && !rest(connection))
		close_connection(connection);
}

/* ---- the databases, one job at a time */

static void look_next(struct control *control);

static void search(uv_work_t *work)
{
	struct connection *connection = work->data;

	connection->job.verb->look(&connection->job);
}

/* what was found may be for the gate; it may answer at once, from within */
static void settle(struct connection *connection)
{
	struct control_job *job = &connection->job;

	if (job->verb->settle && !*job->error.text && job->verb->settle(job) == CONTROL_LATER && connection->at_work == AT_REST)
		connection->at_work = AT_GATE;
	else
		answer(connection);
}

static void searched(uv_work_t *work, int status)
{
	struct connection *connection = work->data;
	struct control *control = connection->control;

	if (!rest(connection))
		settle(connection);
	control->looking = false; /* it was still needed until here */
	if (control->closing)
		free_control(control);
	else
		look_next(control);
}

static void look_next(struct control *control)
{
	struct connection *connection = control->first;

	if (!connection || control->looking)
		return;
	control->first = connection->next;
	if (!control->first)
		control->end = &control->first;
	control->looking = true;
	connection->at_work = AT_STORES;
	connection->job.stores = &control->stores;
	connection->work.data = connection;
	uv_queue_work(control->loop, &connection->work, search, searched);
}

static void stand_in_line(struct connection *connection)
{
	struct control *control = connection->control;

	connection->at_work = AT_LINE;
	connection->next = NULL;
	*control->end = connection;
	control->end = &connection->next;
	look_next(control);
}

/* ---- reading */

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct connection *connection = handle->data;
	size_t left = CONTROL_LINE_MAX - connection->n;

	*room = uv_buf_init(connection->line + connection->n, (unsigned)(left < READ_BYTES ? left : READ_BYTES));
}

static void got(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct connection *connection = stream->data;

	if (n < 0) {
		close_connection(connection);
		return;
	}
	connection->n += (size_t)n;
	connection->touched_ms = uv_now(connection->control->loop);
	serve(connection);
}

/* ---- requests */

void control_say_no(void *ticket)
{
	struct connection *connection = ticket;

	connection->job.fault = CONTROL_NO;
}

void control_say_former(void *ticket)
{
	struct connection *connection = ticket;

	connection->job.fault = CONTROL_FORMER;
}

void control_refuse(control_done *done, void *ticket, const char *why)
{
	struct error error;

	error_set(&error, "%s", why);
	control_say_no(ticket);
	done(ticket, &error);
}

struct control_promise {
	control_done *done;
	void *ticket;
};

struct control_promise *control_promise(control_done *done, void *ticket)
{
	struct control_promise *promise = memory_zero(1, sizeof *promise);

	*promise = (struct control_promise){ done, ticket };
	return promise;
}

void control_kept(void *context, const struct error *error)
{
	struct control_promise *promise = context;

	promise->done(promise->ticket, error);
	free(promise);
}

static void gate_done(void *ticket, const struct error *error)
{
	struct connection *connection = ticket;

	if (error)
		control_job_refused(&connection->job, error);
	if (connection->at_work == AT_REST) /* at once, from within begin */
		connection->at_work = AT_ANSWER;
	else if (!rest(connection))
		answer(connection);
}

static void ask(struct connection *connection, struct text line)
{
	enum control_step step;

	uv_read_stop((uv_stream_t *)&connection->pipe);
	connection->job = (struct control_job){
		.options = &connection->control->options, .peer = connection->peer, .done = gate_done,
	};
	step = control_job_begin(&connection->job, line);
	if (step == CONTROL_SEARCH) {
		stand_in_line(connection);
	} else if (step == CONTROL_LATER && connection->at_work == AT_REST) {
		connection->at_work = AT_GATE;
	} else {
		connection->last |= !connection->job.verb;
		answer(connection);
	}
}

/* the next line, where there is one; else more is read. While something is being done nothing is read. */
static void serve(struct connection *connection)
{
	struct text rest = { connection->line + connection->used, connection->n - connection->used }, line;

	if (connection->peer.right == CONTROL_NOTHING) { /* needs not say what it wants */
		ask(connection, TEXT_NONE);
		return;
	}
	if (text_cut(&rest, '\n', &line)) {
		connection->used = (size_t)(rest.p - connection->line);
		ask(connection, line);
		return;
	}
	memmove(connection->line, rest.p, rest.n);
	connection->n = rest.n;
	connection->used = 0;
	if (connection->n < CONTROL_LINE_MAX) {
		uv_read_start((uv_stream_t *)&connection->pipe, give_room, got);
		return;
	}
	uv_read_stop((uv_stream_t *)&connection->pipe);
	connection->last = true;
	control_fail(&connection->job, CONTROL_FAULTY, "the request is longer than %d bytes", CONTROL_LINE_MAX);
	answer(connection);
}

/* ---- connections */

static void know(uv_work_t *work)
{
	struct connection *connection = work->data;
	const struct config *config = connection->control->options.config;

	control_peer_know(&connection->peer, &config->operators, &config->support);
}

static void known(uv_work_t *work, int status)
{
	struct connection *connection = work->data;

	if (rest(connection))
		return;
	connection->touched_ms = uv_now(connection->control->loop);
	serve(connection);
}

static bool ask_kernel(struct connection *connection)
{
	struct ucred there;
	socklen_t bytes = sizeof there;
	int fd;

	if (uv_fileno((uv_handle_t *)&connection->pipe, &fd) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &there, &bytes) != 0)
		return false;
	connection->peer.uid = there.uid;
	return true;
}

static struct connection **free_place(struct control *control)
{
	for (size_t i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		if (!control->connections[i])
			return &control->connections[i];
	return NULL;
}

static void turned_away(uv_handle_t *handle) { free(handle); }

static void turn_away(struct control *control)
{
	uv_pipe_t *pipe = memory_zero(1, sizeof *pipe);

	uv_pipe_init(control->loop, pipe, 0);
	uv_accept((uv_stream_t *)&control->listener, (uv_stream_t *)pipe);
	uv_close((uv_handle_t *)pipe, turned_away);
}

static void came(uv_stream_t *listener, int status)
{
	struct control *control = listener->data;
	struct connection **place = free_place(control), *connection;

	if (status < 0)
		return;
	if (!place) {
		turn_away(control);
		return;
	}
	*place = connection = memory_zero(1, sizeof *connection);
	connection->control = control;
	connection->line = memory_new(CONTROL_LINE_MAX);
	connection->touched_ms = uv_now(control->loop);
	uv_pipe_init(control->loop, &connection->pipe, 0);
	connection->pipe.data = connection->work.data = connection;
	if (uv_accept(listener, (uv_stream_t *)&connection->pipe) != 0 || !ask_kernel(connection)) {
		close_connection(connection);
		return;
	}
	connection->at_work = AT_PEER;
	uv_queue_work(control->loop, &connection->work, know, known);
}

/* who is silent, or does not take the answer, goes; who waits for us stays */
static void look_round(uv_timer_t *clock)
{
	struct control *control = clock->data;
	uint64_t now_ms = uv_now(control->loop), most_ms = (uint64_t)control->options.silence_us / 1000;

	for (size_t i = 0; i < CONTROL_CONNECTIONS_MAX; i++) {
		struct connection *connection = control->connections[i];

		if (connection && (connection->at_work == AT_REST || connection->at_work == AT_ANSWER) &&
		    now_ms - connection->touched_ms >= most_ms)
			close_connection(connection);
	}
}

/* ---- life */

/* left from an earlier run: nobody answers there */
static bool make_way(const char *path, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	bool answers;
	struct stat st;
	int fd;

	if (strlen(path) >= sizeof address.sun_path)
		return error_set(error, "control_socket: '%s' is too long a name for a socket", path);
	if (lstat(path, &st) != 0)
		return errno == ENOENT || error_set(error, "'%s': %s", path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return error_set(error, "'%s' is there, and no socket", path);
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	answers = fd >= 0 && (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN);
	if (fd >= 0)
		close(fd);
	if (answers)
		return error_set(error, "'%s': another sekisho answers there", path);
	return unlink(path) == 0 || error_set(error, "'%s': %s", path, strerror(errno));
}

static bool open_socket(struct control *control, struct error *error)
{
	const char *path = control->options.config->control_socket;
	int status;

	if (!make_way(path, error))
		return false;
	status = uv_pipe_bind(&control->listener, path);
	if (status == 0)
		status = uv_listen((uv_stream_t *)&control->listener, BACKLOG, came);
	if (status != 0)
		return error_set(error, "'%s': %s", path, uv_strerror(status));
	return chmod(path, 0666) == 0 || error_set(error, "'%s': %s", path, strerror(errno));
}

struct control *control_new(uv_loop_t *loop, const struct control_options *options, struct error *error)
{
	struct control *control = memory_zero(1, sizeof *control);

	control->loop = loop;
	control->options = *options;
	if (!control->options.silence_us)
		control->options.silence_us = CONTROL_SILENCE_US;
	control->stores.folder = options->config->state_folder;
	control->stores.geo_file = *options->config->geo_database ? options->config->geo_database : NULL;
	control->end = &control->first;
	control->handles = 2;
	uv_pipe_init(loop, &control->listener, 0);
	uv_timer_init(loop, &control->clock);
	control->listener.data = control->clock.data = control;
	if (open_socket(control, error)) {
		uv_timer_start(&control->clock, look_round, 1000, 1000);
		return control;
	}
	control_close(control);
	return NULL;
}

static void own_closed(uv_handle_t *handle)
{
	struct control *control = handle->data;

	control->handles--;
	free_control(control);
}

/* libuv unlinks the socket that it bound */
void control_close(struct control *control)
{
	if (!control)
		return;
	control->closing = true;
	for (struct connection *connection = control->first; connection; connection = connection->next)
		connection->at_work = AT_REST;
	control->first = NULL;
	for (size_t i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		if (control->connections[i])
			close_connection(control->connections[i]);
	uv_close((uv_handle_t *)&control->listener, own_closed);
	uv_close((uv_handle_t *)&control->clock, own_closed);
}

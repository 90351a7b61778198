/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/password_server.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "gate/password_question.h"
#include "intake/stream.h"

enum { TICK_MS = 1000 };

enum stage {
	STAGE_READING,
	STAGE_WAITING, /* its question is whole */
	STAGE_AT_WORK, /* on the pool */
	STAGE_SAYING,
	STAGE_LEAVING, /* was told of a fault; what it still sends is thrown away, lest the kernel resets what it was told */
};

struct client {
	union stream stream;
	struct password_server *server;
	TAILQ_ENTRY(client) place; /* in all, and */
	TAILQ_ENTRY(client) turn;  /* in the line of those who wait */
	enum stage stage;
	bool closing, closed, faulty;
	uint64_t due_ms;
	uv_work_t work;
	uv_write_t write;
	char *answer;
	struct password_question question;
	struct password_reply reply;
	size_t bytes; /* of what follows */
	char line[PASSWORD_QUESTION_MAX + 1];
};
TAILQ_HEAD(clients, client);

struct password_server {
	uv_loop_t *loop;
	struct password_server_options options;
	const struct password_policy *policy;
	struct listening listening;
	size_t handles; /* not closed yet */
	size_t client_count, at_work;
	uv_timer_t clock;
	struct clients clients, waiting;
	bool renewing, closing;
};

static void start_next(struct password_server *server);
static void look_for_question(struct client *client);

/* ---- the end of things */

static void free_server(struct password_server *server)
{
	if (!server->closing || server->handles || server->client_count)
		return;
	free(server);
}

static void drop_answer(struct client *client)
{
	if (client->answer)
		explicit_bzero(client->answer, strlen(client->answer));
	free(client->answer);
	client->answer = NULL;
}

static void free_client(struct client *client)
{
	struct password_server *server = client->server;

	if (!client->closed || client->stage == STAGE_AT_WORK)
		return;
	TAILQ_REMOVE(&server->clients, client, place);
	server->client_count--;
	drop_answer(client);
	explicit_bzero(client, sizeof *client);
	free(client);
	free_server(server);
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
	if (client->stage == STAGE_WAITING)
		TAILQ_REMOVE(&client->server->waiting, client, turn);
	uv_close(&client->stream.handle, client_closed);
}

static void wait_at_most(struct client *client, int64_t us) { client->due_ms = uv_now(client->server->loop) + (uint64_t)us / 1000; }

/* ---- answers */

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct client *client = handle->data;

	if (client->stage == STAGE_LEAVING)
		client->bytes = 0;
	*room = uv_buf_init(client->line + client->bytes, (unsigned)(sizeof client->line - client->bytes));
}

static void got(uv_stream_t *stream, ssize_t n, const uv_buf_t *room);

static void listen_to(struct client *client, enum stage stage, int64_t patience_us)
{
	client->stage = stage;
	wait_at_most(client, patience_us);
	if (uv_read_start(&client->stream.stream, give_room, got) != 0)
		close_client(client);
}

static void said(uv_write_t *write, int status)
{
	struct client *client = write->data;

	drop_answer(client);
	if (client->closing)
		return;
	if (status < 0)
		close_client(client);
	else if (client->faulty)
		listen_to(client, STAGE_LEAVING, PASSWORD_LEAVING_US);
	else
		look_for_question(client);
}

static void say(struct client *client, char *line)
{
	uv_buf_t bytes = uv_buf_init(line, (unsigned)strlen(line));

	client->answer = line;
	client->stage = STAGE_SAYING;
	client->write.data = client;
	wait_at_most(client, PASSWORD_SILENCE_US);
	if (uv_write(&client->write, &client->stream.stream, &bytes, 1, said) != 0)
		close_client(client);
}

static void say_fault(struct client *client, const struct error *error, bool leaves)
{
	client->faulty = leaves;
	uv_read_stop(&client->stream.stream);
	client->server->options.speak_in(client->question.language);
	say(client, password_error_line(error));
}

/* ---- work */

static void answer(uv_work_t *work)
{
	struct client *client = work->data;

	password_question_answer(&client->question, client->server->policy, &client->reply);
}

static void answered(uv_work_t *work, int status)
{
	struct client *client = work->data;
	struct password_server *server = client->server;
	bool over = server->closing; /* then the last client takes the server with it */

	server->at_work--;
	client->stage = STAGE_SAYING;
	if (client->closing) {
		free_client(client);
	} else {
		server->options.speak_in(client->question.language);
		say(client, password_reply_line(&client->question, server->policy, &client->reply));
		password_question_wipe(&client->question);
		explicit_bzero(&client->reply, sizeof client->reply);
	}
	if (!over)
		start_next(server);
}

/* nobody is being answered: the policy may become another */
static void renew(struct password_server *server)
{
	server->policy = server->options.policy(server->options.context);
	server->renewing = false;
}

static void start_next(struct password_server *server)
{
	struct client *client;

	if (server->renewing && !server->at_work)
		renew(server);
	while (!server->renewing && server->at_work < PASSWORD_AT_ONCE && (client = TAILQ_FIRST(&server->waiting))) {
		TAILQ_REMOVE(&server->waiting, client, turn);
		client->stage = STAGE_AT_WORK;
		client->work.data = client;
		server->at_work++;
		uv_queue_work(server->loop, &client->work, answer, answered);
	}
}

/* ---- questions */

static void take_question(struct client *client, size_t length)
{
	struct error error;
	bool whole = password_question_read(&client->question, text_head((struct text){ client->line, client->bytes }, length), &error);
	size_t used = length + 1;

	uv_read_stop(&client->stream.stream);
	memmove(client->line, client->line + used, client->bytes - used);
	client->bytes -= used;
	explicit_bzero(client->line + client->bytes, used);
	if (!whole) {
		say_fault(client, &error, false);
		return;
	}
	client->stage = STAGE_WAITING;
	TAILQ_INSERT_TAIL(&client->server->waiting, client, turn);
	start_next(client->server);
}

static void look_for_question(struct client *client)
{
	struct text all = { client->line, client->bytes };
	size_t length = text_find(all, '\n');
	struct error error;

	if (length < all.n) {
		take_question(client, length);
	} else if (all.n == sizeof client->line) {
		error_set(&error, _("a question has at most %d bytes"), PASSWORD_QUESTION_MAX);
		say_fault(client, &error, true);
	} else if (client->stage != STAGE_READING)
		listen_to(client, STAGE_READING, PASSWORD_SILENCE_US);
}

static void got(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct client *client = stream->data;

	if (n < 0) {
		close_client(client);
		return;
	}
	if (client->stage == STAGE_LEAVING)
		return;
	client->bytes += (size_t)n;
	look_for_question(client);
}

/* ---- clients */

static bool says_nothing(const struct client *client) { return client->stage == STAGE_READING && !client->bytes && !client->closing; }

/* Who has said nothing for longest goes, so that silent ones keep nobody out: it is the one that is due first. */
static struct client *longest_silent(struct password_server *server)
{
	struct client *client, *silent = NULL;

	TAILQ_FOREACH(client, &server->clients, place)
		if (says_nothing(client) && (!silent || client->due_ms < silent->due_ms))
			silent = client;
	return silent;
}

static void say_full(struct client *client)
{
	struct error error;

	error_set(&error, _("too many ask at once: at most %d"), PASSWORD_CONNECTIONS_MAX);
	say_fault(client, &error, true);
}

static void came(uv_stream_t *stream, int status)
{
	struct password_server *server = stream->data;
	struct listener *listener = (struct listener *)stream;
	struct client *client = NULL;
	bool full = server->client_count >= PASSWORD_CONNECTIONS_MAX;

	if (status < 0)
		return;
	if (full && (client = longest_silent(server))) {
		close_client(client);
		full = false;
	}
	client = memory_zero(1, sizeof *client);
	client->server = server;
	TAILQ_INSERT_TAIL(&server->clients, client, place);
	server->client_count++;
	client->stream.handle.data = client;
	if (stream_accept(listener, &client->stream) != 0)
		close_client(client);
	else if (server->client_count > PASSWORD_CONNECTIONS_MAX + PASSWORD_LEAVING_MOST)
		close_client(client);
	else if (full)
		say_full(client);
	else
		listen_to(client, STAGE_READING, PASSWORD_SILENCE_US);
}

static bool is_overdue(const struct client *client)
{
	bool our_turn = client->stage == STAGE_WAITING || client->stage == STAGE_AT_WORK;

	return !our_turn && uv_now(client->server->loop) >= client->due_ms;
}

static void look_round(uv_timer_t *clock)
{
	struct password_server *server = clock->data;
	struct client *client, *next;

	for (client = TAILQ_FIRST(&server->clients); client; client = next) {
		next = TAILQ_NEXT(client, place);
		if (is_overdue(client))
			close_client(client);
	}
	server->renewing = true;
	start_next(server);
}

/* ---- life */

/* passwords do not travel unencrypted */
static bool stays_here(const char *where, struct error *error)
{
	struct text text = text_of(where);

	if (!text_starts(text, TEXT("inet:")) || text_starts(text, TEXT("inet:127.")) || text_starts(text, TEXT("inet:[::1]:")))
		return true;
	return error_set(error, _("password_listen: '%s' is no address of this machine alone: 127.0.0.1 or [::1]"), where);
}

bool password_server_is_place(const char *where, struct error *error) { return stays_here(where, error) && listen_is_place(where, error); }

static void part_closed(void *context)
{
	struct password_server *server = context;

	server->handles--;
	free_server(server);
}

static void clock_closed(uv_handle_t *clock) { part_closed(clock->data); }

struct password_server *password_server_new(uv_loop_t *loop, const struct password_server_options *options, struct error *error)
{
	struct password_server *server;

	if (!stays_here(options->where, error))
		return NULL;
	server = memory_zero(1, sizeof *server);
	server->loop = loop;
	server->options = *options;
	TAILQ_INIT(&server->clients);
	TAILQ_INIT(&server->waiting);
	uv_timer_init(loop, &server->clock);
	server->clock.data = server;
	server->handles = 2;
	renew(server);
	uv_timer_start(&server->clock, look_round, TICK_MS, TICK_MS);
	if (listening_open(&server->listening, loop, options->where, came, server, error))
		return server;
	password_server_close(server);
	return NULL;
}

void password_server_close(struct password_server *server)
{
	struct client *client, *next;

	if (!server)
		return;
	server->closing = true;
	for (client = TAILQ_FIRST(&server->clients); client; client = next) {
		next = TAILQ_NEXT(client, place);
		close_client(client);
	}
	listening_close(&server->listening, part_closed);
	uv_close((uv_handle_t *)&server->clock, clock_closed);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/ask_many.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/when.h"
#include "gate/ask_line.h"

enum { READ_BYTES = 4096 };

/* one connection and the question on it */
struct line {
	int fd; /* -1: none */
	bool busy;
	enum ask_result failed; /* why it could not be asked, where fd is -1 */
	void *ticket;
	int64_t since_us;
	char *out, *in;
	size_t out_n, sent, in_n, room;
	struct error error;
};

struct ask_many {
	char *path;
	struct line lines[ASK_LINES];
	size_t busy;
};

static void hang_up(struct line *line)
{
	if (line->fd >= 0)
		close(line->fd);
	line->fd = -1;
}

static bool connect_line(struct ask_many *many, struct line *line)
{
	int fd = ask_connect(many->path, &line->error);

	line->failed = fd == ASK_NOT_ALLOWED ? ASK_NO : ASK_AWAY;
	line->fd = fd >= 0 ? fd : -1;
	return fd >= 0;
}

enum ask_result ask_many_open(const char *socket_path, struct ask_many **to, struct error *error)
{
	struct ask_many *many = memory_zero(1, sizeof *many);
	enum ask_result failed;

	many->path = memory_copy(socket_path, strlen(socket_path));
	for (size_t i = 0; i < ASK_LINES; i++)
		many->lines[i].fd = -1;
	if (connect_line(many, &many->lines[0])) {
		*to = many;
		return ASK_ANSWERED;
	}
	*error = many->lines[0].error;
	failed = many->lines[0].failed;
	ask_many_close(many);
	return failed;
}

static void forget(struct line *line)
{
	if (line->out)
		explicit_bzero(line->out, line->out_n); /* there may be a password in it */
	free(line->out);
	free(line->in);
	line->out = line->in = NULL;
	line->out_n = line->sent = line->in_n = line->room = 0;
}

void ask_many_close(struct ask_many *many)
{
	if (!many)
		return;
	for (size_t i = 0; i < ASK_LINES; i++) {
		hang_up(&many->lines[i]);
		forget(&many->lines[i]);
	}
	free(many->path);
	free(many);
}

size_t ask_many_room(const struct ask_many *many) { return ASK_LINES - many->busy; }

/* ---- a question */

/* the daemon hangs up where nothing was asked for long */
static bool was_hung_up(const struct line *line)
{
	char byte;

	return line->fd >= 0 && recv(line->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

static void send_some(struct line *line)
{
	ssize_t went = send(line->fd, line->out + line->sent, line->out_n - line->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (went >= 0)
		line->sent += (size_t)went;
	else if (errno != EAGAIN && errno != EINTR)
		line->sent = line->out_n; /* what it said to that is to be read */
}

void ask_many_put(struct ask_many *many, json_t *request, void *ticket)
{
	struct line *line = many->lines;
	char *text = json_dumps(request, JSON_COMPACT);

	json_decref(request);
	while (line->busy)
		line++;
	line->busy = true;
	line->ticket = ticket;
	line->since_us = clock_steady();
	line->out = text;
	line->out_n = strlen(text);
	line->out[line->out_n++] = '\n'; /* where the end stood */
	many->busy++;
	if (was_hung_up(line))
		hang_up(line);
	if (line->fd >= 0 || connect_line(many, line))
		send_some(line);
}

/* ---- answers */

static void answer(struct ask_many *many, struct line *line, enum ask_result result, json_t *said, const struct error *error,
		   ask_heard *heard, void *context)
{
	void *ticket = line->ticket;

	forget(line);
	line->busy = false;
	many->busy--;
	heard(context, ticket, result, said, error);
}

/* the line is whole, or nothing comes any more */
static bool read_some(struct line *line)
{
	ssize_t came;

	if (line->in_n == line->room) {
		line->room = line->room ? line->room * 2 : READ_BYTES;
		line->in = memory_resize(line->in, line->room, 1);
	}
	came = recv(line->fd, line->in + line->in_n, line->room - line->in_n, MSG_DONTWAIT);
	if (came < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (came <= 0 || line->in_n + (size_t)came > ASK_ANSWER_MAX) {
		hang_up(line);
		return true;
	}
	line->in_n += (size_t)came;
	return line->in[line->in_n - 1] == '\n';
}

static void understand(struct ask_many *many, struct line *line, ask_heard *heard, void *context)
{
	bool whole = line->in_n && line->in[line->in_n - 1] == '\n';
	struct error error = { "" };
	json_t *said = NULL;
	enum ask_result result = ask_understand(many->path, whole ? line->in : NULL, line->in_n, &said, &error);

	answer(many, line, result, said, &error, heard, context);
	json_decref(said);
}

static void look_at(struct ask_many *many, struct line *line, short events, ask_heard *heard, void *context)
{
	if (line->fd < 0) {
		struct error error = line->error;

		answer(many, line, line->failed, NULL, &error, heard, context);
		return;
	}
	if (events & (POLLIN | POLLHUP | POLLERR) && read_some(line))
		understand(many, line, heard, context);
	else if (events & POLLOUT && line->sent < line->out_n)
		send_some(line);
	if (line->busy && line->fd >= 0 && clock_steady() - line->since_us > ASK_WAIT_S * SECOND_US) {
		hang_up(line);
		line->in_n = 0;
		understand(many, line, heard, context);
	}
}

void ask_many_hear(struct ask_many *many, int wait_ms, ask_heard *heard, void *context)
{
	struct pollfd polled[ASK_LINES];

	for (size_t i = 0; i < ASK_LINES; i++) {
		const struct line *line = &many->lines[i];
		short events = line->sent < line->out_n ? POLLIN | POLLOUT : POLLIN;

		polled[i] = (struct pollfd){ .fd = line->busy ? line->fd : -1, .events = events };
		if (line->busy && line->fd < 0)
			wait_ms = 0; /* it could not be asked */
	}
	if (poll(polled, ASK_LINES, wait_ms) < 0)
		return;
	for (size_t i = 0; i < ASK_LINES; i++)
		if (many->lines[i].busy)
			look_at(many, &many->lines[i], polled[i].revents, heard, context);
}

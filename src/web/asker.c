/* SPDX-License-Identifier: Apache-2.0 */
#include "web/asker.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "gate/ask_line.h"

enum { READ_BYTES = 16 * 1024, HANDLES = 2 };

struct question {
	struct question *next;
	struct asker *asker;
	asker_heard *heard; /* NULL: nobody wants to know any more */
	void *ticket;
	uv_pipe_t pipe;
	uv_timer_t timer;
	uv_connect_t connect;
	uv_write_t write;
	char *line, *came; /* what is said, what was answered */
	size_t line_bytes, came_bytes, room;
	unsigned handles;
	bool running, over;
};

struct asker {
	uv_loop_t *loop;
	const char *path;
	struct question *all, *first, **end; /* those that run; the line of those that wait */
	size_t running, waiting;
	bool closing;
};

static void begin_next(struct asker *asker);

struct asker *asker_new(uv_loop_t *loop, const char *socket_path)
{
	struct asker *asker = memory_zero(1, sizeof *asker);

	asker->loop = loop;
	asker->path = socket_path;
	asker->end = &asker->first;
	return asker;
}

static void free_asker(struct asker *asker)
{
	if (asker->closing && !asker->running)
		free(asker);
}

static void free_question(struct question *question)
{
	if (question->line)
		explicit_bzero(question->line, question->line_bytes);
	free(question->line);
	free(question->came);
	free(question);
}

static void leave(struct question *question)
{
	struct question **at = &question->asker->all;

	while (*at != question)
		at = &(*at)->next;
	*at = question->next;
	question->asker->running--;
}

static void closed(uv_handle_t *handle)
{
	struct question *question = handle->data;
	struct asker *asker = question->asker;

	if (--question->handles)
		return;
	leave(question);
	free_question(question);
	if (asker->closing)
		free_asker(asker);
	else
		begin_next(asker);
}

static void hang_up(struct question *question)
{
	if (question->over)
		return;
	question->over = true;
	uv_close((uv_handle_t *)&question->pipe, closed);
	uv_close((uv_handle_t *)&question->timer, closed);
}

/* told once; NULL: there was no answer */
static void tell(struct question *question, const char *line, size_t n)
{
	asker_heard *heard = question->heard;
	struct error error = { "" };
	json_t *answer = NULL;
	enum ask_result result;

	if (!heard)
		return;
	question->heard = NULL;
	result = ask_understand(question->asker->path, line, n, &answer, &error);
	heard(question->ticket, result, answer, &error);
	json_decref(answer);
	hang_up(question);
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct question *question = handle->data;

	if (question->room - question->came_bytes < READ_BYTES && question->room < ASKER_ANSWER_MAX) {
		question->room += question->room + READ_BYTES;
		question->came = memory_resize(question->came, question->room, 1);
	}
	*room = uv_buf_init(question->came + question->came_bytes, (unsigned)(question->room - question->came_bytes));
}

static void came(uv_stream_t *pipe, ssize_t n, const uv_buf_t *room)
{
	struct question *question = pipe->data;

	if (n < 0) {
		tell(question, NULL, 0);
		return;
	}
	question->came_bytes += (size_t)n;
	if (question->came_bytes && question->came[question->came_bytes - 1] == '\n')
		tell(question, question->came, question->came_bytes);
}

static void said(uv_write_t *write, int status)
{
	struct question *question = write->data;

	explicit_bzero(question->line, question->line_bytes);
}

/* who is turned away is told so before anything is read: what cannot be sent needs no sending */
static void connected(uv_connect_t *connect, int status)
{
	struct question *question = connect->data;
	uv_buf_t line = uv_buf_init(question->line, (unsigned)question->line_bytes);

	if (question->over)
		return;
	question->write.data = question;
	if (status < 0 || uv_read_start((uv_stream_t *)&question->pipe, give_room, came) != 0) {
		tell(question, NULL, 0);
		return;
	}
	uv_write(&question->write, (uv_stream_t *)&question->pipe, &line, 1, said);
}

static void too_late(uv_timer_t *timer) { tell(timer->data, NULL, 0); }

static void begin_next(struct asker *asker)
{
	struct question *question = asker->first;

	if (!question || asker->running >= ASKER_AT_ONCE)
		return;
	asker->first = question->next;
	if (!asker->first)
		asker->end = &asker->first;
	asker->waiting--;
	question->next = asker->all;
	asker->all = question;
	asker->running++;
	question->handles = HANDLES;
	uv_pipe_init(asker->loop, &question->pipe, 0);
	uv_timer_init(asker->loop, &question->timer);
	question->pipe.data = question->timer.data = question->connect.data = question;
	uv_timer_start(&question->timer, too_late, ASKER_PATIENCE_MS, 0);
	uv_pipe_connect(&question->connect, &question->pipe, asker->path, connected);
}

static char *line_of(json_t *request, size_t *bytes)
{
	char *text = json_dumps(request, JSON_COMPACT), *line;
	size_t n = text ? strlen(text) : 0;

	json_decref(request);
	line = memory_copy(text ? text : "", n + 1);
	line[n] = '\n';
	*bytes = n + 1;
	if (text)
		explicit_bzero(text, n);
	free(text);
	return line;
}

void asker_ask(struct asker *asker, json_t *request, asker_heard *heard, void *ticket)
{
	struct question *question = memory_zero(1, sizeof *question);

	question->asker = asker;
	question->heard = heard;
	question->ticket = ticket;
	question->line = line_of(request, &question->line_bytes);
	*asker->end = question;
	asker->end = &question->next;
	asker->waiting++;
	begin_next(asker);
}

bool asker_is_full(const struct asker *asker) { return asker->waiting >= ASKER_WAITING_MAX; }

void asker_close(struct asker *asker)
{
	if (!asker)
		return;
	asker->closing = true;
	while (asker->first) {
		struct question *question = asker->first;

		asker->first = question->next;
		free_question(question);
	}
	if (!asker->running) {
		free(asker);
		return;
	}
	for (struct question *question = asker->all; question; question = question->next) {
		question->heard = NULL;
		hang_up(question);
	}
}

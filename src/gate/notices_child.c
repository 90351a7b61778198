/* SPDX-License-Identifier: Apache-2.0 */
/* The child that writes and sends, and the two pipes to it. */
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/notices_inside.h"

enum { READ_BYTES = 16 * 1024 };
#define AGAIN_US (5 * SECOND_US) /* after a child that failed */

struct notices_child {
	struct notices *notices; /* NULL: they are gone on without it */
	uv_process_t process;
	uv_pipe_t input, output;
	unsigned handles;
	struct notices_child *next; /* of those that rest */
	bool resting, ended, closing;
	int64_t heard_us;        /* last */
	size_t n;
	char line[NOTICES_LINE_MAX];
};

struct unsent {
	uv_write_t write;
	size_t n;
	char text[];
};

static void handle_closed(uv_handle_t *handle)
{
	struct notices_child *child = handle->data;
	struct notices *notices = child->notices;

	struct notices_child **at = &notices->resting;

	if (--child->handles)
		return;
	if (notices->child == child)
		notices->child = NULL;
	while (*at && *at != child)
		at = &(*at)->next;
	if (*at)
		*at = child->next;
	free(child);
	notices->handles--;
	notices_free_if_done(notices);
}

static void close_handles(struct notices_child *child)
{
	if (child->closing)
		return;
	child->closing = true;
	uv_close((uv_handle_t *)&child->input, handle_closed);
	uv_close((uv_handle_t *)&child->output, handle_closed);
	uv_close((uv_handle_t *)&child->process, handle_closed);
}

/* ---- its end */

static void ended(uv_process_t *process, int64_t status, int number)
{
	struct notices_child *child = process->data;
	struct notices *notices = child->notices;
	bool failed = status != 0 || number != 0;

	child->ended = true;
	if (notices->closing)
		return;
	if (failed)
		log_say(LOG_WARN, _("notices could not be delivered (exit status %d, signal %d); tried again"), (int)status, number);
	if (failed)
		notices->child_next_us = clock_now() + AGAIN_US;
}

/* all that it had said was heard: only now is it known what it did not do */
static void finish(struct notices_child *child)
{
	struct notices *notices = child->notices;
	bool was_at_work = notices->child == child;

	if (child->closing)
		return;
	if (was_at_work)
		notices->child = NULL;
	close_handles(child);
	if (!notices->closing && was_at_work)
		notices_child_gone(notices, clock_now());
}

/* ---- what it says */

static void take_line(struct notices_child *child, struct text line)
{
	json_t *answer = json_loadb(line.p, line.n, 0, NULL);

	if (json_is_object(answer))
		notices_heard(child->notices, answer, clock_now());
	json_decref(answer);
}

static void take_lines(struct notices_child *child)
{
	struct text rest = { child->line, child->n }, line;

	while (!child->notices->closing && text_cut(&rest, '\n', &line))
		take_line(child, line);
	memmove(child->line, rest.p, rest.n);
	child->n = rest.n;
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct notices_child *child = handle->data;
	size_t left = sizeof child->line - child->n;

	*room = uv_buf_init(child->line + child->n, (unsigned)(left < READ_BYTES ? left : READ_BYTES));
}

static void got(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct notices_child *child = stream->data;

	if (n < 0) { /* its end, or a line that is too long */
		if (!child->ended)
			uv_process_kill(&child->process, n == UV_EOF && child->resting ? SIGTERM : SIGKILL);
		finish(child);
		return;
	}
	child->n += (size_t)n;
	child->heard_us = clock_now();
	take_lines(child);
}

/* ---- what it is told */

static void written(uv_write_t *write, int status)
{
	struct unsent *unsent = (struct unsent *)write;

	sodium_memzero(unsent->text, unsent->n);
	free(unsent);
}

void notices_child_say(struct notices *notices, json_t *line)
{
	size_t n = json_dumpb(line, NULL, 0, JSON_COMPACT);
	struct unsent *unsent = memory_zero(1, sizeof *unsent + n + 1);
	uv_buf_t bytes;

	unsent->n = n + 1;
	json_dumpb(line, unsent->text, n, JSON_COMPACT);
	unsent->text[n] = '\n';
	json_decref(line);
	bytes = uv_buf_init(unsent->text, (unsigned)unsent->n);
	notices->child->heard_us = clock_now();
	if (uv_write(&unsent->write, (uv_stream_t *)&notices->child->input, &bytes, 1, written) != 0)
		written(&unsent->write, 0); /* it is gone, and that is noticed at its other pipe */
}

static void shut(uv_shutdown_t *request, int status) { free(request); }

void notices_child_rest(struct notices *notices)
{
	uv_shutdown_t *request;

	if (!notices->child || notices->child->resting)
		return;
	notices->child->resting = true;
	notices->child->next = notices->resting;
	notices->resting = notices->child;
	request = memory_zero(1, sizeof *request);
	if (uv_shutdown(request, (uv_stream_t *)&notices->child->input, shut) != 0)
		free(request);
	notices->child = NULL; /* it ends by itself; another one may be started meanwhile, and waits for it */
}

/* ---- life */

static int start(struct notices_child *child)
{
	struct notices *notices = child->notices;
	char name[] = "sekisho", command[] = "notice", verb[] = "deliver", settings[] = "--config";
	char *words[] = { name, command, verb, notices->config_file ? settings : NULL, (char *)(uintptr_t)notices->config_file, NULL };
	uv_stdio_container_t pipes[3] = {
		{ .flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&child->input },
		{ .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&child->output },
		{ .flags = UV_INHERIT_FD, .data.fd = 2 },
	};
	uv_process_options_t options = { .file = notices->program, .args = words, .exit_cb = ended, .stdio = pipes, .stdio_count = 3 };
	int fault = uv_spawn(notices->loop, &child->process, &options);

	child->process.data = child->input.data = child->output.data = child;
	return fault ? fault : uv_read_start((uv_stream_t *)&child->output, give_room, got);
}

bool notices_child_ready(struct notices *notices, int64_t now_us)
{
	struct notices_child *child;
	int fault;

	if (notices->child)
		return true;
	if (now_us < notices->child_next_us && notices->child_next_us - now_us <= AGAIN_US)
		return false;
	child = memory_zero(1, sizeof *child);
	child->notices = notices;
	child->handles = 3;
	child->heard_us = now_us;
	uv_pipe_init(notices->loop, &child->input, 0);
	uv_pipe_init(notices->loop, &child->output, 0);
	notices->handles++;
	notices->child = child;
	fault = start(child);
	if (!fault)
		return true;
	log_say(LOG_ERROR, _("notices cannot be delivered: %s"), uv_strerror(fault));
	notices->child_next_us = now_us + AGAIN_US;
	notices->child = NULL;
	child->ended = true;
	close_handles(child);
	return false;
}

void notices_child_look(struct notices *notices, int64_t now_us)
{
	struct notices_child *child = notices->child;

	if (!child || !notices->handed || now_us < child->heard_us || now_us - child->heard_us < NOTICES_PATIENCE_US)
		return;
	log_say(LOG_ERROR, "%s", _("notices: whoever delivers them has not said a word for minutes, and is ended"));
	child->heard_us = now_us;
	uv_process_kill(&child->process, SIGKILL);
}

static void end(struct notices_child *child)
{
	if (!child->ended)
		uv_process_kill(&child->process, SIGTERM);
	close_handles(child);
}

void notices_child_end(struct notices *notices)
{
	if (notices->child)
		end(notices->child);
	for (struct notices_child *child = notices->resting; child; child = child->next)
		end(child);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"

enum { LOOK_US = 10000, NAME_MAX_BYTES = 64 };

struct child {
	uv_loop_t *loop;
	char *program, *words[CHILD_WORDS_MAX + 1];
	char name[NAME_MAX_BYTES]; /* for people: "password serve" */
	uv_process_t process;
	uv_pipe_t leash;
	uv_timer_t again;
	uint64_t began_ms;
	int64_t wait_us;  /* before the next start */
	unsigned handles; /* not closed yet */
	bool running, closing;
};

static void start(struct child *child);

static void free_child(struct child *child)
{
	if (!child->closing || child->handles)
		return;
	for (char **word = child->words; *word; word++)
		free(*word);
	free(child->program);
	free(child);
}

static void closed(uv_handle_t *handle)
{
	struct child *child = handle->data;

	child->handles--;
	free_child(child);
}

static void due(uv_timer_t *timer)
{
	struct child *child = timer->data;

	if (child->handles > 1) /* what the last one left is still being closed */
		uv_timer_start(timer, due, 1, 0);
	else
		start(child);
}

/* process and leash of this start are closed, and another start is due */
static void go_on_later(struct child *child)
{
	uv_close((uv_handle_t *)&child->process, closed);
	uv_close((uv_handle_t *)&child->leash, closed);
	uv_timer_start(&child->again, due, (uint64_t)child->wait_us / 1000, 0);
	child->wait_us = child->wait_us * 2 < CHILD_LATEST_US ? child->wait_us * 2 : CHILD_LATEST_US;
}

static void ended(uv_process_t *process, int64_t status, int number)
{
	struct child *child = process->data;

	child->running = false;
	if (uv_now(child->loop) - child->began_ms >= CHILD_STEADY_US / 1000)
		child->wait_us = CHILD_FIRST_US;
	log_say(LOG_ERROR, _("'sekisho %s', which runs beside the daemon, has ended (exit status %d, signal %d); it is started again in %d s"),
		child->name, (int)status, number, (int)(child->wait_us / SECOND_US));
	go_on_later(child);
}

static void start(struct child *child)
{
	uv_stdio_container_t channels[] = {
		{ .flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&child->leash },
		{ .flags = UV_INHERIT_FD, .data.fd = STDOUT_FILENO },
		{ .flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO },
	};
	uv_process_options_t options = { .file = child->program, .args = child->words, .exit_cb = ended, .stdio = channels, .stdio_count = 3 };
	int fault;

	uv_pipe_init(child->loop, &child->leash, 0);
	fault = uv_spawn(child->loop, &child->process, &options);
	child->process.data = child->leash.data = child;
	child->handles += 2;
	child->began_ms = uv_now(child->loop);
	child->running = fault == 0;
	if (child->running)
		return;
	log_say(LOG_ERROR, _("'sekisho %s', which runs beside the daemon, cannot be started: %s"), child->name, uv_strerror(fault));
	go_on_later(child);
}

/* the command without its options */
static void name(struct child *child)
{
	for (size_t i = 1, n = 0; child->words[i] && child->words[i][0] != '-' && n < sizeof child->name - 1; i++)
		n += (size_t)snprintf(child->name + n, sizeof child->name - n, i > 1 ? " %s" : "%s", child->words[i]);
}

struct child *child_new(uv_loop_t *loop, const char *program, const char *const *words)
{
	struct child *child = memory_zero(1, sizeof *child);

	child->loop = loop;
	child->program = memory_copy(program, strlen(program));
	for (size_t i = 0; words[i] && i < CHILD_WORDS_MAX; i++)
		child->words[i] = memory_copy(words[i], strlen(words[i]));
	name(child);
	child->wait_us = CHILD_FIRST_US;
	uv_timer_init(loop, &child->again);
	child->again.data = child;
	child->handles = 1;
	start(child);
	return child;
}

int child_pid(const struct child *child) { return child->running ? child->process.pid : 0; }

/* the loop is at its end, so nobody else waits for it */
static void end(struct child *child)
{
	pid_t pid = child->process.pid;

	kill(pid, SIGTERM);
	for (int64_t waited_us = 0; waited_us < CHILD_PATIENCE_US; waited_us += LOOK_US) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		usleep(LOOK_US);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void child_close(struct child *child)
{
	if (!child)
		return;
	child->closing = true;
	if (child->running) {
		end(child);
		uv_close((uv_handle_t *)&child->process, closed);
		uv_close((uv_handle_t *)&child->leash, closed);
	}
	uv_close((uv_handle_t *)&child->again, closed);
}

int child_leash(void)
{
	int domain = AF_UNSPEC;
	socklen_t n = sizeof domain;

	return getsockopt(STDIN_FILENO, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0 && domain == AF_UNIX ? STDIN_FILENO : -1;
}

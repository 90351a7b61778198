/* SPDX-License-Identifier: Apache-2.0 */
/* An auth policy service on a loop, and a client that talks to it over the loopback, in one thread: while one waits, the
 * other has its turn. */
#ifndef SEKISHO_TESTS_AUTH_CLIENT_H
#define SEKISHO_TESTS_AUTH_CLIENT_H
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "intake/auth_server.h"

#define KEY "secret of the rig"
#define WITH_KEY "X-Sekisho-Key: " KEY "\r\n"
#define BODY "{\"login\":\"user031\",\"remote\":\"203.0.113.31\",\"success\":true}"

enum { REPLY_MAX = 16 * 1024, TURNS_MAX = 200000, HEAD_MAX = 2000 };

static uv_loop_t loop;
static struct auth_server *server;
static time_t forward_s;

/* libuv and libmicrohttpd come here, too */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int failed = (int)syscall(SYS_clock_gettime, clock, now);

	now->tv_sec += forward_s;
	return failed;
}

/* what the handler heard, and what it is to say */
static struct {
	unsigned asked, faulty;
	enum auth_policy_command command;
	char login[100], client[100], error[600];
	bool success;
	struct auth_answer answer;
} heard;

static void asked(void *context, const struct auth_policy_request *request, struct auth_answer *answer)
{
	assert_ptr_equal(context, &heard);
	assert_int_equal(answer->status, 0);
	assert_string_equal(answer->message, "");
	heard.asked++;
	heard.command = request->command;
	heard.success = request->success;
	text_copy(heard.login, sizeof heard.login, request->login);
	*answer = heard.answer;
}

static void stats(void *context, char stats[AUTH_STATS_MAX])
{
	snprintf(stats, AUTH_STATS_MAX, "{\"asked\":%u}", heard.asked);
}

static void faulty(void *context, const char *client, const struct error *error)
{
	heard.faulty++;
	snprintf(heard.client, sizeof heard.client, "%s", client);
	snprintf(heard.error, sizeof heard.error, "%s", error->text);
}

static const struct auth_handler handler = { asked, stats, faulty, &heard };

static int begin_at(const char *where)
{
	struct error error = { "" };

	memset(&heard, 0, sizeof heard);
	uv_loop_init(&loop);
	server = auth_server_new(&loop, where, KEY, &handler, &error);
	if (!server)
		print_message("%s\n", error.text);
	return server ? 0 : -1;
}

static int begin(void **state)
{
	return begin_at("inet:127.0.0.1:0");
}

static int end(void **state)
{
	auth_server_close(server);
	server = NULL;
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

static struct auth_tally tally(void)
{
	struct auth_tally tally;

	auth_server_tally(server, &tally);
	return tally;
}

/* ---- a client */

static void turn(void)
{
	uv_run(&loop, UV_RUN_NOWAIT);
}

static int client(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(auth_server_port(server)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* how much was taken: less than all where the server reads no more, or is gone */
static size_t say_bytes(int fd, const char *bytes, size_t n)
{
	size_t said = 0;

	for (unsigned idle = 0; said < n && idle < 100; turn()) {
		ssize_t sent = send(fd, bytes + said, n - said, MSG_NOSIGNAL);

		if (sent < 0 && errno != EAGAIN)
			break;
		said += sent > 0 ? (size_t)sent : 0;
		idle = sent > 0 ? 0 : idle + 1;
		if (idle) /* the kernel has not handed on what was sent before */
			poll(NULL, 0, 5);
	}
	turn();
	return said;
}

static void say(int fd, const char *text)
{
	assert_int_equal(say_bytes(fd, text, strlen(text)), strlen(text));
}

struct reply {
	int status; /* 0: the connection was closed */
	char head[HEAD_MAX], body[REPLY_MAX];
};

/* one whole reply; what follows it is left. `empty`: it has a length but no body */
static struct reply hear_one(int fd, bool empty)
{
	struct reply reply = { 0 };
	char *blank = NULL, *length;
	size_t n = 0, wanted;

	for (unsigned i = 0; !blank && i < TURNS_MAX; i++) { /* byte by byte, so that the next reply stays where it is */
		ssize_t got = recv(fd, reply.head + n, 1, 0);

		if (got == 0 || (got < 0 && errno != EAGAIN))
			return reply;
		n += got > 0;
		assert_true(n < HEAD_MAX - 1);
		blank = n >= 4 ? strstr(reply.head + n - 4, "\r\n\r\n") : NULL;
		if (got < 0)
			turn();
	}
	assert_non_null(blank);
	assert_int_equal(sscanf(reply.head, "HTTP/1.1 %d ", &reply.status), 1);
	length = strcasestr(reply.head, "\r\nContent-Length: ");
	wanted = length && !empty ? strtoul(length + 18, NULL, 10) : 0;
	assert_true(wanted < REPLY_MAX);
	for (n = 0; n < wanted; turn()) {
		ssize_t got = recv(fd, reply.body + n, wanted - n, 0);

		assert_true(got > 0 || (got < 0 && errno == EAGAIN));
		n += got > 0 ? (size_t)got : 0;
	}
	return reply;
}

static struct reply hear(int fd)
{
	return hear_one(fd, false);
}

static bool is_closed(int fd)
{
	char c;

	for (unsigned i = 0; i < 100; i++) {
		ssize_t got = recv(fd, &c, 1, 0);

		if (got == 0 || (got < 0 && errno != EAGAIN))
			return true;
		turn();
	}
	return false;
}

static void ask(int fd, const char *method, const char *target, const char *headers, const char *body)
{
	char request[8192];

	snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %zu\r\n\r\n%s", method, target, headers,
		 strlen(body), body);
	say(fd, request);
}

static struct reply post(int fd, const char *command, const char *body)
{
	char target[100];

	snprintf(target, sizeof target, "/?command=%s", command);
	ask(fd, "POST", target, WITH_KEY, body);
	return hear(fd);
}

static void still_answers(void)
{
	int fd = client();

	assert_int_equal(post(fd, "allow", BODY).status, 200);
	close(fd);
}

static void await_open(uint32_t wanted)
{
	for (unsigned i = 0; i < 100 && tally().open != wanted; i++)
		turn();
	assert_int_equal(tally().open, wanted);
}
#endif

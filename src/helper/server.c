/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/server.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

enum { LOOK_MS = 1000 }; /* for who is silent */

struct client {
	int fd;
	int64_t heard_us;
	size_t used;
	char bytes[SERVER_CLIENT_BYTES];
};

struct server {
	const struct work *work;
	int listener;
	int64_t served_us;
	size_t count;
	struct client *clients[SERVER_CLIENTS_MAX];
	struct request requests[WORK_BATCH_MAX];
	struct reply reply;
};

/* ---- one client */

/* root could do all of it without us */
static bool may_ask(const struct server *server, int fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
		return false;
	if (peer.uid == server->work->settings.user || peer.uid == 0)
		return true;
	fprintf(stderr, "sekisho-queue: user %lu may not ask\n", (unsigned long)peer.uid);
	return false;
}

static void welcome(struct server *server)
{
	int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *client;

	if (fd < 0)
		return;
	if (!may_ask(server, fd)) {
		close(fd);
		return;
	}
	client = memory_new(sizeof *client);
	client->fd = fd;
	client->used = 0;
	client->heard_us = clock_steady();
	server->clients[server->count++] = client;
}

static void part_from(struct server *server, size_t at)
{
	close(server->clients[at]->fd);
	free(server->clients[at]);
	server->clients[at] = server->clients[--server->count];
	server->served_us = clock_steady();
}

/* as many whole lines as are of one verb; how many requests, and the bytes that they took */
static size_t read_requests(struct server *server, struct text text, size_t *taken)
{
	struct text rest = text, line;
	size_t count = 0;

	while (count < WORK_BATCH_MAX && text_cut(&rest, '\n', &line)) {
		server->requests[count] = request_parse(line);
		if (server->requests[count].verb != server->requests[0].verb)
			break;
		count++;
		*taken = text.n - rest.n;
	}
	return count;
}

static void answer(struct server *server, struct client *client)
{
	struct text rest = { client->bytes, client->used };
	size_t count, taken = 0;

	while (!server->reply.broken && (count = read_requests(server, rest, &taken))) {
		work_do(server->work, server->requests, count, &server->reply);
		reply_flush(&server->reply); /* what is done is said, whatever comes next */
		rest = text_after(rest, taken);
	}
	if (rest.n > REQUEST_LINE_MAX) {
		reply_line(&server->reply, "no - line");
		reply_flush(&server->reply);
		server->reply.broken = true;
	}
	memmove(client->bytes, rest.p, rest.n);
	client->used = rest.n;
}

/* false where the client is to be closed */
static bool serve(struct server *server, struct client *client)
{
	ssize_t n = recv(client->fd, client->bytes + client->used, SERVER_CLIENT_BYTES - client->used, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	client->used += (size_t)n;
	server->reply.fd = client->fd;
	server->reply.broken = false;
	server->reply.used = 0;
	answer(server, client);
	client->heard_us = server->served_us = clock_steady();
	return !server->reply.broken;
}

/* ---- all of them */

/* true where somebody has something to say; an error ends the server */
static bool look(struct server *server, struct error *error)
{
	struct pollfd ready[SERVER_CLIENTS_MAX + 1] = {
		{ .fd = server->count < SERVER_CLIENTS_MAX ? server->listener : -1, .events = POLLIN },
	};

	for (size_t i = 0; i < server->count; i++)
		ready[i + 1] = (struct pollfd){ .fd = server->clients[i]->fd, .events = POLLIN };
	if (poll(ready, server->count + 1, LOOK_MS) < 0 && errno != EINTR)
		return error_set(error, "cannot wait for clients: %s", strerror(errno));
	if (ready[0].revents & ~POLLIN)
		return error_set(error, "the listening socket is broken");
	for (size_t i = server->count; i-- > 0;) /* from the end: who goes is replaced by the last */
		if ((ready[i + 1].revents && !serve(server, server->clients[i])) ||
		    clock_steady() - server->clients[i]->heard_us > SERVER_SILENCE_US)
			part_from(server, i);
	if (ready[0].revents)
		welcome(server);
	return true;
}

bool server_run(const struct work *work, int listener, bool may_end, struct error *error)
{
	struct server *server = memory_zero(1, sizeof *server);
	bool done = true;

	server->work = work;
	server->listener = listener;
	server->served_us = clock_steady();
	while (done && !(may_end && !server->count && clock_steady() - server->served_us > SERVER_SILENCE_US))
		done = look(server, error);
	while (server->count)
		part_from(server, server->count - 1);
	free(server);
	return done;
}

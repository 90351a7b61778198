/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/server.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

enum { LOOK_MS = 1000 }; /* for who is silent */

struct client {
	int fd;
	bool waits; /* there is a whole line that was not answered yet */
	int64_t heard_us;
	size_t used;
	char bytes[SERVER_CLIENT_BYTES];
};

struct server {
	const struct service *service;
	uid_t user;
	int listener;
	int64_t served_us;
	size_t count;
	struct client *clients[SERVER_CLIENTS_MAX];
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
	if (peer.uid == server->user || peer.uid == 0)
		return true;
	fprintf(stderr, "%s: user %lu may not ask\n", server->service->program, (unsigned long)peer.uid);
	return false;
}

/* true where there is one more */
static bool welcome(struct server *server)
{
	int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *client;

	if (fd < 0)
		return false;
	if (!may_ask(server, fd)) {
		close(fd);
		return false;
	}
	client = memory_new(sizeof *client);
	client->fd = fd;
	client->waits = false;
	client->used = 0;
	client->heard_us = clock_steady();
	server->clients[server->count++] = client;
	return true;
}

static void part_from(struct server *server, size_t at)
{
	close(server->clients[at]->fd);
	explicit_bzero(server->clients[at]->bytes, server->clients[at]->used);
	free(server->clients[at]);
	server->clients[at] = server->clients[--server->count];
	server->served_us = clock_steady();
}

/* all whole lines */
static struct text lines_of(const struct client *client)
{
	const char *last = client->used ? memrchr(client->bytes, '\n', client->used) : NULL;

	return text_between(client->bytes, last ? last + 1 : client->bytes);
}

/* what was answered goes, and is wiped; what follows moves to the front */
static void forget(struct client *client, size_t taken)
{
	size_t left = client->used - taken;

	memmove(client->bytes, client->bytes + taken, left);
	explicit_bzero(client->bytes + left, taken);
	client->used = left;
}

static bool begins_too_long_a_line(const struct server *server, const struct client *client)
{
	return !lines_of(client).n && client->used > server->service->line_max;
}

static void answer(struct server *server, struct client *client)
{
	const struct service *service = server->service;
	struct text lines = lines_of(client);

	if (lines.n) {
		size_t taken = service->answer(service->context, lines, &server->reply);

		assert(taken && taken <= lines.n);
		reply_flush(&server->reply); /* what is done is said, whatever comes next */
		forget(client, taken);
	}
	if (begins_too_long_a_line(server, client)) {
		reply_line(&server->reply, "%s", service->too_long);
		reply_flush(&server->reply);
		server->reply.broken = true;
	}
	client->waits = lines_of(client).n;
}

/* false where the client has hung up */
static bool hear(struct client *client)
{
	ssize_t n = recv(client->fd, client->bytes + client->used, SERVER_CLIENT_BYTES - client->used, MSG_DONTWAIT);

	if (n > 0)
		client->used += (size_t)n;
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* A turn; false where the client is to be closed. One that still waits is not listened to, nor is it known whether it has hung up. */
static bool serve(struct server *server, struct client *client)
{
	if (!client->waits && !hear(client))
		return false;
	server->reply.fd = client->fd;
	server->reply.broken = false;
	server->reply.used = 0;
	answer(server, client);
	client->heard_us = server->served_us = clock_steady();
	return !server->reply.broken;
}

/* ---- all of them */

static bool anybody_waits(const struct server *server)
{
	for (size_t i = 0; i < server->count; i++)
		if (server->clients[i]->waits)
			return true;
	return false;
}

/* a turn for each who has something to say; an error ends the server */
static bool look(struct server *server, struct error *error)
{
	struct pollfd ready[SERVER_CLIENTS_MAX + 1] = {
		{ .fd = server->count < SERVER_CLIENTS_MAX ? server->listener : -1, .events = POLLIN },
	};
	int64_t now_us;

	for (size_t i = 0; i < server->count; i++)
		ready[i + 1] = (struct pollfd){ .fd = server->clients[i]->fd, .events = POLLIN };
	if (poll(ready, server->count + 1, anybody_waits(server) ? 0 : LOOK_MS) < 0 && errno != EINTR)
		return error_set(error, "cannot wait for clients: %s", strerror(errno));
	if (ready[0].revents & ~POLLIN)
		return error_set(error, "the listening socket is broken");
	if (ready[0].revents && welcome(server)) /* who comes in has his turn before the others have theirs again */
		ready[server->count].revents = POLLIN;
	now_us = clock_steady(); /* what was said during the turns is seen in the next look */
	for (size_t i = server->count; i-- > 0;) { /* from the end: who goes is replaced by the last */
		struct client *client = server->clients[i];

		if (((ready[i + 1].revents || client->waits) && !serve(server, client)) || now_us - client->heard_us > SERVER_SILENCE_US)
			part_from(server, i);
	}
	return true;
}

bool server_run(const struct service *service, uid_t user, int listener, bool may_end, struct error *error)
{
	struct server *server = memory_zero(1, sizeof *server);
	bool done = true;

	server->service = service;
	server->user = user;
	server->listener = listener;
	server->served_us = clock_steady();
	while (done && !(may_end && !server->count && clock_steady() - server->served_us > SERVER_SILENCE_US))
		done = look(server, error);
	while (server->count)
		part_from(server, server->count - 1);
	free(server);
	return done;
}

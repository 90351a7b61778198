/* SPDX-License-Identifier: Apache-2.0 */
/* The policy service: unix and TCP sockets on somebody's libuv loop. Reads requests, hands each to `asked`, writes the
 * answers, of one connection in the order of its requests. An answer may come at once, from within `asked`, or later;
 * until it is written the next request of that connection waits.
 *
 * At most POLICY_CONNECTIONS_MAX connections; beyond, and without descriptors, new ones are accepted and closed at once,
 * so that Postfix takes its default action without delay. A request that is not whole POLICY_SILENCE_US after its first
 * byte, and an answer that is not taken for so long, end the connection; an idle one stays, as Postfix keeps them. Half
 * requests, and those that wait for their turn, hold at most POLICY_RESTS_BYTES together; who does not read answers is not
 * read either. A request that is too long or cannot be read is answered with DUNNO and the connection closed: no request
 * of a broken client delays mail.
 *
 * From policy_server_new on the process ignores SIGPIPE. */
#ifndef SEKISHO_INTAKE_POLICY_SERVER_H
#define SEKISHO_INTAKE_POLICY_SERVER_H
#include <uv.h>

#include "intake/policy.h"

enum {
	POLICY_CONNECTIONS_MAX = 20000,
	POLICY_RESTS_BYTES = 64 * 1024 * 1024,
	POLICY_ACTION_MAX = 1000, /* bytes of an answer; what is beyond is cut off */
	POLICY_CLIENT_MAX = 80,   /* bytes of a client's name */
	POLICY_PLACES_MAX = 8,    /* to listen on */
};
#define POLICY_SILENCE_US (10 * SECOND_US)

struct policy_server;

/* names an unanswered request; stays valid when its client is gone meanwhile */
struct policy_ticket {
	uint32_t connection, generation;
};

struct policy_handler {
	/* the request and its texts are good for the call */
	void (*asked)(void *context, const struct policy_request *request, struct policy_ticket ticket);
	/* a request that could not be read; once a connection */
	void (*faulty)(void *context, const char *client, const struct error *error);
	void *context;
};

struct policy_tally {
	uint64_t requests, connections, refused_connections, faulty, slow;
	uint32_t open;
};

struct policy_server *policy_server_new(uv_loop_t *loop, const struct policy_handler *handler);
/* "unix:/path", "inet:127.0.0.1:10040", "inet:[::1]:10040", "systemd:name" (intake/listen.h); at most POLICY_PLACES_MAX times */
bool policy_server_listen(struct policy_server *server, const char *where, struct error *error) __attribute__((warn_unused_result));
/* once a request; `action` without "action="; what it holds of control characters becomes blanks */
void policy_server_answer(struct policy_server *server, struct policy_ticket ticket, struct text action);
void policy_server_tally(const struct policy_server *server, struct policy_tally *tally);
/* closes its sockets and connections; frees itself once the loop has run. NULL is fine. */
void policy_server_close(struct policy_server *server);
#endif

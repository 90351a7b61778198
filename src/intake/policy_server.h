/* SPDX-License-Identifier: Apache-2.0 */
/* The policy service: unix and TCP sockets on somebody's libuv loop. Reads requests, hands each to `asked`, writes the
 * answers, of one connection in the order of its requests. An answer may come at once, from within `asked`, or later.
 *
 * At most POLICY_CONNECTIONS_MAX connections; beyond, new ones are accepted and closed at once, so that Postfix takes its
 * default action without delay. One that sent half a request and then nothing for POLICY_SILENCE_US is closed; an idle one
 * stays, as Postfix keeps them. A client that does not read its answers is closed when POLICY_UNREAD_MAX bytes wait. A request that is too
 * long or cannot be read is answered with DUNNO and the connection closed: no request of a broken client delays mail. */
#ifndef SEKISHO_INTAKE_POLICY_SERVER_H
#define SEKISHO_INTAKE_POLICY_SERVER_H
#include <uv.h>

#include "intake/policy.h"

enum { POLICY_CONNECTIONS_MAX = 20000, POLICY_UNREAD_MAX = 256 * 1024 };
#define POLICY_SILENCE_US (10 * SECOND_US)

struct policy_server;

/* names an unanswered request; stays valid when its client is gone meanwhile */
struct policy_ticket {
	uint32_t connection, generation;
};

struct policy_handler {
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
/* "unix:/path" (made anew, mode 0660, its group that of the folder's), or "inet:address:port", "inet:[::1]:port" */
bool policy_server_listen(struct policy_server *server, const char *where, struct error *error) __attribute__((warn_unused_result));
/* once a request; `action` without "action=" and without line ends */
void policy_server_answer(struct policy_server *server, struct policy_ticket ticket, struct text action);
void policy_server_tally(const struct policy_server *server, struct policy_tally *tally);
/* closes its sockets and connections; frees itself once the loop has run */
void policy_server_close(struct policy_server *server);
#endif

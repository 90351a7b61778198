/* SPDX-License-Identifier: Apache-2.0 */
/* The auth policy service: HTTP/1.1 with keep-alive by libmicrohttpd, through its epoll descriptor on somebody's libuv
 * loop, no threads. Asks `asked` for each request and answers {"status":n,"msg":"…"}. The API key comes in the header
 * X-Sekisho-Key or X-API-Key, or as the password of HTTP basic authentication (weakforced's way), compared in constant
 * time; without it 401. Wrong words: 404, bodies that cannot be read: 400, too long: 413.
 *
 * At most AUTH_CONNECTIONS_MAX connections; one that is silent for AUTH_SILENCE_S is closed. */
#ifndef SEKISHO_INTAKE_AUTH_SERVER_H
#define SEKISHO_INTAKE_AUTH_SERVER_H
#include <uv.h>

#include "intake/auth_policy.h"

enum { AUTH_CONNECTIONS_MAX = 10000, AUTH_SILENCE_S = 60, AUTH_MESSAGE_MAX = 300, AUTH_KEY_MAX = 256, AUTH_STATS_MAX = 4096 };

struct auth_server;

/* status: -1 refuses before the password check, 0 goes on; `message` reaches the client */
struct auth_answer {
	int status;
	char message[AUTH_MESSAGE_MAX];
};

struct auth_handler {
	void (*asked)(void *context, const struct auth_policy_request *request, struct auth_answer *answer);
	/* the body of `stats`: JSON, terminated */
	void (*stats)(void *context, char stats[AUTH_STATS_MAX]);
	void (*faulty)(void *context, const char *client, const struct error *error);
	void *context;
};

struct auth_tally {
	uint64_t requests, denied_key, faulty, connections;
	uint32_t open;
};

/* `where`: "inet:127.0.0.1:8084", "inet:[::1]:8084"; `key` is copied, never empty */
struct auth_server *auth_server_new(uv_loop_t *loop, const char *where, const char *key, const struct auth_handler *handler,
				    struct error *error) __attribute__((warn_unused_result));
void auth_server_tally(const struct auth_server *server, struct auth_tally *tally);
void auth_server_close(struct auth_server *server);
#endif

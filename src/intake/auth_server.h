/* SPDX-License-Identifier: Apache-2.0 */
/* The auth policy service: HTTP/1.1 with keep-alive by libmicrohttpd, through its epoll descriptor on somebody's libuv
 * loop, no threads. Asks `asked` for each ALLOW, REPORT and RESET. ALLOW is answered with {"status":n,"msg":"…"}, the
 * others with {"status":"ok"}, as weakforced does; Dovecot does not read what it gets for a REPORT. `stats` fills what
 * STATS answers.
 *
 * The API key comes in the header X-Sekisho-Key or X-API-Key, or as the password of HTTP basic authentication
 * (weakforced's way), compared in constant time; without it 401. Other words and paths: 404, a wrong method: 405, bodies
 * that cannot be read: 400, too long: 413, each with {"status":"failure","reason":"…"}.
 *
 * At most AUTH_CONNECTIONS_MAX connections, beyond which new ones wait. One that has not shown the key AUTH_STRANGER_S after it came is closed,
 * so that strangers cannot take all places; one that is silent for AUTH_SILENCE_S, or takes no answer for as long; and one that sends more than
 * AUTH_IGNORED_MAX bytes that nobody wants. */
#ifndef SEKISHO_INTAKE_AUTH_SERVER_H
#define SEKISHO_INTAKE_AUTH_SERVER_H
#include <uv.h>

#include "intake/auth_policy.h"

enum {
	AUTH_CONNECTIONS_MAX = 10000,
	AUTH_STRANGER_S = 5,
	AUTH_SILENCE_S = 60,
	AUTH_MESSAGE_MAX = 300,
	AUTH_KEY_MAX = 256,
	AUTH_STATS_MAX = 4096,
	AUTH_IGNORED_MAX = 4 * 1024 * 1024,
};

struct auth_server;

/* status: -1 refuses before the password check, 0 goes on, n goes on after n seconds; `message` (UTF-8) reaches the client */
struct auth_answer {
	int status;
	char message[AUTH_MESSAGE_MAX];
};

struct auth_handler {
	/* `answer` is that of an ALLOW that goes on, until it is changed */
	void (*asked)(void *context, const struct auth_policy_request *request, struct auth_answer *answer);
	/* the body of `stats`: JSON, terminated */
	void (*stats)(void *context, char stats[AUTH_STATS_MAX]);
	/* a request that was refused, also for its key; once a connection. `client`: its address */
	void (*faulty)(void *context, const char *client, const struct error *error);
	void *context;
};

struct auth_tally {
	uint64_t requests, denied_key, faulty, connections; /* faulty: all that were refused but for their key */
	uint32_t open;
};

/* `where`: "inet:127.0.0.1:8084", "inet:[::1]:8084"; port 0: any. `key` is copied, never empty */
struct auth_server *auth_server_new(uv_loop_t *loop, const char *where, const char *key, const struct auth_handler *handler,
				    struct error *error) __attribute__((warn_unused_result));
uint16_t auth_server_port(const struct auth_server *server);
void auth_server_tally(const struct auth_server *server, struct auth_tally *tally);
/* closes its sockets and connections; frees itself once the loop has run. Not from within the handler. */
void auth_server_close(struct auth_server *server);
#endif

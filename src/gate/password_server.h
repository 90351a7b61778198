/* SPDX-License-Identifier: Apache-2.0 */
/* Where panels and plug-ins ask about passwords (gate/password_question.h): a unix socket, or TCP on this machine alone, for what is
 * asked is not encrypted. Questions of one connection are answered in their order, PASSWORD_AT_ONCE of all at a time, on libuv's pool.
 *
 * At most PASSWORD_CONNECTIONS_MAX connections: for one more the one that has said nothing for longest is closed, and where none is silent the
 * new one is told so. A question that is not whole PASSWORD_SILENCE_US after the answer before it, and an answer that is not taken for so
 * long, end the connection. What is no question is
 * answered with an error; behind a line that is too long the connection is closed.
 *
 * Nothing of a question is logged, and all memory that held one is wiped. Whoever runs this has called sodium_init, secret_guard and
 * ignores SIGPIPE. One loop, one thread. */
#ifndef SEKISHO_GATE_PASSWORD_SERVER_H
#define SEKISHO_GATE_PASSWORD_SERVER_H
#include <uv.h>

#include "base/when.h"
#include "password/policy.h"

enum { PASSWORD_CONNECTIONS_MAX = 256, PASSWORD_AT_ONCE = 4, PASSWORD_LEAVING_MOST = 256 /* of those that are told so */ };
#define PASSWORD_SILENCE_US (30 * SECOND_US)
#define PASSWORD_LEAVING_US (2 * SECOND_US)

struct password_server_options {
	const char *where; /* as intake/listen.h has it */
	/* The policy to judge by, asked when it starts, and again each second while nobody is being answered: so it may be another then,
	 * and the one before is not used any more. */
	const struct password_policy *(*policy)(void *context);
	void (*speak_in)(const char *language); /* "ja", "en", "" for the usual: of what is said next */
	void *context;
};

struct password_server;

/* could one listen there? By its words alone; nothing is opened. */
bool password_server_is_place(const char *where, struct error *error) __attribute__((warn_unused_result));

/* listens from now on; all of the options outlives it */
struct password_server *password_server_new(uv_loop_t *loop, const struct password_server_options *options, struct error *error)
	__attribute__((warn_unused_result));
/* whoever waits is not answered; frees itself once the loop has run. NULL is fine. */
void password_server_close(struct password_server *server);
#endif

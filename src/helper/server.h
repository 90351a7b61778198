/* SPDX-License-Identifier: Apache-2.0 */
/* The clients of a program that is root, one thread for all. Only one user and root are listened to (SO_PEERCRED). Clients that have
 * said whole lines have turns, one after the other: a turn is as many lines as the service takes at once, so nobody waits for more
 * than one turn of each of the others, however much they have said and however slow what they want is. A client that says nothing
 * for SERVER_SILENCE_US is dropped, also in the middle of a line, and so is one whose line is too long, or who does not read its
 * answers. What was said is wiped once it is answered. */
#ifndef SEKISHO_HELPER_SERVER_H
#define SEKISHO_HELPER_SERVER_H
#include <sys/types.h>

#include "base/error.h"
#include "helper/reply.h"

enum { SERVER_CLIENTS_MAX = 16, SERVER_CLIENT_BYTES = 65536 };
#define SERVER_SILENCE_US ((int64_t)60 * 1000000)

struct service {
	const char *program;  /* its name, before what it says on standard error */
	size_t line_max;      /* bytes, with the line end; far less than SERVER_CLIENT_BYTES */
	const char *too_long; /* the last answer to who says more */
	/* `lines` are whole, one at least. Answers some from the beginning, at least one, and says how many bytes these had. */
	size_t (*answer)(void *context, struct text lines, struct reply *reply);
	void *context;
};

/* Answers until the listening socket breaks, or, with `may_end`, nobody was there for SERVER_SILENCE_US. */
bool server_run(const struct service *service, uid_t user, int listener, bool may_end, struct error *error)
	__attribute__((warn_unused_result));
#endif

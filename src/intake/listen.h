/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets to listen on, named in words:
 *
 *   unix:/path            made anew; mode 0660, its group that of the folder. What lies there already is taken away only
 *                         if it is a socket to which nobody listens any more
 *   inet:127.0.0.1:10040  addresses and ports in numbers
 *   inet:[::1]:10040
 *   systemd:NAME          what systemd hands over (sd_listen_fds) under that FileDescriptorName; all of it without a name
 *
 * They are closed on exec, and listen already. */
#ifndef SEKISHO_INTAKE_LISTEN_H
#define SEKISHO_INTAKE_LISTEN_H
#include <stddef.h>

#include "base/error.h"

enum { LISTEN_SOCKETS_MAX = 16, LISTEN_PATH_MAX = 108, LISTEN_BACKLOG = 4096 };

struct listen_place {
	int sockets[LISTEN_SOCKETS_MAX]; /* the caller's to close */
	size_t count;
	char path[LISTEN_PATH_MAX]; /* of a file that was made, else "" */
};

bool listen_open(const char *where, struct listen_place *place, struct error *error) __attribute__((warn_unused_result));
/* is it one of these, by its words alone? */
bool listen_is_place(const char *where, struct error *error) __attribute__((warn_unused_result));
/* when its sockets are closed: takes the file away, unless somebody listens there again */
void listen_forget(const struct listen_place *place);
#endif

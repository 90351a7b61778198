/* SPDX-License-Identifier: Apache-2.0 */
/* How a program that is root begins: its options, and the socket that systemd gave it or that it makes itself. */
#ifndef SEKISHO_HELPER_START_H
#define SEKISHO_HELPER_START_H
#include <sys/types.h>

#include "base/error.h"

struct start {
	const char *program, *about; /* its name, and a line on what it does */
	const char *settings;        /* --config; what it is before is the usual */
	const char *listen;          /* --listen, or NULL: systemd's socket */
};

/* -1: go on; else the exit status */
int start_options(struct start *start, int argc, char **argv);
/* Before anything else is done: whether there will be a socket. *by_systemd: it may end when nobody asks. */
bool start_has_socket(const struct start *start, bool *by_systemd, struct error *error) __attribute__((warn_unused_result));
/* the listening socket, which only `user` may open where it is made here; -1 with an error */
int start_listen(const struct start *start, uid_t user, struct error *error) __attribute__((warn_unused_result));
#endif

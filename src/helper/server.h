/* SPDX-License-Identifier: Apache-2.0 */
/* The clients of the helper, one thread for all: whatever lines of a client are there are answered before the next client's.
 * Only one user and root are listened to (SO_PEERCRED). A client that says nothing for SERVER_SILENCE_US is dropped, also in
 * the middle of a line, and so is one whose line is too long. */
#ifndef SEKISHO_HELPER_SERVER_H
#define SEKISHO_HELPER_SERVER_H
#include "helper/work.h"

enum { SERVER_CLIENTS_MAX = 16, SERVER_CLIENT_BYTES = 65536 };
#define SERVER_SILENCE_US ((int64_t)60 * 1000000)

/* Answers until the listening socket breaks, or, with `may_end`, nobody was there for SERVER_SILENCE_US. */
bool server_run(const struct work *work, int listener, bool may_end, struct error *error);
#endif

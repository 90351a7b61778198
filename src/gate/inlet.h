/* SPDX-License-Identifier: Apache-2.0 */
/* Where mail comes in that is to be understood: copies of bounces, mail of abuse@ and postmaster@, over LMTP (intake/lmtp.h).
 *
 * Each mail is read by a program of its own, `sekisho inspect --tell`, which is killed after INLET_PATIENCE_US: mails are hostile, and
 * nothing that one does to its reader touches the gate. It tells the gate facts over the control socket, and is waited for on a thread of
 * libuv's pool, INLET_AT_ONCE at a time; the others wait, and their clients with them. A mail is answered with 250 once it was told, or
 * cannot be read at all; with 451 where the gate could not write what follows from it.
 *
 * At most INLET_CONNECTIONS_MAX connections; more are closed at once. A client that is silent for INLET_SILENCE_US is gone. */
#ifndef SEKISHO_GATE_INLET_H
#define SEKISHO_GATE_INLET_H
#include <uv.h>

#include "base/error.h"
#include "base/when.h"

enum { INLET_CONNECTIONS_MAX = 20, INLET_AT_ONCE = 2 };
#define INLET_PATIENCE_US (30 * SECOND_US)
#define INLET_SILENCE_US (5 * MINUTE_US)

struct inlet_options {
	const char *where;       /* as intake/listen.h has it */
	const char *program;     /* absolute */
	const char *config_file; /* what the program reads its settings from; NULL: the usual file */
	int64_t patience_us;     /* 0: INLET_PATIENCE_US */
};

struct inlet;

/* listens from now on; texts of the options outlive it */
struct inlet *inlet_new(uv_loop_t *loop, const struct inlet_options *options, struct error *error) __attribute__((warn_unused_result));
/* whoever is at work is stopped; frees itself once the loop has run. NULL is fine. */
void inlet_close(struct inlet *inlet);
#endif

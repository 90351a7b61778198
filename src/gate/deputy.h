/* SPDX-License-Identifier: Apache-2.0 */
/* The deputy: does by hand, while the daemon is away, what the daemon would be asked to do: locks accounts, opens them again,
 * sets passwords. It takes the daemon's folder, so that none starts meanwhile (one that does waits a while, engine/keeper.h), and answers
 * verbs of the control socket (gate/control.h) by the same code, in the same JSON:
 *
 *   account lock|unlock|reset|closure   incident account|release|show   bulk begin|list
 *
 * What is locked stands on the desk, in the lists that Postfix and Dovecot read by themselves, and its mail in the queue is held. Only what
 * the gate itself refuses has to wait until it is back, which also goes on with whatever was not done yet.
 *
 * Called by root it works as the owner of the state folder, who is the daemon's user, from deputy_open to deputy_close: what it writes
 * is that user's. One thread, one deputy at a time; SIGPIPE is ignored by whoever calls. */
#ifndef SEKISHO_GATE_DEPUTY_H
#define SEKISHO_GATE_DEPUTY_H
#include "config/config.h"
#include "gate/ask_many.h"

struct deputy;

enum deputy_result {
	DEPUTY_READY,
	DEPUTY_BUSY,   /* another process has the folder: a daemon that is just starting, or another deputy */
	DEPUTY_CANNOT, /* for the reason in *error */
};

/* the settings outlive it */
enum deputy_result deputy_open(const struct config *config, struct deputy **deputy, struct error *error)
	__attribute__((warn_unused_result));
/* What was not done yet is left to the daemon. NULL is fine. */
void deputy_close(struct deputy *deputy);

/* as ask_many_room, ask_many_put and ask_many_hear; nothing is done but while it is heard */
enum { DEPUTY_AT_ONCE = 256 };
size_t deputy_room(const struct deputy *deputy);
void deputy_put(struct deputy *deputy, json_t *request, void *ticket);
void deputy_hear(struct deputy *deputy, int wait_ms, ask_heard *heard, void *context);
#endif

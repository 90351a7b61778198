/* SPDX-License-Identifier: Apache-2.0 */
/* Who is at the other end of a control connection, and what they may. Users and groups may come from a directory on the
 * network, so this is asked on a thread that may wait. */
#ifndef SEKISHO_GATE_CONTROL_PEER_H
#define SEKISHO_GATE_CONTROL_PEER_H
#include <sys/types.h>

#include "config/config.h"

/* CONTROL_OWN: what the daemon's own processes alone may ask, who speak for owners; root may, too */
enum control_right { CONTROL_NOTHING, CONTROL_LOOK, CONTROL_CHANGE, CONTROL_OWN };

enum { CONTROL_WHO_MAX = 96 };

struct control_peer {
	uid_t uid;
	enum control_right right;
	char who[CONTROL_WHO_MAX]; /* "carol(1000)" */
};

/* fills in the rest from the uid */
void control_peer_know(struct control_peer *peer, const struct config_texts *operators, const struct config_texts *support);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected, so that nobody fills the house: CROWD_MAX guests at once, CROWD_OF_ADDRESS of one address (of the /64, for IPv6),
 * CROWD_OF_BLOCK of one network (/24, /48). Where the house is full somebody has to go: who never put a request, and is here longest.
 * Guests are the caller's, and stay in their place. Pure: times are the caller's, in milliseconds. */
#ifndef SEKISHO_WEB_CROWD_H
#define SEKISHO_WEB_CROWD_H
#include "base/ip.h"

enum {
	CROWD_MAX = 512,
	CROWD_OF_ADDRESS = 48,
	CROWD_OF_BLOCK = 128,
	CROWD_GRACE_MS = 1000, /* who came just now may still be shaking hands */
};

struct guest {
	struct guest *next, *before;
	struct ip ip;      /* all zero: it speaks for many (a proxy that is believed) and is counted in the whole house alone */
	uint64_t since_ms; /* since when it owes us something */
	bool asked;        /* it put a whole request once */
	bool ours;         /* it waits for us */
	bool going;        /* it was hung up on, and is not counted */
};

struct crowd {
	struct guest *first; /* who came last */
	unsigned count;
};

void crowd_enter(struct crowd *crowd, struct guest *guest);
void crowd_leave(struct crowd *crowd, struct guest *guest);
/* false: enough of this address, or of its network, are here */
bool crowd_may_enter(const struct crowd *crowd, const struct ip *ip) __attribute__((warn_unused_result));
/* who makes room: the one that is silent longest and never put a request, else that is silent longest; NULL: all wait for us */
struct guest *crowd_idlest(const struct crowd *crowd, uint64_t now_ms);
/* it was hung up on */
void crowd_goes(struct crowd *crowd, struct guest *guest);
#endif

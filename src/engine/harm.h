/* SPDX-License-Identifier: Apache-2.0 */
/* Was any harm done? An owner who moves, travels or takes a VPN looks like a stranger at first, and only time tells: a
 * stranger who writes as much as the owner ever did, to people who exist, was the owner. Weighs in bits what came from the
 * places that were taken for the attacker's, against the owner's own ways. Pure. */
#ifndef SEKISHO_ENGINE_HARM_H
#define SEKISHO_ENGINE_HARM_H
#include "engine/places.h"

enum { HARM_MESSAGES_LEAST = 3 }; /* one message to an old list is not a run of spam */

/* under the first limit nothing happened, under the second it stays a suspicion */
#define HARM_LEAST_BITS 4.0
#define HARM_PLAIN_BITS 8.0

struct harm_party {
	uint32_t recipients, days;         /* days with messages */
	uint32_t last_day, hour, in_hour;
	uint32_t busiest_hour;             /* recipients */
};

struct harm {
	struct harm_party attacker, owner;
};

/* counts one submission in, in order of time */
void harm_count(struct harm *harm, const struct spool_record *submit, bool attacker);
double harm_bits(const struct harm *harm, const struct places *places);
#endif

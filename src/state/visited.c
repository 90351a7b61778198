/* SPDX-License-Identifier: Apache-2.0 */
#include "state/visited.h"

#include "base/hash.h"

enum { SPAN_DAYS = 2, SPANS = 14, OFTEN = 2 };

static uint64_t span_of(const struct event *event) { return (uint64_t)event->t_us / (SPAN_DAYS * DAY_US); }

static uint64_t key_of(const struct event *event, uint32_t network, uint64_t span)
{
	return hash_pair((uint64_t)network << 32 | span << 1 | (event->kind == EVENT_SUBMIT), HASH_FIXED);
}

bool visited_often(const struct known *known, const struct event *event, uint32_t network)
{
	uint64_t now = span_of(event);
	unsigned visits = 0;

	for (uint64_t ago = 1; ago <= SPANS && ago <= now && visits < OFTEN; ago++)
		visits += known_has(known, event->account, key_of(event, network, now - ago));
	return visits >= OFTEN;
}

void visited_note(struct known *known, const struct event *event, uint32_t network)
{
	known_add(known, event->account, key_of(event, network, span_of(event)));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The second look at one account: whose is each place that it was used from? Two parties are assumed, the owner and an
 * attacker; each place (a /24 or /48) goes to the party under whose habits its deeds are likelier. Habits are fitted to
 * the places each party has so far, and the places dealt out anew, a few times (expectation-maximisation with hard
 * assignment). The ground truth it starts from: places in use on several days before anything spoke against the account
 * are the owner's. Pure. */
#ifndef SEKISHO_ENGINE_PLACES_H
#define SEKISHO_ENGINE_PLACES_H
#include "base/table.h"
#include "event/event.h"
#include "store/spool.h"

enum { PLACES_MAX = 20000 };

struct place {
	struct ip ip;               /* the first address seen there */
	struct event_place where;
	int64_t first_us, last_us;  /* of logins that worked and messages */
	int64_t first_failure_us;   /* WHEN_NONE: none before the first success */
	uint32_t days, days_before; /* distinct days in use; of them before the alarm */
	uint32_t last_day, last_hour, hour_messages, busiest_hour; /* messages in the current and in its busiest hour */
	uint32_t logins, reading, failures, messages, recipients, sent, bounced;
	bool attacker;
	float bits;                 /* for the attacker, against the owner */
};

struct places {
	struct place *items;
	size_t count, room;
	struct table by_block;
	uint64_t omitted; /* records from places beyond PLACES_MAX */
};

/* zeroed at init by `struct places places = { 0 };` */
void places_done(struct places *places);
/* counts one record in. `alarm_us`: the first time that enough spoke against the account. */
void places_count(struct places *places, const struct spool_record *record, int64_t alarm_us);
/* NULL where it has none */
struct place *places_find(const struct places *places, const struct ip *ip);
/* decides for each place */
void places_divide(struct places *places, int64_t alarm_us);
#endif

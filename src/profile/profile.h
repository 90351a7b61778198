/* SPDX-License-Identifier: Apache-2.0 */
/* What is usual for one account: places, rhythm, volumes, recipients, and the evidence gathered against whoever
 * uses it. One flat record of at most PROFILE_BYTES_MAX bytes without pointers, so that a million of them fit
 * into memory and one can be stored as it is. Pure: time comes in with the event.
 *
 * Units: bits are log2 of a likelihood ratio; rates are recipients an hour, decaying with e^(-t/1 h); days count
 * from 1970 UTC. Counters saturate, they never wrap. */
#ifndef SEKISHO_PROFILE_PROFILE_H
#define SEKISHO_PROFILE_PROFILE_H
#include "event/event.h"

enum {
	PROFILE_BYTES_MAX = 256,
	PROFILE_BLOCKS = 5,
	PROFILE_NETWORKS = 4,
	PROFILE_COUNTRIES = 5,
	PROFILE_RECENT = 6,
	PROFILE_SIGNALS = 10,
};

/* a place that was seen: a block (/24, /48), a network (AS, else /16, /32), a country */
struct profile_place {
	uint32_t key;      /* 0: free */
	uint16_t last_day;
	uint8_t days;      /* distinct days on which it was seen */
	uint8_t span;      /* days between first and last */
};

/* an unfamiliar place, lately */
struct profile_recent {
	uint16_t network; /* a short hash: only compared among these few */
	uint16_t country;
	uint16_t ten_minutes;    /* since 1970, wraps after 455 days */
};

struct profile {
	struct profile_place blocks[PROFILE_BLOCKS], networks[PROFILE_NETWORKS], countries[PROFILE_COUNTRIES];
	struct profile_recent recent[PROFILE_RECENT];
	int16_t bits_q8[PROFILE_SIGNALS]; /* evidence by signal, in 1/256 bit */
	uint16_t day, active_days;        /* today; days with anything at all */
	uint32_t touched_s, home_s;       /* last event; last message from a familiar place */
	float rate, rate_away;            /* now: from anywhere, from unfamiliar places */
	float habit, peak;                /* usual and highest recipients an hour */
	float contacts_new, contacts_all; /* habit of writing to strangers */
	float bad_habit, outcome_habit;   /* habit of dead first contacts */
	float bad_now, outcomes_now;      /* the same, of the last day or so */
	float delivered, returned;        /* first contacts delivered, bounces that came in: of the last days */
	uint32_t messages, recipients, bounced; /* ever, for people */
	uint16_t wander_q8;               /* unfamiliar networks a day, as a habit, in 1/256 */
	uint16_t failures_q8;             /* wrong passwords from unfamiliar places, half gone in 12 h, in 1/256 */
	uint16_t hour_sent;               /* recipients in the current hour, for habit and peak */
	uint16_t hour;                    /* which one */
	uint8_t away;                     /* the last login was from an unfamiliar country */
};

_Static_assert(sizeof(struct profile) <= PROFILE_BYTES_MAX, "a profile must stay small");

/* how far the source of an event is the owner's own */
enum profile_familiar {
	FAMILIAR_NOT,
	FAMILIAR_FIRST,    /* the place that a young account was first seen at, or one that was used yesterday: perhaps home */
	FAMILIAR_SOMEWHAT, /* a known network, or an address that says nothing */
	FAMILIAR_WELL,     /* a block seen on several days */
	FAMILIAR_LEVELS,
};

void profile_init(struct profile *profile);
/* brings rates and evidence up to the event's time */
void profile_age(struct profile *profile, int64_t t_us);
/* too little is known yet for "new" to mean anything */
bool profile_is_young(const struct profile *profile);
enum profile_familiar profile_familiar(const struct profile *profile, const struct event *event);
/* would country and network of this event's address change anything? A look-up costs more than all the rest. */
bool profile_needs_place(const struct profile *profile, const struct event *event);
bool profile_knows_block(const struct profile *profile, const struct ip *ip);
bool profile_knows_network(const struct profile *profile, const struct event *event);
/* knows it since more than a day */
bool profile_lived_in_country(const struct profile *profile, const struct event *event);
/* it is among the unfamiliar places of late: new_country was said of it already */
bool profile_was_lately_in_country(const struct profile *profile, const struct event *event);
bool profile_knows_country(const struct profile *profile, const struct event *event);

/* an unfamiliar place was used */
void profile_note_recent(struct profile *profile, const struct event *event);
/* distinct countries and networks among those of the last `minutes` */
struct profile_spread {
	unsigned countries, networks;
	unsigned minutes; /* from the first to the last of them */
};
struct profile_spread profile_spread(const struct profile *profile, int64_t t_us, unsigned minutes);

/* what the account did becomes usual; only called while nothing speaks against it */
void profile_learn_place(struct profile *profile, const struct event *event);
/* counts; `familiar` weighs it */
void profile_count_sent(struct profile *profile, uint32_t recipients, enum profile_familiar familiar);
void profile_learn_contact(struct profile *profile, bool first_contact, enum profile_familiar familiar);
void profile_learn_outcome(struct profile *profile, bool bad, enum profile_familiar familiar);
/* the owner proved who they are */
void profile_absolve(struct profile *profile);

static inline float profile_bits(const struct profile *profile, unsigned signal)
{
	return (float)profile->bits_q8[signal] / 256.0f;
}

void profile_set_bits(struct profile *profile, unsigned signal, float bits);

static inline uint16_t profile_country_code(const struct event_place *place)
{
	return (uint16_t)((unsigned char)place->country[0] << 8 | (unsigned char)place->country[1]);
}

static inline uint32_t profile_day(int64_t t_us) { return t_us > 0 ? (uint32_t)(t_us / DAY_US) : 0; }
#endif

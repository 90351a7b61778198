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
	PROFILE_COUNTRIES = 4,
	PROFILE_RECENT = 6,
	PROFILE_CLIENTS = 4,
	PROFILE_DAY_PARTS = 8, /* of three hours, UTC */
	PROFILE_DAYS_MAX = 63, /* counted of a place */
	PROFILE_SPAN_MAX = 3,
	PROFILE_SPOILED = UINT8_MAX, /* something speaks against the account: today teaches no habit of pace */
	PROFILE_SIGNALS = 17,
};

/* how many of how many, in 1/64; both are halved where the second would pass its limit, so that the share stays */
struct profile_share {
	uint16_t hits_q6, all_q6;
};

/* client software: "Thunderbird", "iOS Mail", whatever the intake tells them apart by */
struct profile_client {
	uint16_t key; /* 0: free */
	uint8_t days; /* distinct days on which it was used */
	uint8_t last_day; /* its low byte */
};

/* a place that was seen: a block (/24, /48), a network (AS, else /16, /32), a country */
struct profile_place {
	uint32_t key;      /* 0: free */
	uint16_t last_day;
	uint16_t days : 6; /* distinct days on which it was seen */
	uint16_t span : 2; /* days between first and last */
	uint16_t early : 1; /* first seen in the account's first week: nobody else's place, unless he was there before us */
	uint16_t sent : 6; /* distinct days, before the last one, on which mail that nothing spoke against was sent from it */
	uint16_t sent_last : 1; /* … and on the last one */
};

/* an unfamiliar place, lately */
struct profile_recent {
	uint16_t network; /* a short hash: only compared among these few */
	uint16_t country;
	uint16_t ten_minutes;    /* since 1970, wraps after 455 days */
};

struct profile {
	struct profile_place blocks[PROFILE_BLOCKS], networks[PROFILE_NETWORKS], countries[PROFILE_COUNTRIES];
	uint32_t touched_s, home_s;       /* last event; last message from a familiar place */
	float rate, rate_away;            /* now: from anywhere, from unfamiliar places */
	uint16_t habit_q5, peak_q1;       /* usual and highest recipients an hour */
	struct profile_recent recent[PROFILE_RECENT];
	struct profile_client clients[PROFILE_CLIENTS];
	int16_t bits_q8[PROFILE_SIGNALS]; /* evidence by signal, in 1/256 bit */
	struct profile_share contacts;    /* habit of writing to strangers: of recipients */
	struct profile_share dead;        /* habit of dead first contacts: of first contacts */
	struct profile_share dead_now;    /* the same, of the last day or so */
	struct profile_share returned;    /* bounces that came in: of first contacts delivered, in the last days */
	struct profile_share foreign;     /* habit of other senders' names: of messages */
	struct profile_share flagged;     /* habit of what the content filter flags: of messages */
	uint16_t active_days;             /* days with anything at all */
	uint16_t wander_q8;               /* unfamiliar networks a day, as a habit, in 1/256 */
	uint16_t failures_q8;             /* wrong passwords from unfamiliar places, half gone in 12 h, in 1/256 */
	uint16_t hour_sent;               /* recipients in the current hour, for habit and peak */
	uint16_t strangers_q4;            /* first contacts of the last day from elsewhere than home, fading */
	uint16_t strangers_habit_q4;      /* … as a habit */
	uint8_t day_parts[PROFILE_DAY_PARTS]; /* when it writes; halved where one would pass 255 */
	uint8_t away : 1;                 /* the last message was from an unfamiliar country */
	uint8_t hosted_today : 1;         /* it came through a data centre: a VPN, mostly */
	uint8_t hosting_days : 6;         /* … so many days */
	uint8_t busiest_q3;               /* log2 of the recipients of today's busiest hour, in 1/8; or PROFILE_SPOILED */
};

_Static_assert(sizeof(struct profile) <= PROFILE_BYTES_MAX, "a profile must stay small");

#define STRANGERS_AT_HOME 0.35f /* of a first contact, in strangers_q4 and its habit */
#define PROFILE_BURST 10.0f     /* recipients an hour: somebody writes to many, or a machine does */

/* How far the source of an event is the owner's own. Who reads mail somewhere for two weeks is not yet known to send from there:
 * for SUBMIT, and what became of it, only days on which mail was sent make a place familiar, unless the account never sent from
 * anywhere else. */
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
/* of the network that an event came from: its AS, else its /16 or /32 */
uint32_t profile_network_key(const struct event *event);
bool profile_knows_network(const struct profile *profile, const struct event *event);
/* also where the event does not tell, or the account never told */
bool profile_knows_client(const struct profile *profile, const struct event *event);
/* knows it since more than a day */
bool profile_lived_in_country(const struct profile *profile, const struct event *event);
/* it is among the unfamiliar places of late: new_country was said of it already */
bool profile_was_lately_in_country(const struct profile *profile, const struct event *event);
bool profile_knows_country(const struct profile *profile, const struct event *event);
/* SUBMIT: mail was read from this place, but not sent, and no signal spoke of it for days */
bool profile_only_read_here(const struct profile *profile, const struct event *event);
bool profile_sent_from_country(const struct profile *profile, const struct event *event);
bool profile_sent_from_network(const struct profile *profile, const struct event *event);
/* … before today, on days enough to be one to send from; or it is one of the account's first week */
bool profile_sends_from_network(const struct profile *profile, const struct event *event);

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
/* SUBMIT: mail was sent from this place, which was learnt before */
void profile_learn_sending(struct profile *profile, const struct event *event);
/* an owner who often comes through data centres is in whatever country they stand in */
bool profile_is_on_vpn(const struct profile *profile, const struct event *event);
/* in its own country, where ever new networks are its habit: a mailbox of many people */
bool profile_roams_at_home(const struct profile *profile, const struct event *event);
/* the same, by place alone: whatever software */
enum profile_familiar profile_familiar_place(const struct profile *profile, const struct event *event);
void profile_learn_network(struct profile *profile, const struct event *event);
void profile_learn_client(struct profile *profile, const struct event *event);
/* counts; `familiar` weighs it */
void profile_count_sent(struct profile *profile, float recipients, enum profile_familiar familiar);
/* As it was kept by version 1 of pictures, which did not tell reading from sending: a day on which a place was used counts as one on which
 * mail was sent from it, for its owner must not be a stranger there. */
void profile_from_version_1(struct profile *profile);
/* what is being judged is nobody's habit: neither this hour nor this day */
void profile_spoil_day(struct profile *profile);
void profile_count_strangers(struct profile *profile, float strangers, enum profile_familiar familiar);
/* More in the last hour than the owner's busiest: whose it is has yet to be seen, so what is in it teaches nothing. */
bool profile_in_burst(const struct profile *profile);
void profile_learn_contact(struct profile *profile, bool first_contact, enum profile_familiar familiar);
void profile_learn_outcome(struct profile *profile, bool bad, enum profile_familiar familiar);
/* whose name it writes in, what the content filter says, when */
void profile_learn_message(struct profile *profile, const struct event *event, enum profile_familiar familiar);
/* the owner proved who they are */
void profile_absolve(struct profile *profile);

/* `hits` of `all`, each at least 0; `most` under 1000 */
void profile_share_add(struct profile_share *share, float hits, float all, float most);
static inline float profile_share_hits(struct profile_share share) { return (float)share.hits_q6 / 64.0f; }
static inline float profile_share_all(struct profile_share share) { return (float)share.all_q6 / 64.0f; }
static inline float profile_share(struct profile_share share)
{
	return share.all_q6 ? (float)share.hits_q6 / (float)share.all_q6 : 0;
}
static inline float profile_habit(const struct profile *profile) { return (float)profile->habit_q5 / 32.0f; }
static inline float profile_peak(const struct profile *profile) { return (float)profile->peak_q1 / 2.0f; }

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

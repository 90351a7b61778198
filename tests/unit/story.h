/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of mail accounts, told to an engine with a scripted clock. Each step makes the events that the intake would
 * make of the log (a login, the message, a second later what became of each recipient) and keeps what the engine said.
 * Day 1 is Monday, 2026-03-02; times are UTC.
 *
 * Addresses are of 240.0.0.0/4, which is nobody's: the first byte tells the country, half of the second the provider.
 * story_geo is a database of just these. Outcomes have the place of their message, bounces have none. */
#ifndef SEKISHO_TESTS_STORY_H
#define SEKISHO_TESTS_STORY_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "engine/engine.h"
#include "event/accounts.h"
#include "geo/geo.h"

enum story_roams {
	STAYS,       /* one address */
	NEW_BLOCK,   /* each time another /24 of the same provider */
	NEW_NETWORK, /* … of another provider in the same country */
	EVERYWHERE,  /* `many` addresses in twelve countries abroad, used in turn, a session each */
};

struct story_place {
	const char *country;    /* one of JP VN BR RU US NG DE TH SG FR IN TR EG UA ID */
	uint8_t network, block; /* a provider, 0 to 15, and one of its /24 */
	enum story_roams roams;
	unsigned many;
	bool silent; /* the address says nothing: a webmail host */
	bool thief;  /* for the true figures only; the engine is never told */
};

#define PLACE(...) ((struct story_place){ __VA_ARGS__ })
#define HOME PLACE("JP", 1, 5)
#define OFFICE PLACE("JP", 3, 9)
#define PHONE PLACE("JP", 2, .roams = NEW_BLOCK)
#define HOTSPOTS PLACE("JP", .roams = NEW_NETWORK)
#define BANGKOK PLACE("TH", 4, 20)
#define BERLIN PLACE("DE", 1, 7)
#define WEBMAIL PLACE("JP", 15, 1, .silent = true)
#define INFECTED_PC PLACE("JP", 1, 5, .thief = true)
#define VIETNAM PLACE("VN", 6, 66, .thief = true)
#define LAGOS PLACE("NG", 2, 41, .thief = true)
#define BOTNET(addresses) PLACE("VN", .roams = EVERYWHERE, .many = (addresses), .thief = true)

struct story_people {
	const char *name;
	unsigned count;                        /* written to in turn; 0: ever new */
	unsigned dead, refusing, greylisting; /* percent, spread evenly */
};

#define PEOPLE(...) ((struct story_people){ __VA_ARGS__ })
#define FRIENDS PEOPLE("friends", 20)
#define STRANGERS PEOPLE("strangers", .dead = 30)

/* what a live gate sees of logins and messages beside their place; names stand for hashes, NULL is unknown */
enum story_filter { NO_FILTER, FILTER_CLEAN, FILTER_SPAM };
struct story_letter {
	const char *client, *from, *subject, *link; /* from: NULL is the account's own name */
	enum event_net net;
	enum story_filter filter;
};

/* what the engine said to one event */
struct story_said {
	int64_t t_us;
	uint32_t account;
	enum event_kind kind;
	struct verdict verdict;
};

/* what really happened, as an incident should tell it */
struct story_truth {
	uint32_t messages, recipients, sent, bounced, deferred;
	int64_t first_us, last_us; /* messages */
};

struct story {
	struct engine *engine;
	struct accounts *accounts;
	int64_t now_us;
	unsigned pace_s; /* between messages; story_begin says 20 */
	unsigned width;  /* recipients of a message; 1 */
	bool live;       /* events carry what a gate knows: the recipients when a message is handed in, and `letter` */
	struct story_letter letter; /* as from now on */
	uint32_t messages;
	struct story_truth owner, thief;
	struct verdict verdict; /* the last one */
	/* inside */
	struct story_said *said;
	size_t said_count, said_room, watched;
	uint32_t watched_account;
	struct story_waiting *waiting; /* greylisted */
	size_t waiting_count, waiting_room;
	int64_t *last_us; /* by account: a story goes on, it does not go back */
	uint32_t last_room;
	unsigned roamed, people, dead;
	bool sends_thief; /* the message that is being sent is a thief's */
	struct event_detail detail;
	uint64_t *rcpts;
	void (*listener)(void *context, const struct event *event);
	void *listener_context;
};

void story_begin(struct story *story);
/* options NULL: no engine, the events go to the listener alone */
void story_begin_with(struct story *story, const struct engine_options *options);
void story_listen(struct story *story, void (*listener)(void *context, const struct event *event), void *context);
void story_end(struct story *story);

/* ---- the clock: "03:10", and "03:10:20" */
int64_t story_time(unsigned day, const char *time);
void story_at(struct story *story, unsigned day, const char *time);
void story_later(struct story *story, int64_t span_us);

/* ---- what people do */
void story_login(struct story *story, const char *who, struct story_place from); /* by IMAP */
void story_mistypes(struct story *story, const char *who, struct story_place from, unsigned times);
void story_sends(struct story *story, const char *who, struct story_place from, unsigned messages,
		 struct story_people to);
/* the greylisted get their mail, or (life/expired) never do */
void story_retries(struct story *story);
void story_expires(struct story *story);
void story_bounces(struct story *story, const char *who, unsigned count); /* from outside */
void story_verified(struct story *story, const char *who);
/* on each of these days three looks at the mailbox and four messages to friends, from `from` */
void story_usual_days(struct story *story, const char *who, unsigned first, unsigned last, struct story_place from);
/* the same at HOME, with a telephone before breakfast and in bed */
void story_commuter_days(struct story *story, const char *who, unsigned first, unsigned last);
/* anything else; its time and place are filled in where they are not set */
void story_event(struct story *story, struct event event);

uint32_t story_account(struct story *story, const char *who);
struct event story_event_from(struct story *story, enum event_kind kind, const char *who, struct story_place from);
const struct profile *story_profile(struct story *story, const char *who);

/* ---- what was wanted; counts begin with story_watch */
void story_watch(struct story *story, const char *who); /* NULL: everybody */
/* the number of the message at which it was first said so, at its acceptance or by its outcomes; 0: before any message;
 * UINT32_MAX: never */
uint32_t story_first(const struct story *story, enum verdict_action action);
void story_wants_pass(const struct story *story);
void story_wants_no_lock(const struct story *story);
void story_wants_held_by(const struct story *story, uint32_t message);
void story_wants_locked_by(const struct story *story, uint32_t message);

/* ---- places */
struct ip story_address(struct story_place place, unsigned number);
struct event_place story_where(const struct ip *ip);
struct geo *story_geo(void);
#endif

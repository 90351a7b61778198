/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the life room share, and nobody else sees: messages in flight stand in one array of slots, found by
 * hash(host, queue id), and in a list by age. */
#ifndef SEKISHO_INTAKE_LIFE_INSIDE_H
#define SEKISHO_INTAKE_LIFE_INSIDE_H
#include "base/table.h"
#include "intake/life.h"
#include "intake/life_held.h"
#include "intake/life_logins.h"

enum { LIFE_PENDING_MAX = 4 * 1000 * 1000, LIFE_HEARD = 1024, LIFE_RELAYS_MAX = 16 };

enum origin { ORIGIN_UNKNOWN, ORIGIN_LOGIN, ORIGIN_LOCAL, ORIGIN_CLIENT };

enum {
	FLAG_COUNTED = 1,      /* was queued */
	FLAG_NULL_SENDER = 2,
	FLAG_CONTINUES = 4,    /* a content filter sent it back in: the number is the first message's */
	FLAG_HANDED = 8,       /* a content filter took it: what it says of delivery is only the hand-over */
	FLAG_CLOSES_ITSELF = 16,
	FLAG_FORWARDED = 32,   /* counted under local senders already */
	FLAG_SILENT = 64,      /* the client's address says nothing */
	FLAG_UNANNOUNCED = 128, /* its recipients are counted as their outcomes come */
	FLAG_GONE = 256,       /* left the queue, and is kept for a copy that may still come */
	FLAG_EARLIER = 512,    /* continues one that was queued before this run */
};

struct message {
	uint64_t key;           /* of host and queue id; 0: the slot is free */
	uint64_t message_id;
	int64_t touched_us;
	struct ip ip;
	uint32_t account, number;
	uint32_t recipients, finals, deferred;
	uint32_t latest, continued; /* slot of the newest copy that a filter sent back; recipients of all of them */
	uint32_t before;        /* slot of the copy before this one */
	uint32_t older, newer;  /* neighbours by age; slot 0 is the list's head */
	uint32_t sender;        /* index of the local sender + 1 */
	uint32_t from;          /* hash of the envelope sender; 0 not known, or without a domain */
	uint32_t held;          /* outcomes that wait: see intake/life_held.h */
	uint16_t flags;
	uint8_t origin;
	char id[LIFE_ID_MAX];
};

struct life {
	struct accounts *accounts;
	struct event_sink *sink;
	struct life_options options;
	struct life_logins *logins;
	struct life_held *held;
	bool holding;           /* the next event waits, too */
	struct message *slots;
	struct life_first {     /* of each slot: the id of the message that it continues, or ""; NULL: nobody watches */
		char id[LIFE_ID_MAX];
	} *firsts;
	uint32_t slot_count, slot_room, slot_free; /* slot_free: first of a list through `older` */
	struct table by_id, by_message_id, pending, by_sender;
	struct table forged;    /* envelope senders that an account used and that are not its own -> the account */
	struct life_sender *senders;
	size_t sender_count, sender_room;
	uint64_t seed, forgotten;
	uint32_t relays[LIFE_RELAYS_MAX], relay_count; /* hosts that took mail from a client without a login */
	struct heard {          /* lines that may come twice; a newer one takes an older one's place */
		uint64_t said;
		uint32_t source, ahead; /* how often that file said it, and the other has not yet */
	} heard[LIFE_HEARD];
	uint32_t numbers;       /* of messages that counted for an account */
};

/* zeroed, to be filled in place */
struct event *life_emit(struct life *life, const struct line *line, enum event_kind kind);
/* says which message that event is about; one that waits says it when it is let out */
void life_about(struct life *life, const struct event *event, const struct message *message);
bool life_silent(const struct life *life, const struct ip *ip);
/* a copy of it may come: it stays for a while even if it leaves the queue, and its next deliveries wait */
void life_hold(struct life *life, const struct line *line, struct message *message);
/* events that have waited long enough are let out, and what was kept for them is dropped; INT64_MAX: all of them */
void life_let_out(struct life *life, int64_t now_us);
/* its slot is free again */
void life_drop(struct life *life, struct message *message);
/* an id is used again where the end of its first life was not logged: the message anew */
struct message *life_born(struct life *life, const struct line *line, struct message *message);
/* index of the local sender + 1; 0 where there are too many */
uint32_t life_sender_of(struct life *life, struct text user, bool is_uid);
void life_count_sender(struct life *life, struct message *message, uint32_t messages, uint32_t recipients);
/* it turns out not to be mail of its own */
void life_uncount_sender(struct life *life, const struct message *message);

/* ---- copies */
/* the id of the message that this one continues, or its own; only where somebody watches */
const char *life_first_id(const struct life *life, const struct message *message);
/* asked when message and sender are known both: does it continue the one of this Message-ID? */
void life_find_first(struct life *life, struct message *message);
/* this host may be where another one's mail goes on: its queue ids are looked for there, too */
void life_relay(struct life *life, uint32_t host);
/* it was put into a mailbox, and none of those that seemed to be its copies is one: that mailbox sends them on (Sieve) */
void life_stays_here(struct life *life, struct message *message, struct text mailbox);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the guard share, and nobody else sees. guard.c decides; guard_memory.c is what it remembers of messages
 * and accounts; guard_beside.c what is asked and done beside events; guard_image.c the way to a picture and back.
 *
 * Held letters of one account stand in a queue, in the order of their numbers. What comes due is in a heap; what was put off
 * since is passed over there. */
#ifndef SEKISHO_ENGINE_GUARD_INSIDE_H
#define SEKISHO_ENGINE_GUARD_INSIDE_H
#include "base/memory.h"
#include "base/table.h"
#include "engine/guard.h"

#define GUARD_WAIT_MAX_US (15 * MINUTE_US) /* nothing waits for so long before it is looked at again, but what is let go warily */

enum {
	REFUSED_SOURCES = 4,
	WARY_MOST = 7,         /* four hours */
	WARY_FLAGGED_MOST = 9, /* 17 hours, of what a content filter flags */
	GUARD_RING_MAX = 2 * GUARD_LETTERS_MAX, /* with those that a restart brought back beyond the maximum */
};

/* a message on its way: what its outcome will have to know */
struct letter {
	uint64_t key; /* of its id */
	int64_t t_us;
	struct ip ip;
	struct event_place place;
	uint32_t account, client, next; /* next: number of the next one held of this account, 0 for none */
	uint8_t familiar, net;
	uint32_t dead; /* recipients so far */
	bool held, silent, listed, flagged; /* flagged: by the content filter in front of us, or by who read it */
	char *id; /* while it is held */
};

/* an account with mail that is held, or a lock, or a suspicion that was let pass */
struct watch {
	uint32_t account, first, last, held; /* numbers of letters, oldest first */
	int64_t since_us, due_us;            /* of what is held; WHEN_NONE: nothing is due */
	float accepted_bits;                 /* what was against it when its mail was let go */
	int64_t accepted_us;
	uint32_t window;                     /* probes to let go at once, 0 before the first */
	float probed_bits;                   /* by outcomes, when the last probes were let go */
	float grown_bits;                    /* since it was locked, by what seemed to be the owner */
	bool locked, strange;                /* strange: mail from elsewhere than home was held */
	uint8_t scope;                       /* the most familiar source that abuse came from */
	uint8_t wary;                        /* what is held may be a thief's at home, and goes out slowly: 1, and 1 for each bad probe since */
	uint8_t refused_count;
	uint64_t refused[REFUSED_SOURCES];    /* where it comes from, the last few blocks */
};

struct due {
	int64_t t_us;
	uint32_t watch;
};

struct guard {
	struct engine *engine;
	const struct accounts *accounts;
	struct brakes brakes;
	struct verdict_limits limits;
	struct letter *letters; /* a ring; the letter `number` is at number & mask */
	uint32_t mask, first, next;
	struct table letter_of;
	struct watch *watches;
	size_t watch_count, watch_room;
	struct table watch_of;
	struct due *heap;
	size_t heap_count, heap_room;
	struct text *released, *discarded;
	size_t released_room, discarded_room;
	char **garbage; /* ids that the last answer named */
	size_t garbage_count, garbage_room;
	int64_t told_us; /* the last wake */
};

/* ---- memory */

static inline struct letter *guard_letter(const struct guard *guard, uint32_t number)
{
	return &guard->letters[number & guard->mask];
}

/* its number; 0 where it is not known */
uint32_t guard_find_letter(const struct guard *guard, struct text id);
/* NULL where nothing was ever held or locked */
struct watch *guard_find_watch(const struct guard *guard, uint32_t account);
struct watch *guard_watch_for(struct guard *guard, uint32_t account);
/* a new letter, and its number; the oldest are forgotten, and what of them is held still goes out. `answer` NULL: none is */
uint32_t guard_remember(struct guard *guard, const struct event *submit, uint8_t familiar, struct text id,
			struct guard_answer *answer);
/* the number of one more, zeroed; 0 now and then, which is no letter's */
uint32_t guard_next_letter(struct guard *guard);
/* the id is used again for mail that is nobody's */
void guard_forget_id(struct guard *guard, struct text id);

void guard_put_last(struct guard *guard, struct watch *watch, uint32_t number);
struct letter *guard_take_first(struct guard *guard, struct watch *watch);
/* the letter's id goes into the answer */
void guard_release(struct guard *guard, struct letter *letter, struct guard_answer *answer);
void guard_discard(struct guard *guard, struct letter *letter, struct guard_answer *answer);
void guard_release_some(struct guard *guard, struct watch *watch, uint32_t count, struct guard_answer *answer);
/* the oldest, among so many, that no content filter flagged; false where there is none */
bool guard_release_unflagged(struct guard *guard, struct watch *watch, uint32_t looked_at, struct guard_answer *answer);
/* ids that the last answer named */
void guard_free_garbage(struct guard *guard);

void guard_put_off(struct guard *guard, struct watch *watch, int64_t due_us);
bool guard_is_stale(const struct guard *guard, const struct due *due);
void guard_heap_drop(struct guard *guard);

/* ---- what is decided */

/* the letter is held from now on, last in its account's queue */
void guard_keep(struct guard *guard, struct watch *watch, uint32_t number, struct text id, int64_t t_us);
/* until what is held is looked at, with so many bits against the account */
int64_t guard_patience_us(const struct guard *guard, float bits);
/* where it comes from, with what software: an attacker in the owner's own house is told from the owner by that */
uint64_t guard_source_key(const struct event *event);
bool guard_was_refused(const struct watch *watch, uint64_t source);
void guard_unlock(struct guard *guard, uint32_t account, struct guard_answer *answer);
/* the earliest that is due, once */
void guard_tell_wake(struct guard *guard, struct guard_answer *answer);
#endif

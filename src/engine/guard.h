/* SPDX-License-Identifier: Apache-2.0 */
/* The live side of the engine: what becomes of the message that is asked about, and what comes due later. `judge`,
 * `replay` and the daemon stand on this; what they add is only where events come from and where answers go.
 *
 * A message passes, is refused, or is held: accepted, kept, neither delivered nor lost. Held messages of one account
 * stand in one queue. When nothing more is seen they are let go after minutes, in doubt a few at a time, twice as many while
 * what became of those before leaves no more against the account. Once the account is locked those from unfamiliar sources are
 * to be discarded (the keeper of the mail keeps them recoverable), those from the owner's own places go out, or, where abuse
 * came from there too, stay until the owner has proved who they are, and then go as in doubt.
 *
 * A lock is scoped: what comes from a source that is more familiar than any that the abuse came from still passes.
 * Brakes (verdict/brakes.h) cap the locks an hour; over the cap everything unfamiliar is only held.
 *
 * Time is that of the events; before an event is judged, everything that came due before it is done. Deterministic.
 * Remembers at most GUARD_LETTERS_MAX messages for GUARD_KEPT_US, for their outcomes; held ones always. */
#ifndef SEKISHO_ENGINE_GUARD_H
#define SEKISHO_ENGINE_GUARD_H
#include "engine/engine.h"
#include "event/accounts.h"
#include "verdict/brakes.h"

enum { GUARD_LETTERS_MAX = 4 * 1000 * 1000, GUARD_ID_MAX = 8192, GUARD_WHY_MAX = 6, GUARD_LOOKED_BACK = 100 * 1000 };
/* Bounces of dead addresses within about a day that are a flood, where the account is suspected and more of its strangers are dead than on a
 * list that somebody keeps. Over the owner's own provider a lock takes twice as many, for an old address book looks the same; a person need not
 * wait for them. */
#define GUARD_FLOOD 15
#define GUARD_KEPT_US (7 * DAY_US)
#define GUARD_GAP_US (6 * HOUR_US)

struct guard;

enum guard_action { GUARD_PASS, GUARD_HOLD, GUARD_REFUSE };

/* the texts are good until the next call */
struct guard_answer {
	enum guard_action action;  /* of a SUBMIT; else GUARD_PASS */
	struct verdict verdict;
	uint32_t account;          /* whom it is about: the event's account, or that of the message which it names */
	bool lock;                 /* that account, from now on */
	bool braked;               /* it would have been locked: call a person */
	bool flood;                /* of a BOUNCE: so many came back of what a suspect sent; too little for a lock: call a person */
	struct text *release, *discard; /* ids of messages held earlier, also of other accounts */
	size_t release_count, discard_count;
	int64_t wake_us;           /* it wants a TICK then; WHEN_NONE: as said before */
};

/* both are the caller's, and outlive it */
struct guard *guard_new(struct engine *engine, const struct accounts *accounts, const struct brakes_limits *limits);
void guard_free(struct guard *guard);

/* `id`: of the message that SUBMIT, CONTENT, OUTCOME, BOUNCE, COMPLAINT or AUTO_REPLY is about; empty where it has none. Of one that is
 * longer than GUARD_ID_MAX the end does not count. A BOUNCE of a message that is remembered is an OUTCOME that comes late; any other
 * is none of the account's doing. The source and the account of an outcome are those of its message; where an id was used again, of the last one. */
void guard_event(struct guard *guard, const struct event *event, struct text id, struct guard_answer *answer);

/* ---- beside events: what the keeper of the mail remembers, and what a person decides */

/* is it locked, and how far does that reach: a source no more familiar than *scope is refused (NULL is fine) */
bool guard_locked(const struct guard *guard, uint32_t account, uint8_t *scope);
/* would a login or a message from this source (account, ip, place, client) be refused, whatever it says? Asks only. */
bool guard_shuts(struct guard *guard, const struct event *source);
/* is this id remembered: of a message that passed or is held? */
bool guard_knows(const struct guard *guard, struct text id);
/* When the mail began that the account is locked for: from its last message on backwards, those from sources no more
 * familiar than the lock's scope, until there was none for GUARD_GAP_US. `now_us` where there is none; at most the last
 * GUARD_LOOKED_BACK messages of all accounts are looked at. */
int64_t guard_began(const struct guard *guard, uint32_t account, int64_t now_us);
/* the lock is lifted and what is held let go, without saying that the owner was proved: what speaks against the account stays */
void guard_lift(struct guard *guard, uint32_t account, struct guard_answer *answer);
/* after a restart: this lock was thrown, this message held; those that it knows already stay as they are. What is held
 * is looked at again after the usual time from `now_us`. */
void guard_restore_lock(struct guard *guard, uint32_t account, uint8_t scope);
void guard_restore_held(struct guard *guard, const struct event *submit, struct text id, uint8_t familiar, int64_t now_us);
void guard_each_locked(const struct guard *guard, void (*each)(void *context, uint32_t account), void *context);
/* The clock went back: what waits for a time that is too far away now waits as if it had been held at `now_us`. */
void guard_mend_waits(struct guard *guard, int64_t now_us);
/* a person locks it, or makes its lock wider */
void guard_lock(struct guard *guard, uint32_t account, uint8_t scope);
/* how familiar the source of this message was, of those that are remembered; false where it is not */
bool guard_letter_familiar(const struct guard *guard, uint32_t account, struct text id, uint8_t *familiar);
/* when it wants a TICK next; WHEN_NONE: not at all */
int64_t guard_wake(const struct guard *guard);

/* why, in sentences, largest first, each ending in its bits: "recipients this account never wrote to +4.5" */
enum { GUARD_WHY_TEXT_MAX = 192 };
size_t guard_why(const struct guard *guard, uint32_t account, char why[GUARD_WHY_MAX][GUARD_WHY_TEXT_MAX]);
size_t guard_bytes(const struct guard *guard);

void guard_save(const struct guard *guard, struct image_out *out);
/* into a new one, whose accounts are loaded; left as new on failure */
bool guard_load(struct guard *guard, struct image_in *in, struct error *error) __attribute__((warn_unused_result));
/* as new */
void guard_clear(struct guard *guard);
#endif

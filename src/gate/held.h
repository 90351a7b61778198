/* SPDX-License-Identifier: Apache-2.0 */
/* The mail that is held: what lies in Postfix's hold queue because we said so, and what is to become of it.
 *
 *   waiting ──▶ releasing ──▶ released
 *      └──────▶ condemned ──▶ deleted, after HELD_KEPT_US; until then it can be brought back
 *   (gone: somebody else released or deleted it, or it was never queued)
 *
 * Each step goes to the desk, again until it is written; the queue's helper is asked until it says that it is done. A
 * queue id is used again in time: (id, time) names a message, and what is over, and written, is forgotten here. One thread;
 * desk, queue and accounts outlive it, and the desk has told of every batch (desk_finish) before it is freed. */
#ifndef SEKISHO_GATE_HELD_H
#define SEKISHO_GATE_HELD_H
#include "containment/queue.h"
#include "event/accounts.h"
#include "store/desk.h"

#define HELD_KEPT_US (7 * DAY_US)
#define HELD_ARRIVES_US (2 * MINUTE_US) /* until then a message may still be on its way into the queue */

struct held;

struct held *held_new(struct desk *desk, struct queue *queue, const struct accounts *accounts);
void held_free(struct held *held);

/* A message is to be held: it goes into the batch with which it becomes durable. `asks`: nobody told Postfix to hold it
 * when it came, so the helper has to. */
void held_put(struct held *held, struct desk_batch *batch, const struct desk_letter *letter, uint32_t account, bool asks);
/* A message that lies in the queue, on its way, is to be held after all: condemned where it is the thief's, waiting where it is the
 * owner's, as soon as the helper holds it, who is asked with the next held_look. false where it is not to be: it is being let go. */
bool held_catch(struct held *held, struct desk_batch *batch, const struct desk_letter *letter, uint32_t account);
/* that batch was not written: nothing is held after all */
void held_drop(struct held *held, struct text id);
/* the desk lost what it had: it gets all that is not over once more */
void held_unsaved(struct held *held);
/* as the desk knew it before the restart */
void held_restore(struct held *held, const struct desk_letter *letter, uint32_t account);

/* Let it go, throw it away in the end, or bring back what was to be thrown away; nothing where the id is not held. */
void held_release(struct held *held, struct text id, int64_t now_us);
void held_condemn(struct held *held, struct text id, int64_t now_us);
/* the account of a message that is held, ACCOUNT_NONE where it is not */
uint32_t held_account(const struct held *held, struct text id);
/* what waits of those accounts */
void held_release_waiting(struct held *held, bool (*of)(void *context, uint32_t account), void *context, int64_t now_us);
/* all of an account; those that are condemned only if it is said */
void held_release_all(struct held *held, uint32_t account, bool condemned_too, int64_t now_us);

/* asks again where the helper was away, and for what was not in the queue yet; to be called each second */
void held_look(struct held *held, int64_t now_us);
/* has deleted what was condemned and came before that, by the next held_look */
void held_expire(struct held *held, int64_t before_us);
/* compares with what really lies in the queue; every few minutes */
void held_reconcile(struct held *held, int64_t now_us);

struct held_tally {
	uint32_t waiting, releasing, condemned;
};
void held_tally(const struct held *held, uint32_t account, struct held_tally *tally); /* ACCOUNT_NONE: of all */
#endif

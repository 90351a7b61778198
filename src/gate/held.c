/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/held.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/table.h"
#include "event/event.h"

#define AGAIN_US (2 * SECOND_US)

enum { UNSAVED_MOST = 1000 }; /* written again at one look */

struct letter {
	char id[QUEUE_ID_MAX];
	int64_t t_us;
	int64_t asks_us; /* when the helper is to be asked; WHEN_NONE: it is being asked, or there is nothing to ask */
	struct ip ip;
	uint32_t account, recipients;
	float bits;
	uint8_t familiar;
	uint8_t state;   /* enum desk_held; what is over stays until that is written */
	bool unsaved;    /* the desk does not have it like this */
	bool unheld;     /* Postfix was not told to hold it when it came */
	bool expired;    /* condemned, and kept for long enough */
	bool seen;       /* in the queue, while it is being looked through */
};

struct held {
	struct desk *desk;
	struct queue *queue;
	const struct accounts *accounts;
	struct letter *letters;
	size_t count, room;
	bool unsaved; /* some are */
	struct table by_id; /* hash of the id -> index */
	uint64_t seed;
	int64_t looked_us;  /* when the list of the queue was asked for; WHEN_NONE: it is not */
};

struct held *held_new(struct desk *desk, struct queue *queue, const struct accounts *accounts)
{
	struct held *held = memory_zero(1, sizeof *held);

	held->desk = desk;
	held->queue = queue;
	held->accounts = accounts;
	held->seed = hash_seed();
	held->looked_us = WHEN_NONE;
	return held;
}

void held_free(struct held *held)
{
	if (!held)
		return;
	table_done(&held->by_id);
	free(held->letters);
	free(held);
}

/* ---- the letters, found by id */

static uint64_t key_of(const struct held *held, struct text id) { return hash_text(held->seed, id) | 1; }

static struct letter *find(const struct held *held, struct text id)
{
	uint32_t *at = table_find(&held->by_id, key_of(held, id));

	return at && text_is(text_of(held->letters[*at].id), id) ? &held->letters[*at] : NULL;
}

static bool is_over(const struct letter *letter)
{
	return letter->state == HELD_RELEASED || letter->state == HELD_DELETED || letter->state == HELD_GONE;
}

/* the last takes its place */
static void drop(struct held *held, struct letter *letter)
{
	struct letter *last = &held->letters[--held->count];

	table_drop(&held->by_id, key_of(held, text_of(letter->id)));
	if (letter == last)
		return;
	*letter = *last;
	*table_put(&held->by_id, key_of(held, text_of(letter->id)), 0, NULL) = (uint32_t)(letter - held->letters);
}

/* ---- what the desk is told */

/* what was written of whom */
struct word {
	struct held *held;
	char id[QUEUE_ID_MAX];
	int64_t t_us;
	uint8_t state;
};

static void written(void *context, const struct error *error)
{
	struct word *word = context;
	struct letter *letter = find(word->held, text_of(word->id));

	if (letter && letter->t_us == word->t_us) {
		if (error)
			letter->unsaved = word->held->unsaved = true;
		else if (letter->state == word->state && is_over(letter))
			drop(word->held, letter);
	}
	free(word);
}

static struct desk_batch *batch_for(struct held *held, const struct letter *letter)
{
	struct word *word = memory_zero(1, sizeof *word);

	*word = (struct word){ .held = held, .t_us = letter->t_us, .state = letter->state };
	text_copy(word->id, sizeof word->id, text_of(letter->id));
	return desk_batch_new(written, word);
}

static void turn(struct held *held, struct letter *letter, enum desk_held state, int64_t now_us)
{
	struct desk_batch *batch;

	letter->state = (uint8_t)state;
	letter->asks_us = state == HELD_RELEASING ? now_us : WHEN_NONE;
	batch = batch_for(held, letter);
	desk_set_letter(batch, text_of(letter->id), letter->t_us, state, now_us);
	desk_write(held->desk, batch);
}

/* the whole of it: the desk may not have it at all */
static void save(struct held *held, struct letter *letter)
{
	struct desk_batch *batch = batch_for(held, letter);

	letter->unsaved = false;
	desk_put_letter(batch, &(struct desk_letter){
		.queue_id = text_of(letter->id), .account = accounts_name(held->accounts, letter->account), .t_us = letter->t_us,
		.ip = letter->ip, .familiar = letter->familiar, .state = letter->state, .recipients = letter->recipients, .bits = letter->bits,
	});
	desk_write(held->desk, batch);
}

static void save_some(struct held *held)
{
	size_t saved = 0;

	if (!held->unsaved)
		return;
	held->unsaved = false;
	for (size_t i = 0; i < held->count && !held->unsaved; i++) {
		if (!held->letters[i].unsaved)
			continue;
		save(held, &held->letters[i]);
		held->unsaved = ++saved == UNSAVED_MOST;
	}
}

void held_unsaved(struct held *held)
{
	for (size_t i = 0; i < held->count; i++)
		held->letters[i].unsaved = held->unsaved = true;
}

/* ---- in, and out */

static struct letter *add(struct held *held, const struct desk_letter *from, uint32_t account)
{
	struct letter *letter = find(held, from->queue_id);

	if (letter && letter->t_us != from->t_us && !is_over(letter)) /* the id is used again, and nobody told that the first is gone */
		turn(held, letter, HELD_GONE, from->t_us);
	if (letter)
		drop(held, letter);
	MEMORY_ROOM(held->letters, held->count, held->room);
	letter = &held->letters[held->count];
	*letter = (struct letter){
		.t_us = from->t_us, .asks_us = WHEN_NONE, .ip = from->ip, .account = account, .recipients = from->recipients,
		.bits = from->bits, .familiar = from->familiar, .state = from->state,
	};
	text_copy(letter->id, sizeof letter->id, from->queue_id);
	*table_put(&held->by_id, key_of(held, text_of(letter->id)), 0, NULL) = (uint32_t)held->count++;
	return letter;
}

void held_put(struct held *held, struct desk_batch *batch, const struct desk_letter *letter, uint32_t account, bool asks)
{
	struct letter *made = add(held, letter, account);

	made->unheld = asks;
	made->asks_us = asks ? letter->t_us : WHEN_NONE;
	desk_put_letter(batch, letter);
}

bool held_catch(struct held *held, struct desk_batch *batch, const struct desk_letter *letter, uint32_t account)
{
	struct letter *made = find(held, letter->queue_id);

	if (made && made->state == HELD_RELEASING)
		return false;
	made = add(held, letter, account);
	made->unheld = true;
	made->asks_us = 0;
	desk_put_letter(batch, letter);
	return true;
}

void held_drop(struct held *held, struct text id)
{
	struct letter *letter = find(held, id);

	if (letter)
		drop(held, letter);
}

void held_restore(struct held *held, const struct desk_letter *letter, uint32_t account)
{
	struct letter *made = add(held, letter, account);

	if (made->state == HELD_RELEASING)
		made->asks_us = letter->t_us;
}

/* ---- the helper */

static enum queue_verb verb_for(const struct letter *letter)
{
	if (letter->state == HELD_RELEASING)
		return QUEUE_RELEASE;
	return letter->expired && !letter->unheld ? QUEUE_DELETE : QUEUE_HOLD;
}

/* Postfix may still be writing it when the helper looks */
static void not_there(struct held *held, struct letter *letter, int64_t now_us)
{
	if (now_us - letter->t_us < HELD_ARRIVES_US)
		letter->asks_us = now_us + AGAIN_US;
	else
		turn(held, letter, HELD_GONE, now_us);
}

static void asked(void *context, struct text id, int64_t t_us, enum queue_result result)
{
	struct held *held = context;
	struct letter *letter = find(held, id);
	int64_t now_us = clock_now();

	if (!letter || letter->t_us != t_us || letter->asks_us != WHEN_NONE || is_over(letter))
		return; /* decided otherwise meanwhile, or settled */
	if (result == QUEUE_ABSENT)
		not_there(held, letter, now_us);
	else if (result == QUEUE_OTHER)
		turn(held, letter, HELD_GONE, now_us);
	else if (result == QUEUE_FAILED)
		letter->asks_us = now_us + AGAIN_US;
	else if (letter->state == HELD_RELEASING)
		turn(held, letter, HELD_RELEASED, now_us);
	else if (letter->expired && !letter->unheld)
		turn(held, letter, HELD_DELETED, now_us);
	else
		letter->unheld = false; /* it is held now */
}

static void ask(struct held *held, struct letter *letter)
{
	letter->asks_us = WHEN_NONE;
	queue_ask(held->queue, verb_for(letter), text_of(letter->id), letter->t_us, asked, held);
}

void held_look(struct held *held, int64_t now_us)
{
	save_some(held);
	for (size_t i = held->count; i-- > 0;) {
		struct letter *letter = &held->letters[i];
		/* nothing is put off for longer than AGAIN_US: what seems to be was before the clock went back */
		bool due = letter->asks_us != WHEN_NONE && (letter->asks_us <= now_us || letter->asks_us > now_us + AGAIN_US);

		if (due && queue_waiting(held->queue) < QUEUE_WAITING_MAX / 2)
			ask(held, letter);
	}
}

void held_expire(struct held *held, int64_t before_us)
{
	for (size_t i = 0; i < held->count; i++) {
		struct letter *letter = &held->letters[i];

		if (letter->state != HELD_CONDEMNED || letter->asks_us != WHEN_NONE || letter->t_us > before_us)
			continue;
		letter->expired = true;
		letter->asks_us = letter->t_us; /* at once */
	}
}

/* ---- decided */

void held_release(struct held *held, struct text id, int64_t now_us)
{
	struct letter *letter = find(held, id);

	if (letter && letter->state != HELD_RELEASING && !is_over(letter)) {
		turn(held, letter, HELD_RELEASING, now_us);
		ask(held, letter);
	}
}

void held_condemn(struct held *held, struct text id, int64_t now_us)
{
	struct letter *letter = find(held, id);

	if (letter && letter->state == HELD_WAITING)
		turn(held, letter, HELD_CONDEMNED, now_us);
}

uint32_t held_account(const struct held *held, struct text id)
{
	const struct letter *letter = find(held, id);

	return letter ? letter->account : ACCOUNT_NONE;
}

void held_release_waiting(struct held *held, bool (*of)(void *context, uint32_t account), void *context, int64_t now_us)
{
	for (size_t i = 0; i < held->count; i++)
		if (held->letters[i].state == HELD_WAITING && of(context, held->letters[i].account))
			turn(held, &held->letters[i], HELD_RELEASING, now_us);
	held_look(held, now_us);
}

void held_release_all(struct held *held, uint32_t account, bool condemned_too, int64_t now_us)
{
	for (size_t i = 0; i < held->count; i++) {
		struct letter *letter = &held->letters[i];

		if (letter->account == account && (letter->state == HELD_WAITING || (condemned_too && letter->state == HELD_CONDEMNED)))
			turn(held, letter, HELD_RELEASING, now_us);
	}
	held_look(held, now_us);
}

/* ---- what really lies there */

static void in_queue(void *context, const struct queue_message *message)
{
	struct letter *letter = find(context, message->queue_id);

	if (letter && text_is(message->queue, TEXT("hold")))
		letter->seen = true;
}

static void looked(void *context, const struct error *error)
{
	struct held *held = context;
	int64_t now_us = clock_now(), since_us = held->looked_us;

	held->looked_us = WHEN_NONE;
	if (error)
		return;
	for (size_t i = held->count; i-- > 0;) {
		struct letter *letter = &held->letters[i];

		if (!letter->seen && letter->state != HELD_RELEASING && !is_over(letter) && since_us - letter->t_us > HELD_ARRIVES_US) {
			log_say(LOG_NOTE, _("message %s is no longer held: somebody else released or deleted it"), letter->id);
			turn(held, letter, HELD_GONE, now_us);
		}
	}
}

void held_reconcile(struct held *held, int64_t now_us)
{
	if (held->looked_us != WHEN_NONE || !held->count)
		return;
	held->looked_us = now_us;
	for (size_t i = 0; i < held->count; i++)
		held->letters[i].seen = false;
	queue_list(held->queue, in_queue, looked, held);
}

void held_tally(const struct held *held, uint32_t account, struct held_tally *tally)
{
	*tally = (struct held_tally){ 0 };
	for (size_t i = 0; i < held->count; i++) {
		const struct letter *letter = &held->letters[i];

		if (account != ACCOUNT_NONE && letter->account != account)
			continue;
		tally->waiting += letter->state == HELD_WAITING;
		tally->releasing += letter->state == HELD_RELEASING;
		tally->condemned += letter->state == HELD_CONDEMNED;
	}
}

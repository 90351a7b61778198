/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/guard.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/table.h"

enum { REFUSED_SOURCES = 4, LETTERS_FIRST = 1024, PROBES_MOST = 64, PROBES_GRAVE = 8 };
#define REVIEW_US (7 * MINUTE_US)       /* a suspicion that has not grown by then is let go … */
#define REVIEW_DOUBT_US (8 * MINUTE_US) /* … a stronger one a little later, one by one … */
#define REVIEW_GRAVE_US (11 * MINUTE_US) /* … and what lacks little for a lock only then */
#define PROBE_US (50 * SECOND_US)       /* until the fate of a probe is known, mostly */
#define PROBE_GRAVE_US (3 * MINUTE_US)
#define PROBE_BAD_US (5 * MINUTE_US)
#define BRAKED_US (10 * MINUTE_US)      /* until what only brakes keep from a lock is looked at again */
#define DOUBT_BITS 1.5f                 /* above hold_bits */
#define GRAVE_BITS 8.5f
#define STILL_GROWS_BITS 5.0f           /* after a lock, by what seems to be the owner */
#define ACCEPTED_MOST 17.0f             /* what is let go is never forgotten beyond this */
#define GROWN_BITS 1.5f                 /* so much more than what was let go before is held again */
#define ACCEPTED_HALF_US (2.0f * (float)DAY_US)

/* a message on its way: what its outcome will have to know */
struct letter {
	uint64_t key; /* of its id */
	int64_t t_us;
	struct ip ip;
	struct event_place place;
	uint32_t account, client, next; /* next: number of the next one held of this account, 0 for none */
	uint8_t familiar, net;
	uint32_t dead; /* recipients so far */
	bool held, silent, listed;
	char *id; /* while it is held */
};

/* an account with mail that is held, or a lock, or a suspicion that was let pass */
struct watch {
	uint32_t account, first, last, held; /* numbers of letters, oldest first */
	int64_t since_us, due_us;            /* of what is held; WHEN_NONE: nothing is due */
	float accepted_bits;                 /* what was against it when its mail was let go */
	int64_t accepted_us;
	uint32_t window;                     /* probes to let go at once, 0 before the first */
	float grown_bits;                    /* since it was locked, by what seemed to be the owner */
	bool locked, strange;                /* strange: mail from elsewhere than home was held */
	uint8_t scope;                       /* the most familiar source that abuse came from */
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

struct guard *guard_new(struct engine *engine, const struct accounts *accounts, const struct brakes_limits *limits)
{
	struct guard *guard = memory_zero(1, sizeof *guard);

	guard->engine = engine;
	guard->accounts = accounts;
	guard->limits = *engine_limits(engine);
	brakes_init(&guard->brakes, limits);
	guard->mask = LETTERS_FIRST - 1;
	guard->letters = memory_zero(LETTERS_FIRST, sizeof *guard->letters);
	guard->first = guard->next = 1;
	guard->told_us = WHEN_NONE;
	return guard;
}

static void free_garbage(struct guard *guard)
{
	while (guard->garbage_count)
		free(guard->garbage[--guard->garbage_count]);
}

void guard_free(struct guard *guard)
{
	if (!guard)
		return;
	free_garbage(guard);
	for (uint32_t n = guard->first; n != guard->next; n++)
		free(guard->letters[n & guard->mask].id);
	table_done(&guard->letter_of);
	table_done(&guard->watch_of);
	free(guard->letters);
	free(guard->watches);
	free(guard->heap);
	free(guard->released);
	free(guard->discarded);
	free(guard->garbage);
	free(guard);
}

/* ---- what comes due: a heap, smallest time first; what was put off since is passed over */

static void heap_put(struct guard *guard, int64_t t_us, uint32_t watch)
{
	size_t at = guard->heap_count;

	MEMORY_ROOM(guard->heap, guard->heap_count, guard->heap_room);
	guard->heap_count++;
	for (; at > 0 && t_us < guard->heap[(at - 1) / 2].t_us; at = (at - 1) / 2)
		guard->heap[at] = guard->heap[(at - 1) / 2];
	guard->heap[at] = (struct due){ t_us, watch };
}

static void heap_drop(struct guard *guard)
{
	struct due last = guard->heap[--guard->heap_count];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < guard->heap_count) {
		if (child + 1 < guard->heap_count && guard->heap[child + 1].t_us < guard->heap[child].t_us)
			child++;
		if (last.t_us <= guard->heap[child].t_us)
			break;
		guard->heap[at] = guard->heap[child];
		at = child;
	}
	guard->heap[at] = last;
}

static void put_off(struct guard *guard, struct watch *watch, int64_t due_us)
{
	if (watch->due_us == due_us)
		return; /* it is in the heap already */
	watch->due_us = due_us;
	heap_put(guard, due_us, (uint32_t)(watch - guard->watches));
}

static bool is_stale(const struct guard *guard, const struct due *due)
{
	return guard->watches[due->watch].due_us != due->t_us;
}

/* ---- letters and watches */

static struct letter *letter_at(const struct guard *guard, uint32_t number)
{
	return &guard->letters[number & guard->mask];
}

static uint64_t id_key(struct text id) { return hash_text(HASH_FIXED, id) | 1; }

static uint32_t find_letter(const struct guard *guard, struct text id)
{
	uint32_t *number = id.n ? table_find(&guard->letter_of, id_key(id)) : NULL;

	return number ? *number : 0;
}

static struct watch *find_watch(const struct guard *guard, uint32_t account)
{
	uint32_t *at = table_find(&guard->watch_of, hash_pair(account, HASH_FIXED) | 1);

	return at ? &guard->watches[*at] : NULL;
}

static struct watch *watch_for(struct guard *guard, uint32_t account)
{
	bool made;
	uint32_t at = *table_put(&guard->watch_of, hash_pair(account, HASH_FIXED) | 1, (uint32_t)guard->watch_count, &made);

	if (made) {
		MEMORY_ROOM(guard->watches, guard->watch_count, guard->watch_room);
		guard->watches[guard->watch_count++] = (struct watch){ .account = account, .due_us = WHEN_NONE };
	}
	return &guard->watches[at];
}

/* its id goes into the answer, which owns it until the next call */
static void let_go(struct guard *guard, struct letter *letter, struct text **list, size_t *count, size_t *room)
{
	MEMORY_ROOM(*list, *count, *room);
	(*list)[(*count)++] = text_of(letter->id);
	MEMORY_ROOM(guard->garbage, guard->garbage_count, guard->garbage_room);
	guard->garbage[guard->garbage_count++] = letter->id;
	letter->id = NULL;
	letter->held = false;
}

static void release(struct guard *guard, struct letter *letter, struct guard_answer *answer)
{
	let_go(guard, letter, &guard->released, &answer->release_count, &guard->released_room);
	answer->release = guard->released;
}

static void discard(struct guard *guard, struct letter *letter, struct guard_answer *answer)
{
	let_go(guard, letter, &guard->discarded, &answer->discard_count, &guard->discarded_room);
	answer->discard = guard->discarded;
}

static struct letter *take_first(struct guard *guard, struct watch *watch)
{
	struct letter *letter = letter_at(guard, watch->first);

	watch->first = letter->next;
	watch->last = watch->first ? watch->last : 0;
	watch->held--;
	return letter;
}

static void release_some(struct guard *guard, struct watch *watch, uint32_t count, struct guard_answer *answer)
{
	while (watch->held && count--)
		release(guard, take_first(guard, watch), answer);
}

/* the oldest is forgotten; if it was held still, it goes out: nothing is lost for want of memory */
static void forget_oldest(struct guard *guard, struct guard_answer *answer)
{
	struct letter *letter = letter_at(guard, guard->first);
	uint32_t *number = letter->key ? table_find(&guard->letter_of, letter->key) : NULL;

	if (letter->held)
		release_some(guard, find_watch(guard, letter->account), 1, answer);
	if (number && *number == guard->first)
		table_drop(&guard->letter_of, letter->key);
	guard->first++;
}

static void grow_letters(struct guard *guard)
{
	uint32_t mask = guard->mask * 2 + 1;
	struct letter *letters = memory_zero((size_t)mask + 1, sizeof *letters);

	for (uint32_t n = guard->first; n != guard->next; n++)
		letters[n & mask] = guard->letters[n & guard->mask];
	free(guard->letters);
	guard->letters = letters;
	guard->mask = mask;
}

/* the next number, and room for it. Numbers begin anew after four thousand million messages; none has number 0. */
static uint32_t number_letter(struct guard *guard, int64_t t_us, struct guard_answer *answer)
{
	uint32_t number;

	do {
		while (guard->next - guard->first >= GUARD_LETTERS_MAX ||
		       (guard->first != guard->next && letter_at(guard, guard->first)->t_us < t_us - GUARD_KEPT_US))
			forget_oldest(guard, answer);
		if (guard->next - guard->first > guard->mask)
			grow_letters(guard);
		number = guard->next++;
		*letter_at(guard, number) = (struct letter){ .t_us = t_us };
	} while (number == 0);
	return number;
}

static uint32_t remember(struct guard *guard, const struct event *event, const struct verdict *verdict, struct text id,
			 struct guard_answer *answer)
{
	uint32_t number = number_letter(guard, event->t_us, answer);

	*letter_at(guard, number) = (struct letter){
		.key = id_key(id),
		.t_us = event->t_us,
		.ip = event->ip,
		.place = event->place,
		.account = event->account,
		.client = event->detail ? event->detail->client : 0,
		.net = event->detail ? event->detail->net : 0,
		.listed = event->detail && event->detail->rcpt_count,
		.silent = event->place_silent,
		.familiar = (uint8_t)verdict->familiar,
	};
	*table_put(&guard->letter_of, id_key(id), number, NULL) = number;
	return number;
}

/* ---- hold, and let go */

/* a clock that goes back lets nothing more pass */
static float accepted(const struct watch *watch, int64_t t_us)
{
	int64_t passed_us = t_us > watch->accepted_us ? t_us - watch->accepted_us : 0;

	return watch->accepted_bits * exp2f(-(float)passed_us / ACCEPTED_HALF_US);
}

static void accept(struct watch *watch, float bits, int64_t t_us)
{
	watch->accepted_bits = bits < ACCEPTED_MOST ? bits : ACCEPTED_MOST;
	watch->accepted_us = t_us;
	watch->due_us = WHEN_NONE;
	watch->window = 0;
}

static bool must_wait(const struct guard *guard, const struct watch *watch, const struct verdict *verdict, int64_t t_us)
{
	float from = verdict_holds_from(verdict, &guard->limits);

	if (watch && watch->held && verdict->familiar != FAMILIAR_WELL)
		from -= GROWN_BITS;
	else if (watch && verdict->bits < accepted(watch, t_us) + GROWN_BITS)
		return false;
	return verdict->bits >= from;
}

static int64_t patience_us(const struct guard *guard, float bits)
{
	return bits < guard->limits.hold_bits + DOUBT_BITS   ? REVIEW_US
	       : bits < guard->limits.hold_bits + GRAVE_BITS ? REVIEW_DOUBT_US
							     : REVIEW_GRAVE_US;
}

static void put_last(struct guard *guard, struct watch *watch, uint32_t number)
{
	if (watch->held++)
		letter_at(guard, watch->last)->next = number;
	else
		watch->first = number;
	watch->last = number;
	letter_at(guard, number)->next = 0;
}

static void hold(struct guard *guard, const struct event *event, const struct verdict *verdict, uint32_t number,
		 struct text id)
{
	struct watch *watch = watch_for(guard, event->account);
	struct letter *letter = letter_at(guard, number);

	letter->id = memory_copy(id.p, id.n);
	letter->held = true;
	if (!watch->held)
		watch->since_us = event->t_us;
	put_last(guard, watch, number);
	if (!watch->locked && verdict->familiar != FAMILIAR_WELL) {
		watch->scope = watch->strange && watch->scope > verdict->familiar ? watch->scope : (uint8_t)verdict->familiar;
		watch->strange = true;
	}
	if (!watch->window && (watch->due_us == WHEN_NONE || verdict->bits >= guard->limits.hold_bits + DOUBT_BITS))
		put_off(guard, watch, watch->since_us + patience_us(guard, verdict->bits));
}

/* nothing came that decided: let everything go, or in doubt a few, and see what becomes of them */
static void review(struct guard *guard, struct watch *watch, int64_t t_us, struct guard_answer *answer)
{
	struct verdict verdict;
	bool grave;

	if (watch->locked) {
		watch->due_us = WHEN_NONE; /* until the owner is there */
		return;
	}
	engine_standing(guard->engine, watch->account, t_us, &verdict);
	if (t_us < watch->since_us + patience_us(guard, verdict.bits) && !watch->window) {
		put_off(guard, watch, watch->since_us + patience_us(guard, verdict.bits));
		return;
	}
	if (verdict.action == VERDICT_LOCK) { /* the brakes hold: a person decides, or the next event with room for a lock */
		put_off(guard, watch, t_us + BRAKED_US);
		return;
	}
	if (verdict.bits < guard->limits.hold_bits + DOUBT_BITS) {
		release_some(guard, watch, UINT32_MAX, answer);
		accept(watch, verdict.bits, t_us);
		return;
	}
	grave = verdict.bits >= guard->limits.hold_bits + GRAVE_BITS;
	watch->window = !watch->window ? 1 : grave && watch->window > PROBES_GRAVE ? PROBES_GRAVE : watch->window;
	release_some(guard, watch, watch->window, answer);
	watch->window = watch->window * 2 < PROBES_MOST ? watch->window * 2 : PROBES_MOST;
	if (watch->held)
		put_off(guard, watch, t_us + (grave ? PROBE_GRAVE_US : PROBE_US));
	else
		accept(watch, verdict.bits, t_us);
}

/* Who asks too late gets no more than in time: what became of a probe can only be known after it was let go. */
static void do_what_is_due(struct guard *guard, int64_t t_us, struct guard_answer *answer)
{
	while (guard->heap_count && guard->heap[0].t_us <= t_us) {
		struct due due = guard->heap[0];
		bool stale = is_stale(guard, &due);

		heap_drop(guard);
		if (stale)
			continue;
		guard->watches[due.watch].due_us = WHEN_NONE;
		if (guard->watches[due.watch].held)
			review(guard, &guard->watches[due.watch], t_us, answer);
		else
			guard->watches[due.watch].window = 0;
	}
}

/* ---- lock */

static uint64_t domain_of(const struct guard *guard, uint32_t account)
{
	struct text name = accounts_name(guard->accounts, account);
	size_t at = text_find(name, '@');

	return hash_text(HASH_FIXED, text_after(name, at));
}

/* The owner's own go out, strangers' are to be thrown away. What came from the owner's own place is never thrown away: where
 * the thief is there too it stays until the owner has proved who they are. */
static void clear_out(struct guard *guard, struct watch *watch, struct guard_answer *answer)
{
	for (uint32_t left = watch->held; left > 0; left--) {
		uint32_t number = watch->first;
		struct letter *letter = take_first(guard, watch);

		if (letter->familiar > watch->scope)
			release(guard, letter, answer);
		else if (letter->familiar == FAMILIAR_WELL)
			put_last(guard, watch, number);
		else
			discard(guard, letter, answer);
	}
	watch->due_us = WHEN_NONE;
	watch->window = 0;
}

/* The message that tips the scales may be the owner's: what was held from elsewhere tells better where it comes from. */
static uint8_t scope_of(const struct watch *watch, enum profile_familiar last)
{
	return last == FAMILIAR_WELL && watch->strange ? watch->scope : last > watch->scope ? (uint8_t)last : watch->scope;
}

static void lock(struct guard *guard, const struct event *event, struct guard_answer *answer)
{
	struct watch *watch = watch_for(guard, event->account);

	if (watch->locked)
		return;
	if (!brakes_allow(&guard->brakes, domain_of(guard, event->account), event->t_us)) {
		answer->braked = true;
		return;
	}
	watch->locked = true;
	watch->grown_bits = 0;
	watch->scope = scope_of(watch, answer->verdict.familiar);
	memset(watch->refused, 0, sizeof watch->refused);
	answer->lock = true;
	clear_out(guard, watch, answer);
}

static void unlock(struct guard *guard, uint32_t account, struct guard_answer *answer)
{
	struct watch *watch = find_watch(guard, account);

	if (!watch)
		return;
	watch->locked = watch->strange = false;
	watch->scope = FAMILIAR_NOT;
	watch->accepted_bits = 0;
	release_some(guard, watch, UINT32_MAX, answer);
	watch->due_us = WHEN_NONE;
	watch->window = 0;
}

/* ---- one event */

/* what the message knew of its source; `detail` has room for it */
static void fill_in(struct guard *guard, struct event *event, struct event_detail *detail, uint32_t number)
{
	struct letter *letter = letter_at(guard, number);

	event->account = letter->account; /* a bounce may come back to another mailbox than the one it was sent through */
	event->message = number;
	event->listed = letter->listed;
	event->ip = letter->ip;
	event->place = letter->place;
	event->place_silent = letter->silent;
	detail->client = letter->client;
	detail->net = letter->net;
	detail->dead_before = letter->dead;
	letter->dead += event->kind == EVENT_OUTCOME && event->result == RESULT_BOUNCED && letter->dead < UINT16_MAX;
	event->detail = detail;
}

/* where it comes from, with what software: an attacker in the owner's own house is told from the owner by that */
static uint64_t source_key(const struct event *event)
{
	return hash_pair(ip_block_key(&event->ip), event->detail ? event->detail->client : 0) | 1;
}

static bool was_refused(const struct watch *watch, uint64_t source)
{
	for (unsigned i = 0; i < REFUSED_SOURCES; i++)
		if (watch->refused[i] == source)
			return true;
	return false;
}

static bool is_owners(const struct watch *watch, const struct event *event, const struct verdict *verdict)
{
	return !was_refused(watch, source_key(event)) && verdict->familiar > watch->scope &&
	       (verdict->familiar == FAMILIAR_WELL || verdict->owner_like);
}

/* what was against a locked account before this event */
static float locked_bits(struct guard *guard, const struct event *event)
{
	const struct watch *watch = find_watch(guard, event->account);
	struct verdict verdict = { .bits = 0 };

	if (watch && watch->locked)
		engine_standing(guard->engine, event->account, event->t_us, &verdict);
	return verdict.bits;
}

/* Whoever goes on from the owner's own place as the thief did is not the owner: then the lock is for there, too. */
static void note_growth(struct guard *guard, const struct event *event, float before, const struct verdict *verdict)
{
	struct watch *watch = find_watch(guard, event->account);

	if (!watch || !watch->locked || verdict->familiar <= watch->scope || verdict->bits <= before)
		return;
	watch->grown_bits += verdict->bits - before;
	if (watch->grown_bits >= STILL_GROWS_BITS)
		watch->scope = (uint8_t)verdict->familiar;
}

static void note_refused(struct watch *watch, const struct event *event)
{
	uint64_t source = source_key(event);

	if (!was_refused(watch, source))
		watch->refused[watch->refused_count++ % REFUSED_SOURCES] = source;
}

static void answer_submit(struct guard *guard, const struct event *event, struct text id, struct guard_answer *answer)
{
	const struct verdict *verdict = &answer->verdict;
	struct watch *watch = find_watch(guard, event->account);
	uint32_t number;

	if (watch && watch->locked && !is_owners(watch, event, verdict)) {
		note_refused(watch, event);
		answer->action = GUARD_REFUSE;
		return;
	}
	number = remember(guard, event, verdict, id, answer);
	if (answer->braked || (!(watch && watch->locked) && must_wait(guard, watch, verdict, event->t_us))) {
		answer->action = GUARD_HOLD;
		hold(guard, event, verdict, number, id);
	}
}

static void answer_outcome(struct guard *guard, const struct event *event)
{
	struct watch *watch = find_watch(guard, event->account);

	if (!watch || !watch->held || !watch->window || event->result != RESULT_BOUNCED)
		return;
	watch->window = 1; /* a bad probe: back to one, and wait */
	put_off(guard, watch, event->t_us + PROBE_BAD_US);
}

/* the earliest that is due, once */
static void tell_wake(struct guard *guard, struct guard_answer *answer)
{
	while (guard->heap_count && is_stale(guard, &guard->heap[0]))
		heap_drop(guard);
	if (!guard->heap_count || guard->heap[0].t_us == guard->told_us)
		return;
	answer->wake_us = guard->told_us = guard->heap[0].t_us;
}

/* an id that is used again for mail that is nobody's */
static void forget_id(struct guard *guard, struct text id)
{
	if (id.n)
		table_drop(&guard->letter_of, id_key(id));
}

static bool is_about_a_letter(const struct event *event)
{
	return event->kind == EVENT_OUTCOME || event->kind == EVENT_BOUNCE || event->kind == EVENT_COMPLAINT ||
	       event->kind == EVENT_AUTO_REPLY;
}

void guard_event(struct guard *guard, const struct event *told, struct text id, struct guard_answer *answer)
{
	struct event_detail detail = { 0 };
	struct event copy = *told, *event = &copy;
	uint32_t number = is_about_a_letter(event) ? find_letter(guard, id) : 0;

	*answer = (struct guard_answer){ .wake_us = WHEN_NONE };
	free_garbage(guard);
	engine_expect(guard->engine, event); /* one wait for memory instead of several */
	do_what_is_due(guard, event->t_us, answer);
	if (number)
		fill_in(guard, event, &detail, number);
	else if (event->kind == EVENT_SUBMIT && event->account == ACCOUNT_NONE)
		forget_id(guard, id);
	answer->account = event->account;
	if (event->kind != EVENT_TICK && event->account != ACCOUNT_NONE && (event->kind != EVENT_OUTCOME || number)) {
		float before = locked_bits(guard, event);

		engine_event(guard->engine, event, &answer->verdict);
		note_growth(guard, event, before, &answer->verdict);
		if (answer->verdict.action == VERDICT_LOCK)
			lock(guard, event, answer);
		if (event->kind == EVENT_SUBMIT)
			answer_submit(guard, event, id, answer);
		else if (event->kind == EVENT_OUTCOME)
			answer_outcome(guard, event);
		else if (event->kind == EVENT_VERIFIED)
			unlock(guard, event->account, answer);
	} else if (event->kind == EVENT_AUTH) {
		engine_event(guard->engine, event, &answer->verdict);
	}
	tell_wake(guard, answer);
}

/* ---- why */

size_t guard_why(const struct guard *guard, uint32_t account, char why[GUARD_WHY_MAX][GUARD_WHY_TEXT_MAX])
{
	const struct profile *profile = profiles_peek(engine_profiles(guard->engine), account);
	bool said[PROFILE_SIGNALS] = { false };
	char sentence[GUARD_WHY_TEXT_MAX - 16];
	size_t count = 0;

	while (profile && count < GUARD_WHY_MAX) {
		unsigned most = PROFILE_SIGNALS;

		for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
			if (!said[i] && profile_bits(profile, i) >= 0.5f &&
			    (most == PROFILE_SIGNALS || profile_bits(profile, i) > profile_bits(profile, most)))
				most = i;
		if (most == PROFILE_SIGNALS)
			break;
		said[most] = true;
		*sentence = '\0';
		signals[most]->say(profile, sentence, sizeof sentence);
		snprintf(why[count++], GUARD_WHY_TEXT_MAX, "%s +%.1f", sentence, (double)profile_bits(profile, most));
	}
	return count;
}

size_t guard_bytes(const struct guard *guard)
{
	return sizeof *guard + ((size_t)guard->mask + 1) * sizeof *guard->letters + table_bytes(&guard->letter_of) +
	       guard->watch_room * sizeof *guard->watches + table_bytes(&guard->watch_of) +
	       guard->heap_room * sizeof *guard->heap;
}

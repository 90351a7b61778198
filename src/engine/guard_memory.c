/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/guard_inside.h"

#include <stdlib.h>

enum { LETTERS_FIRST = 1024 };

static void begin_anew(struct guard *guard)
{
	guard->mask = LETTERS_FIRST - 1;
	guard->letters = memory_large(LETTERS_FIRST, sizeof *guard->letters);
	guard->first = guard->next = 1;
	guard->told_us = WHEN_NONE;
}

static void forget_all(struct guard *guard)
{
	guard_free_garbage(guard);
	for (uint32_t n = guard->first; n != guard->next; n++)
		free(guard_letter(guard, n)->id);
	table_done(&guard->letter_of);
	table_done(&guard->watch_of);
	memory_large_free(guard->letters, (size_t)guard->mask + 1, sizeof *guard->letters);
	free(guard->watches);
	free(guard->heap);
	free(guard->released);
	free(guard->discarded);
	free(guard->garbage);
}

struct guard *guard_new(struct engine *engine, const struct accounts *accounts, const struct brakes_limits *limits)
{
	struct guard *guard = memory_zero(1, sizeof *guard);

	guard->engine = engine;
	guard->accounts = accounts;
	guard->limits = *engine_limits(engine);
	brakes_init(&guard->brakes, limits);
	begin_anew(guard);
	return guard;
}

void guard_clear(struct guard *guard)
{
	struct brakes_limits limits = guard->brakes.limits;

	forget_all(guard);
	*guard = (struct guard){ .engine = guard->engine, .accounts = guard->accounts, .limits = guard->limits };
	brakes_init(&guard->brakes, &limits);
	begin_anew(guard);
}

void guard_free(struct guard *guard)
{
	if (!guard)
		return;
	forget_all(guard);
	free(guard);
}

void guard_free_garbage(struct guard *guard)
{
	while (guard->garbage_count)
		free(guard->garbage[--guard->garbage_count]);
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

void guard_heap_drop(struct guard *guard)
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

void guard_put_off(struct guard *guard, struct watch *watch, int64_t due_us)
{
	if (watch->due_us == due_us)
		return; /* it is in the heap already */
	watch->due_us = due_us;
	heap_put(guard, due_us, (uint32_t)(watch - guard->watches));
}

bool guard_is_stale(const struct guard *guard, const struct due *due)
{
	return guard->watches[due->watch].due_us != due->t_us;
}

/* ---- letters and watches */

static uint64_t id_key(struct text id) { return hash_text(HASH_FIXED, id) | 1; }

uint32_t guard_find_letter(const struct guard *guard, struct text id)
{
	uint32_t *number = id.n ? table_find(&guard->letter_of, id_key(id)) : NULL;

	return number ? *number : 0;
}

struct watch *guard_find_watch(const struct guard *guard, uint32_t account)
{
	uint32_t *at = table_find(&guard->watch_of, table_key(account));

	return at ? &guard->watches[*at] : NULL;
}

struct watch *guard_watch_for(struct guard *guard, uint32_t account)
{
	bool made;
	uint32_t at = *table_put(&guard->watch_of, table_key(account), (uint32_t)guard->watch_count, &made);

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

void guard_release(struct guard *guard, struct letter *letter, struct guard_answer *answer)
{
	let_go(guard, letter, &guard->released, &answer->release_count, &guard->released_room);
	answer->release = guard->released;
}

void guard_discard(struct guard *guard, struct letter *letter, struct guard_answer *answer)
{
	let_go(guard, letter, &guard->discarded, &answer->discard_count, &guard->discarded_room);
	answer->discard = guard->discarded;
}

struct letter *guard_take_first(struct guard *guard, struct watch *watch)
{
	struct letter *letter = guard_letter(guard, watch->first);

	watch->first = letter->next;
	watch->last = watch->first ? watch->last : 0;
	watch->held--;
	return letter;
}

bool guard_release_unflagged(struct guard *guard, struct watch *watch, uint32_t looked_at, struct guard_answer *answer)
{
	uint32_t before = 0, number = watch->first;

	for (; number && looked_at && guard_letter(guard, number)->flagged; looked_at--, number = guard_letter(guard, number)->next)
		before = number;
	if (!number || !looked_at)
		return false;
	if (!before) {
		guard_release_some(guard, watch, 1, answer);
		return true;
	}
	guard_letter(guard, before)->next = guard_letter(guard, number)->next;
	watch->last = watch->last == number ? before : watch->last;
	watch->held--;
	guard_release(guard, guard_letter(guard, number), answer);
	return true;
}

void guard_release_some(struct guard *guard, struct watch *watch, uint32_t count, struct guard_answer *answer)
{
	while (watch->held && count--)
		guard_release(guard, guard_take_first(guard, watch), answer);
}

/* The oldest of its account becomes the youngest letter of all, and leaves nothing where it was. */
static void keep_on(struct guard *guard, struct watch *watch, int64_t t_us)
{
	uint32_t old = watch->first, *named;
	struct letter letter = *guard_take_first(guard, watch);
	uint32_t number = guard_next_letter(guard);

	number = number ? number : guard_next_letter(guard); /* none has number 0 */
	*guard_letter(guard, old) = (struct letter){ .t_us = letter.t_us };
	letter.t_us = t_us;
	*guard_letter(guard, number) = letter;
	guard_put_last(guard, watch, number);
	named = letter.key ? table_find(&guard->letter_of, letter.key) : NULL;
	if (named && *named == old)
		*named = number;
}

/* What waits for its owner, or goes out slowly, is held for as long as that takes. */
static bool is_kept_on(const struct guard *guard, const struct letter *letter)
{
	const struct watch *watch = letter->held ? guard_find_watch(guard, letter->account) : NULL;

	return watch && watch->first == guard->first && (watch->wary || watch->locked) &&
	       guard->next - guard->first < GUARD_LETTERS_MAX;
}

/* the oldest is forgotten; if it was held still, it goes out: nothing is lost for want of memory */
static void forget_oldest(struct guard *guard, int64_t t_us, struct guard_answer *answer)
{
	struct letter *letter = guard_letter(guard, guard->first);
	uint32_t *number;

	if (is_kept_on(guard, letter)) {
		keep_on(guard, guard_find_watch(guard, letter->account), t_us);
		letter = guard_letter(guard, guard->first);
	}
	number = letter->key ? table_find(&guard->letter_of, letter->key) : NULL;
	if (letter->held)
		guard_release_some(guard, guard_find_watch(guard, letter->account), 1, answer);
	if (number && *number == guard->first)
		table_drop(&guard->letter_of, letter->key);
	guard->first++;
}

static void grow_letters(struct guard *guard)
{
	uint32_t mask = guard->mask * 2 + 1;
	struct letter *letters = memory_large((size_t)mask + 1, sizeof *letters);

	for (uint32_t n = guard->first; n != guard->next; n++)
		letters[n & mask] = guard->letters[n & guard->mask];
	memory_large_free(guard->letters, (size_t)guard->mask + 1, sizeof *letters);
	guard->letters = letters;
	guard->mask = mask;
}

static bool is_too_old(const struct guard *guard, int64_t t_us)
{
	return guard->next - guard->first >= GUARD_LETTERS_MAX ||
	       (guard->first != guard->next && guard_letter(guard, guard->first)->t_us < t_us - GUARD_KEPT_US);
}

uint32_t guard_next_letter(struct guard *guard)
{
	if (guard->next - guard->first > guard->mask)
		grow_letters(guard);
	*guard_letter(guard, guard->next) = (struct letter){ 0 };
	return guard->next++;
}

/* the next number, and room for it. Numbers begin anew after four thousand million messages; none has number 0. */
static uint32_t number_letter(struct guard *guard, int64_t t_us, struct guard_answer *answer)
{
	uint32_t number;

	do {
		while (answer && is_too_old(guard, t_us))
			forget_oldest(guard, t_us, answer);
		number = guard_next_letter(guard);
		guard_letter(guard, number)->t_us = t_us;
	} while (number == 0);
	return number;
}

void guard_forget_id(struct guard *guard, struct text id)
{
	uint32_t number = guard_find_letter(guard, id);

	if (!number)
		return;
	guard_letter(guard, number)->key = 0;
	table_drop(&guard->letter_of, id_key(id));
}

/* it is found by its id from now on, and who had that id before is not */
static void name_letter(struct guard *guard, uint32_t number)
{
	bool made;
	uint32_t *named = table_put(&guard->letter_of, guard_letter(guard, number)->key, number, &made);

	if (made)
		return;
	guard_letter(guard, *named)->key = 0;
	*named = number;
}

uint32_t guard_remember(struct guard *guard, const struct event *event, uint8_t familiar, struct text id,
			struct guard_answer *answer)
{
	uint32_t number = number_letter(guard, event->t_us, answer);

	*guard_letter(guard, number) = (struct letter){
		.key = id.n ? id_key(id) : 0,
		.t_us = event->t_us,
		.ip = event->ip,
		.place = event->place,
		.account = event->account,
		.client = event->detail ? event->detail->client : 0,
		.net = event->detail ? event->detail->net : 0,
		.listed = event->detail && event->detail->rcpt_count,
		.silent = event->place_silent,
		.flagged = event->spam,
		.familiar = familiar,
	};
	if (id.n)
		name_letter(guard, number);
	return number;
}

void guard_put_last(struct guard *guard, struct watch *watch, uint32_t number)
{
	if (watch->held++)
		guard_letter(guard, watch->last)->next = number;
	else
		watch->first = number;
	watch->last = number;
	guard_letter(guard, number)->next = 0;
}

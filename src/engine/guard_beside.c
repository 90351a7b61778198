/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/guard_inside.h"

#include <stdio.h>

/* ---- locks */

bool guard_locked(const struct guard *guard, uint32_t account, uint8_t *scope)
{
	const struct watch *watch = guard_find_watch(guard, account);

	if (!watch || !watch->locked)
		return false;
	if (scope)
		*scope = watch->scope;
	return true;
}

bool guard_shuts(struct guard *guard, const struct event *source)
{
	const struct watch *watch = guard_find_watch(guard, source->account);

	return watch && watch->locked &&
	       (guard_was_refused(watch, guard_source_key(source)) ||
		engine_familiar(guard->engine, source) <= watch->scope);
}

int64_t guard_began(const struct guard *guard, uint32_t account, int64_t now_us)
{
	uint32_t number = guard->next, left = guard->next - guard->first;
	uint8_t scope = FAMILIAR_NOT;
	int64_t began_us = now_us;

	guard_locked(guard, account, &scope);
	if (left > GUARD_LOOKED_BACK)
		left = GUARD_LOOKED_BACK;
	for (; left > 0; left--) {
		const struct letter *letter = guard_letter(guard, --number);

		if (letter->t_us < began_us - GUARD_GAP_US)
			break;
		if (letter->account == account && letter->familiar <= scope && letter->t_us < began_us)
			began_us = letter->t_us;
	}
	return began_us;
}

void guard_lift(struct guard *guard, uint32_t account, struct guard_answer *answer)
{
	*answer = (struct guard_answer){ .account = account, .wake_us = WHEN_NONE };
	guard_free_garbage(guard);
	guard_unlock(guard, account, answer);
	guard_tell_wake(guard, answer);
}

void guard_restore_lock(struct guard *guard, uint32_t account, uint8_t scope)
{
	struct watch *watch = account == ACCOUNT_NONE ? NULL : guard_watch_for(guard, account);

	if (!watch || watch->locked)
		return;
	watch->locked = true;
	watch->scope = scope < FAMILIAR_LEVELS ? scope : FAMILIAR_WELL;
	watch->grown_bits = 0;
	watch->due_us = WHEN_NONE; /* what is held stays until the owner is there */
	watch->window = 0;
}

void guard_lock(struct guard *guard, uint32_t account, uint8_t scope)
{
	struct watch *watch = account == ACCOUNT_NONE ? NULL : guard_watch_for(guard, account);

	if (watch && watch->locked && scope > watch->scope && scope < FAMILIAR_LEVELS)
		watch->scope = scope;
	else
		guard_restore_lock(guard, account, scope);
}

void guard_each_locked(const struct guard *guard, void (*each)(void *context, uint32_t account), void *context)
{
	for (size_t i = 0; i < guard->watch_count; i++)
		if (guard->watches[i].locked)
			each(context, guard->watches[i].account);
}

/* ---- messages */

bool guard_knows(const struct guard *guard, struct text id) { return guard_find_letter(guard, id) != 0; }

bool guard_letter_familiar(const struct guard *guard, uint32_t account, struct text id, uint8_t *familiar)
{
	uint32_t number = guard_find_letter(guard, id);

	if (!number || guard_letter(guard, number)->account != account)
		return false;
	*familiar = guard_letter(guard, number)->familiar;
	return true;
}

static bool may_be_held(const struct guard *guard, const struct event *submit, struct text id, uint8_t familiar)
{
	uint32_t number = guard_find_letter(guard, id);

	return submit->account != ACCOUNT_NONE && id.n > 0 && id.n <= GUARD_ID_MAX && familiar < FAMILIAR_LEVELS &&
	       guard->next - guard->first < GUARD_RING_MAX && !(number && guard_letter(guard, number)->held);
}

/* What passed or was let go, and is to be held after all, is a new letter: the answer that let it go was lost. */
void guard_restore_held(struct guard *guard, const struct event *submit, struct text id, uint8_t familiar, int64_t now_us)
{
	struct watch *watch;
	struct verdict verdict;

	if (!may_be_held(guard, submit, id, familiar))
		return;
	watch = guard_watch_for(guard, submit->account);
	guard_keep(guard, watch, guard_remember(guard, submit, familiar, id, NULL), id, now_us);
	if (watch->locked || watch->due_us != WHEN_NONE)
		return;
	engine_standing(guard->engine, submit->account, now_us, &verdict);
	guard_put_off(guard, watch, now_us + guard_patience_us(guard, verdict.bits));
}

void guard_mend_waits(struct guard *guard, int64_t now_us)
{
	struct verdict verdict;

	for (size_t i = 0; i < guard->watch_count; i++) {
		struct watch *watch = &guard->watches[i];

		if (watch->due_us == WHEN_NONE || watch->due_us <= now_us + GUARD_WAIT_MAX_US)
			continue;
		engine_standing(guard->engine, watch->account, now_us, &verdict);
		watch->since_us = now_us;
		guard_put_off(guard, watch, now_us + guard_patience_us(guard, verdict.bits));
	}
}

int64_t guard_wake(const struct guard *guard)
{
	int64_t wake_us = WHEN_NONE;

	for (size_t i = 0; i < guard->heap_count; i++)
		if (!guard_is_stale(guard, &guard->heap[i]) && (wake_us == WHEN_NONE || guard->heap[i].t_us < wake_us))
			wake_us = guard->heap[i].t_us;
	return wake_us;
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

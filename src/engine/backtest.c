/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/backtest.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/table.h"
#include "engine/calibration.h"

#define BACK_US DAY_US /* how far a lock looks back at what had left */

/* a message that is held */
struct waiting {
	uint64_t key;
	int64_t t_us;
	uint32_t account;
	uint8_t familiar;
};

/* a message that left; `before`: number of the one before it of this account, 0 for none */
struct departure {
	int64_t t_us;
	uint64_t before;
	uint32_t account;
	uint8_t familiar;
};

struct of_account {
	uint64_t departure; /* number of the last one, 0 for none */
	uint32_t touched;   /* index + 1 */
};

struct side {
	struct engine *engine;
	struct guard *guard;
	int64_t wake_us;
	struct of_account *accounts;
	struct waiting *waiting;
	size_t waiting_count, waiting_room, touched_room, wait_room;
	struct table waiting_of;
	struct departure *departures; /* a ring of BACKTEST_LEFT_MAX once it is full */
	size_t departure_count, departure_room;
	uint64_t departed;
};

struct backtest {
	struct backtest_result result;
	struct side sides[BACKTEST_SIDES];
	struct calibration *calibration;
	int32_t *last_days; /* by account, INT32_MIN for none */
	uint32_t room;      /* of what is kept by account */
	size_t day_room;
	int64_t hour, offset_us; /* of the local zone, in that hour */
};

struct backtest *backtest_new(const struct accounts *accounts, const struct backtest_options *options, size_t count,
			      struct calibration *calibration)
{
	struct backtest *backtest = memory_zero(1, sizeof *backtest);

	backtest->result = (struct backtest_result){ .first_us = WHEN_NONE, .last_us = WHEN_NONE, .side_count = count };
	backtest->calibration = calibration;
	backtest->hour = INT64_MIN;
	for (size_t i = 0; i < count; i++) {
		struct side *side = &backtest->sides[i];

		side->engine = engine_new(&options[i].engine);
		side->guard = guard_new(side->engine, accounts, &options[i].brakes);
		side->wake_us = WHEN_NONE;
	}
	return backtest;
}

static void free_side(struct side *side, struct backtest_side *result)
{
	guard_free(side->guard);
	engine_free(side->engine);
	table_done(&side->waiting_of);
	free(side->accounts);
	free(side->waiting);
	free(side->departures);
	free(result->days);
	free(result->touched);
	free(result->waits_s);
}

void backtest_free(struct backtest *backtest)
{
	if (!backtest)
		return;
	for (size_t i = 0; i < backtest->result.side_count; i++)
		free_side(&backtest->sides[i], &backtest->result.sides[i]);
	free(backtest->last_days);
	free(backtest);
}

/* ---- days and accounts */

static int64_t day_of(struct backtest *backtest, int64_t t_us)
{
	int64_t hour = t_us / HOUR_US - (t_us % HOUR_US < 0), local;

	if (hour != backtest->hour) {
		backtest->hour = hour;
		backtest->offset_us = when_local_offset(t_us) * SECOND_US;
	}
	local = t_us + backtest->offset_us;
	return local / DAY_US - (local % DAY_US < 0);
}

/* the row of a day in the table; NULL for one that has none */
static struct backtest_day *day_at(struct backtest *backtest, struct backtest_side *side, int64_t t_us)
{
	struct backtest_result *result = &backtest->result;
	int64_t day = day_of(backtest, t_us) - result->first_day;

	if (day < 0 || day >= BACKTEST_DAYS_MAX)
		return NULL;
	if ((size_t)day >= result->day_count) {
		size_t count = (size_t)day + 1;

		for (size_t i = 0; i < result->side_count; i++) {
			struct backtest_side *each = &result->sides[i];

			if (count > backtest->day_room)
				each->days = memory_resize(each->days, 2 * count, sizeof *each->days);
			memset(each->days + result->day_count, 0, (count - result->day_count) * sizeof *each->days);
		}
		backtest->day_room = count > backtest->day_room ? 2 * count : backtest->day_room;
		result->day_count = count;
	}
	return &side->days[day];
}

static void make_room(struct backtest *backtest, uint32_t account)
{
	uint32_t room = backtest->room;

	if (account < room)
		return;
	backtest->room = account < 512 ? 1024 : account * 2;
	backtest->last_days = memory_resize(backtest->last_days, backtest->room, sizeof *backtest->last_days);
	for (uint32_t i = room; i < backtest->room; i++)
		backtest->last_days[i] = INT32_MIN;
	for (size_t i = 0; i < backtest->result.side_count; i++) {
		struct side *side = &backtest->sides[i];

		side->accounts = memory_resize(side->accounts, backtest->room, sizeof *side->accounts);
		memset(side->accounts + room, 0, (backtest->room - room) * sizeof *side->accounts);
	}
}

static struct backtest_touched *touch(struct side *side, struct backtest_side *result, uint32_t account)
{
	uint32_t *at = &side->accounts[account].touched;

	if (!*at) {
		MEMORY_ROOM(result->touched, result->touched_count, side->touched_room);
		result->touched[result->touched_count++] = (struct backtest_touched){
			.account = account, .held_us = WHEN_NONE, .refused_us = WHEN_NONE, .locked_us = WHEN_NONE,
			.bits_us = WHEN_NONE,
		};
		*at = (uint32_t)result->touched_count;
	}
	return &result->touched[*at - 1];
}

static void take_evidence(const struct side *side, struct backtest_touched *touched, float bits, int64_t t_us)
{
	const struct profile *profile = profiles_peek(engine_profiles(side->engine), touched->account);

	touched->bits = bits;
	touched->bits_us = t_us;
	if (profile)
		touched->then = *profile;
}

/* ---- what left */

static void depart(struct side *side, uint32_t account, uint8_t familiar, int64_t t_us)
{
	struct departure departure = { t_us, side->accounts[account].departure, account, familiar };
	size_t at = side->departed++ % BACKTEST_LEFT_MAX;

	if (at == side->departure_count) {
		MEMORY_ROOM(side->departures, side->departure_count, side->departure_room);
		side->departure_count++;
	}
	side->departures[at] = departure;
	side->accounts[account].departure = side->departed;
}

/* within the day before, from places no better known than that */
static uint32_t count_left(const struct side *side, uint32_t account, uint8_t familiar, int64_t t_us)
{
	uint64_t number = side->accounts[account].departure;
	uint32_t count = 0;

	while (number && number + BACKTEST_LEFT_MAX > side->departed) {
		const struct departure *departure = &side->departures[(number - 1) % BACKTEST_LEFT_MAX];

		if (departure->t_us < t_us - BACK_US)
			break;
		count += departure->familiar <= familiar;
		number = departure->before;
	}
	return count;
}

/* ---- what waits */

static void wait_for(struct side *side, struct text id, struct waiting waiting)
{
	bool made;
	uint32_t *at;

	waiting.key = hash_text(HASH_FIXED, id) | 1;
	at = table_put(&side->waiting_of, waiting.key, (uint32_t)side->waiting_count, &made);
	if (!made) { /* an id that is used again */
		side->waiting[*at] = waiting;
		return;
	}
	MEMORY_ROOM(side->waiting, side->waiting_count, side->waiting_room);
	side->waiting[side->waiting_count++] = waiting;
}

static bool take_waiting(struct side *side, struct text id, struct waiting *waiting)
{
	uint64_t key = hash_text(HASH_FIXED, id) | 1;
	uint32_t *at = table_find(&side->waiting_of, key), index;

	if (!at)
		return false;
	index = *at;
	*waiting = side->waiting[index];
	table_drop(&side->waiting_of, key);
	side->waiting[index] = side->waiting[--side->waiting_count];
	if (index < side->waiting_count)
		*table_find(&side->waiting_of, side->waiting[index].key) = index;
	return true;
}

static void keep_wait(struct side *side, struct backtest_side *result, int64_t wait_us)
{
	int64_t seconds = wait_us > 0 ? wait_us / SECOND_US : 0;

	if (result->wait_count == BACKTEST_WAITS_MAX)
		return;
	MEMORY_ROOM(result->waits_s, result->wait_count, side->wait_room);
	result->waits_s[result->wait_count++] = seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
}

static void note_let_go(struct side *side, struct backtest_side *result, const struct guard_answer *answer, int64_t t_us)
{
	struct waiting waiting;

	for (size_t i = 0; i < answer->release_count; i++) {
		struct backtest_touched *touched;

		if (!take_waiting(side, answer->release[i], &waiting))
			continue;
		touched = touch(side, result, waiting.account);
		touched->released++;
		touched->longest_us = t_us - waiting.t_us > touched->longest_us ? t_us - waiting.t_us : touched->longest_us;
		result->released++;
		keep_wait(side, result, t_us - waiting.t_us);
		depart(side, waiting.account, waiting.familiar, t_us);
	}
	for (size_t i = 0; i < answer->discard_count; i++) {
		if (!take_waiting(side, answer->discard[i], &waiting))
			continue;
		touch(side, result, waiting.account)->discarded++;
		result->discarded++;
	}
}

/* ---- what the guard says */

static void note_lock(struct backtest *backtest, size_t number, const struct event *event,
		      const struct guard_answer *answer)
{
	struct backtest_side *result = &backtest->result.sides[number];
	struct side *side = &backtest->sides[number];
	struct backtest_touched *touched = touch(side, result, event->account);
	struct backtest_day *day = day_at(backtest, result, event->t_us);

	result->locks++;
	if (day)
		day->locks++;
	if (touched->locks++)
		return;
	result->locked++;
	touched->locked_us = event->t_us;
	touched->left = count_left(side, event->account, (uint8_t)answer->verdict.familiar, event->t_us);
	result->left += touched->left;
	take_evidence(side, touched, answer->verdict.bits, event->t_us);
}

static void note_brake(struct side *side, struct backtest_side *result, const struct event *event,
		       const struct guard_answer *answer)
{
	struct backtest_touched *touched = touch(side, result, event->account);

	result->braked += !touched->braked;
	touched->braked = true;
	if (!touched->locks && answer->verdict.bits > touched->bits)
		take_evidence(side, touched, answer->verdict.bits, event->t_us);
}

static void note_hold(struct backtest *backtest, size_t number, const struct event *event, struct text id,
		      const struct guard_answer *answer)
{
	struct backtest_side *result = &backtest->result.sides[number];
	struct side *side = &backtest->sides[number];
	struct backtest_touched *touched = touch(side, result, event->account);
	struct backtest_day *day = day_at(backtest, result, event->t_us);

	wait_for(side, id, (struct waiting){ .t_us = event->t_us, .account = event->account,
					     .familiar = (uint8_t)answer->verdict.familiar });
	result->held++;
	if (day)
		day->held++;
	if (!touched->held++) {
		touched->held_us = event->t_us;
		result->waited++;
	}
	if (!touched->locks && answer->verdict.bits > touched->bits)
		take_evidence(side, touched, answer->verdict.bits, event->t_us);
}

static void note_refusal(struct backtest *backtest, size_t number, const struct event *event)
{
	struct backtest_side *result = &backtest->result.sides[number];
	struct backtest_touched *touched = touch(&backtest->sides[number], result, event->account);
	struct backtest_day *day = day_at(backtest, result, event->t_us);

	result->refused++;
	if (day)
		day->refused++;
	if (!touched->refused++)
		touched->refused_us = event->t_us;
}

static void note_answer(struct backtest *backtest, size_t number, const struct event *event, struct text id,
			const struct guard_answer *answer)
{
	struct side *side = &backtest->sides[number];

	note_let_go(side, &backtest->result.sides[number], answer, event->t_us);
	if (answer->lock)
		note_lock(backtest, number, event, answer);
	if (answer->braked)
		note_brake(side, &backtest->result.sides[number], event, answer);
	if (event->kind != EVENT_SUBMIT || event->account == ACCOUNT_NONE)
		return;
	if (answer->action == GUARD_HOLD)
		note_hold(backtest, number, event, id, answer);
	else if (answer->action == GUARD_REFUSE)
		note_refusal(backtest, number, event);
	else
		depart(side, event->account, (uint8_t)answer->verdict.familiar, event->t_us);
}

/* does what was to be done by then, at the time for which it was meant */
static void wake(struct side *side, struct backtest_side *result, int64_t until_us)
{
	while (side->wake_us != WHEN_NONE && side->wake_us <= until_us) {
		struct event tick = { .t_us = side->wake_us, .kind = EVENT_TICK };
		struct guard_answer answer;

		guard_event(side->guard, &tick, TEXT_NONE, &answer);
		note_let_go(side, result, &answer, tick.t_us);
		side->wake_us = answer.wake_us;
	}
}

/* ---- events */

static bool did_something(const struct event *event)
{
	return event->account != ACCOUNT_NONE && event->kind != EVENT_TICK && (event->kind != EVENT_AUTH || event->ok);
}

/* true for the account's first event of a day */
static bool count_day(struct backtest *backtest, const struct event *event)
{
	int64_t day = day_of(backtest, event->t_us);
	int32_t *last = &backtest->last_days[event->account];

	if (day <= *last || day > INT32_MAX)
		return false;
	backtest->result.accounts += *last == INT32_MIN;
	backtest->result.account_days++;
	*last = (int32_t)day;
	return true;
}

static void count_event(struct backtest *backtest, const struct event *event)
{
	struct backtest_result *result = &backtest->result;

	result->events++;
	result->messages += event->kind == EVENT_SUBMIT && event->account != ACCOUNT_NONE;
	if (result->first_us == WHEN_NONE) {
		result->first_us = result->last_us = event->t_us;
		result->first_day = day_of(backtest, event->t_us);
	}
	result->last_us = event->t_us > result->last_us ? event->t_us : result->last_us;
}

void backtest_event(struct backtest *backtest, const struct event *event, struct text id)
{
	bool acts = did_something(event), new_day;
	const struct profile *profile;

	count_event(backtest, event);
	make_room(backtest, event->account);
	new_day = acts && count_day(backtest, event);
	for (size_t i = 0; i < backtest->result.side_count; i++) {
		struct side *side = &backtest->sides[i];
		struct guard_answer answer;

		wake(side, &backtest->result.sides[i], event->t_us);
		guard_event(side->guard, event, id, &answer);
		if (answer.wake_us != WHEN_NONE)
			side->wake_us = answer.wake_us;
		note_answer(backtest, i, event, id, &answer);
	}
	if (!acts || !backtest->calibration)
		return;
	profile = profiles_peek(engine_profiles(backtest->sides[0].engine), event->account);
	if (profile)
		calibration_see(backtest->calibration, event->account, new_day, profile);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void backtest_end(struct backtest *backtest)
{
	struct backtest_result *result = &backtest->result;

	for (size_t i = 0; i < result->side_count; i++) {
		struct backtest_side *side = &result->sides[i];

		wake(&backtest->sides[i], side, INT64_MAX);
		if (result->last_us != WHEN_NONE)
			day_at(backtest, side, result->last_us); /* days on which nothing happened are days, too */
		if (side->wait_count)
			qsort(side->waits_s, side->wait_count, sizeof *side->waits_s, by_number);
	}
}

/* ---- results */

const struct backtest_result *backtest_result(const struct backtest *backtest) { return &backtest->result; }

const struct backtest_touched *backtest_touched(const struct backtest *backtest, size_t side, uint32_t account)
{
	uint32_t at = account < backtest->room ? backtest->sides[side].accounts[account].touched : 0;

	return at ? &backtest->result.sides[side].touched[at - 1] : NULL;
}

uint32_t backtest_wait(const struct backtest_side *side, double part)
{
	size_t at = (size_t)(part * (double)side->wait_count + 0.999999);

	if (!side->wait_count)
		return 0;
	return side->waits_s[at > side->wait_count ? side->wait_count - 1 : at ? at - 1 : 0];
}

size_t backtest_bytes(const struct backtest *backtest)
{
	size_t bytes = sizeof *backtest + backtest->room * sizeof *backtest->last_days;

	for (size_t i = 0; i < backtest->result.side_count; i++) {
		const struct side *side = &backtest->sides[i];

		bytes += engine_bytes(side->engine) + guard_bytes(side->guard) + table_bytes(&side->waiting_of);
		bytes += backtest->room * sizeof *side->accounts + side->waiting_room * sizeof *side->waiting;
		bytes += side->departure_room * sizeof *side->departures + side->touched_room * sizeof(struct backtest_touched);
	}
	return bytes;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a live guard would have done: events of the past through the same guard as live ones, under one configuration or
 * under two side by side, and a tally of who would have noticed. Open loop: outcomes are those that really happened,
 * also of messages that would have waited or never left.
 *
 * Times of letting go are the guard's own: it is woken when it asked to be. A lock lasts until the events say that the
 * owner was there. Days are those of the local zone; an account-day is a day on which an account did something, failed
 * logins left out. Accounts are the caller's; engines and guards are made and freed here. */
#ifndef SEKISHO_ENGINE_BACKTEST_H
#define SEKISHO_ENGINE_BACKTEST_H
#include "engine/guard.h"

enum {
	BACKTEST_SIDES = 2,
	BACKTEST_DAYS_MAX = 3660,              /* in the table of days; later ones count in the sums alone */
	BACKTEST_WAITS_MAX = 4 * 1000 * 1000,  /* waits that are kept for the median */
	BACKTEST_LEFT_MAX = 1000 * 1000,       /* departures of the last day, to look back upon at a lock */
};

struct backtest;
struct calibration;

struct backtest_options {
	struct engine_options engine;
	struct brakes_limits brakes;
};

/* an account whose mail would have waited or been refused, or that would have been locked */
struct backtest_touched {
	uint32_t account;
	uint32_t held, released, discarded, refused; /* messages */
	uint32_t left;       /* before the first lock: messages of the day before, from places no better known than its own */
	uint32_t locks;
	int64_t held_us, refused_us, locked_us; /* the first of each, WHEN_NONE for none */
	int64_t longest_us;  /* wait of a message that was let go */
	bool braked;         /* would have been locked, but for the limit of locks an hour */
	float bits;          /* at the first lock, else the most at a hold or a brake */
	int64_t bits_us;
	struct profile then; /* for the sentences */
};

struct backtest_day {
	uint32_t held, refused, locks;
};

struct backtest_side {
	uint64_t held, released, discarded, refused, left, locks;
	uint64_t locked, waited, braked; /* accounts: locked, with mail that was held, left to a person by the brakes */
	struct backtest_day *days;       /* from first_day on */
	struct backtest_touched *touched; /* as they came */
	size_t touched_count;
	uint32_t *waits_s;               /* sorted once the end was told */
	size_t wait_count;
};

struct backtest_result {
	uint64_t events, messages, account_days;
	uint32_t accounts;         /* that did anything */
	int64_t first_us, last_us; /* WHEN_NONE before the first event */
	int64_t first_day;         /* since 1970, local */
	size_t day_count;
	struct backtest_side sides[BACKTEST_SIDES];
	size_t side_count;
};

/* `calibration`: NULL, or the caller's, which is told of the first side's profiles */
struct backtest *backtest_new(const struct accounts *accounts, const struct backtest_options *options, size_t count,
			      struct calibration *calibration);
void backtest_free(struct backtest *backtest);

/* `id` as for guard_event */
void backtest_event(struct backtest *backtest, const struct event *event, struct text id);
/* no more events: what is held still is let go when its time comes */
void backtest_end(struct backtest *backtest);

/* whole once the end was told */
const struct backtest_result *backtest_result(const struct backtest *backtest);
/* NULL where the account did not notice */
const struct backtest_touched *backtest_touched(const struct backtest *backtest, size_t side, uint32_t account);
/* the wait in seconds that `part` of those let go did not exceed, 0 to 1 */
uint32_t backtest_wait(const struct backtest_side *side, double part);
size_t backtest_bytes(const struct backtest *backtest);
#endif

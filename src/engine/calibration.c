/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/calibration.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { STEPS = 20 /* of a factor */ };

/* a signal spoke on one account-day */
struct sum {
	uint32_t account;
	int16_t bits_q8;
	uint8_t signal;
};

/* an account's day that is not over */
struct today {
	int16_t most_q8[PROFILE_SIGNALS];
	uint32_t days;
};

struct calibration {
	struct today *today; /* by account */
	uint32_t room;
	struct sum *sums;
	size_t count, sum_room;
	bool full;
};

struct calibration *calibration_new(void) { return memory_zero(1, sizeof(struct calibration)); }

void calibration_free(struct calibration *calibration)
{
	if (!calibration)
		return;
	free(calibration->today);
	free(calibration->sums);
	free(calibration);
}

static void end_day(struct calibration *calibration, uint32_t account)
{
	struct today *today = &calibration->today[account];

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		if ((float)today->most_q8[i] < CALIBRATION_LEAST_BITS * 256.0f)
			continue;
		if (calibration->count == CALIBRATION_SUMS_MAX) {
			calibration->full = true;
			return;
		}
		MEMORY_ROOM(calibration->sums, calibration->count, calibration->sum_room);
		calibration->sums[calibration->count++] = (struct sum){ account, today->most_q8[i], (uint8_t)i };
	}
	memset(today->most_q8, 0, sizeof today->most_q8);
}

void calibration_see(struct calibration *calibration, uint32_t account, bool new_day, const struct profile *profile)
{
	struct today *today;

	if (account >= calibration->room) {
		uint32_t room = account < 512 ? 1024 : account * 2;

		calibration->today = memory_resize(calibration->today, room, sizeof *calibration->today);
		memset(calibration->today + calibration->room, 0,
		       (room - calibration->room) * sizeof *calibration->today);
		calibration->room = room;
	}
	today = &calibration->today[account];
	if (new_day) {
		end_day(calibration, account);
		today->days++;
	}
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (profile->bits_q8[i] > today->most_q8[i])
			today->most_q8[i] = profile->bits_q8[i];
}

/* ---- the distribution */

/* largest first */
static int by_bits(const void *a, const void *b)
{
	const int16_t *x = a, *y = b;

	return *x > *y ? -1 : *x < *y;
}

/* what no more than `beyond` account-days exceed */
static double exceeded_by(const int16_t *bits, size_t count, uint64_t beyond)
{
	return beyond < count ? (double)bits[beyond] / 256.0 : 0;
}

/* up to 1 */
static double fitting(const int16_t *bits, size_t count, uint64_t days)
{
	double factor = 1;

	for (int n = 1; n < 64 && (days >> n) >= CALIBRATION_ENOUGH; n++) {
		double reached = exceeded_by(bits, count, days >> n);

		if (reached * factor > n)
			factor = n / reached;
	}
	return factor;
}

static double cap_of(const struct signal *signal)
{
	float most = 0;

	for (unsigned i = 0; i < FAMILIAR_LEVELS; i++)
		most = signal->most[i] > most ? signal->most[i] : most;
	return (double)most;
}

/* downwards, to a number that people write */
static double suggest(double now, double factor)
{
	double steps = floor(now * factor * STEPS + 1e-6);

	return factor >= 1 || now <= 0 ? now : (steps < 1 ? 1 : steps) / STEPS;
}

static void fill_row(struct calibration_row *row, unsigned i, const int16_t *bits, size_t count, uint64_t days, double now)
{
	*row = (struct calibration_row){
		.signal = signals[i]->name,
		.median = exceeded_by(bits, count, days / 2),
		.p99 = exceeded_by(bits, count, days / 100),
		.p999 = exceeded_by(bits, count, days / 1000),
		.most = exceeded_by(bits, count, 0),
		.cap = cap_of(signals[i]),
		.factor = now,
		.suggested = suggest(now, fitting(bits, count, days)),
	};
	while (row->over_half < count && (double)bits[row->over_half] / 256.0 > row->cap / 2)
		row->over_half++;
}

void calibration_end(struct calibration *calibration, bool (*leave_out)(const void *context, uint32_t account),
		     const void *context, const struct evidence_weights *weights, struct calibration_result *result)
{
	int16_t *bits;
	bool *out = memory_zero(calibration->room + 1, sizeof *out);

	*result = (struct calibration_result){ .full = calibration->full };
	for (uint32_t account = 0; account < calibration->room; account++) {
		out[account] = leave_out && leave_out(context, account);
		*(out[account] ? &result->left_out : &result->account_days) += calibration->today[account].days;
		end_day(calibration, account);
	}
	result->full = calibration->full;
	result->enough = result->account_days / 2 >= CALIBRATION_ENOUGH;
	bits = memory_new((calibration->count + 1) * sizeof *bits);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		size_t count = 0;

		for (size_t k = 0; k < calibration->count; k++)
			if (calibration->sums[k].signal == i && !out[calibration->sums[k].account])
				bits[count++] = calibration->sums[k].bits_q8;
		qsort(bits, count, sizeof *bits, by_bits);
		fill_row(&result->rows[i], i, bits, count, result->account_days, weights ? (double)weights->factor[i] : 1);
	}
	free(bits);
	free(out);
}

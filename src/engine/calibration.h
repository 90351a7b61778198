/* SPDX-License-Identifier: Apache-2.0 */
/* How often each signal speaks on honest accounts. Of each account-day the highest sum of each signal is kept; accounts
 * that turn out to be no honest ones can be left out afterwards. From that a factor for the signal's weight: the largest,
 * up to 1, with which its sum exceeds N bits on no more than 2^-N of the account-days, for every N of which enough days
 * were seen. Bits would then be what they claim to be. A signal that is quieter than that stays as it is: honest logs do
 * not tell how loud a thief would be. */
#ifndef SEKISHO_ENGINE_CALIBRATION_H
#define SEKISHO_ENGINE_CALIBRATION_H
#include "evidence/weights.h"

enum {
	CALIBRATION_SUMS_MAX = 24 * 1000 * 1000, /* account-days on which a signal spoke; what comes then is not seen */
	CALIBRATION_ENOUGH = 8,                  /* account-days that an honest signal may exceed N bits on, to ask for this N */
};
#define CALIBRATION_LEAST_BITS 0.25f /* below this a signal is silent */

struct calibration;

struct calibration_row {
	const char *signal;
	double median, p99, p999, most; /* bits, over account-days */
	double cap;                     /* bits that the signal may reach at most */
	uint64_t over_half;             /* account-days on which it was over half of that */
	double factor, suggested;       /* now, and from now on */
};

struct calibration_result {
	uint64_t account_days;          /* that were looked at */
	uint64_t left_out;              /* account-days of accounts that were left out */
	bool full;                      /* CALIBRATION_SUMS_MAX was reached */
	bool enough;                    /* days to suggest anything */
	struct calibration_row rows[PROFILE_SIGNALS];
};

struct calibration *calibration_new(void);
void calibration_free(struct calibration *calibration);
/* the account's profile after an event of its; `new_day`: the first event of its day */
void calibration_see(struct calibration *calibration, uint32_t account, bool new_day, const struct profile *profile);
/* ends the days; accounts for which `leave_out` is true do not count. `weights` as they were in force, NULL: as built */
void calibration_end(struct calibration *calibration, bool (*leave_out)(const void *context, uint32_t account),
		     const void *context, const struct evidence_weights *weights, struct calibration_result *result);
#endif

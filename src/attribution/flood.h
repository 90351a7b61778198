/* SPDX-License-Identifier: Apache-2.0 */
/* How much lies behind a flood of bounces: from those that came back to an estimate of what was sent, with the interval in which it lies
 * nineteen times of twenty. Most floods bounce with 1 to 30 % of what was sent: that share is taken for a Beta variable with
 * FLOOD_A and FLOOD_B (its 95 % are 0.9 % to 29 %), and what was sent until the k-th bounce is then a beta negative binomial
 * one. Pure. */
#ifndef SEKISHO_ATTRIBUTION_FLOOD_H
#define SEKISHO_ATTRIBUTION_FLOOD_H
#include <stdint.h>

#define FLOOD_A 1.6
#define FLOOD_B 14.0

struct flood_estimate {
	uint64_t low, likely, high; /* the 2.5 %, 50 % and 97.5 % quantiles of recipients sent to */
};

/* `bounces`: recipients that came back; none of them: all are 0 */
struct flood_estimate flood_estimate(uint64_t bounces);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* How much lies behind a flood of bounces: from those that came back to an estimate of what was sent, with the interval in which it lies
 * nineteen times of twenty. Most floods bounce with 1 to 30 % of what was sent: that share is taken for a Beta variable with
 * FLOOD_A and FLOOD_B (its 95 % are 0.9 % to 29 %), and what was sent until the k-th bounce is then a beta negative binomial
 * one. Where the ledger counted what was sent, that is the number. Pure. */
#ifndef SEKISHO_ATTRIBUTION_FLOOD_H
#define SEKISHO_ATTRIBUTION_FLOOD_H
#include <stddef.h>
#include <stdint.h>

#define FLOOD_A 1.6
#define FLOOD_B 14.0

struct flood_estimate {
	uint64_t low, likely, high; /* the 2.5 %, 50 % and 97.5 % quantiles of recipients sent to */
};

/* `bounces`: recipients that came back; none of them: all are 0 */
struct flood_estimate flood_estimate(uint64_t bounces);
/* "40 bounces so far: …", in the language of the reader; `counted`: recipients that the ledger has of the same time, 0 where nobody counted */
void flood_say(uint64_t bounces, uint64_t counted, char *to, size_t size);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The brakes: at most so many locks an hour, over all and for one domain. A detector that errs errs for many at once (a
 * new release of a mail program, a provider that renumbers); over the cap nobody is locked any more, mail is only held,
 * and a person decides. A bucket each, refilled evenly (a leaky bucket as in ITU-T I.371). Pure. */
#ifndef SEKISHO_VERDICT_BRAKES_H
#define SEKISHO_VERDICT_BRAKES_H
#include "base/image.h"

enum { BRAKES_DOMAINS = 4096 }; /* domains share a bucket where their hashes fall together: the brake is then harder */

struct brakes_limits {
	float locks_an_hour, locks_an_hour_of_domain; /* also the most at once */
};

struct brakes_bucket {
	double used; /* a float would lose what a few microseconds refill */
	int64_t at_us;
};

struct brakes {
	struct brakes_limits limits;
	struct brakes_bucket all, domains[BRAKES_DOMAINS];
};

void brakes_init(struct brakes *brakes, const struct brakes_limits *limits);
/* one more lock? Counts it where it is allowed. */
bool brakes_allow(struct brakes *brakes, uint64_t domain_hash, int64_t t_us);

/* what was used up; the limits are not kept */
void brakes_save(const struct brakes *brakes, struct image_out *out);
bool brakes_load(struct brakes *brakes, struct image_in *in, struct error *error) __attribute__((warn_unused_result));
#endif

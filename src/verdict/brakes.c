/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict/brakes.h"

#include "base/when.h"

void brakes_init(struct brakes *brakes, const struct brakes_limits *limits)
{
	*brakes = (struct brakes){ .limits = *limits };
}

static void refill(struct brakes_bucket *bucket, float an_hour, int64_t t_us)
{
	int64_t passed_us = t_us - bucket->at_us;

	if (passed_us <= 0)
		return; /* a clock that goes back refills nothing */
	bucket->used -= (double)an_hour * (double)passed_us / (double)HOUR_US;
	bucket->used = bucket->used < 0 ? 0 : bucket->used;
	bucket->at_us = t_us;
}

bool brakes_allow(struct brakes *brakes, uint64_t domain_hash, int64_t t_us)
{
	struct brakes_bucket *domain = &brakes->domains[domain_hash % BRAKES_DOMAINS];

	refill(&brakes->all, brakes->limits.locks_an_hour, t_us);
	refill(domain, brakes->limits.locks_an_hour_of_domain, t_us);
	if (brakes->all.used + 1 > (double)brakes->limits.locks_an_hour ||
	    domain->used + 1 > (double)brakes->limits.locks_an_hour_of_domain)
		return false;
	brakes->all.used++;
	domain->used++;
	return true;
}

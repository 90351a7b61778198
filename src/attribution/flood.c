/* SPDX-License-Identifier: Apache-2.0 */
#include "attribution/flood.h"

#include <math.h>

/* from here on the share alone decides: what is left of chance is under a hundredth of it */
enum { EXACT_MAX = 10000 };

/* ln of P(all of the first k bounced): B(a + k, b) / B(a, b) */
static double first_log(double k)
{
	return lgamma(FLOOD_A + k) + lgamma(FLOOD_A + FLOOD_B) - lgamma(FLOOD_A) - lgamma(FLOOD_A + FLOOD_B + k);
}

static struct flood_estimate exact(uint64_t k)
{
	struct flood_estimate estimate = { 0 };
	double p = exp(first_log((double)k)), sum = 0;

	/* the next one's probability, n sent instead of n - 1, from this one's */
	for (uint64_t n = k;; n++) {
		sum += p;
		if (!estimate.low && sum >= 0.025)
			estimate.low = n;
		if (!estimate.likely && sum >= 0.5)
			estimate.likely = n;
		if (sum >= 0.975) {
			estimate.high = n;
			return estimate;
		}
		p *= (double)n / (double)(n - k + 1) * (FLOOD_B + (double)(n - k)) / (FLOOD_A + FLOOD_B + (double)n);
	}
}

struct flood_estimate flood_estimate(uint64_t bounces)
{
	struct flood_estimate most;
	double times = (double)bounces / EXACT_MAX;

	if (!bounces)
		return (struct flood_estimate){ 0 };
	if (bounces <= EXACT_MAX)
		return exact(bounces);
	most = exact(EXACT_MAX);
	return (struct flood_estimate){ (uint64_t)((double)most.low * times), (uint64_t)((double)most.likely * times),
					(uint64_t)((double)most.high * times) };
}

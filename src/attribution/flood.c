/* SPDX-License-Identifier: Apache-2.0 */
#include "attribution/flood.h"

#include <math.h>
#include <stdio.h>

#include "base/i18n.h"

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

/* two figures are all that an estimate is good for */
static unsigned long long rounded(uint64_t number)
{
	unsigned long long unit = 1;

	while (number / unit >= 100)
		unit *= 10;
	return (number + unit / 2) / unit * unit;
}

void flood_say(uint64_t bounces, uint64_t counted, char *to, size_t size)
{
	struct flood_estimate estimate = flood_estimate(bounces);

	if (counted)
		snprintf(to, size, _("%llu came back of %llu that were sent, as the ledger has them."), (unsigned long long)bounces,
			 (unsigned long long)counted);
	else
		snprintf(to, size, _("%llu came back so far. Behind them are about %llu messages, most likely between %llu and %llu (95 %%)."),
			 (unsigned long long)bounces, rounded(estimate.likely), rounded(estimate.low), rounded(estimate.high));
}

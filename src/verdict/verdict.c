/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict/verdict.h"

/* at most this much from each group */
#define PLACE_MOST 10.5f
#define PLACE_IMPOSSIBLE_MOST 24.0f
#define PLACE_IMPOSSIBLE 16.0f /* of the signal "spread" alone: five countries and more in a day */
#define BEHAVIOUR_MOST 16.0f
#define OUTCOME_MOST 24.0f

static float sum(const struct profile *profile, enum evidence_group group)
{
	float bits = 0;

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (signals[i]->group == group)
			bits += profile_bits(profile, i);
	return bits;
}

static float place(const struct profile *profile)
{
	float bits = sum(profile, GROUP_PLACE);

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (signals[i]->group == GROUP_PLACE && signals[i]->level &&
		    profile_bits(profile, i) >= PLACE_IMPOSSIBLE)
			return evidence_clamp(bits, 0, PLACE_IMPOSSIBLE_MOST);
	return evidence_clamp(bits, 0, PLACE_MOST);
}

void verdict_decide(const struct profile *profile, const struct verdict_limits *limits, struct verdict *verdict)
{
	float *group = verdict->group_bits;

	group[GROUP_PLACE] = place(profile);
	group[GROUP_GUESSING] = sum(profile, GROUP_GUESSING);
	group[GROUP_BEHAVIOUR] = evidence_clamp(sum(profile, GROUP_BEHAVIOUR), 0, BEHAVIOUR_MOST);
	group[GROUP_OUTCOME] = evidence_clamp(sum(profile, GROUP_OUTCOME), 0, OUTCOME_MOST);
	verdict->bits = 0;
	for (unsigned i = 0; i < GROUP_COUNT; i++)
		verdict->bits += group[i];
	verdict->action = verdict->bits >= limits->lock_bits   ? VERDICT_LOCK
			  : verdict->bits >= limits->hold_bits ? VERDICT_HOLD
							       : VERDICT_PASS;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict/verdict.h"

/* at most this much from each group */
#define PLACE_MOST 10.5f
#define PLACE_IMPOSSIBLE_MOST 24.0f
#define PLACE_IMPOSSIBLE 16.0f /* of the signal "spread" alone: five countries and more in a day */
#define BEHAVIOUR_MOST 16.0f /* pace and strangers together */
#define STRANGERS_MOST 9.0f
#define OUTCOME_MOST 24.0f
#define SOFT_MOST 15.0f
#define CONTENT_MOST 10.0f

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

/* A strange place, a strange device, strangers: a traveller has them all at once. Without a pace, contents or outcomes that
 * speak for themselves they make mail wait, but lock nobody. */
static void soften(float *group)
{
	float soft = group[GROUP_CLIENT] + group[GROUP_BEHAVIOUR];

	if (group[GROUP_PLACE] <= PLACE_MOST && group[GROUP_PLACE] + soft > SOFT_MOST)
		group[GROUP_BEHAVIOUR] = evidence_clamp(SOFT_MOST - group[GROUP_PLACE] - group[GROUP_CLIENT], 0, soft);
}

void verdict_decide(const struct profile *profile, const struct verdict_limits *limits, struct verdict *verdict)
{
	float *group = verdict->group_bits;

	group[GROUP_PLACE] = place(profile);
	group[GROUP_CLIENT] = sum(profile, GROUP_CLIENT);
	group[GROUP_GUESSING] = sum(profile, GROUP_GUESSING);
	group[GROUP_CONTENT] = evidence_clamp(sum(profile, GROUP_CONTENT), 0, CONTENT_MOST);
	group[GROUP_TENANT] = sum(profile, GROUP_TENANT);
	group[GROUP_BEHAVIOUR] = evidence_clamp(sum(profile, GROUP_BEHAVIOUR), 0, STRANGERS_MOST);
	group[GROUP_PACE] = evidence_clamp(sum(profile, GROUP_PACE), 0, BEHAVIOUR_MOST - group[GROUP_BEHAVIOUR]);
	group[GROUP_OUTCOME] = evidence_clamp(sum(profile, GROUP_OUTCOME), 0, OUTCOME_MOST);
	soften(group);
	verdict->bits = 0;
	for (unsigned i = 0; i < GROUP_COUNT; i++)
		verdict->bits += group[i];
	verdict->action = verdict->bits >= limits->lock_bits   ? VERDICT_LOCK
			  : verdict->bits >= limits->hold_bits ? VERDICT_HOLD
							       : VERDICT_PASS;
}

float verdict_holds_from(const struct verdict *verdict, const struct verdict_limits *limits)
{
	static const float later[] = { -4, 0, -2, 5 };

	return limits->hold_bits + later[verdict->familiar] + (verdict->owner_like ? 2 : 0);
}

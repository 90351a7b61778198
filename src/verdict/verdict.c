/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict/verdict.h"

/* at most this much from each group */
#define PLACE_MOST 10.5f
#define PLACE_IMPOSSIBLE_MOST 24.0f
#define PLACE_TRAVELLER 4.0f   /* of the signal "spread" alone: three countries in a day */
#define PLACE_IMPOSSIBLE 16.0f /* of the signal "spread" alone: five countries and more in a day */
#define BEHAVIOUR_MOST 16.0f /* pace and strangers together */
#define STRANGERS_MOST 9.0f
#define OUTCOME_MOST 24.0f
#define SOFT_MOST 15.0f
#define CONTENT_MOST 14.0f
#define WORD_LEAST 2.0f    /* from elsewhere, to count as one */
#define COUNTRY_LEAST 6.0f /* of places: less is a new network or two at home */

static float sum(const struct profile *profile, enum evidence_group group)
{
	float bits = 0;

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (signals[i]->group == group)
			bits += profile_bits(profile, i);
	return bits;
}

/* What places may say at most. A traveller is in two or three countries in a day; with each one more it becomes less
 * likely that this is one person, until nobody could be. */
static float place_most(const struct profile *profile)
{
	float spread = 0;

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (signals[i]->group == GROUP_PLACE && signals[i]->level)
			spread = profile_bits(profile, i);
	return spread >= PLACE_IMPOSSIBLE ? PLACE_IMPOSSIBLE_MOST
					  : PLACE_MOST + evidence_clamp(spread - PLACE_TRAVELLER, 0, PLACE_IMPOSSIBLE);
}

/* A strange place, a strange device, strangers: a traveller has them all at once. Without a pace, contents or outcomes that
 * speak for themselves they make mail wait, but lock nobody. */
static void soften(float *group)
{
	float place = evidence_clamp(group[GROUP_PLACE], 0, PLACE_MOST), client = group[GROUP_CLIENT];

	group[GROUP_BEHAVIOUR] = evidence_clamp(group[GROUP_BEHAVIOUR], 0, evidence_clamp(SOFT_MOST - place - client, 0, SOFT_MOST));
}

/* Much, to strangers, from a new device at one new place of the own country: so do people greet and invite from a new telephone.
 * Without a word from elsewhere (what became of it, what it says, who guessed, another country) it makes mail wait, but
 * locks nobody. */
static bool is_own_doing(const float *group)
{
	return group[GROUP_OUTCOME] + group[GROUP_CONTENT] + group[GROUP_TENANT] + group[GROUP_GUESSING] < WORD_LEAST &&
	       group[GROUP_PLACE] < COUNTRY_LEAST;
}

void verdict_decide(const struct profile *profile, const struct verdict_limits *limits, struct verdict *verdict)
{
	float *group = verdict->group_bits;

	group[GROUP_PLACE] = evidence_clamp(sum(profile, GROUP_PLACE), 0, place_most(profile));
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
	if (is_own_doing(group))
		verdict->bits = evidence_clamp(verdict->bits, 0, limits->lock_bits - 1);
	verdict->action = verdict->bits >= limits->lock_bits   ? VERDICT_LOCK
			  : verdict->bits >= limits->hold_bits ? VERDICT_HOLD
							       : VERDICT_PASS;
}

#define BAD_BURST_SOONER 10.0f

float verdict_holds_from(const struct verdict *verdict, const struct verdict_limits *limits)
{
	static const float later[] = { -4, 0, -2, 5 };

	float at_home = verdict->bad_burst && verdict->familiar == FAMILIAR_WELL ? BAD_BURST_SOONER : 0;

	return limits->hold_bits + later[verdict->familiar] - at_home + (verdict->owner_like ? 2 : 0);
}

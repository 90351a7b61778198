/* SPDX-License-Identifier: Apache-2.0 */
/* The right password after wrong ones, from where the account was never seen: from the very network that failed, on
 * this account or (spraying) on many. Wrong passwords from the owner's own places never count. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

enum { GUESSED_LEAST = 3 };

static float weigh(const struct evidence_view *view)
{
	const struct population_guesser *guesser;
	const struct event *event = view->event;
	float failures = (float)view->profile->failures_q8 / 256.0f, bits = 0;

	if (!event->ok || !view->new_place || view->familiar == FAMILIAR_WELL)
		return 0;
	guesser = population_guesser(view->population, &event->ip);
	if (guesser && guesser->sprays)
		bits = 7;
	else if (guesser && guesser->attempts >= GUESSED_LEAST &&
		 population_tried(view->population, &event->ip, event->account_key))
		bits = 3;
	/* everybody's account is tried now and then: only in a network that the owner was never in does that say anything */
	if (failures >= GUESSED_LEAST && !profile_knows_network(view->profile, event))
		bits += evidence_clamp(0.5f * evidence_log2_ratio(1 + failures, 1), 0, 2);
	return bits;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("the right password after wrong ones, from where passwords are being guessed"));
}

const struct signal signal_guessed = {
	.name = "guessed",
	.group = GROUP_GUESSING,
	.kinds = 1 << EVENT_AUTH,
	.most = { 8, 8, 8, 8 },
	.level = true,
	.weigh = weigh,
	.say = say,
};

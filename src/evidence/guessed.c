/* SPDX-License-Identifier: Apache-2.0 */
/* The right password after wrong ones, from where the account was never seen: from the very network that failed, on
 * this account or (spraying) on many. Wrong passwords from the owner's own places never count. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

enum { SPRAYED_LEAST = 5, GUESSED_LEAST = 3 };

static float weigh(const struct evidence_view *view)
{
	const struct population_guesser *guesser;
	float failures = (float)view->profile->failures_q8 / 256.0f, bits = 0;

	if (!view->event->ok || !view->new_place || view->familiar == FAMILIAR_WELL)
		return 0;
	guesser = population_guesser(view->population, &view->event->ip);
	if (guesser && guesser->accounts_tried >= SPRAYED_LEAST)
		bits = 7;
	else if (guesser && guesser->attempts >= GUESSED_LEAST)
		bits = 3;
	if (failures >= GUESSED_LEAST)
		bits += evidence_clamp(0.5f * evidence_log2_ratio(1 + failures, 1), 0, 3);
	return bits;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("the right password after wrong ones, from where passwords are being guessed"));
}

const struct signal signal_guessed = {
	.name = "guessed", .group = GROUP_GUESSING, .kinds = 1 << EVENT_AUTH, .most = { 8, 8, 8, 8 }, .weigh = weigh, .say = say,
};

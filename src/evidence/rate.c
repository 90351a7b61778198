/* SPDX-License-Identifier: Apache-2.0 */
/* More recipients an hour than the account's own habit: at once where they come from unfamiliar places, only above
 * its highest hour where it is at home. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

#define MOST_NEAR 5.0f /* from a known network, with known software */

enum {
	FREE_AWAY = 3, /* recipients an hour that any traveller may write to */
	CROWD = 4000,  /* recipients an hour above the usual from where on it is no first newsletter any more */
};

static float away_bits(const struct evidence_view *view, float recipients, float each)
{
	static const float weight[] = { 1.0f, 0, 0.35f, 0 };
	float away = view->profile->rate_away + weight[view->familiar] * recipients, bits;

	if (away <= FREE_AWAY)
		return 0;
	bits = evidence_clamp((away - FREE_AWAY) * each, 0, 13);
	return away > 25 ? bits + evidence_clamp(2.5f * evidence_log2_ratio(away, 25), 0, 3) : bits;
}

static float weigh(const struct evidence_view *view)
{
	static const float most[] = { 16, 3, 8, 3 }; /* in a log "somewhat" is also what comes by webmail */
	const struct profile *profile = view->profile;
	float each = evidence_log2_ratio(1.0f + 1.0f / profile_habit(profile), 1),
	      n = evidence_weight_of(view->event);
	float here = profile->rate + n - 1.5f * profile_peak(profile), bits = away_bits(view, n, each);

	if (here > 0)
		bits = __builtin_fmaxf(bits, evidence_clamp(here * 0.5f * each, 0, 3));
	bits = evidence_clamp(bits, 0, view->event->detail && view->familiar == FAMILIAR_SOMEWHAT ? MOST_NEAR : most[view->familiar]);
	if (here > CROWD)
		bits = __builtin_fmaxf(bits, 3 + evidence_clamp(4 * evidence_log2_ratio(here, CROWD), 0, 13));
	return bits;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("%.0f recipients within an hour, where %.0f an hour are usual"), (double)profile->rate,
		 (double)profile_habit(profile));
}

const struct signal signal_rate = {
	.name = "rate",
	.group = GROUP_PACE,
	.kinds = 1 << EVENT_SUBMIT,
	.most = { 16, 16, 16, 16 },
	.level = true,
	.weigh = weigh,
	.say = say,
};

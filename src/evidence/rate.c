/* SPDX-License-Identifier: Apache-2.0 */
/* More recipients an hour than the account's own habit: at once where they come from unfamiliar places, only above
 * its highest hour where it is at home. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

enum { FREE_AWAY = 3 }; /* recipients an hour that any traveller may write to */

static float weigh(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;
	float each = evidence_log2_ratio(1.0f + 1.0f / profile->habit, 1), n = view->event->count ? (float)view->event->count : 1;
	float away = profile->rate_away + (view->familiar == FAMILIAR_NOT    ? n
					   : view->familiar == FAMILIAR_WELL ? 0
									     : 0.35f * n);
	float here = profile->rate + n - 1.5f * profile->peak, bits = 0;

	if (away > FREE_AWAY) {
		bits = evidence_clamp((away - FREE_AWAY) * each, 0, 13);
		if (away > 25)
			bits += evidence_clamp(2.5f * evidence_log2_ratio(away, 25), 0, 3);
	}
	if (here > 0)
		bits = __builtin_fmaxf(bits, evidence_clamp(here * 0.5f * each, 0, 4));
	return bits;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("%.0f recipients within an hour, where %.0f an hour are usual"), (double)profile->rate,
		 (double)profile->habit);
}

const struct signal signal_rate = {
	.name = "rate",
	.group = GROUP_BEHAVIOUR,
	.kinds = 1 << EVENT_SUBMIT,
	.most = { 16, 3, 8, 3 },
	.level = true,
	.weigh = weigh,
	.say = say,
};

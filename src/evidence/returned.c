/* SPDX-License-Identifier: Apache-2.0 */
/* Bounces that come in from outside, for mail that other servers had taken. Only as many as can be for mail that
 * passed here: more bounces than first contacts were delivered means that somebody forges the address elsewhere
 * (backscatter), and then none of them counts. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;
	float delivered = profile_share_all(profile->returned), returned = profile_share_hits(profile->returned) + 1;

	if (delivered < 20 || returned > 0.7f * delivered)
		return -100;
	if (returned < 0.03f * delivered + 3)
		return 0; /* owners get some, too */
	return evidence_clamp(delivered / 100.0f, 0.1f, 1.5f);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("%.0f bounces came back for mail that other servers had accepted"),
		 (double)profile_share_hits(profile->returned));
}

const struct signal signal_returned = {
	.name = "returned",
	.group = GROUP_OUTCOME,
	.kinds = 1 << EVENT_BOUNCE,
	.most = { 14, 8, 14, 14 },
	.weigh = weigh,
	.say = say,
};

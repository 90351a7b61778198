/* SPDX-License-Identifier: Apache-2.0 */
/* What the content filter in front of us says. It errs, and mostly about the same people: their habit is taken off. Spam
 * that it lets through is common, so its silence is hardly a comfort. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	static const float weight[] = { 0.65f, 0.5f, 0.5f, 0.3f };
	float usual = profile_share(view->profile->flagged);

	if (!view->event->detail || !view->event->detail->filtered)
		return 0;
	if (!view->event->spam)
		return -0.2f;
	return weight[view->familiar] * evidence_clamp(evidence_log2_ratio(0.5f, usual < 0.004f ? 0.004f : usual), 0, 6);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("the content filter takes its mail for spam, where %.0f %% are usual"),
		 (double)(100 * profile_share(profile->flagged)));
}

const struct signal signal_filter = {
	.name = "filter",
	.group = GROUP_CONTENT,
	.kinds = 1 << EVENT_SUBMIT,
	.most = { 9, 4, 7, 7 },
	.weigh = weigh,
	.say = say,
};

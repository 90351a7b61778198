/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of the content: by the filter in front of us, and by ourselves where mail came back. The filter errs, and mostly about the same
 * people: their habit is taken off. Spam that it lets through is common, so its silence is hardly a comfort. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

/* whoever got one mail of an owner's could send it back with other words: at home that alone must not hold anybody's mail */
#define RETURNED_AT_HOME 3.0f

static float flagged(const struct evidence_view *view)
{
	static const float weight[] = { 0.65f, 0.5f, 0.5f, 0.3f };
	float usual = profile_share(view->profile->flagged);

	return weight[view->familiar] * evidence_clamp(evidence_log2_ratio(0.5f, usual < 0.004f ? 0.004f : usual), 0, 6);
}

static float of_what_came_back(const struct evidence_view *view)
{
	if (!view->event->spam || !view->event->message)
		return 0;
	return view->familiar == FAMILIAR_WELL ? evidence_clamp(RETURNED_AT_HOME - view->sum, 0, flagged(view)) : flagged(view);
}

static float weigh(const struct evidence_view *view)
{
	if (view->event->kind != EVENT_SUBMIT)
		return of_what_came_back(view);
	if (!view->event->detail || !view->event->detail->filtered)
		return 0;
	if (!view->event->spam)
		return -0.2f;
	return flagged(view);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("its mail is taken for spam or phishing, where %.0f %% are usual"),
		 (double)(100 * profile_share(profile->flagged)));
}

const struct signal signal_filter = {
	.name = "filter",
	.group = GROUP_CONTENT,
	.kinds = 1 << EVENT_SUBMIT | 1 << EVENT_OUTCOME | 1 << EVENT_COMPLAINT,
	.most = { 9, 4, 7, 7 },
	.weigh = weigh,
	.say = say,
};

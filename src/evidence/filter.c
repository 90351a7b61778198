/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of the content: by the filter in front of us, and by ourselves where a suspect's mail was read, or mail came back. The filter
 * errs, and mostly about the same people: their habit is taken off. Spam that it lets through is common, so its silence is hardly a comfort. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

/* Whoever got one mail of an owner's could send it back with other words, and owners forward phishing to ask what it is: at home that alone
 * must not hold anybody's mail. */
#define READ_AT_HOME 3.0f

static float flagged(const struct evidence_view *view)
{
	static const float weight[] = { 0.65f, 0.5f, 0.5f, 0.3f };
	float usual = profile_share(view->profile->flagged);

	return weight[view->familiar] * evidence_clamp(evidence_log2_ratio(0.5f, usual < 0.004f ? 0.004f : usual), 0, 6);
}

/* what the filter in front had said of the same mail is not said twice */
static float of_what_was_read(const struct evidence_view *view)
{
	const struct event *event = view->event;

	if (!event->spam || !event->message || (event->kind == EVENT_CONTENT && event->detail && event->detail->filtered))
		return 0;
	return view->familiar == FAMILIAR_WELL ? evidence_clamp(READ_AT_HOME - view->sum, 0, flagged(view)) : flagged(view);
}

static float weigh(const struct evidence_view *view)
{
	if (view->event->kind != EVENT_SUBMIT)
		return of_what_was_read(view);
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
	.kinds = 1 << EVENT_SUBMIT | 1 << EVENT_CONTENT | 1 << EVENT_OUTCOME | 1 << EVENT_COMPLAINT,
	.most = { 9, 4, 7, 7 },
	.weigh = weigh,
	.say = say,
};

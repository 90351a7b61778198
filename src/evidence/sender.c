/* SPDX-License-Identifier: Apache-2.0 */
/* Mail in somebody else's name. Some owners do that all the time; then it is their habit and says nothing. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	static const float weight[] = { 1.0f, 0.6f, 0.7f, 0.4f };
	float usual = profile_share(view->profile->foreign);

	if (!view->event->detail)
		return 0;
	if (!view->event->detail->foreign_from)
		return -0.1f;
	return weight[view->familiar] * evidence_clamp(evidence_log2_ratio(0.4f, usual < 0.004f ? 0.004f : usual), 0, 3);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("messages in another sender's name, where %.0f %% are usual"),
		 (double)(100 * profile_share(profile->foreign)));
}

const struct signal signal_sender = {
	.name = "sender",
	.group = GROUP_CONTENT,
	.kinds = 1 << EVENT_SUBMIT,
	.most = { 6, 3, 4, 10 },
	.weigh = weigh,
	.say = say,
};

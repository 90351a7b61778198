/* SPDX-License-Identifier: Apache-2.0 */
/* Messages at hours at which the account never writes. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

enum { MESSAGES_LEAST = 15 }; /* before there is a habit */

static float weigh(const struct evidence_view *view)
{
	static const float weight[] = { 0.5f, 0.2f, 0.3f, 0.1f };
	const uint8_t *parts = view->profile->day_parts;
	unsigned now = (unsigned)((uint64_t)view->event->t_us / (3 * HOUR_US) % PROFILE_DAY_PARTS), all = 0;
	float near;

	if (!view->event->detail)
		return 0;
	for (unsigned i = 0; i < PROFILE_DAY_PARTS; i++)
		all += parts[i];
	if (all < MESSAGES_LEAST)
		return 0;
	near = (float)parts[now] + 0.5f * (float)(parts[(now + 7) % PROFILE_DAY_PARTS] + parts[(now + 1) % PROFILE_DAY_PARTS]);
	return weight[view->familiar] *
	       evidence_clamp(evidence_log2_ratio(1.0f / PROFILE_DAY_PARTS, (near + 0.6f) / (2 * (float)all + 4.8f)), -1, 2);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("messages at hours at which this account never writes"));
}

const struct signal signal_hour = {
	.name = "hour",
	.group = GROUP_BEHAVIOUR,
	.kinds = 1 << EVENT_SUBMIT,
	.least = -1,
	.most = { 3, 1, 2, 0.5f },
	.weigh = weigh,
	.say = say,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Client software that the account was never used with. Owners get a new device now and then, thieves hardly ever have
 * the same program; but some choose it on purpose, so a known one is no comfort. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;
	unsigned known = 0;

	if (view->young || profile_knows_client(profile, view->event))
		return 0;
	for (size_t i = 0; i < PROFILE_CLIENTS; i++)
		known += profile->clients[i].key != 0;
	/* who has three or four of them gets the next one sooner */
	return evidence_clamp(0.6f * evidence_log2_ratio(0.6f * ((float)profile->active_days + 30.0f),
							 0.3f * (float)known),
			      0, 4.5f);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("client software that this account was never used with"));
}

const struct signal signal_client = {
	.name = "client",
	.group = GROUP_CLIENT,
	.kinds = 1 << EVENT_AUTH | 1 << EVENT_SUBMIT,
	.most = { 4.5f, 2, 4.5f, 4.5f },
	.level = true,
	.weigh = weigh,
	.say = say,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* A login from a network (AS, else /16) that is new for the account, in a country that is not, or is not known,
 * or the first message from one where mail was only ever read. Owners change provider, or sit in a café, so it says
 * little alone. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float bits_of_network(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;
	float usual = 0.6f / ((float)profile->active_days + 12.0f) + 0.3f * (float)profile->wander_q8 / 256.0f;

	return evidence_clamp(evidence_log2_ratio(0.35f, usual < 0.35f ? usual : 0.35f), 0,
			      view->event->place.asn ? 3.5f : 2.5f);
}

static float weigh(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;

	if (view->young)
		return 0;
	if (view->only_read_here && !profile_sent_from_network(profile, view->event)) {
		if (view->event->place.country[0] && !profile_sent_from_country(profile, view->event))
			return 0; /* new_country says it already */
		return evidence_clamp(bits_of_network(view) - view->sum, 0, 4); /* what its logins said has faded since */
	}
	if (!view->new_place || profile_knows_network(profile, view->event))
		return 0;
	if (view->event->place.country[0] && !profile_knows_country(profile, view->event))
		return 0; /* the same */
	return bits_of_network(view);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("login from a network that is new for this account"));
}

const struct signal signal_new_network = {
	.name = "new_network",
	.group = GROUP_PLACE,
	.kinds = 1 << EVENT_AUTH | 1 << EVENT_SUBMIT,
	.most = { 4, 4, 4, 4 },
	.weigh = weigh,
	.say = say,
};

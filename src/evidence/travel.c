/* SPDX-License-Identifier: Apache-2.0 */
/* Two people at once: the owner writes from home while a session from an unfamiliar country is alive, or the other way
 * round. A desktop that only polls at home while its owner travels does not count: somebody must write. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

enum { ALIVE_S = 2 * 3600 };

static float weigh(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;
	uint32_t now_s = (uint32_t)(view->event->t_us / SECOND_US);

	if (view->young || !profile->home_s || now_s < profile->home_s || now_s - profile->home_s > ALIVE_S)
		return 0;
	if (view->familiar == FAMILIAR_WELL)
		return profile->away ? 3.0f : 0;
	if (view->familiar == FAMILIAR_NOT && view->event->place.country[0] &&
	    !profile_lived_in_country(profile, view->event) && !profile->away)
		return 4.0f;
	return 0;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("messages from home and from an unfamiliar country within two hours of each other"));
}

const struct signal signal_travel = {
	.name = "travel",
	.group = GROUP_PLACE,
	.kinds = 1 << EVENT_SUBMIT,
	.most = { 8, 8, 8, 8 },
	.weigh = weigh,
	.say = say,
};

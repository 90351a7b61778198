/* SPDX-License-Identifier: Apache-2.0 */
/* Many unfamiliar networks and countries in a short time: nobody is in five countries in a day, however little is
 * known of the account. Above the account's own wandering, so that a traveller with ever new hotspots is left alone. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	struct profile_spread day = profile_spread(view->profile, view->event->t_us, 24 * 60);
	struct profile_spread hour = profile_spread(view->profile, view->event->t_us, 60);
	float wander = (float)view->profile->wander_q8 / 256.0f, bits = 0, crowd;

	if (!view->new_place)
		return 0;
	/* this event's own place is not among them yet, but is one more */
	if (day.networks)
		bits = evidence_clamp((float)day.networks * evidence_log2_ratio(1.0f + wander, wander), 0,
				      view->young ? 3 : 8);
	if (day.countries >= 2)
		bits = __builtin_fmaxf(bits, 4.0f * (float)(day.countries - 1));
	crowd = hour.networks > 4 ? 3.0f * ((float)hour.networks - 3 - 2 * evidence_clamp(wander - 0.8f, 0, 3)) : 0;
	return bits > crowd ? bits : crowd;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	struct profile_spread day = profile_spread(profile, profile->touched_s * SECOND_US, 24 * 60);

	snprintf(to, size, _("%u%s unfamiliar networks in %u countries within %u minutes"), day.networks,
		 day.networks >= PROFILE_RECENT ? "+" : "", day.countries, day.minutes + 10);
}

const struct signal signal_spread = {
	.name = "spread",
	.group = GROUP_PLACE,
	.kinds = 1 << EVENT_AUTH | 1 << EVENT_SUBMIT,
	.most = { 24, 24, 24, 24 },
	.level = true,
	.weigh = weigh,
	.say = say,
};

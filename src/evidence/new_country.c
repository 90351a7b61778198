/* SPDX-License-Identifier: Apache-2.0 */
/* A login from a country where the account was never seen, or the first message from one where it only ever read. Owners
 * travel: about one new country in two months, less where the account has long been quiet at home, more where many owners
 * here live in that country. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float bits_of_country(const struct evidence_view *view)
{
	float share = population_country_share(view->population, &view->event->place);
	float usual = 0.25f / ((float)view->profile->active_days + 45.0f) + 0.1f * share;

	return evidence_clamp(evidence_log2_ratio(0.85f, usual < 0.85f ? usual : 0.85f), 0, 9);
}

static float weigh(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;

	if (!view->event->place.country[0] || view->young)
		return 0;
	if (view->only_read_here && !profile_sent_from_country(profile, view->event))
		return evidence_clamp(bits_of_country(view) - view->sum, 0, 9); /* what its logins said has faded since */
	if (!view->new_place || profile_knows_country(profile, view->event) ||
	    profile_was_lately_in_country(profile, view->event))
		return 0;
	return bits_of_country(view);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	struct profile_spread spread = profile_spread(profile, profile->touched_s * SECOND_US, 24 * 60);

	if (spread.countries > 1)
		snprintf(to, size, _("logins from %u countries that are new for this account within %u minutes"),
			 spread.countries, spread.minutes + 10);
	else
		snprintf(to, size, "%s", _("login from a country that is new for this account"));
}

const struct signal signal_new_country = {
	.name = "new_country",
	.group = GROUP_PLACE,
	.kinds = 1 << EVENT_AUTH | 1 << EVENT_SUBMIT,
	.most = { 12, 12, 12, 12 },
	.weigh = weigh,
	.say = say,
};

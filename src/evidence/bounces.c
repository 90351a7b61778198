/* SPDX-License-Identifier: Apache-2.0 */
/* Dead recipients among those never written to before: bought and invented lists have many, owners about one in a
 * hundred. A dead address in an old address book (known, or few) says nothing; mail that arrived pays back. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

/* At home up to sixty dead addresses are an old list; beyond, more than a quarter of dead ones is more than any honest
 * list that we know of, and the limit gives way; so it does early where most of them are dead. */
static float most_at_home(const struct profile *profile)
{
	float bad = profile->bad_now, share = profile->outcomes_now > 0 ? bad / profile->outcomes_now : 0;
	float many = evidence_clamp((bad - 60) * 0.3f, 0, 13) * evidence_clamp((share - 0.25f) / 0.07f, 0, 1);
	float nearly_all = evidence_clamp((bad - 12) * 0.5f, 0, 14) * evidence_clamp((share - 0.5f) / 0.2f, 0, 1);

	return 8 + (many > nearly_all ? many : nearly_all);
}

static float weigh(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;
	float usual = evidence_clamp(profile->bad_habit / profile->outcome_habit, 0.004f, 0.12f), bits;

	if (view->event->result == RESULT_DEFERRED || !view->first_contact)
		return 0;
	if (view->event->result == RESULT_SENT) /* from an unfamiliar place that is no comfort: some have clean lists */
		return view->familiar == FAMILIAR_NOT && view->sum <= 0 ? 0 : evidence_log2_ratio(0.66f, 1 - usual);
	if (view->event->reason != REASON_UNKNOWN_USER)
		return 0;
	bits = evidence_log2_ratio(0.28f, usual);
	if (view->familiar == FAMILIAR_NOT && view->sum < 0)
		bits -= view->sum; /* the credit is the owner's */
	if (view->familiar == FAMILIAR_WELL)
		bits = evidence_clamp(most_at_home(profile) - view->sum, 0, bits);
	return bits;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("%.0f of %.0f new recipients do not exist, where %.1f %% are usual"),
		 (double)profile->bad_now, (double)profile->outcomes_now,
		 (double)(100 * profile->bad_habit / profile->outcome_habit));
}

const struct signal signal_bounces = {
	.name = "bounces",
	.group = GROUP_OUTCOME,
	.kinds = 1 << EVENT_OUTCOME,
	.least = -4,
	.most = { 22, 16, 22, 22 },
	.weigh = weigh,
	.say = say,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Dead recipients among those never written to before: bought and invented lists have many, owners about one in a
 * hundred. A dead address in an old address book (known, or few) says nothing; mail that arrived pays back. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

/* At home up to sixty dead addresses are an old list; beyond, more than a quarter of dead ones is more than any honest
 * list that we know of, and the limit gives way; so it does early where most of them are dead. */
static float most_of_an_old_list(const struct profile *profile, float few)
{
	float bad = profile_share_hits(profile->dead_now), share = profile_share(profile->dead_now);
	float many = evidence_clamp((bad - 60) * 0.3f, 0, 13) * evidence_clamp((share - 0.25f) / 0.07f, 0, 1);
	float nearly_all = evidence_clamp((bad - 12) * 0.5f, 0, 14) * evidence_clamp((share - 0.5f) / 0.2f, 0, 1);

	return few + (many > nearly_all ? many : nearly_all);
}

#define FEW_AT_HOME 8.0f
#define FEW_NEAR 5.0f

/* Of the people that owners write to for the first time three in a hundred are not there; the habit knows less, for it
 * counts old friends who are new to us. */
#define USUAL_LEAST 0.02f
#define USUAL_OF_A_LIST 0.05f /* … and of a first newsletter or an invitation two to eight */
#define REFUSED_TOO 0.03f

static float squared(float x) { return x * x; }

/* one list with many dead is one decision: the second of a message says a quarter of what the first did */
static float dead_before(const struct event *event) { return event->detail ? (float)event->detail->dead_before : 0; }

/* The share of dead ones that an attacker's list would have: what was seen lately, within what is known of lists. */
static float of_a_bad_list(const struct profile *profile)
{
	return evidence_clamp((profile_share_hits(profile->dead_now) + 1) / (profile_share_all(profile->dead_now) + 3), 0.08f,
			      0.28f);
}

/* one that was taken: of a bad list not all others are, some are refused for what they say */
static float sent_bits(float bad, float usual) { return evidence_log2_ratio(1 - bad - REFUSED_TOO, 1 - usual); }

/* more than so many, and three for each dead one, are the owner's and no cover for a thief */
enum { ARRIVED_COUNTED = 12 };

/* what became of first contacts lately, taken together: many that arrived outweigh a dead one among them */
static float lately(const struct profile *profile, float bad, float usual)
{
	float dead = profile_share_hits(profile->dead_now), all = profile_share_all(profile->dead_now);

	float arrived = evidence_clamp(all - dead, 0, ARRIVED_COUNTED + 3 * dead);

	return dead * evidence_log2_ratio(bad, usual) + arrived * sent_bits(bad, usual);
}

static float usual_dead(const struct evidence_view *view)
{
	return evidence_clamp(profile_share(view->profile->dead), evidence_owners_list(view) ? USUAL_OF_A_LIST : USUAL_LEAST, 0.12f);
}

static float weigh(const struct evidence_view *view)
{
	const struct profile *profile = view->profile;
	float usual = usual_dead(view), bad = of_a_bad_list(profile), bits;

	if (view->event->result == RESULT_DEFERRED || !view->first_contact)
		return 0;
	if (view->event->result == RESULT_SENT) /* from an unfamiliar place that is no comfort: some have clean lists */
		return view->familiar == FAMILIAR_NOT && view->sum <= 0 ? 0 : sent_bits(bad, usual);
	if (view->event->reason != REASON_UNKNOWN_USER)
		return 0;
	bits = evidence_clamp(evidence_log2_ratio(bad, usual), 0, 8) / squared(1 + dead_before(view->event));
	bits = evidence_clamp(bits + lately(profile, bad, usual) - view->sum, 0, bits);
	if (view->familiar == FAMILIAR_NOT && view->sum < 0)
		bits -= view->sum; /* the credit is the owner's */
	if (view->familiar == FAMILIAR_WELL || evidence_owners_list(view))
		bits = evidence_clamp(most_of_an_old_list(profile, view->familiar == FAMILIAR_WELL ? FEW_AT_HOME : FEW_NEAR) - view->sum, 0, bits);
	return bits;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("%.0f of %.0f new recipients do not exist, where %.1f %% are usual"),
		 (double)profile_share_hits(profile->dead_now), (double)profile_share_all(profile->dead_now),
		 (double)(100 * profile_share(profile->dead)));
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

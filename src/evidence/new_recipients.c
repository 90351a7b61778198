/* SPDX-License-Identifier: Apache-2.0 */
/* Recipients that the account never wrote to, against its own habit of writing to strangers. A live gate sees them all
 * with the message; in a log each outcome tells of one. A known one speaks for the owner. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

#define STRANGER 0.93f /* of a thief's recipients */
static const float weight[] = { 1.0f, 0.5f, 0.5f, 0.12f };
enum { COUNTED = 3 }; /* of one message: a list of fifty is one decision, not fifty */

static float of_outcome(const struct evidence_view *view, float stranger, float known)
{
	float bits = view->first_contact ? stranger : known;

	if (view->event->again || view->event->listed)
		return 0;
	return evidence_clamp(0.6f * weight[view->familiar] * evidence_clamp(bits, -3, 4.5f), -view->sum, 9);
}

static float weigh(const struct evidence_view *view)
{
	const struct event_detail *detail = view->event->detail;
	struct profile_share habit = view->profile->contacts;
	float usual = evidence_clamp(profile_share(habit), 0.03f, profile_share_all(habit) < 25 ? 0.6f : STRANGER);
	float stranger = evidence_log2_ratio(STRANGER, usual), known = evidence_log2_ratio(0.2f, 1 - usual);
	uint32_t strangers, all;

	if (view->event->kind == EVENT_OUTCOME)
		return of_outcome(view, stranger, known);
	if (!detail || !detail->rcpt_count)
		return 0;
	strangers = view->strangers < COUNTED ? view->strangers : COUNTED;
	all = detail->rcpt_count < COUNTED ? detail->rcpt_count : COUNTED;
	return 0.6f * weight[view->familiar] *
	       evidence_clamp((float)strangers * stranger + (float)(all - strangers) * known, -3, 4.5f);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("recipients this account never wrote to, where %.0f %% are usual"),
		 (double)(100 * profile_share(profile->contacts)));
}

const struct signal signal_new_recipients = {
	.name = "new_recipients",
	.group = GROUP_BEHAVIOUR,
	.kinds = 1 << EVENT_SUBMIT | 1 << EVENT_OUTCOME,
	.least = -2, /* known ones are the owner's credit, where they are known before the message leaves */
	.most = { 7, 3, 5, 2 },
	.weigh = weigh,
	.say = say,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Recipients that the account never wrote to, against its own habit of writing to strangers. Each outcome tells of one
 * recipient; a known one speaks for the owner. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	static const float weight[] = { 1.0f, 0.5f, 0.5f, 0.12f };
	const struct profile *profile = view->profile;
	float usual = evidence_clamp(profile->contacts_new / profile->contacts_all, 0.03f,
				     profile->contacts_all < 25 ? 0.6f : 0.9f);
	float bits;

	if (view->event->again)
		return 0;
	bits = view->first_contact ? evidence_log2_ratio(0.93f, usual) : evidence_log2_ratio(0.2f, 1 - usual);
	return 0.6f * weight[view->familiar] * evidence_clamp(bits, -3, 4.5f);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("recipients this account never wrote to, where %.0f %% are usual"),
		 (double)(100 * profile->contacts_new / profile->contacts_all));
}

const struct signal signal_new_recipients = {
	.name = "new_recipients",
	.group = GROUP_BEHAVIOUR,
	.kinds = 1 << EVENT_OUTCOME,
	.most = { 9, 3, 6, 2 },
	.weigh = weigh,
	.say = say,
};

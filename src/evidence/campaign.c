/* SPDX-License-Identifier: Apache-2.0 */
/* The same subject or the same link from several accounts, each from where its owner is not known: one campaign through
 * many stolen passwords. What owners also send from home is a newsletter, a signature, or "Re:". */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	const struct event_detail *detail = view->event->detail;
	unsigned by_subject, by_link, accounts;

	if (!detail || view->familiar == FAMILIAR_WELL || (view->young && view->familiar == FAMILIAR_FIRST))
		return 0; /* at home, or where nobody's home is known yet */
	by_subject = population_campaign(view->population, detail->subject, view->event);
	by_link = population_campaign(view->population, detail->link, view->event);
	accounts = by_subject > by_link ? by_subject : by_link;
	return accounts >= 3 ? evidence_clamp(3.0f * (float)(accounts - 2), 0, 9) : 0;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("the same subject or link as from other accounts, whose owners are not there either"));
}

const struct signal signal_campaign = {
	.name = "campaign",
	.group = GROUP_TENANT,
	.kinds = 1 << EVENT_SUBMIT,
	.most = { 9, 6, 6, 9 },
	.level = true,
	.weigh = weigh,
	.say = say,
};

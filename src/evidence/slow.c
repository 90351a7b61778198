/* SPDX-License-Identifier: Apache-2.0 */
/* Strangers by the day: what never makes a busy hour, but goes on day and night. Against the account's own days; at home
 * it hardly counts. Of an owner's list pace has spoken. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	static const float weight[] = { 1.0f, 0.7f, 0.7f, STRANGERS_AT_HOME };
	const struct profile *profile = view->profile;
	float today = (float)profile->strangers_q4 / 16.0f + weight[view->familiar] * evidence_few(view->strangers);
	float usual = (float)profile->strangers_habit_q4 / 16.0f / STRANGERS_AT_HOME;

	return view->strangers && !evidence_owners_list(view) ? evidence_clamp(0.7f * (today - 2.5f * usual - 3), 0, 9) : 0;
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, _("%.0f first contacts within a day or so from elsewhere than home, where %.0f are usual"),
		 (double)profile->strangers_q4 / 16, (double)profile->strangers_habit_q4 / 16 / (double)STRANGERS_AT_HOME);
}

const struct signal signal_slow = {
	.name = "slow",
	.group = GROUP_BEHAVIOUR,
	.kinds = 1 << EVENT_SUBMIT,
	.most = { 9, 5, 9, 1 },
	.level = true,
	.weigh = weigh,
	.say = say,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Strangers by the day: what never makes a busy hour, but goes on day and night. Against the account's own days; at home
 * it hardly counts. Of an owner's list pace has spoken. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

#define MOST_AT_HOME 1.0f
#define UNCEASING_HOURS 3.0f
#define UNCEASING_MOST 5.0f
#define MANY 100.0f /* strangers of a day */

/* At home a list to strangers is out in an hour or two. A pace far over the owner's that goes on for longer is a machine's: a bit
 * for each hour of it. */
static float unceasing(const struct evidence_view *view, float today, float usual)
{
	float hours = today / (view->profile->rate + 1);

	if (view->familiar != FAMILIAR_WELL || !profile_in_burst(view->profile) || today < 5 * usual + MANY)
		return 0;
	return evidence_clamp(hours - UNCEASING_HOURS, 0, UNCEASING_MOST);
}

static float weigh(const struct evidence_view *view)
{
	static const float weight[] = { 1.0f, 0.7f, 0.7f, STRANGERS_AT_HOME };
	const struct profile *profile = view->profile;
	float today = (float)profile->strangers_q4 / 16.0f + weight[view->familiar] * evidence_few(view->strangers);
	float usual = (float)profile->strangers_habit_q4 / 16.0f / STRANGERS_AT_HOME;

	float bits = evidence_clamp(0.7f * (today - 2.5f * usual - 3), 0, view->familiar == FAMILIAR_WELL ? MOST_AT_HOME : 9);

	return view->strangers && !evidence_owners_list(view) ? bits + unceasing(view, today / STRANGERS_AT_HOME, usual) : 0;
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
	.most = { 9, 5, 9, MOST_AT_HOME + UNCEASING_MOST },
	.level = true,
	.weigh = weigh,
	.say = say,
};

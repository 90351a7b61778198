/* SPDX-License-Identifier: Apache-2.0 */
/* Others complain of mail that we sent. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

static float weigh(const struct evidence_view *view)
{
	return view->event->message ? 5 : 0; /* of mail that never passed here the account knows nothing */
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("recipients complain of its mail"));
}

const struct signal signal_complaint = {
	.name = "complaint",
	.group = GROUP_OUTCOME,
	.kinds = 1 << EVENT_COMPLAINT,
	.most = { 15, 8, 12, 6 },
	.weigh = weigh,
	.say = say,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Other servers refuse the account's mail as spam, or for the reputation that it brought upon us. */
#include <stdio.h>

#include "base/i18n.h"
#include "evidence/evidence.h"

#define SPAM_SHARE 0.10f  /* of a spammer's recipients */
#define OWNER_SHARE 0.008f /* of anybody's, newsletters included */

static float weigh(const struct evidence_view *view)
{
	if (view->event->result == RESULT_DEFERRED)
		return 0; /* "too much at once": the whole server's business */
	if (view->event->result == RESULT_BOUNCED && view->event->reason == REASON_SPAM)
		return evidence_log2_ratio(SPAM_SHARE, OWNER_SHARE);
	return evidence_log2_ratio(1 - SPAM_SHARE, 1 - OWNER_SHARE);
}

static void say(const struct profile *profile, char *to, size_t size)
{
	snprintf(to, size, "%s", _("other servers refuse its mail as spam"));
}

const struct signal signal_refused = {
	.name = "refused",
	.group = GROUP_OUTCOME,
	.kinds = 1 << EVENT_OUTCOME,
	.most = { 12, 4, 8, 3 },
	.weigh = weigh,
	.say = say,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a notice on a locked account, without our mark (phishing_settings' is_ours: a mail that bears it is never looked at here). */
#include "base/i18n.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	int phrases = __builtin_popcount(view->notice);

	if (phrases < NOTICE_PHRASES_LEAST || !view->away_link || (view->from_brand != BRAND_NONE && view->proven))
		return;
	sign_say(found, 6.5f, _("it has the words of a notice on a locked mail account, but not the mark of this server, and leads to %s"),
		 sign_host(view, view->away_link->url.host));
}

const struct sign sign_own_notice = { "notice_without_mark", SIGN_GROUP_BRAND, look };

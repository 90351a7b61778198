/* SPDX-License-Identifier: Apache-2.0 */
/* Answers go to somebody else than who it says it is from. Lists and shops do that, too. */
#include "base/i18n.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	const struct host *from = view->from_host, *reply = view->reply_host;

	if (!reply || !from || view->list || text_is(reply->site, from->site))
		return;
	if (view->from_brand != BRAND_NONE && !rules_owns(view->rules, view->from_brand, reply->name))
		sign_say(found, 2.5f, _("it says that it is from %s, but answers would go to %s"), sign_host(view, from->name), sign_host(view, reply->name));
	else if (view->name_brand != BRAND_NONE)
		sign_say(found, 1, _("it says that it is from %s, but answers would go to %s"), sign_host(view, from->name), sign_host(view, reply->name));
}

const struct sign sign_reply_to = { "reply_elsewhere", SIGN_GROUP_SENDER, look };

/* SPDX-License-Identifier: Apache-2.0 */
/* A form in the mail itself. */
#include "base/i18n.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	if (view->links.asks_password)
		sign_say(found, 6.5f, "%s", _("the mail itself asks for a password in a form"));
	for (size_t i = 0; i < view->links.count && view->links.asks_anything; i++)
		if (view->links.link[i].kind == LINK_FORM && !sign_at_home(view, view->links.link[i].host))
			sign_say(found, 3.5f, _("the mail has a form that sends what is typed to %s"), sign_host(view, view->links.link[i].url.host));
}

const struct sign sign_form = { "form_in_mail", SIGN_GROUP_CONTENT, look };

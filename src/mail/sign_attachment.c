/* SPDX-License-Identifier: Apache-2.0 */
/* A page that is attached, so that no filter sees where it leads; an archive with words that make people open it. */
#include "base/i18n.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	if (view->page_asks_password)
		sign_say(found, 6.5f, _("the attachment %s is a web page that asks for a password"), sign_quoted(view, view->page_name));
	else if (view->page_asks)
		sign_say(found, 5, _("the attachment %s is a web page that runs or asks for something"), sign_quoted(view, view->page_name));
	else if (view->page_name.n)
		sign_say(found, 2, _("the attachment %s is a web page"), sign_quoted(view, view->page_name));
	if (view->has_archive && view->name_brand != BRAND_NONE)
		sign_say(found, 2.5f, "%s", _("an archive or a program is attached, in another's name"));
}

const struct sign sign_attachment = { "attached_page", SIGN_GROUP_CONTENT, look };

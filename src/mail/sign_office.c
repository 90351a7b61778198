/* SPDX-License-Identifier: Apache-2.0 */
/* It writes as if from the recipient's own house: as its mail service, under its domain's name, or as the recipient themselves. */
#include "base/i18n.h"
#include "mail/address.h"
#include "mail/catchwords.h"
#include "mail/signs.h"

static bool is_from_outside(const struct phishing_view *view)
{
	return view->from_host && !text_is(view->from_host->site, view->to_host->site);
}

/* in the name of the recipient's domain, as somebody reads it */
static bool names_house(const struct phishing_view *view, struct text text)
{
	struct text site = view->to_host->site, found;

	return site.n > 3 && text_behind(catchwords_fold(view->arena, text), site, &found) && !(found.n && found.p[0] == '.');
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	const char *from = view->from_host ? sign_host(view, view->from_host->name) : "?";

	if (!view->to_host || !view->away_link || view->list || view->answer)
		return;
	if (is_from_outside(view) && !view->to_host->domain) {
		if (names_house(view, view->from_name))
			sign_say(found, 5, _("the sender calls itself \"%s\", by the recipient's own domain, but writes from %s"), sign_quoted(view, view->from_name), from);
		if (names_house(view, view->subject))
			sign_say(found, 3, _("the subject names the recipient's own domain, but it comes from %s and leads to elsewhere"), from);
		if (view->role == ROLE_HOUSE || view->role == ROLE_MAIL)
			sign_say(found, view->role == ROLE_MAIL ? 3.6f : 2.6f, _("the sender calls itself \"%s\", as the recipient's own mail service would, but writes from %s"), sign_quoted(view, view->from_name), from);
	}
	if (view->to_self && !view->proven)
		sign_say(found, view->role == ROLE_HOUSE || view->role == ROLE_MAIL ? 4 : 2.5f, _("it says that the recipient wrote it, which our server does not confirm, and leads to elsewhere (%s)"),
			 sign_host(view, view->away_link->url.host));
	if (!view->from_name.n)
		sign_say(found, 0.8f, _("the sender at %s gives no name"), from);
	if (view->role == ROLE_NOBODY)
		sign_say(found, 1.5f, _("the sender calls itself \"%s\" and says of nobody whose"), sign_quoted(view, view->from_name));
}

const struct sign sign_office = { "office_of_recipient", SIGN_GROUP_SENDER, look };

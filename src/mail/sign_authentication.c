/* SPDX-License-Identifier: Apache-2.0 */
/* What our own server says of the sender (SPF, DKIM, DMARC). Forwarders and lists break it honestly, so it says little, unless the
 * sender is official. */
#include "base/i18n.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	const struct authres *authres = &view->authres;
	const char *from = view->from_host ? sign_host(view, view->from_host->name) : "?";

	if (view->proven || view->part != 0 || !view->from_host)
		return;
	if (authres->told && view->from_brand != BRAND_NONE)
		sign_say(found, view->list ? 3 : view->away && authres->dmarc == AUTHRES_FAIL ? 6 : 5, _("it says that it is from %s, and our server could not confirm that (SPF, DKIM, DMARC)"), from);
	else if (!authres->told && view->from_brand == BRAND_OFFICIAL && view->rules->authserv_id.n)
		sign_say(found, 2.5f, _("it says that it is from %s, and our server says nothing of that"), from);
	else if (authres->dmarc == AUTHRES_FAIL)
		sign_say(found, view->list ? 1 : 3, _("the check of the sender %s failed (DMARC)"), from);
	else if (authres->spf == AUTHRES_FAIL && authres->dkim != AUTHRES_PASS)
		sign_say(found, view->list ? 0.5f : 2, _("the check of the sender %s failed (SPF)"), from);
	else if (authres->spf == AUTHRES_SOFTFAIL && authres->dkim != AUTHRES_PASS)
		sign_say(found, 1, _("the check of the sender %s failed (SPF)"), from);
}

const struct sign sign_authentication = { "authentication", SIGN_GROUP_SENDER, look };

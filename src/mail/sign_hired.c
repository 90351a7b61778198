/* SPDX-License-Identifier: Apache-2.0 */
/* A link over a shortener, to a page that anybody may put up without a name, or to a domain of an ending that is thrown away by the thousand. */
#include "base/i18n.h"
#include "mail/signs.h"

/* documents and forms of well-known services: ordinary mail leads there, too */
static bool belongs_to_somebody(const struct phishing_view *view, const struct host *host)
{
	const struct domain *site = rules_domain(view->rules, host->site);

	return site && site->role != DOMAIN_FREE;
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	for (size_t i = 0; i < view->links.count; i++) {
		const struct host *host = view->links.link[i].host;

		if (sign_at_home(view, host))
			continue;
		if (host->domain && host->domain->role == DOMAIN_FREE)
			sign_say(found, belongs_to_somebody(view, host) ? 1 : 2.5f, _("a link leads to %s, where anybody may put a page without a name"), sign_host(view, host->name));
		else if (host->domain && host->domain->role == DOMAIN_SHORTENER)
			sign_say(found, 2.3f, _("a link goes over %s, which hides where it leads"), sign_host(view, host->name));
		else if (rules_risky_ending(view->rules, host->name))
			sign_say(found, 1.2f, _("a link leads to %s, under an ending that phishing often uses"), sign_host(view, host->name));
	}
}

const struct sign sign_hired = { "hired_host", SIGN_GROUP_TARGET, look };

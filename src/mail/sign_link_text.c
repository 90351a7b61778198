/* SPDX-License-Identifier: Apache-2.0 */
/* The text on a link shows one host and the link leads to another. Newsletters count clicks that way, so it matters whose host is
 * shown, and where it leads. */
#include "base/i18n.h"
#include "mail/signs.h"

static bool owner_of(const struct domain *domain, int *brand)
{
	*brand = domain && domain->role == DOMAIN_OWN ? domain->brand : BRAND_NONE;
	return *brand != BRAND_NONE;
}

/* the shown host stands in the link's query: something that forwards, and says so */
static bool names_target(const struct link *link, struct text shown)
{
	return memmem(link->url.path.p, link->url.path.n, shown.p, shown.n) != NULL;
}

static float weigh_known(const struct phishing_view *view, const struct link *link, int brand)
{
	if (rules_owns(view->rules, brand, link->host->name) || (sign_at_home(view, link->host) && link->host->domain))
		return 0;
	if (view->from_host && rules_owns(view->rules, brand, view->from_host->name))
		return view->proven ? 1 : 4.5f;
	return 9;
}

static float weigh_unknown(const struct phishing_view *view, const struct link *link, struct text shown)
{
	if (sign_at_home(view, link->host) || names_target(link, shown))
		return 0;
	if (view->from_host && text_is(rules_site(view->rules, shown), view->from_host->site))
		return view->proven || view->list ? 1 : 3;
	return view->list ? 2 : 4.5f;
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	for (size_t i = 0; i < view->links.count; i++) {
		const struct link *link = &view->links.link[i];
		struct text shown;
		bool known;
		int brand;

		if (link->kind != LINK_ANCHOR || !link->shown.n || !links_shown_host(view->rules, view->arena, link->shown, &shown) ||
		    text_is(rules_site(view->rules, shown), link->host->site))
			continue;
		known = owner_of(rules_domain(view->rules, shown), &brand);
		sign_say(found, known ? weigh_known(view, link, brand) : weigh_unknown(view, link, shown),
			 _("a link shows %s but leads to %s"), sign_host(view, shown), sign_host(view, link->host->name));
	}
}

const struct sign sign_link_text = { "link_text_mismatch", SIGN_GROUP_TARGET, look };

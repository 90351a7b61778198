/* SPDX-License-Identifier: Apache-2.0 */
/* The text on a link shows one host and the link leads to another. Newsletters count clicks that way, so it matters whose host is
 * shown, and where it leads. */
#include <ctype.h>

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

/* a long number or token in the path: clicks are counted, or a shortener forwards */
static bool counts_clicks(const struct link *link)
{
	enum { TOKEN_LEAST = 14 };
	struct text path = link->url.path;
	size_t run = 0, digits = 0;

	if (link->host->domain && link->host->domain->role == DOMAIN_SHORTENER)
		return true;
	for (size_t i = 0; i < path.n; i++) {
		run = isalnum((unsigned char)path.p[i]) || path.p[i] == '_' ? run + 1 : 0;
		digits = !run ? 0 : digits + (isdigit((unsigned char)path.p[i]) != 0);
		if (run >= TOKEN_LEAST && digits)
			return true;
	}
	return false;
}

static float weigh_known(const struct phishing_view *view, const struct link *link, int brand)
{
	if (rules_owns(view->rules, brand, link->host->name) || (sign_at_home(view, link->host) && link->host->domain))
		return 0;
	if (view->from_host && rules_owns(view->rules, brand, view->from_host->name))
		return view->proven ? 1 : counts_clicks(link) ? 4.5f : 6.2f;
	return 9;
}

/* the same name under another ending: many have several */
static bool same_name(struct text a, struct text b)
{
	return text_is(text_head(a, text_find(a, '.')), text_head(b, text_find(b, '.')));
}

static float weigh_unknown(const struct phishing_view *view, const struct link *link, struct text shown)
{
	struct text site = rules_site(view->rules, shown);
	bool counted = counts_clicks(link);

	if (sign_at_home(view, link->host) || names_target(link, shown))
		return 0;
	if (view->list || same_name(site, link->host->site))
		return counted ? 1 : 1.5f;
	if (view->from_host && text_is(site, view->from_host->site))
		return view->proven ? counted ? 0.5f : 1.5f : counted ? 1.5f : 5.5f;
	return counted ? 3 : memmem(link->shown.p, link->shown.n, "://", 3) ? 6 : 5;
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

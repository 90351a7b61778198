/* SPDX-License-Identifier: Apache-2.0 */
/* "support@official.example" <x@evil.example>: many programs show the name alone. */
#include "base/i18n.h"
#include "mail/address.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	struct text address, host;
	const struct domain *domain;
	const char *at;

	if (!view->from_host || !memchr(view->from_name.p, '@', view->from_name.n) || !address_in(view->arena, view->from_name, &address))
		return;
	at = memrchr(address.p, '@', address.n);
	if (!at || !url_host(view->arena, text_between(at + 1, address.p + address.n), &host) ||
	    text_is(rules_site(view->rules, host), view->from_host->site))
		return;
	domain = rules_domain(view->rules, host);
	if (domain && domain->role == DOMAIN_OWN && rules_owns(view->rules, domain->brand, view->from_host->name))
		return;
	sign_say(found, view->list ? 1 : domain && domain->role == DOMAIN_OWN ? view->away ? 6.2f : 5.5f : 2.5f, _("the sender's name shows %s, but the address is at %s"),
		 sign_quoted(view, address), sign_host(view, view->from_host->name));
}

const struct sign sign_address_in_name = { "address_in_name", SIGN_GROUP_BRAND, look };

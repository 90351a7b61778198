/* SPDX-License-Identifier: Apache-2.0 */
/* A link to an address instead of a name; worse where it is written so that nobody knows it for one. */
#include "base/i18n.h"
#include "base/ip.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	bool within = view->from_host && view->to_host && text_is(view->from_host->site, view->to_host->site); /* a house may have machines without a name */

	for (size_t i = 0; i < view->links.count; i++) {
		const struct link *link = &view->links.link[i];
		struct text name = link->host->name;
		struct ip ip;

		if (!link->host->address)
			continue;
		if (name.n > 2 && name.p[0] == '[')
			name = (struct text){ name.p + 1, name.n - 2 };
		if (!ip_parse(name, &ip))
			sign_say(found, 7, _("a link leads to %s, an address written as a number so that nobody knows it"), sign_host(view, link->host->name));
		else if (!ip_is_local(&ip))
			sign_say(found, link->kind == LINK_ANCHOR && !within ? 6 : 4.5f, _("a link leads to %s, an address without a name"), sign_host(view, link->host->name));
	}
}

const struct sign sign_address_link = { "address_link", SIGN_GROUP_TARGET, look };

/* SPDX-License-Identifier: Apache-2.0 */
/* Latin letters mixed with Cyrillic or Greek ones within a host's label: no registry's honest customer has that. */
#include "base/i18n.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	for (size_t i = 0; i < view->links.host_count; i++)
		if (view->links.host[i].judged && view->links.host[i].lookalike.mixed)
			sign_say(found, 7, _("letters of several scripts are mixed in %s, so that it looks like another name"), sign_host(view, view->links.host[i].name));
}

const struct sign sign_mixed_script = { "mixed_scripts", SIGN_GROUP_HOST, look };

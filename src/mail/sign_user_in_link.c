/* SPDX-License-Identifier: Apache-2.0 */
/* https://official.example@evil.example/: a browser goes to what stands behind the @. */
#include "base/i18n.h"
#include "mail/signs.h"

static void look(const struct phishing_view *view, struct sign_found *found)
{
	for (size_t i = 0; i < view->links.count; i++) {
		const struct url *url = &view->links.link[i].url;

		if (url->user.n && memchr(url->user.p, '.', url->user.n))
			sign_say(found, 9, _("a link begins with \"%s\" but leads to %s, which stands behind an @"), sign_quoted(view, url->user), sign_host(view, url->host));
	}
}

const struct sign sign_user_in_link = { "user_in_link", SIGN_GROUP_HOST, look };

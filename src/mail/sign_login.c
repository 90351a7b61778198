/* SPDX-License-Identifier: Apache-2.0 */
/* A link to log in at somebody else's. Of the path only whole words count. */
#include <ctype.h>

#include "base/i18n.h"
#include "mail/signs.h"

static bool has_word(struct text path, const char *const *words)
{
	for (; *words; words++) {
		const char *at = text_seek(path, *words), *end = at ? at + strlen(*words) : NULL;

		if (at && (at == path.p || !isalpha((unsigned char)at[-1])) && (end == path.p + path.n || !isalpha((unsigned char)*end)))
			return true;
	}
	return false;
}

static bool holds_recipient(const struct phishing_view *view, struct text path)
{
	struct text to = fields_value(view->fields, "To");
	const char *open = to.n ? memrchr(to.p, '<', to.n) : NULL, *hash = path.n ? memchr(path.p, '#', path.n) : NULL;
	struct text address = open ? text_between(open + 1, to.p + to.n) : to;

	address = text_head(address, text_find(address, '>'));
	return hash && address.n > 3 && memchr(address.p, '@', address.n) &&
	       memmem(hash, (size_t)(path.p + path.n - hash), address.p, address.n) != NULL;
}

/* who is proven to write in their own name may well use a service; services have certificates */
static float weigh(const struct phishing_view *view, const struct link *link)
{
	bool plain = text_starts(link->url.whole, TEXT("http:"));

	return view->list ? 1.5f : (view->proven && !sign_poses(view) ? 1.6f : 2.5f) + (plain ? 0.5f : 0);
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	static const char *const logins[] = { "login", "log-in", "signin", "sign-in", "sign_in", "logon", "verify", "verification", "account", "accounts", "secure",
					      "webmail", "owa", "auth", "update", "password", "confirm", "wallet", "unlock", "recovery", "billing", "validate",
					      "authenticate", "mypage", "redelivery", "refund", "identity", NULL };
	static const char *const broken_in[] = { "wp-content", "wp-includes", "wp-admin", ".well-known", NULL };

	for (size_t i = 0; i < view->links.count; i++) {
		const struct link *link = &view->links.link[i];
		struct text path = link->url.path;

		if (sign_at_home(view, link->host))
			continue;
		if (holds_recipient(view, path))
			sign_say(found, 3.5f, _("a link to %s carries your address, as pages do that ask for a password"), sign_host(view, link->url.host));
		if (has_word(path, broken_in))
			sign_say(found, 3, _("a link leads to %s, into a folder where break-ins leave pages"), sign_host(view, link->url.host));
		if (path.n > 1 && has_word(path, logins))
			sign_say(found, weigh(view, link), _("a link to log in or confirm leads to %s, not to the sender's domain"), sign_host(view, link->url.host));
	}
}

const struct sign sign_login = { "login_elsewhere", SIGN_GROUP_TARGET, look };

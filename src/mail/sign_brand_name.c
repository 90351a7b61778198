/* SPDX-License-Identifier: Apache-2.0 */
/* It calls itself by a well-known name, and comes from a domain that is not theirs. */
#include "base/i18n.h"
#include "mail/signs.h"

/* every link leads to them: somebody only speaks of them */
static bool leads_there(const struct phishing_view *view, int brand)
{
	for (size_t i = 0; i < view->links.count; i++)
		if (!rules_owns(view->rules, brand, view->links.link[i].url.host))
			return false;
	return view->links.count > 0;
}

/* some link leads to them */
static bool has_theirs(const struct phishing_view *view, int brand)
{
	for (size_t i = 0; i < view->links.count; i++)
		if (rules_owns(view->rules, brand, view->links.link[i].url.host))
			return true;
	return false;
}

/* Nothing but that name, or an office of nobody's, and no link to them; who owns a domain that we do not know of can prove it. */
static float weigh_name(const struct phishing_view *view)
{
	bool all = view->name_alone && !view->list && view->links.count && !has_theirs(view, view->name_brand);

	return all && (view->away || !view->proven) ? 6.2f : 4.5f;
}

static float weigh_subject(const struct phishing_view *view)
{
	float bits = view->subject_brand == BRAND_OFFICIAL ? 3.5f : 2.5f;
	bool nameless = !view->from_name.n || view->role != ROLE_NONE, whole = !view->list && !view->answer && view->links.count;

	if (view->subject_signed)
		bits += !whole ? 0.7f : nameless && !has_theirs(view, view->subject_brand) ? 4 : 1.7f;
	return bits - (view->away ? 0 : 0.5f) - (view->answer ? 1 : 0);
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	const char *from = view->from_host ? sign_host(view, view->from_host->name) : "?";
	int name = view->name_brand, subject = view->subject_brand, text = view->text_brand;
	float more = 0;

	if (name != BRAND_NONE && !leads_there(view, name)) {
		more = (name == BRAND_OFFICIAL ? 1.0f : 0) + (subject == name || text == name ? 0.5f : 0);
		sign_say(found, weigh_name(view) + more, _("the sender calls itself \"%s\" but writes from %s, which is not theirs"), sign_quoted(view, view->from_name), from);
	}
	if (subject != BRAND_NONE && !leads_there(view, subject))
		sign_say(found, weigh_subject(view) + more, _("the subject speaks for \"%s\", but it comes from %s, which is not theirs"),
			 sign_brand(view, subject), from);
	if (text != BRAND_NONE && view->away && !view->list && !leads_there(view, text))
		sign_say(found, text == BRAND_OFFICIAL ? 2.5f : 1.5f, _("it speaks of \"%s\", but comes from %s and leads to elsewhere"), sign_brand(view, text), from);
}

const struct sign sign_brand_name = { "brand_not_in_domain", SIGN_GROUP_BRAND, look };

/* SPDX-License-Identifier: Apache-2.0 */
/* What no honest mail needs, in whatever words: behind a link to elsewhere somebody is to type a password or a card's number, or to pay, and soon, or
 * something bad will happen. Single words of these are in every invitation; it is that they come together. */
#include "base/i18n.h"
#include "mail/signs.h"

static float weigh(const struct phishing_view *view)
{
	const float *said = view->lure_bits;
	bool soon = said[LURE_SOON] > 0 || said[LURE_DEADLINE] > 0, threat = said[LURE_THREAT] > 0;
	bool secret = said[LURE_SECRET] > 0 && said[LURE_ENTER] > 0, money = said[LURE_MONEY] > 0;

	if (secret)
		return 2.5f + (soon ? 1 : 0) + (threat ? 1 : 0);
	if (money && threat)
		return 2 + (soon ? 0.7f : 0);
	if (soon && threat)
		return (view->proven ? 0.5f : 1) + (said[LURE_ENTER] > 0 ? 0.7f : 0);
	return 0;
}

/* The first link that leads away; who writes in another's name is at home nowhere. NULL: there is none */
static const struct link *link_away(const struct phishing_view *view)
{
	return view->away_link ? view->away_link : view->links.count && sign_poses(view) ? &view->links.link[0] : NULL;
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	const struct link *link = link_away(view);
	float bits = weigh(view);

	if (!bits || !link)
		return;
	if (view->lure_bits[LURE_GREETING] > 0 && !view->proven)
		bits += 0.5f;
	if (view->list || view->answer)
		bits *= 0.5f;
	if (view->proven && !sign_poses(view))
		bits *= view->home_link ? 0.6f : 0.8f;
	if (view->lure_bits[LURE_SECRET] > 0 && view->lure_bits[LURE_ENTER] > 0)
		sign_say(found, bits, _("it asks for a password, a card or the like, behind a link to elsewhere (%s)"), sign_host(view, link->url.host));
	else
		sign_say(found, bits, _("it wants something done in a hurry, behind a link to elsewhere (%s)"), sign_host(view, link->url.host));
}

const struct sign sign_demand = { "demand_with_link", SIGN_GROUP_WORDS, look };

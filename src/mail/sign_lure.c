/* SPDX-License-Identifier: Apache-2.0 */
/* Words that make people hurry, with a link that leads away from the sender. Who writes in another's name may have the link at home. */
#include "base/i18n.h"
#include "mail/signs.h"

/* where it leads */
static const char *target(const struct phishing_view *view)
{
	if (view->away_link)
		return sign_host(view, view->away_link->url.host);
	if (view->page_name.n)
		return sign_quoted(view, view->page_name);
	return view->from_host ? sign_host(view, view->from_host->name) : "?";
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	int matter = -1;
	float second = 0, bits;

	if (!view->away && !sign_poses(view))
		return;
	for (int i = 0; i < LURE_DEADLINE; i++) {
		bits = view->lure_bits[i];
		if (matter < 0 || bits > view->lure_bits[matter]) {
			second = matter < 0 ? 0 : view->lure_bits[matter];
			matter = i;
		} else if (bits > second) {
			second = bits;
		}
	}
	if (view->lure_bits[matter] <= 0) {
		if (view->lure_bits[LURE_CALL] > 0 && view->away_link && sign_poses(view) && !view->list)
			sign_say(found, 1.5f, _("it calls to log in or to confirm, and the link leads to elsewhere (%s)"), target(view));
		return;
	}
	bits = view->lure_bits[matter] + 0.3f * second;
	bits += (view->lure_bits[LURE_DEADLINE] > 0 ? 0.7f : 0) + (view->lure_bits[LURE_CALL] > 0 ? 0.5f : 0);
	bits *= view->list || view->answer ? 0.6f : 1;
	bits *= view->away || view->name_brand != BRAND_NONE ? 1 : 0.7f;
	bits *= !view->proven || view->name_brand != BRAND_NONE ? 1 : view->home_link ? 0.7f : 0.8f;
	sign_say(found, bits < 6 ? bits : 6, _(lure_sentence((enum lure_matter)matter)), target(view));
}

const struct sign sign_lure = { "urgency_with_link", SIGN_GROUP_WORDS, look };

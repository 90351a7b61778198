/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"

extern const struct signal signal_new_country, signal_new_network, signal_spread, signal_travel, signal_guessed,
	signal_rate, signal_new_recipients, signal_bounces, signal_refused, signal_returned, signal_client,
	signal_sender, signal_filter, signal_hour, signal_slow, signal_campaign, signal_complaint;

const struct signal *const signals[PROFILE_SIGNALS] = {
	&signal_new_country,
	&signal_new_network,
	&signal_spread,
	&signal_travel,
	&signal_guessed,
	&signal_rate,
	&signal_new_recipients,
	&signal_bounces,
	&signal_refused,
	&signal_returned,
	&signal_client,
	&signal_sender,
	&signal_filter,
	&signal_hour,
	&signal_slow,
	&signal_campaign,
	&signal_complaint,
};

void evidence_weigh(struct profile *profile, struct evidence_view *view)
{
	unsigned kind = 1u << view->event->kind;

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		const struct signal *signal = signals[i];
		float bits, most = signal->most[view->familiar];

		if (!(signal->kinds & kind))
			continue;
		view->sum = profile_bits(profile, i);
		bits = signal->weigh(view) * (view->factors ? view->factors[i] : 1) + (signal->level ? 0 : view->sum);
		if (bits > view->sum) /* what other places brought stays */
			bits = view->sum > most ? view->sum : bits > most ? most : bits;
		else if (signal->level)
			continue;
		if (bits != view->sum)
			profile_set_bits(profile, i, bits < signal->least ? signal->least : bits);
	}
}

bool evidence_owner_like(const struct evidence_view *view)
{
	const struct event_detail *detail = view->event->detail;

	return detail && !view->strangers && !view->event->spam && profile_knows_client(view->profile, view->event) &&
	       (!detail->foreign_from || profile_share(view->profile->foreign) > 0.1f);
}

#define LIST_PACE 5.0f /* recipients an hour; two dead among the first ten of an old list must not weigh as a thief's */

bool evidence_owners_list(const struct evidence_view *view)
{
	return view->event->detail && view->event->detail->client && view->familiar == FAMILIAR_SOMEWHAT &&
	       view->profile->rate > LIST_PACE && profile_knows_client(view->profile, view->event) &&
	       profile_sends_from_network(view->profile, view->event);
}

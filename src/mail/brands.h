/* SPDX-License-Identifier: Apache-2.0 */
/* Whom phishing pretends to be: a table of names that are often imitated, with the domains that are theirs. And hosts that mail of all
 * kinds leads to (senders' trackers, gateways that rewrite links, shorteners, sites where anybody may put a page). Words of a row are
 * separated by "|". Names are folded (mail/catchwords.h). */
#ifndef SEKISHO_MAIL_BRANDS_H
#define SEKISHO_MAIL_BRANDS_H
#include <stdbool.h>
#include <stddef.h>

struct brand_row {
	const char *title;   /* as people write it; a domain in Latin letters */
	const char *names;   /* as they stand in a sender's name or a subject; none that are ordinary words */
	const char *domains; /* its own, each with all below it */
	const char *labels;  /* as they stand in a host and hardly ever in anybody else's */
	const char *common;  /* labels that others have, too */
	bool everywhere;     /* has its label under every country's ending */
};

extern const struct brand_row brand_rows[];
extern const size_t brand_rows_count;

extern const char carrier_domains[];   /* of those who send, count clicks, rewrite links: lead to somebody else's page */
extern const char ordinary_domains[];  /* where any mail leads: social networks, calendars, laws */
extern const char shortener_domains[];
extern const char free_domains[];      /* anybody may put a page there without a name */
extern const char risky_endings[];     /* top-level domains of which most names are thrown away after a day */
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What was found, in sentences for whoever reads the report. */
#include <stdio.h>

#include "attribution/attribute.h"
#include "base/i18n.h"

/* "2026-11-22T09:10:11+09:00 from 203.0.113.9", as far as it is known */
static void say_origin(const struct attribution *attribution, char *to, size_t size)
{
	char when[WHEN_TEXT_MAX], ip[IP_TEXT_MAX];

	when_format(attribution->sent_us, when);
	if (ip_known(&attribution->ip))
		snprintf(to, size, _("%s from %s"), when, ip_format(&attribution->ip, ip));
	else
		snprintf(to, size, "%s", when);
}

static int say_sent(const struct attribution *attribution, char *to, size_t size)
{
	char origin[WHEN_TEXT_MAX + IP_TEXT_MAX + 32];

	say_origin(attribution, origin, sizeof origin);
	if (attribution->verdict == OWNER_OWN)
		return snprintf(to, size, _("%s sent it through this server (%s), from a place of the owner's."), attribution->account, origin);
	if (attribution->incident)
		return snprintf(to, size, _("Somebody else sent it through this server with the account %s (%s), in incident %llu."),
				attribution->account, origin, (unsigned long long)attribution->incident);
	return snprintf(to, size, _("It was sent through this server with the account %s (%s), from a place that is not the owner's."),
			attribution->account, origin);
}

static int say_spoofed(const struct attribution *attribution, char *to, size_t size)
{
	char since[WHEN_TEXT_MAX];

	when_format(attribution->ledger_us, since);
	return snprintf(to, size,
			ngettext("It never passed this server: the ledger, which goes back to %s, does not have the %u id that it names. Somebody writes in this name from elsewhere; the mailbox was not broken into. SPF, DKIM and DMARC (p=reject) for the domain keep such mail, and its bounces, away.",
				 "It never passed this server: the ledger, which goes back to %s, has none of the %u ids that it names. Somebody writes in this name from elsewhere; the mailbox was not broken into. SPF, DKIM and DMARC (p=reject) for the domain keep such mail, and its bounces, away.",
				 attribution->looked_for),
			since, attribution->looked_for);
}

static int say_unknown(const struct attribution *attribution, char *to, size_t size)
{
	if (attribution->by == BY_RECEIVED)
		return snprintf(to, size, "%s", _("A server of ours is named in it, but the ledger has no such mail of an account."));
	if (!attribution->looked_for)
		return snprintf(to, size, "%s", _("Nothing came back by which it could be found: no queue id, no Message-ID."));
	return snprintf(to, size, "%s", _("It is older than the ledger, so nobody can say whether it passed here."));
}

static int say_verdict(const struct attribution *attribution, char *to, size_t size)
{
	switch (attribution->verdict) {
	case OWNER_HIJACKED:
	case OWNER_OWN: return say_sent(attribution, to, size);
	case OWNER_SPOOFED: return say_spoofed(attribution, to, size);
	case OWNER_WEB_SCRIPT:
		return snprintf(to, size, "%s",
				_("It was handed in on this server itself, without a login: look at web forms, programs and scheduled jobs of the site."));
	default: return say_unknown(attribution, to, size);
	}
}

void attribution_say(const struct attribution *attribution, char *to, size_t size)
{
	int n = say_verdict(attribution, to, size);

	if (n < 0 || (size_t)n >= size)
		return;
	if (attribution->other_recipient)
		snprintf(to + n, size - (size_t)n, " %s",
			 _("But that mail went to other recipients than the one that came back: the report may be forged, or the mail was forwarded."));
	else if (!attribution->certain && attribution->verdict != OWNER_UNKNOWN)
		snprintf(to + n, size - (size_t)n, " %s", _("This is not certain: what it says of itself may be forged."));
}

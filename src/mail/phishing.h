/* SPDX-License-Identifier: Apache-2.0 */
/* Is a mail phishing? An array of signs (`mail/signs.c`), each one row and one file, adds bits (log2 of a likelihood ratio): look-alike and
 * mixed-script hosts (UTS 39), a link's text that shows another host than it leads to, a brand in the name and not in the domain,
 * urgency with a link to log in, failing authentication (RFC 8601), our own notice's text without our own mark, … Sums of signs that say the same
 * are capped. From PHISHING_BITS on it is called phishing. Domains are compared by what can be registered
 * (the public suffix list).
 *
 * The operator names the domains that are official, and the brands that go with them. A mail that comes from an official domain and is authenticated
 * as such, and whose links lead to official domains alone, has no signs. */
#ifndef SEKISHO_MAIL_PHISHING_H
#define SEKISHO_MAIL_PHISHING_H
#include "mail/inspection.h"

#define PHISHING_BITS 8.0f

struct phishing_settings {
	const struct text *official;  /* domains, each with all below it: "xserver.ne.jp" */
	size_t official_count;
	struct text authserv_id;      /* whose Authentication-Results count (RFC 8601 5); empty: the topmost alone */
};

/* loads the public suffix list and the confusables once; may be shared by threads */
struct phishing_rules *phishing_rules_new(const struct phishing_settings *settings, struct error *error) __attribute__((warn_unused_result));
void phishing_rules_free(struct phishing_rules *rules);
/* `part`: 0 for the mail itself, or the number of a PART_MESSAGE within */
void phishing_read(struct message *message, int part, const struct phishing_rules *rules, struct phishing *phishing);
/* http://a.example/ becomes hxxp://a[.]example/; a copy in the arena */
struct text defang(struct arena *arena, struct text text);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Is a mail phishing? An array of signs (`mail/signs.c`), each one row and one file, adds bits (log2 of a likelihood ratio): look-alike and
 * mixed-script hosts (UTS 39), a link's text that shows another host than it leads to, a brand in the name and not in the domain,
 * urgency with a link to log in, failing authentication (RFC 8601), our own notice's text without our own mark, … Sums of signs that say the same
 * are capped. Domains are compared by what can be registered (the public suffix list).
 *
 * A sign that many honest mails bear (a counted click, a shortened link) proves nothing alone: below PHISHING_SHOWN_BITS a mail has no
 * signs at all, and its bits are 0. From PHISHING_BITS on it is called phishing. Its links are told in any case, defanged.
 *
 * The operator names the domains that are official, and the names that go with them. A mail that comes from an official domain and is authenticated
 * as such, and whose links lead to official domains alone, has no signs; nor has one that bears our own mark. */
#ifndef SEKISHO_MAIL_PHISHING_H
#define SEKISHO_MAIL_PHISHING_H
#include "mail/defang.h"
#include "mail/inspection.h"

#define PHISHING_SHOWN_BITS 6.0f
#define PHISHING_BITS 8.0f

struct phishing_settings {
	const struct text *official;  /* domains, each with all below it: "xserver.ne.jp" */
	size_t official_count;
	const struct text *names;     /* as people call who they belong to: "Xserver", "エックスサーバー" */
	size_t name_count;
	struct text authserv_id;      /* whose Authentication-Results count (RFC 8601 5); empty: the topmost alone */
	/* does that part bear the mark of a notice that we sent? NULL: nothing does */
	bool (*is_ours)(void *context, struct message *message, int part);
	void *context;
};

/* Loads the public suffix list and the confusables once; may be shared by threads. Keeps nothing of the settings but `context`; they may
 * be NULL. */
struct phishing_rules *phishing_rules_new(const struct phishing_settings *settings, struct error *error) __attribute__((warn_unused_result));
/* The same from the settings official_domains, official_names and authserv_id; a fault names its place */
struct config;
struct phishing_rules *phishing_rules_of(const struct config *config, struct error *error) __attribute__((warn_unused_result));
/* from now on a part of which `is_ours` says so has no signs; the context outlives the rules. Not while threads share them. */
void phishing_rules_trust(struct phishing_rules *rules, bool (*is_ours)(void *context, struct message *message, int part), void *context);
void phishing_rules_free(struct phishing_rules *rules);
/* `part`: 0 for the mail itself, or the number of a PART_MESSAGE within, or of a leaf that is text (text/rfc822-headers). Without rules
 * those that are built in are used. */
void phishing_read(struct message *message, int part, const struct phishing_rules *rules, struct phishing *phishing);
/* The same of header fields and what follows them, as they stand in the text of a report; without fields it is a body alone. What is found lives with
 * the message. */
void phishing_read_text(struct message *message, struct text text, const struct phishing_rules *rules, struct phishing *phishing);
#endif

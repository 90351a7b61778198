/* SPDX-License-Identifier: Apache-2.0 */
/* What mail/phishing.h compares with, made once: brands with their domains and labels, the public suffix list, the confusables, the
 * phrases. Brand 0 is the operator's: what the settings call official. Never changed once made, so threads may share it. */
#ifndef SEKISHO_MAIL_RULES_H
#define SEKISHO_MAIL_RULES_H
#include <libpsl.h>
#include <unicode/uspoof.h>

#include "base/table.h"
#include "mail/phishing.h"
#include "mail/catchwords.h"

enum { BRAND_NONE = -1, BRAND_OFFICIAL = 0 };
/* kinds; their values: brand, row of lures, row of notice phrases, enum sender_role */
enum { PHRASE_BRAND, PHRASE_LURE, PHRASE_NOTICE, PHRASE_ROLE };
enum { LABEL_LEAST = 3 }; /* letters of a label that others can imitate */

/* the word before the public suffix, by which people know a site */
struct label {
	struct text text, folded; /* folded: see lookalike_fold */
	uint32_t letters;         /* which stand in it (lookalike_letters) */
	int brand;
	bool common;              /* others have it, too */
};

/* what is known of a domain */
enum domain_role { DOMAIN_OWN, DOMAIN_CARRIER, DOMAIN_ORDINARY, DOMAIN_SHORTENER, DOMAIN_FREE };
struct domain {
	struct text name;
	enum domain_role role;
	int brand;                /* of DOMAIN_OWN */
};

struct phishing_rules {
	struct arena arena;
	struct text authserv_id;
	bool (*is_ours)(void *context, struct message *message, int part);
	void *context;
	const char **titles;      /* by brand */
	bool *everywhere;         /* by brand */
	int brands;
	struct label *labels;
	size_t label_count, label_room;
	struct domain *domains;
	size_t domain_count, domain_room;
	struct table by_domain;   /* hash of the name → first of its domains */
	struct table risky;
	psl_ctx_t *suffixes;
	USpoofChecker *spoof;
	struct catchwords *phrases;
};

/* What is known of the host itself or of a domain above it: an own one before others, but where anybody may have a page before that. NULL: nothing */
const struct domain *rules_domain(const struct phishing_rules *rules, struct text host);
/* is the host within a domain of that brand? */
bool rules_owns(const struct phishing_rules *rules, int brand, struct text host);
/* what somebody could register of it: the host itself where that is all; a view of `host` */
struct text rules_site(const struct phishing_rules *rules, struct text host);
bool rules_risky_ending(const struct phishing_rules *rules, struct text host);
#endif

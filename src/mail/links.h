/* SPDX-License-Identifier: Apache-2.0 */
/* The links of a mail: addresses in its texts, and what its HTML leads to (a, area, form, refresh) with the text that stands on it. What is quoted (">") or
 * defanged ("hxxp") is no link. An address that an official or well-known host is to send on to counts, too. Hosts are told once each, with
 * what is known of them. Everything lives in the arena. */
#ifndef SEKISHO_MAIL_LINKS_H
#define SEKISHO_MAIL_LINKS_H
#include "mail/lookalike.h"
#include "mail/rules.h"
#include "mail/url.h"

enum {
	LINKS_MAX = 256,
	HOSTS_MAX = 64,                /* links to further ones are passed over */
	LINKS_TEXT_MAX = 128 << 10,    /* bytes of one part that are looked at */
	LINKS_TEXTS_MAX = 512 << 10,   /* of all */
	LINK_SHOWN_MAX = 300,          /* bytes of the text on a link */
};

struct host {
	struct text name, site;
	const struct domain *domain;   /* NULL: nothing is known */
	struct lookalike lookalike;
	bool judged;                   /* `lookalike` is filled */
	bool address;
};

enum link_kind { LINK_TEXT, LINK_ANCHOR, LINK_FORM, LINK_WITHIN /* the target in another link's query */ };

struct link {
	struct url url;
	struct host *host;
	enum link_kind kind;
	struct text shown;             /* the text that stands on it */
};

struct links {
	const struct phishing_rules *rules;
	struct arena *arena;
	struct link link[LINKS_MAX];
	size_t count;
	struct host host[HOSTS_MAX];
	size_t host_count;
	struct text base;              /* <base href> of the part that is read */
	size_t bytes;                  /* looked at so far */
	bool asks_password, asks_anything; /* a field of a form */
	bool has_form, form_to_own;        /* a form that sends; … to the mail's own page (no address) */
};

void links_init(struct links *links, const struct phishing_rules *rules, struct arena *arena);
/* plain text */
void links_read_text(struct links *links, struct text text);
/* HTML; *seen is the text that a reader sees */
void links_read_html(struct links *links, struct text html, struct text *seen);
/* what is known of a host, which need not stand in a link; NULL where there are too many. Its `lookalike` is filled. */
struct host *links_host(struct links *links, struct text name);
struct host *links_judged(struct links *links, struct host *host);
/* the host that a text shows, as somebody reads it: the text is an address or a host and nothing else */
bool links_shown_host(const struct phishing_rules *rules, struct arena *arena, struct text shown, struct text *host);
#endif

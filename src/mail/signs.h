/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks for phishing: one constant row and one file each; adding one touches signs.c only. A sign looks at one mail as
 * phishing.c gathered it, and says how much that weighs (log2 of how much likelier it is in phishing than in honest mail) and, in one
 * sentence for people, what was seen. Signs of one group speak of nearly the same, so the group has a cap. */
#ifndef SEKISHO_MAIL_SIGNS_H
#define SEKISHO_MAIL_SIGNS_H
#include "mail/authres.h"
#include "mail/links.h"
#include "mail/lures.h"

enum sign_group {
	SIGN_GROUP_HOST,        /* how a host is spelt */
	SIGN_GROUP_TARGET,      /* where links lead */
	SIGN_GROUP_BRAND,       /* whom it pretends to be */
	SIGN_GROUP_WORDS,
	SIGN_GROUP_SENDER,      /* is it who it says */
	SIGN_GROUP_CONTENT,     /* forms, attachments */
	SIGN_GROUPS,
};

enum { SIGNS_MAX = PHISHING_SIGNS_MAX, SIGN_TEXT_MAX = 600 };

/* one mail, gathered */
struct phishing_view {
	const struct phishing_rules *rules;
	struct message *message;
	struct arena *arena;
	int part;
	const struct fields *fields;
	struct text from_name, from_address, subject; /* the name as people see it */
	enum sender_role role;                        /* that the name is, and nothing beside it */
	bool to_self;                                 /* From is To */
	struct host *from_host, *reply_host;          /* NULL: there is none */
	struct host *to_host;
	int from_brand;                               /* whose domain it comes from, BRAND_NONE: nobody's whom we know */
	bool proven;                                  /* the domain it comes from is authenticated */
	bool list;                                    /* a mailing list or a newsletter says that it is one */
	bool answer;                                  /* to another mail, by its fields */
	struct authres authres;
	struct links links;
	bool away;                                    /* a link leads to where neither sender nor anybody well-known is at home */
	const struct link *away_link;                 /* the first of these */
	bool home_link;                               /* one leads to the sender's own, proven domain */
	int name_brand, subject_brand, text_brand;    /* named there and not the sender's own, or BRAND_NONE */
	bool name_alone;                              /* the name is that brand's, but for a role */
	bool subject_signed;                          /* the subject begins with a name in brackets */
	float lure_bits[LURE_MATTERS];
	uint32_t notice;                              /* a bit for each row of notice_phrases that stands there */
	bool has_archive;                             /* attached: zip and the like, a program, a page */
	struct text page_name;                        /* of an attached page, or empty */
	bool page_asks;                               /* … that has a form or a script */
	bool page_asks_password;
};

/* what a sign found; nothing while `bits` is 0 */
struct sign_found {
	float bits;
	char text[SIGN_TEXT_MAX];
};

struct sign {
	const char *name; /* stable */
	enum sign_group group;
	void (*look)(const struct phishing_view *view, struct sign_found *found);
};

extern const struct sign *const signs[];
extern const size_t signs_count;

/* the most that a group may say */
float sign_group_most(enum sign_group group);
/* keeps what is heavier; the sentence is written in the language of the reader, its texts are shown as sign_quoted makes them */
void sign_say(struct sign_found *found, float bits, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* a host, defanged, as it is looked up and as it looks: "xn--…[.]jp (…[.]jp)" */
const char *sign_host(const struct phishing_view *view, struct text host);
/* a text from the mail, short, without control characters and marks that turn the direction of writing, defanged */
const char *sign_quoted(const struct phishing_view *view, struct text text);
/* does the link lead to where the sender, the recipient, or somebody well-known is at home? */
bool sign_at_home(const struct phishing_view *view, const struct host *host);
/* it speaks in the name of somebody who it is not */
bool sign_poses(const struct phishing_view *view);
static inline const char *sign_brand(const struct phishing_view *view, int brand) { return view->rules->titles[brand]; }
#endif

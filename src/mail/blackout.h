/* SPDX-License-Identifier: Apache-2.0 */
/* What a mail tells of those who got it, blacked out of whatever of it is shown to others: their addresses and names as its header fields
 * have them, each in whatever case of letters and also in pieces ("taro" of taro.yamada@example.jp); any other mail address; whoever is
 * addressed by name ("山田太郎様", "Dear Taro Yamada"); long numbers. Names of roles (info, admin) and of providers of mail for everybody are
 * nobody's.
 *
 * Too much rather than too little: it is for pages that anybody may read. Texts live in the arena. */
#ifndef SEKISHO_MAIL_BLACKOUT_H
#define SEKISHO_MAIL_BLACKOUT_H
#include "mail/fields.h"

#define BLACKOUT_BAR "████"

enum {
	BLACKOUT_WORDS_MAX = 64,    /* of those who got the mails */
	BLACKOUT_TEXT_MAX = 4096,   /* bytes of a text; more is cut */
	BLACKOUT_DIGITS = 6,        /* a number of so many is somebody's */
};

struct blackout {
	struct arena *arena;
	const struct text *open;    /* domains that are no secret, each with all below it */
	size_t open_count;
	struct text words[BLACKOUT_WORDS_MAX];
	size_t count;
};

void blackout_init(struct blackout *blackout, struct arena *arena, const struct text *open, size_t open_count);
/* who got it, as the fields of that mail say: To, Cc, Delivered-To, … */
void blackout_learn(struct blackout *blackout, const struct fields *fields);

/* terminated by NUL */
struct text blackout_text(const struct blackout *blackout, struct text text);
/* an address that is to be shown, such as a sender's: only what is of those who got the mail is blacked out */
struct text blackout_address(const struct blackout *blackout, struct text address);
/* a host: the same, and labels that number whoever follows the link */
struct text blackout_host(const struct blackout *blackout, struct text host, struct text site);
#endif

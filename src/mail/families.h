/* SPDX-License-Identifier: Apache-2.0 */
/* Servers that report in their own words. A family is one row of `families` (families.c) and one file: the phrases by which its
 * reports are known, and how recipients are found in them. The first row decides of which a phrase was found, and whose `knows` agrees.
 *
 * Before a family is asked, the report has been opened: `words` is what the server says, all its text parts, without what came back, and
 * one pass has sought the phrases of all families in it. Nothing here looks at the returned mail. */
#ifndef SEKISHO_MAIL_FAMILIES_H
#define SEKISHO_MAIL_FAMILIES_H
#include "mail/bounce.h"

enum {
	REPORT_WORDS_MAX = 64 << 10, /* bytes of the server's words that are looked at */
	DIAGNOSTIC_MAX = 1000,       /* bytes of one diagnostic */
};

struct report {
	struct message *message;
	struct arena *arena;
	struct text from, subject;
	struct text failed;          /* X-Failed-Recipients */
	struct text words;
	struct text original_text;   /* what follows the words in the same text: the returned mail or its headers; else empty */
	int original;                /* number of the part with the returned mail, or -1 */
	size_t opening;              /* where in `words` a list of recipients may begin: behind "the following addresses"; SIZE_MAX: nowhere */
	size_t naming;               /* where a sentence may name one: behind "unable to deliver your message to"; SIZE_MAX: nowhere */
	bool daemon;                 /* the sender is a mail server, or a field says that it reports */
	bool likely;                 /* no sender to return to, and a report's subject */
	bool says_failed, says_delayed, says_delivered; /* in its words or subject */
	enum return_action action;   /* what they say of all recipients */
	bool in_fields;              /* there were groups of RFC 3464 with recipients: words only complete them */
	struct returned unnamed;     /* what a group of RFC 3464 says of a recipient whose address is none; without a status: there is none */
	struct returned *returned;   /* found so far */
	size_t count, room;
};

struct family {
	const char *name;               /* a stable word */
	/* Small letters, each of one family alone; one is enough. Ends with NULL; with none of them only `knows` decides. */
	const char *phrases[16];
	bool (*knows)(const struct report *report); /* NULL: the phrase is enough */
	void (*read)(struct report *report);        /* adds recipients; NULL: as any server's words are read (words_read) */
};

extern const struct family *const families[]; /* the most telling first, ends with NULL */

/* opens the report; false where nothing speaks for one. *family: whose it is, or NULL */
bool report_open(struct message *message, struct report *report, const struct family **family) __attribute__((warn_unused_result));

/* A recipient: the one of that address that there is already, else a new one with what the words say of all. NULL where `address`
 * holds none, or there are too many. */
struct returned *report_add(struct report *report, struct text address);
/* the recipient of that address, or NULL */
struct returned *report_find(struct report *report, struct text address);
/* What the server said of it, made one line; the host is taken from it. NULL and empty texts are passed over, and what is said already stays. */
void report_say(struct report *report, struct returned *returned, struct text said);
/* false where nothing is known, or a program's exit status alone */
bool report_is_said(const struct returned *returned);
/* the host, by name or address, with which a text begins, in brackets or not */
struct text host_at(struct text text);
/* the host that answered: "host mx.example.com[192.0.2.1] said:", "while talking to mx.example.com.:", "192.0.2.1 does not like recipient." */
struct text host_said(struct arena *arena, struct text said);

/* ---- forms that several families share; each returns how many recipients it found */

/* lines that begin with <address>, what was said behind it and in the lines after it: Postfix, qmail, Yahoo and their kin */
size_t bracketed_read(struct report *report, struct text words);
/* the same in all of its words */
void bracketed_words_read(struct report *report);
/* lines that are an address, with what was said behind it or in the lines after it; ends at a line that begins with one of `ends`
 * (small letters, NULL at the end; may be NULL) */
size_t listed_read(struct report *report, struct text words, const char *const *ends);
/* lines of a key and an address: "Recipient: a@example.com"; `said`: the lines under it are what was said */
size_t keyed_read(struct report *report, struct text words, const char *const *keys, bool said);
/* those in X-Failed-Recipients */
void failed_field_read(struct report *report);
/* any server's words */
void words_read(struct report *report);

/* the text from where `phrase` (small letters) stands in the words on, behind it; empty where it does not */
struct text words_behind(const struct report *report, const char *phrase);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Delivery reports: those of RFC 3464 (multipart/report, RFC 6522) and those that a server wrote in its own words, as an array of
 * families (`mail/families.c`): each is one row and one file, says whether a mail is its own, and finds the recipients. What a report
 * in fields leaves open (a code in the words, an address that only stands in the text) is taken from the words.
 *
 * Codes, permanence and reason of each recipient come from mail/reason.h, the same for all. */
#ifndef SEKISHO_MAIL_BOUNCE_H
#define SEKISHO_MAIL_BOUNCE_H
#include "mail/inspection.h"

struct bounce {
	enum mail_kind kind; /* MAIL_BOUNCE, MAIL_DELAY or MAIL_DELIVERED: a failure of one recipient makes it a bounce */
	const char *family;  /* static */
	struct returned *recipients;
	size_t count;
	struct returned unnamed; /* where none is named: what is said of whoever it is; its address is empty */
	int original;        /* number of the part with what came back, or -1 */
	struct text original_text; /* where it stands in the body itself: headers and what follows; else empty */
};

/* false where it is no report of a delivery; *bounce is then untouched */
bool bounce_read(struct message *message, struct bounce *bounce) __attribute__((warn_unused_result));
#endif

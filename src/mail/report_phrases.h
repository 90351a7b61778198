/* SPDX-License-Identifier: Apache-2.0 */
/* The phrases that speak for a report, sought in one pass: what servers of all families say of it, and where the list of recipients and what came
 * back begin. Beside them the phrases of each family. The tables are built once. */
#ifndef SEKISHO_MAIL_REPORT_PHRASES_H
#define SEKISHO_MAIL_REPORT_PHRASES_H
#include "base/text.h"

/* what a phrase tells, a bit each */
enum {
	REPORT_ENDS = 1,   /* what came back begins behind this line; nothing but signs stands before it */
	REPORT_HEADER = 2, /* a field of the returned mail, at the beginning of a line */
	REPORT_OPENS = 4,  /* a list of recipients follows */
	REPORT_NAMES = 8,  /* a recipient follows, if nothing else says where one stands */
	REPORT_FAILED = 16, REPORT_GAVE_UP = 32, REPORT_DELAYED = 64, REPORT_DELIVERED = 128,
};

struct report_phrase {
	unsigned meanings;
	int family;    /* the number of the first family whose it is, or -1 */
	size_t length;
};

/* `found` is told each phrase, and where the text stands behind it; it says false when it wants no more */
void report_phrases_seek(struct text words, bool (*found)(void *context, const struct report_phrase *phrase, size_t end), void *context);

/* what stands in From and in Subject */
enum {
	CLUE_FROM = 1,    /* a mail server's name */
	CLUE_PLAIN = 2,   /* a subject under which nothing else comes */
	CLUE_SUBJECT = 4, /* one that lets the words be looked at */
};
unsigned report_clues(struct text field);
#endif

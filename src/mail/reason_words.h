/* SPDX-License-Identifier: Apache-2.0 */
/* What servers say, and what it means: a table of phrases (mail/phrases.h), the most telling first. */
#ifndef SEKISHO_MAIL_REASON_WORDS_H
#define SEKISHO_MAIL_REASON_WORDS_H
#include "mail/inspection.h"

/* what a phrase tells beside the reason */
enum reason_mark {
	MARK_SURE = 1,      /* nobody but the server that has the list of users says so, and at once */
	MARK_NEVER = 2,     /* such mail is never taken there */
	MARK_RECIPIENT = 4, /* it was said of the recipient, before the text was sent */
	MARK_TEXT = 8,      /* it was said after the text had been sent */
	MARK_TEMPORARY = 16,
	MARK_LASTING = 32, /* and not temporary, whatever else is said */
	MARK_WEAK = 64,    /* a status that names a reason says more */
};

enum { REASON_PHRASES_MAX = 80 };

struct reason_words {
	enum return_reason reason; /* RETURN_NONE: tells none */
	uint8_t marks;
	const char *phrases[REASON_PHRASES_MAX]; /* small letters, ends with NULL */
};

extern const struct reason_words reason_words[];
extern const size_t reason_words_count;
#endif

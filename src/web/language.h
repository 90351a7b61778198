/* SPDX-License-Identifier: Apache-2.0 */
/* In which language a page is written: what the visitor chose, else the one their browser would rather have (RFC 9110, 12.5.4), else the
 * server's. Texts come from gettext, whose language is the process's: it is changed around each page. One thread. */
#ifndef SEKISHO_WEB_LANGUAGE_H
#define SEKISHO_WEB_LANGUAGE_H
#include "base/text.h"

enum language { LANGUAGE_ENGLISH, LANGUAGE_JAPANESE, LANGUAGES };

struct language_row {
	const char *tag, *name; /* "ja", "日本語" */
};
extern const struct language_row languages[LANGUAGES];

/* LANGUAGES where it is none of ours */
enum language language_find(struct text tag);
/* of an Accept-Language field; `usual` where it names none of ours */
enum language language_accepted(struct text accept, enum language usual);

/* before anything is written */
void language_begin(void);
/* from now on texts are in that language, until language_leave */
void language_enter(enum language language);
void language_leave(void);
#endif

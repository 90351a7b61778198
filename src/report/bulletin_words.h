/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences of the page on fakes, in the reader's language, the same in text and page: for customers, who know nothing of mail. Texts
 * that are `char *` are the caller's to free. */
#ifndef SEKISHO_REPORT_BULLETIN_WORDS_H
#define SEKISHO_REPORT_BULLETIN_WORDS_H
#include "report/bulletin.h"
#include "report/paper_words.h"

/* "23 November 2026" */
char *bulletin_day(int64_t t_us);
void bulletin_lead(const struct bulletin *bulletin, struct paper_lines *lines);
/* how to read the page */
const char *bulletin_reading(void);

/* a label and a list that stands behind it; those that are empty are left out */
struct bulletin_fact {
	const char *label;
	const struct bulletin_list *list;
};
enum { BULLETIN_FACTS_MAX = 5 };
size_t bulletin_facts(const struct bulletin_fake *fake, struct bulletin_fact facts[BULLETIN_FACTS_MAX]);
/* "14 mails, from 20 to 23 November 2026" */
char *bulletin_seen(const struct bulletin_fake *fake);
/* the subject of most of them */
const char *bulletin_title(const struct bulletin_fake *fake);
/* what of the list is shown, and "and 3 more", or NULL */
size_t bulletin_shown(const struct bulletin_list *list, char **more);

enum bulletin_part { BULLETIN_TELL, BULLETIN_DO, BULLETIN_ASK, BULLETIN_PARTS };
const char *bulletin_part_title(enum bulletin_part part);
void bulletin_part(const struct bulletin *bulletin, enum bulletin_part part, struct paper_lines *lines);
#endif

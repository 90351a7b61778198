/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences that the terminal and the page share, in the reader's language: the answer, the facts of an
 * incident, the notes on the input. Texts that are `char *` are the caller's to free. */
#ifndef SEKISHO_REPORT_WORDS_H
#define SEKISHO_REPORT_WORDS_H
#include "report/report.h"

enum { WORDS_LINES_MAX = 8, WORDS_FACTS_MAX = 12, WORDS_NAMES_MAX = 5 };

/* how the whole came out, worst first */
enum answer_tone { ANSWER_HIJACKED, ANSWER_SUSPECTED, ANSWER_CLEAR, ANSWER_BLIND };

struct answer {
	enum answer_tone tone;
	char *headline;
	char *lines[WORDS_LINES_MAX]; /* what else must be known at once */
	size_t count;
};

void words_answer(const struct report *report, struct answer *answer);
void words_answer_done(struct answer *answer);

struct fact {
	const char *label;
	char *value;
};

size_t words_facts(const struct incident *incident, struct fact facts[WORDS_FACTS_MAX]);
void words_facts_done(struct fact *facts, size_t count);

const char *words_verdict(const struct incident *incident);
const char *words_opening(enum incident_opening opening);
const char *words_whose(const struct incident_source *source);
/* up to WORDS_NAMES_MAX of them, "a, b and 3 more" */
char *words_names(const char *const *names, size_t count);
/* "3 addresses, 1,200 messages"; messages of 0 are not said */
char *words_weight(uint64_t addresses, uint64_t messages);
char *words_spoofed(const struct report_spoofed *spoofed);
/* what limits that: the log begins too shortly before the bounces; NULL where it does not */
const char *words_spoofed_limit(const struct report *report);
/* "and 32 more", or NULL for none */
char *words_more(uint64_t count);

/* that lines of this file stand in another one, too; NULL where none do */
char *words_repeated(const struct report_file *file);
/* what was read, one sentence a line; how many */
size_t words_input(const struct report *report, char *lines[WORDS_LINES_MAX]);
/* what is wrong with the geo database and its mend, or NULL */
char *words_geo(const struct report *report);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences of the paper on an incident, in the reader's language, the same in text, page and JSON. Whoever reads them may
 * know nothing of mail servers. Texts that are `char *` are the caller's to free; lists are freed with paper_lines_done. */
#ifndef SEKISHO_REPORT_PAPER_WORDS_H
#define SEKISHO_REPORT_PAPER_WORDS_H
#include "report/paper.h"
#include "report/show.h"
#include "report/words.h"

enum { PAPER_LINES_MAX = 16, PAPER_FACTS_MAX = 20 };

struct paper_lines {
	char *items[PAPER_LINES_MAX];
	size_t count;
};
void paper_lines_done(struct paper_lines *lines);

char *paper_headline(const struct paper *paper);
/* what must be known at once, and what stands in it of others */
void paper_lead(const struct paper *paper, struct paper_lines *lines);
/* freed with words_facts_done */
size_t paper_facts(const struct paper *paper, struct fact facts[PAPER_FACTS_MAX]);
/* how the door was opened, and what that means for the owner */
void paper_cause(const struct paper *paper, struct paper_lines *lines);
/* to how many it went, and what the owner can say to them */
void paper_reach(const struct paper *paper, struct paper_lines *lines);
/* what is to be done still: by whoever runs the server, by the owner; what is to be expected */
enum paper_part { PAPER_BY_SERVER, PAPER_BY_OWNER, PAPER_EXPECT, PAPER_PARTS };
void paper_left(const struct paper *paper, enum paper_part part, struct paper_lines *lines);
const char *paper_part_title(enum paper_part part);

/* the story, in the order of time; what has no time stands last */
struct paper_event {
	int64_t at_us;
	char *what;
	char *who; /* "" where it was the attacker, or nobody */
};
/* an array to be freed with paper_story_done; how many */
size_t paper_story(const struct paper *paper, struct paper_event **events);
void paper_story_done(struct paper_event *events, size_t count);

/* ---- words */
const char *paper_state_word(const struct paper *paper);
const char *paper_signal(const struct incident_evidence *evidence); /* in plain words; what the daemon said of an unknown one */
const char *paper_action(const struct paper_step *step);
const char *paper_step_word(const struct paper_step *step);
/* with its times; the caller's to free */
char *paper_step_line(const struct paper_step *step);
char *paper_sentence(const struct paper_sentence *sentence);
/* one sentence on the whole of the closure: is it shut, and is that proved? */
char *paper_closure_word(const struct paper *paper);
const char *paper_scope(const struct paper *paper); /* "" where it is not told */
/* what stands in the column of addresses */
const char *paper_logins(const struct incident_source *source, struct shown *room); /* "" where they are not counted */
const char *paper_address(const struct paper *paper, const struct incident_source *source, struct shown *room);
#endif

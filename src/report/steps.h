/* SPDX-License-Identifier: Apache-2.0 */
/* How an account was shut, step by step: what the control socket tells as `closure` of an incident (gate/control_locks.c), in words
 * and in the reader's language; for the terminal and for the paper. Whatever is missing in the JSON is "", NULL or WHEN_NONE. */
#ifndef SEKISHO_REPORT_STEPS_H
#define SEKISHO_REPORT_STEPS_H
#include <jansson.h>
#include <stdint.h>

#include "report/terminal.h"

/* A sentence as it is handed on: a form in English, with %u where the number belongs. It is never a printf format, for it may be
 * what a server said. In the reader's language; the caller's to free. */
char *steps_sentence(const char *form, uint64_t count);

struct step_words {
	const char *title; /* "Dovecot's deny list" */
	const char *state; /* "proved", "done", "failed, and tried again", … */
	enum shade shade;
	char *says, *proof; /* NULL: nothing was said, or proved */
	int64_t at_us, proved_us;
	bool set_up, lacking; /* lacking: not, or not yet, as it should be */
};

/* one of the closure's `steps` */
void step_words(const json_t *step, struct step_words *words);
void step_words_done(struct step_words *words);

/* how many steps of the closure are not as they should be */
size_t steps_lacking(const json_t *closure);
/* all of them, two or three lines each; `away`: the daemon is, so the gate's own steps wait for it. Nothing for null. */
void steps_show(const json_t *closure, bool away, struct terminal *terminal, unsigned indent);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What reports and answers for a terminal are made of: headings, paragraphs, values with a label, and what is told alike wherever it is
 * told. `indent` and `column` count from the left edge of the terminal. */
#ifndef SEKISHO_REPORT_BLOCK_H
#define SEKISHO_REPORT_BLOCK_H
#include "incident/incident.h"
#include "report/terminal.h"

/* behind an empty line */
void block_heading(struct terminal *t, unsigned indent, const char *text);
void block_paragraph(struct terminal *t, unsigned indent, const char *text);
/* the cursor stands at `column` then, or one behind a longer label */
void block_label(struct terminal *t, unsigned indent, unsigned column, const char *label);
/* the value wrapped under itself */
void block_labelled(struct terminal *t, unsigned indent, unsigned column, const char *label, const char *value);
/* a line of evidence, and the sum below such lines */
void block_evidence(struct terminal *t, unsigned indent, double bits, const char *text);
void block_evidence_sum(struct terminal *t, unsigned indent, double bits);
/* whence, the busiest first, at most so many; nothing where no country is known */
void block_countries(struct terminal *t, unsigned indent, unsigned column, const struct incident *incident, size_t most);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of which report_html makes its page; those of one incident serve paper_html and replay_html as well. */
#ifndef SEKISHO_REPORT_HTML_H
#define SEKISHO_REPORT_HTML_H
#include "report/report.h"
#include "report/tally.h"
#include "report/words.h"

/* the section of the incident with this index; it can be linked to as #incident-1 for the first */
void html_incident(FILE *to, const struct report *report, size_t number_of);
/* the class that sets the section's tone */
const char *html_verdict_class(const struct incident *incident);

/* one of a list of numbers, <dl class="numbers"> */
void html_number(FILE *to, const char *label, uint64_t count);
/* as <dl class="facts">, and frees their texts */
void html_facts(FILE *to, struct fact *facts, size_t count);
/* each signal with its bits and what it means, and their sum; `class` is the list's */
void html_evidence(FILE *to, const struct incident *incident, const char *class,
		   const char *(*means)(const struct incident_evidence *evidence));
/* messages over time, nothing where none were counted; `mark` says what the line at the time of detection is */
void html_time_plot(FILE *to, const struct incident *incident, const char *mark);
/* the attacker's messages by country or network, nothing where none is known */
void html_bars(FILE *to, const struct incident *incident, enum tally_by by);
#endif

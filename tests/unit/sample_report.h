/* SPDX-License-Identifier: Apache-2.0 */
/* Reports made in memory, for tests of the writers and for a look at the page. Times, names and addresses are
 * invented (RFC 5737, 3849, 5398). Only one of each can be in use at a time. */
#ifndef SEKISHO_TESTS_SAMPLE_REPORT_H
#define SEKISHO_TESTS_SAMPLE_REPORT_H
#include "report/report.h"

/* two incidents, guessing, spoofing, a broken web script: what a bad week looks like */
void sample_report(struct report *report);
/* nothing but what was read */
void sample_report_empty(struct report *report);
/* every text in it tries to be something else: markup, terminal escapes, broken UTF-8, quotes, very long */
void sample_report_hostile(struct report *report);
void sample_report_done(struct report *report);
#endif

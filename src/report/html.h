/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of which report_html makes its page. */
#ifndef SEKISHO_REPORT_HTML_H
#define SEKISHO_REPORT_HTML_H
#include "report/report.h"

/* the section of the incident with this index; it can be linked to as #incident-1 for the first */
void html_incident(FILE *to, const struct report *report, size_t number_of);
/* the class that sets the section's tone */
const char *html_verdict_class(const struct incident *incident);
#endif

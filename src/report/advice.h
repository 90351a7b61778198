/* SPDX-License-Identifier: Apache-2.0 */
/* The advice of report.h with its kind: what is to be done now, and what is to be expected. */
#ifndef SEKISHO_REPORT_ADVICE_H
#define SEKISHO_REPORT_ADVICE_H
#include "report/report.h"

struct advice {
	char *text;     /* of the caller, to be freed */
	char *command;  /* within text's memory, or NULL; may hold several lines */
	bool expect;
};

/* like advice_for, but the text ends before the command */
size_t advice_steps(const struct report *report, const struct incident *incident, struct advice steps[ADVICE_MAX]);
#endif

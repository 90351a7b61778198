/* SPDX-License-Identifier: Apache-2.0 */
/* One incident in a screen: which account, since when, how many, from where, and what now. */
#ifndef SEKISHO_CLI_INCIDENT_H
#define SEKISHO_CLI_INCIDENT_H
#include "cli/asked.h"

void incident_show(const struct asked *asked, struct terminal *t);
/* what the administrator does next, one sentence; the caller's to free */
char *incident_next(const json_t *incident);
/* the paper to hand on, of the answer to "incident show" */
int incident_report(const struct asked *asked);
/* what is to be done after it, item by item */
void incident_show_care(const json_t *care, struct terminal *t);
#endif

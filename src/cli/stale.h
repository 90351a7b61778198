/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts that nobody uses, as the daemon knows them. */
#ifndef SEKISHO_CLI_STALE_H
#define SEKISHO_CLI_STALE_H
#include <jansson.h>

#include "report/risks.h"

enum { STALE_DAYS = 180, STALE_DAYS_MAX = 36500 };

/* the question; `domain` NULL: all */
json_t *stale_question(unsigned days, const char *domain);
/* one of its answer's accounts, as a risk; `account` is borrowed from it */
struct risk_found stale_risk(const json_t *answer, const json_t *one);
#endif

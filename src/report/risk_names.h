/* SPDX-License-Identifier: Apache-2.0 */
/* What the name of an account alone says of its risk: guessers try some names on every domain, and some belong to several people. A name is a
 * row of risk_names.c; digits, hyphens and underscores behind it are passed over ("info2", "shop-1"). */
#ifndef SEKISHO_REPORT_RISK_NAMES_H
#define SEKISHO_REPORT_RISK_NAMES_H
#include "base/text.h"

enum { RISK_NAME_TRIED = 1, RISK_NAME_SHARED = 2 };

/* of these; 0: neither. `account` in its normal form. The first label of its domain, as its name, is tried, too. */
unsigned risk_name(struct text account);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/risk_sources.h"

/* what the audit itself found is added by cli/account_audit.c */
const struct risk_source *const risk_sources[] = {
	NULL,
};

const size_t risk_source_count = sizeof risk_sources / sizeof *risk_sources - 1;

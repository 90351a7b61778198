/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/risk_sources.h"

extern const struct risk_source risk_by_daemon, risk_by_name, risk_by_reach;

/* what the audit itself found is added by cli/account_audit.c */
const struct risk_source *const risk_sources[] = {
	&risk_by_daemon,
	&risk_by_reach,
	&risk_by_name,
};

const size_t risk_source_count = sizeof risk_sources / sizeof *risk_sources;

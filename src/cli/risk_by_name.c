/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts whose name alone is a risk. */
#include "cli/cli.h"
#include "cli/risk_sources.h"
#include "report/risk_names.h"

static int gather(const struct risk_asked *asked, struct risks *risks)
{
	for (size_t i = 0; i < asked->count; i++) {
		unsigned says = risk_name(text_of(asked->accounts[i]));

		if (says & RISK_NAME_TRIED)
			risks_add(risks, &(struct risk_found){ .account = asked->accounts[i], .risk = RISK_TRIED });
		if (says & RISK_NAME_SHARED)
			risks_add(risks, &(struct risk_found){ .account = asked->accounts[i], .risk = RISK_ROLE });
	}
	return CLI_DONE;
}

extern const struct risk_source risk_by_name;
const struct risk_source risk_by_name = { "name", gather };

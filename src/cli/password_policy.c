/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/password_policy.h"

#include <sodium.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"

int password_policy_open(struct policy_config *of, const struct config *config, const char *profile)
{
	struct error error, away;

	if (sodium_init() < 0) {
		cli_complain(_("libsodium cannot be used"));
		return CLI_AWAY;
	}
	if (policy_config_init_anyway(of, config, profile, &away, &error)) {
		if (of->policy.breached_away)
			cli_complain(_("%s; the other rules alone are asked"), away.text);
		return CLI_DONE;
	}
	cli_complain("%s", error.text);
	policy_config_done(of);
	return profile && !password_profile_find(text_of(profile)) ? CLI_USAGE : CLI_NO;
}

void password_objections_tell(const struct password_verdict *verdict, const struct password_policy *policy, FILE *to)
{
	char why[PASSWORD_SENTENCE_MAX], mend[PASSWORD_SENTENCE_MAX];

	for (size_t i = 0; i < verdict->count; i++) {
		password_objection_why(&verdict->objections[i], policy, why);
		password_objection_mend(&verdict->objections[i], policy, mend);
		fprintf(to, "- %s\n  %s\n", why, mend);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What commands that give or judge passwords have in common: the policy of the settings, and how objections are told. */
#ifndef SEKISHO_CLI_PASSWORD_POLICY_H
#define SEKISHO_CLI_PASSWORD_POLICY_H
#include <stdio.h>

#include "cli/secret.h"
#include "password/policy_config.h"
#include "password/policy_json.h"

/* CLI_DONE, or what to end with; what is wrong was said. `profile` NULL: the one of the settings. Calls sodium_init. */
int password_policy_open(struct policy_config *of, const struct config *config, const char *profile) __attribute__((warn_unused_result));
/* "- why  how to mend it", a line for each objection */
void password_objections_tell(const struct password_verdict *verdict, const struct password_policy *policy, FILE *to);
#endif

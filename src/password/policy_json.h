/* SPDX-License-Identifier: Apache-2.0 */
/* Objections as JSON, in the reader's language: [{"fault":"short","number":8,"why":"…","mend":"…"}]; `number` only where there is one. */
#ifndef SEKISHO_PASSWORD_POLICY_JSON_H
#define SEKISHO_PASSWORD_POLICY_JSON_H
#include <jansson.h>

#include "password/policy.h"

json_t *password_objections_json(const struct password_verdict *verdict, const struct password_policy *policy);
/* what of the policy could not be asked: ["breached"]; NULL where all of it was */
json_t *password_not_asked_json(const struct password_policy *policy);
#endif

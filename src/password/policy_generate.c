/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/i18n.h"
#include "password/policy.h"

enum { TRIES_MAX = 1000 };

/* one in some ten thousand random ones happens to look like something */
bool password_policy_generate(const struct password_policy *policy, const struct password_owner *owner, bool plain, struct password_made *made,
			      struct error *error)
{
	struct password_recipe recipe = password_policy_recipe(policy);
	struct password_verdict verdict = { .count = 1 };

	recipe.plain = recipe.plain || plain;
	for (int i = 0; i < TRIES_MAX && verdict.count; i++) {
		if (!password_generate(&recipe, made, error))
			return false;
		password_judge(policy, owner, text_of(made->text), &verdict);
	}
	if (!verdict.count)
		return true;
	explicit_bzero(made, sizeof *made);
	return error_set(error, "%s", _("no random password is accepted by these settings"));
}

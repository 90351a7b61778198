/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/password_policy.h"

#include <sodium.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/cli.h"

enum { TRIES_MAX = 1000 };

int password_policy_open(struct policy_config *of, const struct config *config, const char *profile)
{
	struct error error;

	if (sodium_init() < 0) {
		cli_complain(_("libsodium cannot be used"));
		return CLI_AWAY;
	}
	if (policy_config_init(of, config, profile, &error))
		return CLI_DONE;
	cli_complain("%s", error.text);
	policy_config_done(of);
	return profile && !password_profile_find(text_of(profile)) ? CLI_USAGE : CLI_NO;
}

/* one in some ten thousand random ones happens to look like something */
bool password_policy_generate(const struct policy_config *of, const struct password_owner *owner, bool plain, struct password_made *made,
			      struct error *error)
{
	struct password_recipe recipe = password_policy_recipe(&of->policy);
	struct password_verdict verdict = { .count = 1 };

	recipe.plain = recipe.plain || plain;
	for (int i = 0; i < TRIES_MAX && verdict.count; i++) {
		if (!password_generate(&recipe, made, error))
			return false;
		password_judge(&of->policy, owner, text_of(made->text), &verdict);
	}
	if (!verdict.count)
		return true;
	explicit_bzero(made, sizeof *made);
	return error_set(error, "%s", _("no random password is accepted by these settings"));
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

json_t *password_objections_json(const struct password_verdict *verdict, const struct password_policy *policy)
{
	char why[PASSWORD_SENTENCE_MAX], mend[PASSWORD_SENTENCE_MAX];
	json_t *list = json_array();

	for (size_t i = 0; i < verdict->count; i++) {
		const struct password_objection *objection = &verdict->objections[i];
		json_t *one = json_pack("{s:s}", "fault", password_fault_names[objection->fault]);

		password_objection_why(objection, policy, why);
		password_objection_mend(objection, policy, mend);
		if (objection->number)
			json_object_set_new(one, "number", json_integer((json_int_t)objection->number));
		json_object_set_new(one, "why", json_string(why));
		json_object_set_new(one, "mend", json_string(mend));
		json_array_append_new(list, one);
	}
	return list;
}

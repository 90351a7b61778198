/* SPDX-License-Identifier: Apache-2.0 */
#include "password/policy_json.h"

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

json_t *password_not_asked_json(const struct password_policy *policy)
{
	return policy->breached_away ? json_pack("[s]", password_fault_names[PASSWORD_BREACHED]) : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Address, names and password of any bytes, a line each; the rest of the first byte chooses the profile. What is said must be well formed. */
#include <stdlib.h>

#include "fuzz/watch.h"
#include "password/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NAME_MAX_BYTES = 128 };

static void take_name(struct text *rest, char name[NAME_MAX_BYTES])
{
	struct text line;

	if (!text_cut(rest, '\n', &line))
		line = TEXT_NONE;
	text_copy(name, NAME_MAX_BYTES, line);
}

static void look(const struct password_verdict *verdict, const struct password_policy *policy)
{
	char sentence[PASSWORD_SENTENCE_MAX];
	uint32_t seen = 0;

	for (size_t i = 0; i < verdict->count; i++) {
		const struct password_objection *objection = &verdict->objections[i];

		if (objection->fault >= PASSWORD_FAULTS || seen >> objection->fault & 1)
			abort();
		seen |= UINT32_C(1) << objection->fault;
		password_objection_why(objection, policy, sentence);
		password_objection_mend(objection, policy, sentence);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char address[NAME_MAX_BYTES], name[NAME_MAX_BYTES];
	const char *names[] = { name, NULL };
	struct password_owner owner = { .names = names };
	struct password_verdict verdict, by_rules;
	struct text rest;

	if (!size)
		return 0;
	rest = (struct text){ (const char *)data + 1, size - 1 };
	take_name(&rest, address);
	take_name(&rest, name);
	owner.address = text_of(address);
	const struct password_policy *policy = &password_profiles[data[0] % password_profile_count];
	password_judge(policy, &owner, rest, &verdict);
	password_judge_rules(policy, &owner, rest, &by_rules);
	look(&verdict, policy);
	/* what the rules say is said, and zxcvbn is not asked then */
	if (by_rules.count && (verdict.count != by_rules.count || verdict.bits >= 0))
		abort();
	return 0;
}

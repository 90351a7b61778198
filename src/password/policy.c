/* SPDX-License-Identifier: Apache-2.0 */
#include "password/policy.h"

#include "password/rules.h"
#include "password/strength.h"

const char *const password_fault_names[PASSWORD_FAULTS] = {
	"bytes", "short", "long", "classes", "only_digits", "repeats", "row", "word", "word_digits", "of_address", "of_names", "mixture", "former",
	"breached", "guessed",
};

enum { BASIC_MOST = 15, MOST = 72 /* of more BLF-CRYPT looks at the beginning alone */ };

/* bits: what is guessed at a server, or in a stolen list of slow hashes, stays out of reach; random ones pass with a wide margin */
const struct password_policy password_profiles[] = {
	{ .profile = "basic", .least = 8, .most = BASIC_MOST, .symbols = "-.,", .bits = 30 },
	{ .profile = "long", .least = 20, .most = MOST, .bits = 34 },
	{ .profile = "four", .least = 8, .most = MOST, .classes = 4, .bits = 30 },
};

const size_t password_profile_count = sizeof password_profiles / sizeof *password_profiles;

const struct password_policy *password_profile_find(struct text name)
{
	for (size_t i = 0; i < password_profile_count; i++)
		if (text_is(name, text_of(password_profiles[i].profile)))
			return &password_profiles[i];
	return NULL;
}

/* ---- judging */

static void object(struct password_verdict *verdict, enum password_fault fault, unsigned number)
{
	verdict->objections[verdict->count++] = (struct password_objection){ fault, number };
}

static void ask_rules(const struct reading *reading, struct password_verdict *verdict)
{
	bool known = false;

	for (size_t i = 0; i < password_rule_count; i++) {
		const struct password_rule *rule = &password_rules[i];
		unsigned number = 0;

		if ((rule->kind == RULE_KNOWN && known) || !rule->breaks(reading, &number))
			continue;
		known = known || rule->kind != RULE_SHAPE;
		object(verdict, rule->fault, number);
	}
}

static void ask_strength(const struct reading *reading, struct password_verdict *verdict)
{
	struct strength strength = strength_of(reading->text, reading->letters, &reading->tokens);

	verdict->bits = strength.bits;
	if (strength.word)
		object(verdict, strength.bare ? PASSWORD_WORD : PASSWORD_WORD_DIGITS, 0);
	else if (strength.bits < reading->policy->bits)
		object(verdict, PASSWORD_GUESSED, 0);
}

/* what takes longer: each only where nothing has been said before */
static void ask_further(const struct reading *reading, struct password_verdict *verdict)
{
	const struct password_policy *policy = reading->policy;

	if (policy->breached && breached_has(policy->breached, reading->text))
		object(verdict, PASSWORD_BREACHED, 0);
	if (!verdict->count && policy->bits > 0)
		ask_strength(reading, verdict);
}

static void judge(const struct password_policy *policy, const struct password_owner *owner, struct text password, bool further,
		  struct password_verdict *verdict)
{
	struct reading reading;

	verdict->count = 0;
	verdict->bits = -1;
	reading_init(&reading, policy, owner, password);
	ask_rules(&reading, verdict);
	if (further && !verdict->count)
		ask_further(&reading, verdict);
	reading_wipe(&reading);
}

void password_judge(const struct password_policy *policy, const struct password_owner *owner, struct text password,
		    struct password_verdict *verdict)
{
	judge(policy, owner, password, true, verdict);
}

void password_judge_rules(const struct password_policy *policy, const struct password_owner *owner, struct text password,
			  struct password_verdict *verdict)
{
	judge(policy, owner, password, false, verdict);
}

void password_verdict_former(struct password_verdict *verdict)
{
	verdict->count = 0;
	object(verdict, PASSWORD_FORMER, 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/facts.h"

#include "base/i18n.h"
#include "base/memory.h"

/* name, sentence */
const struct notice_fact_row notice_facts[NOTICE_FACTS] = {
	[FACT_ACCOUNT] = { "account", N_("The account that it is about.") },
	[FACT_SERVER] = { "server", N_("The setting server_name, else the host's name.") },
	[FACT_COMPANY] = { "company", N_("The setting notice_name.") },
	[FACT_NAME] = { "name", N_("The owner's name, as the contacts have it.") },
	[FACT_PHRASE] = { "phrase", N_("The phrase that the owner chose, by which they know our notices.") },
	[FACT_PANEL] = { "panel", N_("The setting panel_name.") },
	[FACT_SUPPORT] = { "support", N_("The setting support_words.") },
	[FACT_CODE] = { "code", N_("The code of this notice, for sekisho notice verify.") },
	[FACT_AT] = { "at", N_("When the notice was written.") },
	[FACT_ADDRESS] = { "address", N_("The address to which this mail goes.") },
	[FACT_INCIDENT] = { "incident", N_("The number of the incident.") },
	[FACT_BEGAN] = { "began", N_("When it began.") },
	[FACT_MAIL] = { "mail", N_("How many messages to how many recipients.") },
	[FACT_COUNTRIES] = { "countries", N_("From which countries.") },
	[FACT_DONE] = { "done", N_("What was done, a line each.") },
	[FACT_OPEN] = { "open", N_("What is still to be done by the owner, a line each.") },
	[FACT_WHY] = { "why", N_("What speaks for it, a line each.") },
	[FACT_BITS] = { "bits", N_("How much evidence, in bits.") },
	[FACT_WHAT] = { "what", N_("To operators: what happened, in a sentence.") },
	[FACT_RELAY] = { "relay", N_("The account again, where its owner cannot be reached and the notice is to be handed on.") },
	[FACT_ONETIME] = { "onetime", N_("The code by which the owner proves who they are.") },
	[FACT_MINUTES] = { "minutes", N_("For how many minutes that code is good.") },
	[FACT_COUNT] = { "count", N_("In a summary: how many incidents.") },
	[FACT_LIST] = { "list", N_("In a summary: the incidents, a line each.") },
};

enum notice_fact notice_fact_find(struct text name)
{
	unsigned fact = 0;

	while (fact < NOTICE_FACTS && !text_is(name, text_of(notice_facts[fact].name)))
		fact++;
	return (enum notice_fact)fact;
}

static void drop(char *value)
{
	if (value)
		explicit_bzero(value, strlen(value));
	free(value);
}

void notice_fact_set(struct notice_facts *facts, enum notice_fact fact, const char *value)
{
	char *copy = value && *value ? memory_copy(value, strlen(value)) : NULL;

	drop(facts->values[fact]);
	facts->values[fact] = copy;
}

void notice_facts_done(struct notice_facts *facts)
{
	for (unsigned i = 0; i < NOTICE_FACTS; i++) {
		drop(facts->values[i]);
		facts->values[i] = NULL;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/facts.h"

#include "base/memory.h"

/* name, sentence, may it have lines? */
const struct notice_fact_row notice_facts[NOTICE_FACTS] = {
	[FACT_ACCOUNT] = { "account", "The account that it is about." },
	[FACT_SERVER] = { "server", "The setting server_name, else the host's name." },
	[FACT_COMPANY] = { "company", "The setting notice_name." },
	[FACT_NAME] = { "name", "The owner's name, as the contacts have it." },
	[FACT_PHRASE] = { "phrase", "The phrase that the owner chose, by which they know our notices." },
	[FACT_PANEL] = { "panel", "The setting panel_name." },
	[FACT_SUPPORT] = { "support", "The setting support_words.", true },
	[FACT_CODE] = { "code", "The code of this notice, for sekisho notice verify." },
	[FACT_AT] = { "at", "When the notice was written." },
	[FACT_ADDRESS] = { "address", "The address to which this mail goes." },
	[FACT_INCIDENT] = { "incident", "The number of the incident." },
	[FACT_BEGAN] = { "began", "When it began." },
	[FACT_MAIL] = { "mail", "How many messages to how many recipients." },
	[FACT_COUNTRIES] = { "countries", "From which countries." },
	[FACT_DONE] = { "done", "What was done, a line each.", true },
	[FACT_OPEN] = { "open", "What is still to be done by the owner, a line each.", true },
	[FACT_WHY] = { "why", "What speaks for it, a line each.", true },
	[FACT_BITS] = { "bits", "How much evidence, in bits." },
	[FACT_WHAT] = { "what", "To operators: what happened, in a sentence." },
	[FACT_RELAY] = { "relay", "The account again, where its owner cannot be reached and the notice is to be handed on." },
	[FACT_ONETIME] = { "onetime", "The code by which the owner proves who they are." },
	[FACT_MINUTES] = { "minutes", "For how many minutes that code is good." },
	[FACT_COUNT] = { "count", "In a summary: how many incidents." },
	[FACT_LIST] = { "list", "In a summary: the incidents, a line each.", true },
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

	/* whatever a name holds, it begins no line of its own */
	for (char *c = copy; c && *c; c++)
		if ((unsigned char)*c < ' ' && (*c != '\n' || !notice_facts[fact].lines))
			*c = ' ';
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

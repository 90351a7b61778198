/* SPDX-License-Identifier: Apache-2.0 */
/* What a notice can say: values with names, which stand in texts as {name}. The names are a contract with the operators' own texts. */
#ifndef SEKISHO_NOTICE_FACTS_H
#define SEKISHO_NOTICE_FACTS_H
#include "base/text.h"

enum notice_fact {
	FACT_ACCOUNT, FACT_SERVER, FACT_COMPANY, FACT_NAME, FACT_PHRASE, FACT_PANEL, FACT_SUPPORT, FACT_CODE, FACT_AT, FACT_ADDRESS,
	FACT_INCIDENT, FACT_BEGAN, FACT_MAIL, FACT_COUNTRIES, FACT_DONE, FACT_OPEN, FACT_WHY, FACT_BITS, FACT_WHAT, FACT_RELAY, FACT_ONETIME,
	FACT_MINUTES, FACT_COUNT, FACT_LIST,
	NOTICE_FACTS
};

struct notice_fact_row {
	const char *name;
	const char *sentence; /* for whoever writes a manual */
	bool lines;
};
extern const struct notice_fact_row notice_facts[NOTICE_FACTS];

/* a list has a line for each of its items; NULL or "": not known, or does not apply */
struct notice_facts {
	char *values[NOTICE_FACTS];
};

/* NOTICE_FACTS where there is none of that name */
enum notice_fact notice_fact_find(struct text name);
/* a copy; what was there is freed */
void notice_fact_set(struct notice_facts *facts, enum notice_fact fact, const char *value);
/* wipes and frees */
void notice_facts_done(struct notice_facts *facts);
#endif

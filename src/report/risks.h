/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts at risk, whoever noticed it: one list, an account once, the worst first, each with why in a sentence and the next step. A kind
 * of risk is a row of `risk_kinds`; whoever knows of one adds it (`account audit` has an array of those who do, cli/risk_sources.h).
 * No password and nothing of one stands in a row: a password that can be guessed is said by the class of its fault alone. */
#ifndef SEKISHO_REPORT_RISKS_H
#define SEKISHO_REPORT_RISKS_H
#include <jansson.h>

#include "password/policy.h"
#include "report/terminal.h"

enum risk {
	RISK_GUESSABLE, /* `fault` */
	RISK_SHARED,    /* another account has the same password */
	RISK_CLEAR,     /* what is stored is the password itself */
	RISK_SCHEME,    /* what is stored is quickly guessed from */
	RISK_TOO_SLOW,  /* what is stored costs too much to try */
	RISK_UNKNOWN,   /* what is stored is of no scheme that is known */
	RISK_DAMAGED,   /* what is stored is no hash */
	RISK_UNREAD,    /* what is stored could not be read */
	RISK_UNREACHED, /* no address outside the mailbox is known */
	RISK_UNUSED,    /* `at_us`: last */
	RISK_UNSEEN,    /* `at_us`: since then it was not seen; before, nobody looked */
	RISK_TRIED,     /* its name is one that guessers try */
	RISK_ROLE,      /* its name is one that several people use */
	RISKS
};

enum { RISK_SENTENCE_MAX = 512 };

/* what is known of one; fields that its kind does not look at are 0 */
struct risk_found {
	const char *account; /* normal form */
	enum risk risk;
	enum password_fault fault;
	int64_t at_us;
	uint64_t number;
};

struct risk_kind {
	const char *name; /* for programs: "guessable" */
	const char *why;  /* a sentence, N_(); NULL: `say` says it, in the reader's language */
	void (*say)(const struct risk_found *found, char sentence[RISK_SENTENCE_MAX]);
	const char *next;    /* what to do, N_() */
	const char *command; /* by which it is done, the account follows: "sekisho account reset --generate"; NULL: none */
	/* fields for programs, beside risk, why, next and command; NULL: none */
	void (*fields)(const struct risk_found *found, json_t *object);
};

/* by enum risk: the worst first */
extern const struct risk_kind risk_kinds[RISKS];

struct risks;

struct risks *risks_new(void) __attribute__((malloc, returns_nonnull, warn_unused_result));
void risks_free(struct risks *risks);
/* copies what it needs; the same account and risk is kept once, as it was told first */
void risks_add(struct risks *risks, const struct risk_found *found);
/* accounts that are in the list */
size_t risks_accounts(struct risks *risks);
/* an array: {"account", "risks": [{"risk", "why", "next", "command", …}]} */
json_t *risks_json(struct risks *risks);
void risks_show(struct risks *risks, struct terminal *terminal);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a new password has to be. One policy for everybody who asks: the owner's pages, `password check`, `account reset`, panels
 * over the socket; and, the other way round, what `account audit` tries first (password/likely.h) is what is refused here.
 *
 * Two steps: rules, which are quick, and say what is wrong in words that the owner understands; then zxcvbn (Wheeler, USENIX Security
 * 2016), which knows what guessers try, with words of ours: Japanese names and words in romaji, rows of JIS and US keyboards. What is
 * said never holds a piece of the password, only the rule, and a number of the policy.
 *
 * Nothing is kept; all memory that held a password is wiped. A policy may be used by several threads at once. */
#ifndef SEKISHO_PASSWORD_POLICY_H
#define SEKISHO_PASSWORD_POLICY_H
#include "base/error.h"
#include "base/text.h"
#include "password/breached.h"
#include "password/generate.h"

enum password_fault {
	PASSWORD_BYTES,      /* not printable ASCII, or a symbol that is not among those of the policy */
	PASSWORD_SHORT,      /* `number`: how many it takes */
	PASSWORD_LONG,       /* `number`: how many it may have */
	PASSWORD_CLASSES,    /* `number`: of how many classes it has to be */
	PASSWORD_ONLY_DIGITS,
	PASSWORD_REPEATS,    /* aaaaaaaa, abcabcabc */
	PASSWORD_ROW,        /* 1qaz2wsx, 1234qwer, abcdefgh: of a keyboard or an alphabet */
	PASSWORD_WORD,       /* of a dictionary or a name, also with 0 for o, or backwards */
	PASSWORD_WORD_DIGITS,
	PASSWORD_OF_ADDRESS, /* anything of the address or its domain, also backwards, with digits after it, with 0 for o */
	PASSWORD_OF_NAMES,   /* the same of the operator's or the company's names */
	PASSWORD_MIXTURE,    /* of these, one after another */
	PASSWORD_FORMER,     /* was used before: password_verdict_former */
	PASSWORD_BREACHED,   /* in the list of known ones */
	PASSWORD_GUESSED,    /* zxcvbn finds it in too few guesses */
	PASSWORD_FAULTS
};
/* for programs: "short", "only_digits", … */
extern const char *const password_fault_names[PASSWORD_FAULTS];

struct password_policy {
	const char *profile;    /* "basic", "long", "four"; a row of password_profiles */
	unsigned least, most;   /* characters; `most` at most PASSWORD_MAX */
	unsigned classes;       /* of so many of the four (enum password_class) it has to have at least one each */
	const char *symbols;    /* that may be used; NULL: every printable one, and the blank */
	double bits;            /* by zxcvbn, at least; 0: not asked */
	const struct breached *breached; /* borrowed; NULL: none */
	bool breached_away; /* there should be one, but it cannot be opened: it is not asked, and answers say so */
	const char *const *names;        /* the operator's, besides the owner's; borrowed, ends with NULL; NULL: none */
};

/* ready ones: 8 to 15 with - . ,   20 and more   four classes with 8 and more */
extern const struct password_policy password_profiles[];
extern const size_t password_profile_count;
const struct password_policy *password_profile_find(struct text name);

/* whose it is to be; all borrowed, and may be empty */
struct password_owner {
	struct text address;
	const char *const *names; /* company, person; ends with NULL */
};

struct password_objection {
	enum password_fault fault;
	unsigned number;
};

struct password_verdict {
	struct password_objection objections[PASSWORD_FAULTS]; /* each fault at most once; what is to be mended first stands first */
	size_t count;                                          /* 0: it may be used */
	double bits; /* by zxcvbn; -1: not asked, for a rule had refused it or the policy asks for none */
};

/* the verdict, also where the password is hostile: of any bytes, any length */
void password_judge(const struct password_policy *policy, const struct password_owner *owner, struct text password,
		    struct password_verdict *verdict);
/* the rules alone */
void password_judge_rules(const struct password_policy *policy, const struct password_owner *owner, struct text password,
			  struct password_verdict *verdict);

/* Of a password that was good as far as it can be judged here: whoever keeps the hashes (sekisho-passdb(8), KEYS_FORMER) was asked next, when
 * it was to be set, and refused it. */
void password_verdict_former(struct password_verdict *verdict);

enum { PASSWORD_SENTENCE_MAX = 400 };
/* Why not, and how to mend it, in the reader's language; `policy` is looked at for PASSWORD_BYTES alone. */
void password_objection_why(const struct password_objection *objection, const struct password_policy *policy,
			    char sentence[PASSWORD_SENTENCE_MAX]);
void password_objection_mend(const struct password_objection *objection, const struct password_policy *policy,
			     char sentence[PASSWORD_SENTENCE_MAX]);
/* what the policy asks for, in sentences, before anybody types; returns how many of `sentences` were written */
enum { PASSWORD_DEMANDS_MAX = 8 };
size_t password_policy_demands(const struct password_policy *policy, char sentences[PASSWORD_DEMANDS_MAX][PASSWORD_SENTENCE_MAX]);
/* by which a password is made that the policy accepts (password_generate) */
struct password_recipe password_policy_recipe(const struct password_policy *policy);
/* a random one that the policy accepts for this owner; `plain`: without what is easily taken for something else, in any case */
bool password_policy_generate(const struct password_policy *policy, const struct password_owner *owner, bool plain, struct password_made *made,
			      struct error *error) __attribute__((warn_unused_result));
#endif

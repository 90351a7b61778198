/* SPDX-License-Identifier: Apache-2.0 */
/* The quick rules of the policy: one row, one function each, asked in the order in which a person mends what is wrong. */
#ifndef SEKISHO_PASSWORD_RULES_H
#define SEKISHO_PASSWORD_RULES_H
#include "password/cover.h"
#include "password/policy.h"

/* a password as the rules look at it; wiped by reading_wipe */
struct reading {
	const struct password_policy *policy;
	struct text text;       /* at most PASSWORD_MAX characters of it */
	size_t length;          /* all of it */
	unsigned classes;       /* enum password_class */
	bool foreign;           /* something in it is not allowed */
	struct letter letters[PASSWORD_MAX];
	char small[PASSWORD_MAX]; /* without capitals */
	struct {                  /* s1a2k3u4r5a6: the letters alone, where something stands between them and they are most of it */
		struct letter letters[PASSWORD_MAX];
		char text[PASSWORD_MAX];
		size_t n;
	} inner;
	struct {                  /* t.a.n.a.k.a.9: without the symbols, where these are no more than half of it; else empty */
		struct letter letters[PASSWORD_MAX];
		char text[PASSWORD_MAX];
		size_t n;
	} bare;
	struct tokens tokens;
	struct cover cover; /* of the text, or of what is bare of symbols: the cheaper one */
	unsigned holds; /* COVER_ADDRESS, COVER_NAME: a piece of these stands in it that may not stand anywhere */
};

void reading_init(struct reading *reading, const struct password_policy *policy, const struct password_owner *owner, struct text password);
void reading_wipe(struct reading *reading);

enum password_rule_kind {
	RULE_SHAPE,
	RULE_WHOSE, /* a guesser knows it, for it knows the owner */
	RULE_KNOWN, /* a guesser knows it: not asked where that has been said in other words */
};

struct password_rule {
	enum password_fault fault;
	enum password_rule_kind kind;
	/* `number` is zero before */
	bool (*breaks)(const struct reading *reading, unsigned *number);
};

extern const struct password_rule password_rules[];
extern const size_t password_rule_count;
#endif

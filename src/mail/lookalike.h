/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts that are made to be taken for others: characters that look the same (UTS 39, and rn for m, 0 for o, 1 for l), one letter off,
 * an official name or label as a part of another name, scripts mixed within a label. Compared are labels. */
#ifndef SEKISHO_MAIL_LOOKALIKE_H
#define SEKISHO_MAIL_LOOKALIKE_H
#include "base/arena.h"

struct phishing_rules;

enum lookalike_kind {
	LOOKALIKE_NONE,
	LOOKALIKE_PART,       /* the label with something before or behind it: example-login.com */
	LOOKALIKE_BELOW,      /* the label in front of another's domain: example.evil.com */
	LOOKALIKE_ENDING,     /* the label under another ending: example.xyz */
	LOOKALIKE_NEAR,       /* one letter off */
	LOOKALIKE_WHOLE,      /* the official name in front of another's domain: example.ne.jp.evil.com */
	LOOKALIKE_CONFUSABLE, /* other characters that look the same */
};

struct lookalike {
	enum lookalike_kind kind;
	float bits;
	int brand;
	struct text label; /* what it imitates */
	bool mixed;        /* scripts are mixed within a label as no language does */
};

void lookalike_judge(const struct phishing_rules *rules, struct arena *arena, struct text host, struct text site, struct lookalike *lookalike);
/* what ASCII letters look like to a hasty reader: 0 as o, 1 and i as l, rn as m, … ; equal results look alike */
struct text lookalike_fold(struct arena *arena, struct text text);
/* a bit for each letter that stands in the text: a text that lacks one of another's does not hold it */
uint32_t lookalike_letters(struct text text);
/* a word in which Latin letters are mixed with Greek or Cyrillic ones that look like them: what it looks like, in small ASCII letters */
bool lookalike_word(const struct phishing_rules *rules, struct arena *arena, struct text word, struct text *looks);
#endif

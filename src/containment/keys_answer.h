/* SPDX-License-Identifier: Apache-2.0 */
/* One line that the passwords' helper says (containment/keys.h). */
#ifndef SEKISHO_CONTAINMENT_KEYS_ANSWER_H
#define SEKISHO_CONTAINMENT_KEYS_ANSWER_H
#include "containment/keys.h"

struct keys_answer {
	struct text account; /* "-" where the helper does not name it */
	enum keys_result result;
	struct text says; /* the fingerprint, without "-"; or a sentence */
	char account_room[KEYS_LINE_MAX], says_room[KEYS_LINE_MAX];
};

/* `ok A PRINT`, `no A absent|cannot|failed|former SENTENCE` */
bool keys_answer_parse(struct text line, struct keys_answer *answer) __attribute__((warn_unused_result));
/* `account A …` */
bool keys_account_parse(struct text line, char room[KEYS_LINE_MAX], struct text *account) __attribute__((warn_unused_result));
#endif

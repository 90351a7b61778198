/* SPDX-License-Identifier: Apache-2.0 */
/* What doveadm's HTTP API answers: a list, an element for each command, with the tag that the command came with,
 *
 *   ["doveadmResponse", [ROW…], TAG]      ["error", {"type": …, "exitCode": …}, TAG]
 *
 * Dovecot 2.3 leaves out the comma before some errors, and closes the list of rows after the first row where there are several; both are
 * read all the same. */
#ifndef SEKISHO_CONTAINMENT_DOVECOT_ANSWER_H
#define SEKISHO_CONTAINMENT_DOVECOT_ANSWER_H
#include <jansson.h>

#include "base/error.h"
#include "base/text.h"

enum { DOVECOT_FAULT_MAX = 64, DOVECOT_EXIT_NOBODY = 68 /* kick: no such session */ };

struct dovecot_reply {
	const char *tag;
	bool failed;
	char fault[DOVECOT_FAULT_MAX]; /* its type, made plain */
	int exit_code;                 /* 0 where it has none */
	const json_t *value;           /* the whole element; good for the call */
};

/* `each` for every element that is one, in order; false where the body is no such list: what came before was told */
bool dovecot_answer_each(struct text body, void (*each)(void *context, const struct dovecot_reply *reply), void *context,
			 struct error *error) __attribute__((warn_unused_result));

/* of the answer to `who`: sessions of that user, capital letters or not, and of others whom the mask named too */
void dovecot_reply_sessions(const struct dovecot_reply *reply, struct text user, uint32_t *own, uint32_t *others);
/* how many rows have this field; their numbers together, where they are some */
uint32_t dovecot_reply_rows(const struct dovecot_reply *reply, const char *field);
uint32_t dovecot_reply_number(const struct dovecot_reply *reply, const char *field);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What panels and plug-ins ask about passwords, and what they are told: one JSON object a line (RFC 8259) each way.
 *
 *   {"account":"alice@example.org","password":"1234qwer","names":["Alice Adams"],"language":"ja"}
 *     {"good":false,"bits":null,"objections":[{"fault":"row","why":"…","mend":"…"}]}
 *     with "not_asked":["breached"] where the list of breached passwords should have been asked, but cannot be read
 *   {"generate":true,"account":"…","names":[…]}
 *     {"password":"…","bits":84.1}        that is good for this account
 *   {"demands":true,"language":"en"}
 *     {"profile":"basic","least":8,"most":15,"demands":["8 to 15 characters.",…]}    to be shown before anybody types
 *   anything else
 *     {"error":"…"}
 *
 * Fields that are not known are passed over. `bits` is null where a rule spoke first. Nothing of a password stands in an answer about
 * one, and nothing at all of a question in an error. A question holds secrets: whoever has one wipes it. */
#ifndef SEKISHO_GATE_PASSWORD_QUESTION_H
#define SEKISHO_GATE_PASSWORD_QUESTION_H
#include "password/policy.h"

enum {
	PASSWORD_QUESTION_MAX = 8192, /* bytes of a line */
	PASSWORD_QUESTION_NAMES_MAX = 16,
};

enum password_question_kind { QUESTION_CHECK, QUESTION_GENERATE, QUESTION_DEMANDS };

struct password_question {
	enum password_question_kind kind;
	struct text account, password;
	const char *names[PASSWORD_QUESTION_NAMES_MAX + 1]; /* ends with NULL */
	char language[3];                                   /* "ja", "en"; "": the usual */
	char texts[PASSWORD_QUESTION_MAX + PASSWORD_QUESTION_NAMES_MAX]; /* where all of these stand */
};

/* false with a sentence for who asked */
bool password_question_read(struct password_question *question, struct text line, struct error *error) __attribute__((warn_unused_result));
void password_question_wipe(struct password_question *question);

struct password_reply {
	struct password_verdict verdict; /* of QUESTION_CHECK */
	struct password_made made;       /* of QUESTION_GENERATE */
	bool failed;
	struct error why;
};

/* what takes its time; on any thread */
void password_question_answer(const struct password_question *question, const struct password_policy *policy, struct password_reply *reply);
/* As a line, in the language that is set; the caller wipes and frees it. */
char *password_reply_line(const struct password_question *question, const struct password_policy *policy, const struct password_reply *reply);
char *password_error_line(const struct error *error);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* One line of those who ask the helper (containment/queue.h has the words). Whatever comes is taken to be hostile: a verb is
 * one of five, an id is made of the bytes that Postfix makes ids of, a time is digits, one blank stands between, and
 * nothing else may be there. So no line can name all messages, an option of a program, a path, or a second line. */
#ifndef SEKISHO_HELPER_REQUEST_H
#define SEKISHO_HELPER_REQUEST_H
#include "base/text.h"

enum { REQUEST_ID_LEAST = 6, REQUEST_ID_MAX = 32, REQUEST_LINE_MAX = 128 }; /* the second with its NUL */
#define REQUEST_T_MAX 4294967295u /* seconds: the year 2106 */

enum request_verb { REQUEST_RELEASE, REQUEST_HOLD, REQUEST_DELETE, REQUEST_LIST, REQUEST_PING, REQUEST_FAULTY };

struct request {
	enum request_verb verb;
	char id[REQUEST_ID_MAX]; /* empty for list and ping */
	int64_t t_s;             /* 0: not checked */
	const char *fault;       /* of REQUEST_FAULTY: "verb", "id" or "time" */
};

/* `line` without its line end */
struct request request_parse(struct text line);
/* short ids of Postfix are hexadecimal, in capitals; long ones have ten and more digits and letters */
bool request_id_is_sound(struct text id);
#endif

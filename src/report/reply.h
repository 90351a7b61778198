/* SPDX-License-Identifier: Apache-2.0 */
/* The answers of `judge`, as JSON Lines, gathered until somebody takes them. */
#ifndef SEKISHO_REPORT_REPLY_H
#define SEKISHO_REPORT_REPLY_H
#include "engine/guard.h"

struct reply {
	char *bytes;
	size_t n, room;
};

void reply_done(struct reply *reply);
/* {"verdict":…} with what else there is to say of this event; `account`: the name of the answer's account */
void reply_answer(struct reply *reply, const struct guard_answer *answer, const struct guard *guard, struct text account,
		  const struct event *event);
/* {"error":"…","line":n} */
void reply_error(struct reply *reply, uint64_t line, const char *why);
/* what was gathered; good until the next call, which begins anew */
struct text reply_take(struct reply *reply);
#endif

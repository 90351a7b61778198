/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked is done and answered, a request a turn (helper/server.h), so that a slow back end is shared by all who ask: each of its
 * steps ends within `patience_s`, and a request has three at most; a renewal has PASSDB_COMPARE_S more. Every change, and what was refused,
 * is written down on standard error, a line each: who, what, how it went; no secret. */
#ifndef SEKISHO_PASSDB_ANSWER_H
#define SEKISHO_PASSDB_ANSWER_H
#include "helper/reply.h"
#include "passdb/audit_child.h"

struct answering {
	struct passdb *passdb;
	struct audit_child audit;
};

/* for a service of helper/server.h, with a struct answering as its context */
size_t answer_request(void *answering, struct text lines, struct reply *reply);
#endif

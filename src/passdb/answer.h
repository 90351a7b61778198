/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked is done and answered, a request a turn (helper/server.h), so that a slow back end is shared by all who ask: each of its
 * steps ends within `patience_s`, and a request has three at most. Every change, and what was refused, is written down on standard
 * error, a line each: who, what, how it went; no secret. */
#ifndef SEKISHO_PASSDB_ANSWER_H
#define SEKISHO_PASSDB_ANSWER_H
#include "helper/reply.h"
#include "passdb/passdb.h"

/* for a service of helper/server.h, with a struct passdb as its context */
size_t answer_request(void *passdb, struct text lines, struct reply *reply);
#endif

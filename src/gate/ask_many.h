/* SPDX-License-Identifier: Apache-2.0 */
/* Many questions to the control socket: some connections side by side, one question on each at a time, so that what waits for
 * the daemon's disk waits together. Each question is answered once. One thread. */
#ifndef SEKISHO_GATE_ASK_MANY_H
#define SEKISHO_GATE_ASK_MANY_H
#include "gate/ask.h"

enum { ASK_LINES = 16 };

struct ask_many;

/* `answer` is good for the call, NULL where there is none; then *error says why */
typedef void ask_heard(void *context, void *ticket, enum ask_result result, json_t *answer, const struct error *error);

/* One connection is made at once: ASK_ANSWERED where somebody is there, else ASK_AWAY or ASK_NO with the reason. */
enum ask_result ask_many_open(const char *socket_path, struct ask_many **many, struct error *error)
	__attribute__((warn_unused_result));
/* NULL is fine */
void ask_many_close(struct ask_many *many);
/* how many questions can be put now */
size_t ask_many_room(const struct ask_many *many);
/* takes the request; there must be room */
void ask_many_put(struct ask_many *many, json_t *request, void *ticket);
/* waits for answers, at most so long; where nothing was asked it only waits. A signal ends the waiting. */
void ask_many_hear(struct ask_many *many, int wait_ms, ask_heard *heard, void *context);
#endif

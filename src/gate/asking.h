/* SPDX-License-Identifier: Apache-2.0 */
/* Many questions to the control socket: some connections side by side, one question on each at a time, so that what waits for
 * the daemon's disk waits together. Each question is answered once. One thread. */
#ifndef SEKISHO_GATE_ASKING_H
#define SEKISHO_GATE_ASKING_H
#include "gate/ask.h"

enum { ASKING_LINES = 16 };

struct asking;

/* `answer` is good for the call, NULL where there is none; then *error says why */
typedef void asking_heard(void *context, void *ticket, enum ask_result result, json_t *answer, const struct error *error);

/* One connection is made at once: ASK_ANSWERED where somebody is there, else ASK_AWAY or ASK_NO with the reason. */
enum ask_result asking_open(const char *socket_path, struct asking **asking, struct error *error)
	__attribute__((warn_unused_result));
/* NULL is fine */
void asking_close(struct asking *asking);
/* how many questions can be put now */
size_t asking_room(const struct asking *asking);
/* takes the request; there must be room */
void asking_put(struct asking *asking, json_t *request, void *ticket);
/* waits for answers, at most so long; where nothing was asked it only waits. A signal ends the waiting. */
void asking_hear(struct asking *asking, int wait_ms, asking_heard *heard, void *context);
#endif

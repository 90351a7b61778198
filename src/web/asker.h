/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the daemon (gate/control.h) from a loop that must not wait: a connection each, ASKER_AT_ONCE at a time, ASKER_WAITING_MAX
 * in line beyond which nothing more should be asked; each is answered once, ASK_AWAY after ASKER_PATIENCE_MS. What was sent is wiped. One thread. */
#ifndef SEKISHO_WEB_ASKER_H
#define SEKISHO_WEB_ASKER_H
#include <uv.h>

#include "gate/ask.h"

enum { ASKER_AT_ONCE = 24, ASKER_WAITING_MAX = 512, ASKER_PATIENCE_MS = 15 * 1000, ASKER_ANSWER_MAX = 1 << 20 };

struct asker;

/* `answer` is good for the call, NULL where there is none; then *error says why */
typedef void asker_heard(void *ticket, enum ask_result result, const json_t *answer, const struct error *error);

/* `socket_path` outlives it */
struct asker *asker_new(uv_loop_t *loop, const char *socket_path);
/* is the line too long for one more? */
bool asker_is_full(const struct asker *asker);
/* Takes the request. `heard` is called from the loop, never from within. */
void asker_ask(struct asker *asker, json_t *request, asker_heard *heard, void *ticket);
/* tells nobody any more; frees itself once the loop has run. NULL is fine. */
void asker_close(struct asker *asker);
#endif

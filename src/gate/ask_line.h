/* SPDX-License-Identifier: Apache-2.0 */
/* What the two asking sides of the control socket share: ask.c, which asks once, and ask_many.c, which asks much. */
#ifndef SEKISHO_GATE_ASK_LINE_H
#define SEKISHO_GATE_ASK_LINE_H
#include "gate/ask.h"

enum { ASK_NOT_ALLOWED = -2 };

/* the descriptor; -1: nobody is there, ASK_NOT_ALLOWED: the file system keeps us out; both with the reason in *error */
int ask_connect(const char *path, struct error *error);
/* what a line of the daemon means; `line` NULL: it did not answer */
enum ask_result ask_understand(const char *path, const char *line, size_t n, json_t **answer, struct error *error);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The real helper beside a queue folder without Postfix: its postsuper and postqueue are scripts that move files as the real
 * ones do, and write down how they were called. The real ones are in tests/rig/queue_check.py. */
#ifndef SEKISHO_TESTS_QUEUE_RIG_H
#define SEKISHO_TESTS_QUEUE_RIG_H
#include <sys/types.h>

#include "base/text.h"

struct queue_rig {
	char folder[64], socket[96];
	pid_t helper; /* 0: none */
};

void queue_rig_begin(struct queue_rig *rig);
void queue_rig_end(struct queue_rig *rig);
void queue_rig_start(struct queue_rig *rig); /* returns when the helper listens */
void queue_rig_kill(struct queue_rig *rig);
/* a message of that sender in a queue ("hold"), or "deferred/2" for a hashed one */
void queue_rig_put(const struct queue_rig *rig, const char *place, const char *id, int64_t arrival_s, const char *sender);
bool queue_rig_has(const struct queue_rig *rig, const char *place, const char *id);
/* replaces one of the files below the folder ("postsuper", "queue.conf") */
void queue_rig_write(const struct queue_rig *rig, const char *name, const char *bytes, unsigned mode);
/* everything that the programs were told: words, then standard input; freed by the caller */
char *queue_rig_said(const struct queue_rig *rig);
int queue_rig_dial(const struct queue_rig *rig); /* a connection; -1: nobody listens */
/* one connection: says this, hears all until the end of lines that wanted so many, or until the helper hangs up */
char *queue_rig_ask(const struct queue_rig *rig, struct text said, size_t lines);
#endif

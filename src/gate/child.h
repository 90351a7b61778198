/* SPDX-License-Identifier: Apache-2.0 */
/* A program of ours that is kept running beside the daemon, for it has to do with strangers or with secrets: it asks the daemon over the
 * control socket like any other. One that ends is started again after a second, then after twice as long each time, up to
 * CHILD_LATEST_US; one that ran for CHILD_STEADY_US counts as sound again. Each end is said.
 *
 * Its standard input is a leash: a socket on which nothing is ever said, and whose other end the daemon holds. Where it ends the daemon is
 * gone, also by kill -9, and the child has to go too, so that its successor finds the door free: see child_leash. Standard output and
 * error are the daemon's. One thread. */
#ifndef SEKISHO_GATE_CHILD_H
#define SEKISHO_GATE_CHILD_H
#include <uv.h>

#include "base/when.h"

enum { CHILD_WORDS_MAX = 8 };
#define CHILD_FIRST_US SECOND_US
#define CHILD_LATEST_US MINUTE_US
#define CHILD_STEADY_US MINUTE_US
/* so long one that was asked to end may take, before it is killed */
#define CHILD_PATIENCE_US (3 * SECOND_US)

struct child;

/* Starts it: `program` (absolute) with these words, words[0] among them, at most CHILD_WORDS_MAX and a NULL behind them; all is copied.
 * One that cannot be started now is tried again like one that ended. */
struct child *child_new(uv_loop_t *loop, const char *program, const char *const *words) __attribute__((warn_unused_result));
/* 0 while it is not running */
int child_pid(const struct child *child);
/* Ends it, and waits until it has ended, CHILD_PATIENCE_US at most. Frees itself once the loop has run. NULL is fine. */
void child_close(struct child *child);

/* for the child itself: the descriptor that becomes readable once the daemon is gone; -1 where nobody holds one, for it runs alone */
int child_leash(void);
#endif

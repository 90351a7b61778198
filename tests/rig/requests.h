/* SPDX-License-Identifier: Apache-2.0 */
/* What the rig's tools are asked: each line of the standard input is a request, and the tool is over once the input has ended and each
 * was answered. One a program. */
#ifndef SEKISHO_TESTS_RIG_REQUESTS_H
#define SEKISHO_TESTS_RIG_REQUESTS_H
#include <uv.h>

#include "base/text.h"

/* Runs the loop until nothing is left to hear. `ask` is told each line without its end, `over` closes what the tool has opened on
 * the loop. The program's exit status. */
int requests_run(uv_loop_t *loop, void (*ask)(struct text line), void (*over)(void));
/* one of them was, and what there is to say is printed */
void requests_answered(void);
#endif

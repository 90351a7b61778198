/* SPDX-License-Identifier: Apache-2.0 */
/* Ctrl-C asks to stop between two accounts; a second one ends the command. */
#ifndef SEKISHO_CLI_HAND_STOP_H
#define SEKISHO_CLI_HAND_STOP_H
#include <stdbool.h>

/* from now on SIGINT and SIGTERM are only noted */
void hand_stop_watch(void);
bool hand_stop(void);
#endif

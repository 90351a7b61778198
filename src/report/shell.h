/* SPDX-License-Identifier: Apache-2.0 */
/* Words for a shell's command line, of names that come from outside. */
#ifndef SEKISHO_REPORT_SHELL_H
#define SEKISHO_REPORT_SHELL_H
#include <stdio.h>

/* the whole name as exactly one word: '…', or $'…' with octal escapes where it could not be shown as it is */
void shell_word(FILE *to, const char *name);
/* the same behind "-- " where a program would take the name for an option */
void shell_operand(FILE *to, const char *name);
#endif

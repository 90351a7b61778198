/* SPDX-License-Identifier: Apache-2.0 */
/* A password from a person or from a program: never an argument, never echoed. */
#ifndef SEKISHO_CLI_SECRET_H
#define SEKISHO_CLI_SECRET_H
#include "base/error.h"
#include "password/hash.h"

struct secret {
	char text[PASSWORD_MAX + 1];
};

/* from now on this process leaves no core, and nobody may look into it */
void secret_guard(void);
/* the first line of the standard input */
bool secret_read_input(struct secret *secret, struct error *error) __attribute__((warn_unused_result));
/* from the terminal: a new one, twice */
bool secret_ask(struct secret *secret, struct error *error) __attribute__((warn_unused_result));
/* from the terminal, once: one that is only looked at */
bool secret_ask_once(struct secret *secret, struct error *error) __attribute__((warn_unused_result));
void secret_wipe(struct secret *secret);
#endif

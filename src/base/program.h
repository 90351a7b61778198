/* SPDX-License-Identifier: Apache-2.0 */
/* Runs another program and waits for it: by its absolute path, never through a shell, with PATH, LC_ALL and what is named
 * as its environment, the root as its folder, signals as at birth, and no descriptor but the first three. */
#ifndef SEKISHO_BASE_PROGRAM_H
#define SEKISHO_BASE_PROGRAM_H
#include <stdint.h>

#include "base/error.h"

struct program {
	const char *const *words;       /* ends with NULL; words[0] is the path */
	const char *const *environment; /* "NAME=value" beside PATH and LC_ALL, ends with NULL; NULL: none */
	int input, output;              /* descriptors, or -1 for /dev/null, where its standard error goes */
	int stop;                       /* it is killed as soon as this descriptor is readable; -1: none */
	int64_t patience_us;            /* it is killed after that */
	int *status;                    /* where to put its exit status, if it ended by itself; NULL: nowhere */
};

/* true where it ended with status 0 */
bool program_run(const struct program *program, struct error *error) __attribute__((warn_unused_result));
#endif

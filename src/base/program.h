/* SPDX-License-Identifier: Apache-2.0 */
/* Runs another program and waits for it: by its absolute path, never through a shell, with PATH and LC_ALL as its whole
 * environment, the root as its folder, signals as at birth, and no descriptor but the first three. */
#ifndef SEKISHO_BASE_PROGRAM_H
#define SEKISHO_BASE_PROGRAM_H
#include <stdint.h>

#include "base/error.h"

/* `words` ends with NULL, and words[0] is the path. `input` and `output` are descriptors, or -1 for /dev/null, where its
 * standard error goes. True where it ended with status 0; who runs longer than `patience_us` is killed. */
bool program_run(const char *const *words, int input, int output, int64_t patience_us, struct error *error)
	__attribute__((warn_unused_result));
#endif

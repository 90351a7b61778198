/* SPDX-License-Identifier: Apache-2.0 */
/* Why something could not be done: one sentence, lower case, what failed first, the name quoted.
 * The caller owns the struct; it is written only on failure. */
#ifndef SEKISHO_BASE_ERROR_H
#define SEKISHO_BASE_ERROR_H
#include <stdbool.h>

struct error {
	char text[512];
};

/* always false, so that `return error_set(…);` reads well; a NULL error is fine */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a password is one of those before. Hashes may be of any cost, so they are compared by a process of its own, a child that shares
 * nothing but one byte with the helper, and is killed when its time is over. All are compared, so that the time does not tell which it was. */
#ifndef SEKISHO_PASSDB_COMPARE_H
#define SEKISHO_PASSDB_COMPARE_H
#include "passdb/former.h"

/* false with a sentence where that cannot be told: the time was over, or no process could be had. `usual`: password_matches. */
bool compare_with_past(struct text password, const struct former_past *past, const struct password_scheme *usual, int64_t patience_us,
		       bool *found, struct error *error) __attribute__((warn_unused_result));
#endif

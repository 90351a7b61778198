/* SPDX-License-Identifier: Apache-2.0 */
/* `name=value name='a value with \' and \\'`, as libpq writes its conninfo strings. No value is ever quoted in an error. */
#ifndef SEKISHO_PASSDB_PAIRS_H
#define SEKISHO_PASSDB_PAIRS_H
#include "base/error.h"
#include "base/text.h"

enum { PAIRS_VALUE_MAX = 512 };

/* `take` gets each pair in its order, the value terminated; its buffer is wiped afterwards. False as soon as `take` says so, or
 * where the text is none of this kind. */
bool pairs_read(struct text from, bool (*take)(void *context, struct text name, const char *value, struct error *error), void *context,
		struct error *error) __attribute__((warn_unused_result));
#endif

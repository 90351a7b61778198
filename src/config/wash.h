/* SPDX-License-Identifier: Apache-2.0 */
/* What stands between a settings file and libconfuse 3.3, which would put variables of the environment into values,
 * drops characters that it does not know without a word, miscounts lines after comments, and lets a missing quote
 * swallow the rest of the file. Comments become blanks in place, so lines keep their numbers; the rest is refused. */
#ifndef SEKISHO_CONFIG_WASH_H
#define SEKISHO_CONFIG_WASH_H
#include "base/error.h"
#include "base/text.h"

/* false: *line (from 1) is where the fault is, and the reason is in *why */
bool config_wash(char *file, size_t bytes, uint32_t *line, struct error *why) __attribute__((warn_unused_result));
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A file that a setting names and that holds a secret: a key on its first line, or a name and a password on two. Where everybody on the
 * machine may read it, that is said in the log. */
#ifndef SEKISHO_CONFIG_SECRET_LINES_H
#define SEKISHO_CONFIG_SECRET_LINES_H
#include <stddef.h>

#include "config/config.h"

enum { SECRET_LINE_MAX = 520 };

/* Each into `room` bytes, at most SECRET_LINE_MAX; `second` NULL: only the first is wanted. Whoever asks wipes them. */
bool secret_lines_read(const char *path, char *first, char *second, size_t room, struct error *error) __attribute__((warn_unused_result));
/* the key in the file that `setting` names; a fault names the setting's line */
bool secret_key_read(const struct config *config, const char *setting, const char *path, char *key, size_t room, struct error *error)
	__attribute__((warn_unused_result));
#endif

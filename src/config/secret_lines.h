/* SPDX-License-Identifier: Apache-2.0 */
/* A file that a setting names and that holds a secret: a key on its first line, or a name and a password on two. */
#ifndef SEKISHO_CONFIG_SECRET_LINES_H
#define SEKISHO_CONFIG_SECRET_LINES_H
#include <stddef.h>

#include "base/error.h"

enum { SECRET_LINE_MAX = 512 };

/* Each into `room` bytes, at most SECRET_LINE_MAX; `second` NULL: only the first is wanted. Whoever asks wipes them. */
bool secret_lines_read(const char *path, char *first, char *second, size_t room, struct error *error) __attribute__((warn_unused_result));
#endif

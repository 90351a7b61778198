/* SPDX-License-Identifier: Apache-2.0 */
/* The thousand or so passwords that are used most, as they are typed, the most used first, none twice. */
#ifndef SEKISHO_PASSWORD_MOST_USED_H
#define SEKISHO_PASSWORD_MOST_USED_H
#include <stddef.h>

enum { PASSWORD_MOST_USED_MAX = 20 }; /* bytes of one */

extern const char *const password_most_used[];
extern const size_t password_most_used_count;
#endif

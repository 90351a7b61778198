/* SPDX-License-Identifier: Apache-2.0 */
/* The words of which passwords are made: 3 to PASSWORD_WORD_MAX small letters each, sorted, none twice. */
#ifndef SEKISHO_PASSWORD_WORDS_H
#define SEKISHO_PASSWORD_WORDS_H
#include <stddef.h>

enum { PASSWORD_WORD_MAX = 7 };

extern const char *const password_words[];
extern const size_t password_word_count;
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What comes of running a finger over a keyboard: rows, columns and slants of US and JIS boards, zigzags (1q2w3e4r), the number pad, and the
 * alphabet; each forwards and backwards, with Shift or without. */
#ifndef SEKISHO_PASSWORD_KEYBOARDS_H
#define SEKISHO_PASSWORD_KEYBOARDS_H
#include "base/text.h"

/* how many characters from `at` on are one run: at least 1 where there is one */
size_t keyboard_run(struct text text, size_t at);

/* passwords made of runs, in small letters, the most likely first: 1qaz2wsx, 1234qwer, zaq12wsx */
extern const char *const keyboard_passwords[];
extern const size_t keyboard_password_count;
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* One step through text from outside, which may be no UTF-8 at all. What is not safe to show (control characters,
 * marks that turn the direction of writing, invisible ones, bytes that are no UTF-8) is shown as \xNN, byte by byte. */
#ifndef SEKISHO_REPORT_UTF8_H
#define SEKISHO_REPORT_UTF8_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_SHOWN_MAX = 17 }; /* four bytes as \xNN, and NUL */

struct utf8_step {
	size_t used;     /* bytes of the text; 0 at its end */
	uint32_t code;   /* of the character, where it is one */
	bool valid;      /* it is UTF-8 */
	bool plain;      /* it is safe to show as it is */
	unsigned columns; /* of what is shown */
	char shown[UTF8_SHOWN_MAX];
};

/* the step at `at`, which ends with NUL */
void utf8_step(const char *at, struct utf8_step *step);
/* columns of a terminal that the text takes, shown in this way */
unsigned utf8_columns(const char *text);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What people put behind a name to make it a password, the most usual first. */
#ifndef SEKISHO_PASSWORD_LIKELY_TAILS_H
#define SEKISHO_PASSWORD_LIKELY_TAILS_H
#include <stddef.h>

struct likely_tail {
	const char *pattern; /* Y is the year, y its last two digits */
	unsigned back;       /* so many years ago */
};

extern const struct likely_tail likely_tails[];
extern const size_t likely_tail_count;
#endif

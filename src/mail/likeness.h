/* SPDX-License-Identifier: Apache-2.0 */
/* How much of two texts is the same: the share of the pieces of LIKENESS_PIECE characters that stand in both, estimated from LIKENESS_LEAST
 * hashes of each (A. Broder, 1997). Blanks, digits and case of letters do not count, so that a mail that goes to many with another
 * number or name in it stays the same. Pure. */
#ifndef SEKISHO_MAIL_LIKENESS_H
#define SEKISHO_MAIL_LIKENESS_H
#include "base/text.h"

enum { LIKENESS_LEAST = 64, LIKENESS_PIECE = 4, LIKENESS_BYTES_MAX = 16 << 10 /* of a text that are looked at */ };

struct likeness {
	uint64_t least[LIKENESS_LEAST];
	bool any; /* there was at least one piece */
};

void likeness_of(struct text text, struct likeness *likeness);
/* 0 to 1; of a text without pieces 0 */
double likeness_share(const struct likeness *a, const struct likeness *b);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a password is made of, where it is made of nothing but words, pieces of the address and of names, runs over the keyboard, repetitions,
 * dates, digits and separators: of all ways to lay it out in these, the one that a guesser reaches first. Costs are half bits. */
#ifndef SEKISHO_PASSWORD_COVER_H
#define SEKISHO_PASSWORD_COVER_H
#include "password/generate.h"
#include "password/tokens.h"

enum cover_kind {
	COVER_WORD = 1,
	COVER_ROW = 2,
	COVER_ADDRESS = 4,
	COVER_NAME = 8,
	COVER_REPEAT = 16,
	COVER_DIGITS = 32,
	COVER_SEPARATOR = 64,
};

struct cover {
	bool whole;     /* nothing is left over; else the rest says nothing */
	unsigned kinds; /* enum cover_kind */
	unsigned words;
	unsigned cost;
};

/* `text`: at most PASSWORD_MAX characters, and the letters that each may stand for */
struct cover cover_of(struct text text, const struct letter *letters, const struct tokens *tokens);
#endif

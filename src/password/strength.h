/* SPDX-License-Identifier: Apache-2.0 */
/* What zxcvbn says of a password (Wheeler, USENIX Security 2016; zxcvbn-c's way of counting): how many guesses a guesser takes who knows words,
 * keyboards and dates. It knows no Japanese, so it is asked again with the words of our dictionary that stand in the password. */
#ifndef SEKISHO_PASSWORD_STRENGTH_H
#define SEKISHO_PASSWORD_STRENGTH_H
#include "password/tokens.h"

enum { STRENGTH_CHARACTERS_MAX = 64 }; /* of a longer password the beginning is looked at: its time grows with the square */

struct strength {
	double bits;
	bool word; /* all letters of it are one word of zxcvbn's, */
	bool bare; /* and there is nothing else */
};

/* `text`: printable ASCII, with the letters that each character may stand for */
struct strength strength_of(struct text text, const struct letter *letters, const struct tokens *tokens);
#endif

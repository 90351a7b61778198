/* SPDX-License-Identifier: Apache-2.0 */
/* All words of this house in one tree: English ones (words.h), Japanese ones in every spelling (words_japanese.h, romaji.h), what of the most
 * used passwords has letters alone; each forwards and backwards. Built at the first question, about 1.5 MB, never freed; several threads may
 * ask at once.
 *
 * Characters are read as a guesser does: without regard to capitals, and with 0 for o, 1 for i and l, @ for a and the like. */
#ifndef SEKISHO_PASSWORD_DICTIONARY_H
#define SEKISHO_PASSWORD_DICTIONARY_H
#include "base/text.h"

enum { DICTIONARY_LEAST = 3, DICTIONARY_MOST = 32, DICTIONARY_FOUND_MAX = 32, LETTER_NONE = 0xff };

/* which letters a character may stand for, 0 to 25 */
struct letter {
	uint8_t one, other; /* LETTER_NONE: no (other) one */
};
struct letter letter_of(char c);
/* of each character one */
void letters_read(struct text text, struct letter *letters);

struct dictionary_found {
	uint8_t length;
	bool backwards;
};

/* the words that begin at the first of `n` letters, shorter ones first */
size_t dictionary_find(const struct letter *letters, size_t n, struct dictionary_found found[DICTIONARY_FOUND_MAX]);
/* all of them are one word */
bool dictionary_has(const struct letter *letters, size_t n);
/* is it one of the most used passwords, without regard to capitals? */
bool dictionary_most_used(struct text password);
/* how many words there are to guess from, each spelling for itself */
size_t dictionary_count(void);
#endif

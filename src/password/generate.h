/* SPDX-License-Identifier: Apache-2.0 */
/* Random passwords: of characters, or of words. All that may come out are equally likely (libsodium, no modulo bias), so the
 * strength is log2 of how many there are, which is stated. Whoever asks has called sodium_init, and wipes what was made. */
#ifndef SEKISHO_PASSWORD_GENERATE_H
#define SEKISHO_PASSWORD_GENERATE_H
#include "base/error.h"
#include "password/hash.h"

enum password_class {
	PASSWORD_LOWER = 1,
	PASSWORD_UPPER = 2,
	PASSWORD_DIGITS = 4,
	PASSWORD_SYMBOLS = 8,
	PASSWORD_ALL = 15
};

enum { PASSWORD_WORDS_MAX = 24, PASSWORD_SEPARATOR_MAX = 8 };

struct password_recipe {
	unsigned words;   /* 0: characters */
	unsigned length;  /* characters; 0: as many as `bits` takes; of words: the most that may come out, 0 for any */
	double bits;      /* at least so strong */
	/* enum password_class: each of them occurs at least once. Words always have small letters; with PASSWORD_UPPER each begins with a
	 * capital, with PASSWORD_DIGITS a digit follows the last one, with PASSWORD_SYMBOLS the separator has to have a symbol. */
	unsigned classes;
	const char *symbols;   /* which symbols may be used: printable ASCII that is no letter and no digit; NULL: none */
	const char *separator; /* between words: printable ASCII without letters; NULL or "": none, which takes PASSWORD_UPPER */
	bool plain;            /* without what is easily taken for something else: 0 O o 1 l I | */
};

struct password_made {
	char text[PASSWORD_MAX + 1];
	double bits; /* its strength, rounded down to a tenth */
};

/* false with a sentence where the recipe cannot be followed: "8 characters of 10 are 26.5 bits, less than 60" */
bool password_generate(const struct password_recipe *recipe, struct password_made *made, struct error *error)
	__attribute__((warn_unused_result));
#endif

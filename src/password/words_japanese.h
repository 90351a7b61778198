/* SPDX-License-Identifier: Apache-2.0 */
/* What Japanese passwords are made of, in romaji: small letters, Hepburn with long vowels as they are typed ("shoutarou", "oono"), at
 * least three of them, none twice in its list. Whoever looks for them also wants the other spellings (password/romaji.h). */
#ifndef SEKISHO_PASSWORD_WORDS_JAPANESE_H
#define SEKISHO_PASSWORD_WORDS_JAPANESE_H
#include <stddef.h>

extern const char *const password_japanese_words[];
extern const size_t password_japanese_word_count;
extern const char *const password_japanese_places[];
extern const size_t password_japanese_place_count;
/* the most frequent ones first */
extern const char *const password_japanese_surnames[];
extern const size_t password_japanese_surname_count;
/* of women and men; those that are met most come in the first five hundred */
extern const char *const password_japanese_given_names[];
extern const size_t password_japanese_given_name_count;
#endif

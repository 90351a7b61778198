/* SPDX-License-Identifier: Apache-2.0 */
/* One Japanese word in the spellings that people use: Hepburn (shotaro), Kunrei (syotaro, ISO 3602), as it is typed (shoutarou, syoutarou,
 * jyunn), in passports (satoh, shimbashi). */
#ifndef SEKISHO_PASSWORD_ROMAJI_H
#define SEKISHO_PASSWORD_ROMAJI_H
#include <stddef.h>

enum { ROMAJI_MAX = 40, ROMAJI_SPELLINGS_MAX = 12 };

/* `word`: Hepburn with long vowels as they are typed, small letters. The first spelling is the word itself; each comes once. What would grow
 * beyond ROMAJI_MAX is left out. Returns how many there are. */
size_t romaji_spellings(const char *word, char spellings[ROMAJI_SPELLINGS_MAX][ROMAJI_MAX + 1]);
#endif

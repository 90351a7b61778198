/* SPDX-License-Identifier: Apache-2.0 */
#include "password/romaji.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum {
	KUNREI = 1,     /* si, ti, tu, hu, zi, sya */
	SHORT = 2,      /* long vowels as one: sho, yu */
	WITH_H = 4,     /* as passports write them: satoh */
	LIPS = 8,       /* m before b, m and p: shimbashi */
	DOUBLE_N = 16,  /* as it is typed: kennta */
	WITH_Y = 32,    /* jya, cya */
};

static const unsigned manners[] = { 0,	    SHORT,   KUNREI, KUNREI | SHORT, WITH_H,	      SHORT | LIPS,
				    LIPS, DOUBLE_N, WITH_Y, WITH_Y | SHORT, KUNREI | DOUBLE_N, KUNREI | WITH_H };

/* longer ones first: the first that fits is taken */
static const struct sound {
	const char *hepburn, *kunrei, *with_y;
} sounds[] = {
	{ "ssh", "ssy", NULL }, { "shi", "si", NULL }, { "sha", "sya", NULL }, { "shu", "syu", NULL }, { "sho", "syo", NULL }, { "chi", "ti", NULL },
	{ "cha", "tya", "cya" }, { "chu", "tyu", "cyu" }, { "cho", "tyo", "cyo" }, { "tsu", "tu", NULL }, { "ja", "zya", "jya" },
	{ "ju", "zyu", "jyu" }, { "jo", "zyo", "jyo" }, { "ji", "zi", NULL }, { "fu", "hu", NULL },
};

struct spelling {
	char *to;
	size_t n;
	bool full;
};

static void put(struct spelling *spelling, const char *what, size_t n)
{
	if (spelling->n + n > ROMAJI_MAX) {
		spelling->full = true;
		return;
	}
	memcpy(spelling->to + spelling->n, what, n);
	spelling->n += n;
}

static bool is_vowel(char c) { return c && strchr("aiueo", c); }

/* how many letters of the word were used up; 0: none of the sounds */
static size_t put_sound(struct spelling *spelling, const char *word, unsigned manner)
{
	for (size_t i = 0; i < sizeof sounds / sizeof *sounds; i++) {
		const char *as = manner & KUNREI ? sounds[i].kunrei : manner & WITH_Y ? sounds[i].with_y : NULL;
		size_t n = strlen(sounds[i].hepburn);

		if (!as || strncmp(word, sounds[i].hepburn, n) != 0)
			continue;
		put(spelling, as, strlen(as));
		return n;
	}
	return 0;
}

/* "ou", "oo", "uu", as long as no other vowel follows that they would rather belong to */
static bool is_long(const char *at) { return (at[0] == 'o' && (at[1] == 'u' || at[1] == 'o')) || (at[0] == 'u' && at[1] == 'u'); }

static size_t put_long(struct spelling *spelling, const char *word, unsigned manner)
{
	if (!is_long(word) || !(manner & (SHORT | WITH_H)))
		return 0;
	put(spelling, word, 1);
	if (manner & WITH_H && *word == 'o')
		put(spelling, "h", 1);
	return 2;
}

static size_t put_n(struct spelling *spelling, const char *word, unsigned manner)
{
	if (word[0] != 'n' || is_vowel(word[1]) || word[1] == 'y' || word[1] == 'n')
		return 0;
	if (manner & LIPS && word[1] && strchr("bmp", word[1]))
		put(spelling, "m", 1);
	else
		put(spelling, "nn", manner & DOUBLE_N ? 2 : 1);
	return 1;
}

static bool spell(const char *word, unsigned manner, char to[ROMAJI_MAX + 1])
{
	struct spelling spelling = { .to = to };

	while (*word && !spelling.full) {
		size_t used = put_n(&spelling, word, manner);

		/* the vowel of a sound is looked at on its own, for it may be long */
		if (!used && (used = put_sound(&spelling, word, manner)) && is_vowel(word[used - 1]) && is_long(word + used - 1)) {
			spelling.n--;
			used--;
		}
		if (!used)
			used = put_long(&spelling, word, manner);
		if (!used) {
			put(&spelling, word, 1);
			used = 1;
		}
		word += used;
	}
	to[spelling.n] = '\0';
	return !spelling.full;
}

size_t romaji_spellings(const char *word, char spellings[ROMAJI_SPELLINGS_MAX][ROMAJI_MAX + 1])
{
	size_t count = 0;

	_Static_assert(sizeof manners / sizeof *manners <= ROMAJI_SPELLINGS_MAX, "each manner has its place");
	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
		bool known = !spell(word, manners[i], spellings[count]);

		for (size_t j = 0; j < count && !known; j++)
			known = strcmp(spellings[j], spellings[count]) == 0;
		count += !known;
	}
	return count;
}

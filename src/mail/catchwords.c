/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/catchwords.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mail/phrases.h"

struct catchwords {
	struct arena arena;
	struct catchword *word;
	struct phrases *phrases;
};

struct catchwords *catchwords_new(const struct catchword *word, size_t count)
{
	struct catchwords *words = memory_zero(1, sizeof *words);
	const char **phrase = memory_zero(count + 1, sizeof *phrase);
	size_t taken = 0;

	words->word = memory_zero(count + 1, sizeof *word);
	for (size_t bytes = 0; taken < count && (bytes += word[taken].text.n) < PHRASES_BYTES_MAX; taken++) {
		size_t i = taken;

		phrase[i] = arena_text(&words->arena, word[i].text);
		words->word[i] = word[i];
		words->word[i].text.p = phrase[i];
	}
	words->phrases = phrases_new(phrase, taken);
	free(phrase);
	return words;
}

void catchwords_free(struct catchwords *words)
{
	if (!words)
		return;
	phrases_free(words->phrases);
	arena_done(&words->arena);
	free(words->word);
	free(words);
}

/* ---- finding */

struct search {
	const struct catchwords *words;
	struct text text;
	void (*found)(void *context, const struct catchword *word);
	void *context;
};

static bool stands_alone(struct text text, size_t end, struct text phrase)
{
	size_t begin = end - phrase.n;

	if (isalnum((unsigned char)phrase.p[0]) && begin && isalnum((unsigned char)text.p[begin - 1]))
		return false;
	return !isalnum((unsigned char)phrase.p[phrase.n - 1]) || end == text.n || !isalnum((unsigned char)text.p[end]);
}

static bool on_phrase(void *context, size_t number, size_t end)
{
	const struct search *search = context;
	const struct catchword *word = &search->words->word[number];

	if (stands_alone(search->text, end, word->text))
		search->found(search->context, word);
	return true;
}

void catchwords_find(const struct catchwords *words, struct text folded, void (*found)(void *context, const struct catchword *word),
		     void *context)
{
	struct search search = { words, folded, found, context };

	phrases_seek(words->phrases, folded, on_phrase, &search);
}

/* ---- folding */

/* how many bytes a character without width takes: soft hyphen, U+200B to U+200F, U+2060, U+FEFF */
static size_t no_width(const unsigned char *p, size_t left)
{
	if (left >= 2 && p[0] == 0xc2 && p[1] == 0xad)
		return 2;
	if (left < 3)
		return 0;
	if (p[0] == 0xe2 && ((p[1] == 0x80 && p[2] >= 0x8b && p[2] <= 0x8f) || (p[1] == 0x81 && p[2] == 0xa0)))
		return 3;
	return p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf ? 3 : 0;
}

/* wide forms U+FF01 to U+FF5E, blanks U+3000 and U+00A0 */
static bool narrow(const unsigned char *p, size_t left, size_t *taken, unsigned char *c)
{
	if (left >= 2 && p[0] == 0xc2 && p[1] == 0xa0) {
		*taken = 2;
		*c = ' ';
		return true;
	}
	if (left < 3)
		return false;
	if (p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80)
		*c = ' ';
	else if (p[0] == 0xef && p[1] == 0xbc && p[2] >= 0x81)
		*c = (unsigned char)(p[2] - 0x81 + '!');
	else if (p[0] == 0xef && p[1] == 0xbd && p[2] <= 0x9e)
		*c = (unsigned char)(p[2] - 0x80 + '`');
	else
		return false;
	*taken = 3;
	return true;
}

/* plain ASCII: small, blanks 0 */
static const unsigned char *small_letters(void)
{
	static const unsigned char small[128] = {
		['!'] = '!', '"', '#', '$', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
		'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', '@',
		'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
		'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '[', '\\', ']', '^', '_', '`',
		'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
		'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '{', '|', '}', '~',
	};

	return small;
}

struct text catchwords_fold(struct arena *arena, struct text text)
{
	const unsigned char *small = small_letters();
	const unsigned char *p = (const unsigned char *)text.p;
	unsigned char *to = arena_take(arena, text.n + 1);
	size_t n = 0, taken;
	bool blank = false;

	for (size_t i = 0; i < text.n; i += taken) {
		unsigned char c = p[i];

		taken = 1;
		if (c >= 0x80) {
			size_t none = no_width(p + i, text.n - i);

			if (none) {
				taken = none;
				continue;
			}
			narrow(p + i, text.n - i, &taken, &c);
		}
		if (c < 0x80 && !(c = small[c])) {
			blank = n > 0;
			continue;
		}
		if (blank && !(to[n - 1] >= 0x80 && c >= 0x80))
			to[n++] = ' ';
		blank = false;
		to[n++] = c;
	}
	return (struct text){ (char *)to, n };
}

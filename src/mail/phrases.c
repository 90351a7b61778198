/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/phrases.h"

#include <ctype.h>

#include "base/memory.h"

struct node {
	uint16_t fail;  /* the longest other end of what was read that begins a phrase */
	uint16_t shown; /* the next node along `fail` that ends a phrase */
	uint16_t ends;  /* 1 + the phrase that ends here */
};

struct phrases {
	struct arena arena;
	struct phrase *phrase;
	size_t count;
	uint8_t class[256]; /* 0: stands in no phrase */
	size_t classes;
	uint16_t *next;     /* node × class */
	struct node *node;
	size_t nodes;
};

static void learn_classes(struct phrases *phrases, size_t *bytes)
{
	*bytes = 1;
	phrases->classes = 1;
	for (size_t i = 0; i < phrases->count; i++) {
		struct text text = phrases->phrase[i].text;

		*bytes += text.n;
		for (size_t j = 0; j < text.n; j++)
			if (!phrases->class[(unsigned char)text.p[j]])
				phrases->class[(unsigned char)text.p[j]] = (uint8_t)phrases->classes++;
	}
}

static uint16_t *step(const struct phrases *phrases, size_t node, size_t class) { return &phrases->next[node * phrases->classes + class]; }

static void add(struct phrases *phrases, size_t number)
{
	struct text text = phrases->phrase[number].text;
	size_t node = 0;

	for (size_t i = 0; i < text.n; i++) {
		uint16_t *next = step(phrases, node, phrases->class[(unsigned char)text.p[i]]);

		if (!*next)
			*next = (uint16_t)phrases->nodes++;
		node = *next;
	}
	if (node && !phrases->node[node].ends) /* of two that are alike the first counts */
		phrases->node[node].ends = (uint16_t)(number + 1);
}

/* breadth first: what a node falls back to is nearer to the beginning */
static void connect(struct phrases *phrases)
{
	uint16_t *queue = memory_zero(phrases->nodes, sizeof *queue);
	size_t head = 0, tail = 0;

	for (size_t c = 1; c < phrases->classes; c++)
		if (*step(phrases, 0, c))
			queue[tail++] = *step(phrases, 0, c);
	while (head < tail) {
		uint16_t at = queue[head++], fail = phrases->node[at].fail;

		phrases->node[at].shown = phrases->node[fail].ends ? fail : phrases->node[fail].shown;
		for (size_t c = 1; c < phrases->classes; c++) {
			uint16_t *next = step(phrases, at, c), other = *step(phrases, fail, c);

			if (*next) {
				phrases->node[*next].fail = other;
				queue[tail++] = *next;
			} else {
				*next = other;
			}
		}
	}
	free(queue);
}

struct phrases *phrases_new(const struct phrase *phrase, size_t count)
{
	struct phrases *phrases = memory_zero(1, sizeof *phrases);
	size_t bytes = 0;

	phrases->phrase = memory_zero(count + 1, sizeof *phrase);
	for (size_t i = 0; i < count && bytes + phrase[i].text.n < PHRASES_BYTES_MAX; i++) {
		bytes += phrase[i].text.n;
		phrases->phrase[i] = phrase[i];
		phrases->phrase[i].text.p = arena_text(&phrases->arena, phrase[i].text);
		phrases->count++;
	}
	learn_classes(phrases, &bytes);
	phrases->next = memory_zero(bytes * phrases->classes, sizeof *phrases->next);
	phrases->node = memory_zero(bytes, sizeof *phrases->node);
	phrases->nodes = 1;
	for (size_t i = 0; i < phrases->count; i++)
		add(phrases, i);
	connect(phrases);
	return phrases;
}

void phrases_free(struct phrases *phrases)
{
	if (!phrases)
		return;
	arena_done(&phrases->arena);
	free(phrases->phrase);
	free(phrases->next);
	free(phrases->node);
	free(phrases);
}

static bool stands_alone(struct text text, size_t end, struct text phrase)
{
	size_t begin = end - phrase.n;

	if (isalnum((unsigned char)phrase.p[0]) && begin && isalnum((unsigned char)text.p[begin - 1]))
		return false;
	return !isalnum((unsigned char)phrase.p[phrase.n - 1]) || end == text.n || !isalnum((unsigned char)text.p[end]);
}

void phrases_find(const struct phrases *phrases, struct text folded, void (*found)(void *context, const struct phrase *phrase), void *context)
{
	size_t node = 0;

	for (size_t i = 0; i < folded.n; i++) {
		uint8_t class = phrases->class[(unsigned char)folded.p[i]];

		node = class ? *step(phrases, node, class) : 0;
		for (size_t at = phrases->node[node].ends ? node : phrases->node[node].shown; at; at = phrases->node[at].shown) {
			const struct phrase *phrase = &phrases->phrase[phrases->node[at].ends - 1];

			if (stands_alone(folded, i + 1, phrase->text))
				found(context, phrase);
		}
	}
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

struct text phrases_fold(struct arena *arena, struct text text)
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

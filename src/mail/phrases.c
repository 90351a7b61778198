/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/phrases.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"

/* Bytes that stand in no phrase share class 0. */
struct phrases {
	uint8_t class[256];
	size_t classes, states;
	uint16_t *next;    /* states × classes */
	uint16_t *phrase;  /* that ends in this state, counted from 1; 0: none */
	uint16_t *shorter; /* the next state on the way of suffixes in which one ends, 0: none */
};

static bool is_blank(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static unsigned char plain(unsigned char c) { return is_blank(c) ? ' ' : c < 0x80 ? (unsigned char)tolower(c) : c; }

static void classify(struct phrases *p, const char *const *phrase, size_t count)
{
	bool used[256] = { false };

	for (size_t i = 0; i < count; i++)
		for (const char *c = phrase[i]; *c; c++)
			used[(unsigned char)*c] = true;
	p->classes = 1;
	for (int c = 0; c < 255; c++)
		if (used[c])
			p->class[c] = (uint8_t)p->classes++;
	for (int c = 0; c < 256; c++)
		p->class[c] = p->class[plain((unsigned char)c)];
}

static uint16_t *way(const struct phrases *p, size_t state, unsigned char c) { return &p->next[state * p->classes + p->class[c]]; }

static void add(struct phrases *p, const char *phrase, size_t number)
{
	size_t state = 0;

	for (; *phrase; phrase++) {
		uint16_t *next = way(p, state, (unsigned char)*phrase);

		if (!*next)
			*next = (uint16_t)p->states++;
		state = *next;
	}
	if (!p->phrase[state])
		p->phrase[state] = (uint16_t)(number + 1);
}

/* breadth first: what a state lacks it takes from the longest suffix that is a state too */
static void complete(struct phrases *p)
{
	uint16_t *queue = memory_zero(p->states, sizeof *queue), *suffix = memory_zero(p->states, sizeof *suffix);
	size_t head = 0, tail = 1;

	while (head < tail) {
		size_t state = queue[head++];

		for (size_t byte = 0; byte < p->classes; byte++) {
			uint16_t *next = &p->next[state * p->classes + byte], fallback = p->next[suffix[state] * p->classes + byte];

			if (!*next) {
				*next = fallback;
			} else if (*next != fallback) {
				suffix[*next] = state ? fallback : 0;
				p->shorter[*next] = p->phrase[suffix[*next]] ? suffix[*next] : p->shorter[suffix[*next]];
				queue[tail++] = *next;
			} else if (!state) {
				queue[tail++] = *next;
			}
		}
	}
	free(queue);
	free(suffix);
}

struct phrases *phrases_new(const char *const *phrase, size_t count)
{
	struct phrases *p = memory_zero(1, sizeof *p);
	size_t room = 1;

	for (size_t i = 0; i < count; i++)
		room += strlen(phrase[i]);
	classify(p, phrase, count);
	p->next = memory_zero(room * p->classes, sizeof *p->next);
	p->phrase = memory_zero(room, sizeof *p->phrase);
	p->shorter = memory_zero(room, sizeof *p->shorter);
	p->states = 1;
	for (size_t i = 0; i < count; i++)
		add(p, phrase[i], i);
	complete(p);
	return p;
}

void phrases_free(struct phrases *p)
{
	if (!p)
		return;
	free(p->next);
	free(p->phrase);
	free(p->shorter);
	free(p);
}

void phrases_seek(const struct phrases *p, struct text text, bool (*found)(void *context, size_t number, size_t end), void *context)
{
	size_t state = 0;
	bool blank = false;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (is_blank(c) && blank)
			continue;
		blank = is_blank(c);
		state = p->next[state * p->classes + p->class[c]];
		for (size_t at = p->phrase[state] ? state : p->shorter[state]; at; at = p->shorter[at])
			if (!found(context, (size_t)p->phrase[at] - 1, i + 1))
				return;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A view of text that somebody else owns: never copied, never terminated, never freed.
 * Every parser works on views; whoever keeps one beyond the call copies it (base/arena.h). */
#ifndef SEKISHO_BASE_TEXT_H
#define SEKISHO_BASE_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	const char *p;
	size_t n;
};

#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })
#define TEXT_NONE ((struct text){ "", 0 })
/* printf("%.*s", TEXT_ARG(t)) */
#define TEXT_ARG(t) (int)(t).n, (t).p

static inline struct text text_of(const char *s) { return (struct text){ s, strlen(s) }; }
static inline struct text text_between(const char *p, const char *end) { return (struct text){ p, (size_t)(end - p) }; }
static inline bool text_is(struct text t, struct text other)
{
	return t.n == other.n && (t.n == 0 || memcmp(t.p, other.p, t.n) == 0);
}
static inline bool text_starts(struct text t, struct text head)
{
	return t.n >= head.n && (head.n == 0 || memcmp(t.p, head.p, head.n) == 0);
}

static inline bool text_ends(struct text t, struct text tail)
{
	return t.n >= tail.n && memcmp(t.p + t.n - tail.n, tail.p, tail.n) == 0;
}

/* what follows the first n bytes; n may not be more than there are */
static inline struct text text_after(struct text t, size_t n) { return (struct text){ t.p + n, t.n - n }; }
static inline struct text text_head(struct text t, size_t n) { return (struct text){ t.p, n }; }

/* the place of the first c, or t.n */
static inline size_t text_find(struct text t, char c)
{
	const char *at = t.n ? memchr(t.p, c, t.n) : NULL;
	return at ? (size_t)(at - t.p) : t.n;
}

static inline bool text_holds(struct text t, struct text part)
{
	return memmem(t.p, t.n, part.p, part.n) != NULL;
}

/* which bytes stand in queue ids, and in the names of programs */
enum { CHAR_ALNUM = 1, CHAR_PROGRAM = 2 };
extern const uint8_t text_classes[256];

/* how many bytes at the beginning are of that class */
static inline size_t text_span(struct text t, unsigned class)
{
	size_t n = 0;

	while (n < t.n && text_classes[(unsigned char)t.p[n]] & class)
		n++;
	return n;
}

/* splits at the first c: head is what stands before it, t what follows; false (and nothing changed) without c */
static inline bool text_cut(struct text *t, char c, struct text *head)
{
	size_t at = text_find(*t, c);

	if (at == t->n)
		return false;
	*head = text_head(*t, at);
	*t = text_after(*t, at + 1);
	return true;
}

/* cuts off what stands before c, and c; all of it, where c is not there */
static inline struct text text_word(struct text *t, char c)
{
	struct text word = *t;

	if (!text_cut(t, c, &word))
		*t = TEXT_NONE;
	return word;
}

/* what stands behind the first `mark`; false without it */
static inline bool text_behind(struct text t, struct text mark, struct text *rest)
{
	const char *at = t.n < mark.n ? NULL : memmem(t.p, t.n, mark.p, mark.n);

	if (!at)
		return false;
	*rest = text_between(at + mark.n, t.p + t.n);
	return true;
}

struct text text_trim(struct text t);
/* does it begin with one of these? The list ends with an empty text. */
bool text_starts_any(struct text t, const struct text *heads);
bool text_beyond_ascii(struct text t);
/* decimal digits only, the whole view, at most `most`; false leaves *number alone */
bool text_number(struct text t, uint64_t most, uint64_t *number);
/* bytes of the well-formed character of UTF-8 at its beginning (RFC 3629), 0 where there is none: then *code is left alone */
size_t text_character(struct text t, uint32_t *code);
/* copies into a buffer of `size` bytes, cut if need be, always terminated */
void text_copy(char *to, size_t size, struct text t);
#endif

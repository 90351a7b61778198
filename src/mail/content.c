/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/content.h"

#include "mail/encoded_words.h"
#include "mail/fields.h"

enum { PIECES_MAX = 100 };

/* up to a semicolon, a blank or a comment */
static struct text first_word(struct text value)
{
	size_t n = 0;

	while (n < value.n && !strchr("; \t(,", value.p[n]))
		n++;
	return text_head(value, n);
}

struct text content_word(struct arena *arena, struct text value)
{
	struct text word = first_word(text_trim(value));

	return word.n ? arena_small(arena, word) : TEXT_NONE;
}

struct text content_type(struct arena *arena, struct text value)
{
	struct text type = content_word(arena, value), major = type, minor = type;

	if (!text_cut(&minor, '/', &major) || !major.n || !minor.n)
		return TEXT("text/plain");
	return type;
}

/* ---- parameters */

/* "…" with \ in front of quotes; *rest goes on behind it */
static struct text quoted(struct arena *arena, struct text *rest)
{
	size_t n = 0, end = 1;
	char *to;

	while (end < rest->n && rest->p[end] != '"')
		end += rest->p[end] == '\\' && end + 1 < rest->n ? 2 : 1;
	to = arena_take(arena, end);
	for (size_t i = 1; i < end; i++) {
		if (rest->p[i] == '\\' && i + 1 < end)
			i++;
		to[n++] = rest->p[i];
	}
	*rest = text_after(*rest, end < rest->n ? end + 1 : end);
	return (struct text){ to, n };
}

static struct text unquoted(struct text *rest)
{
	size_t n = text_find(*rest, ';');
	struct text value = text_trim(text_head(*rest, n));

	*rest = text_after(*rest, n);
	return value;
}

/* the next name=value; *rest goes on behind it. What is none is passed over up to the next semicolon. */
static bool next_parameter(struct arena *arena, struct text *rest, struct text *name, struct text *value)
{
	while (rest->n) {
		size_t i = 0, end;

		while (i < rest->n && strchr("; \t", rest->p[i]))
			i++;
		*rest = text_after(*rest, i);
		for (end = 0; end < rest->n && !strchr("=; \t\"", rest->p[end]); end++)
			;
		for (i = end; i < rest->n && (rest->p[i] == ' ' || rest->p[i] == '\t'); i++)
			;
		if (!end || i == rest->n || rest->p[i] != '=') {
			*rest = text_after(*rest, end ? i : rest->n ? 1 : 0);
			continue;
		}
		*name = text_head(*rest, end);
		for (i++; i < rest->n && (rest->p[i] == ' ' || rest->p[i] == '\t'); i++)
			;
		*rest = text_after(*rest, i);
		*value = rest->n && *rest->p == '"' ? quoted(arena, rest) : unquoted(rest);
		return true;
	}
	return false;
}

static struct text parameters_of(struct text value) { return text_after(value, text_find(value, ';')); }

struct text content_parameter(struct arena *arena, struct text value, const char *name)
{
	struct text rest = parameters_of(value), found, one;

	if (!text_seek(rest, name))
		return TEXT_NONE;
	while (next_parameter(arena, &rest, &found, &one))
		if (text_same_word(found, name))
			return one;
	return TEXT_NONE;
}

/* ---- RFC 2231 */

struct piece {
	struct text bytes;
	bool percent;
};

/* name*, name*0, name*0*: which piece; -1 where it is another parameter */
static int piece_number(struct text found, const char *name, bool *percent)
{
	size_t n = strlen(name);
	struct text mark;
	uint64_t number = 0;

	if (found.n <= n || strncasecmp(found.p, name, n) != 0 || found.p[n] != '*')
		return -1;
	mark = text_after(found, n + 1);
	*percent = !mark.n || mark.p[mark.n - 1] == '*';
	if (mark.n && *percent)
		mark.n--;
	return !mark.n || text_number(mark, PIECES_MAX - 1, &number) ? (int)number : -1;
}

static int collect(struct arena *arena, struct text value, const char *name, struct piece pieces[PIECES_MAX])
{
	struct text rest = parameters_of(value), found, one;
	int count = 0, number;
	bool percent;

	while (next_parameter(arena, &rest, &found, &one)) {
		number = piece_number(found, name, &percent);
		if (number < 0 || pieces[number].bytes.n)
			continue;
		pieces[number] = (struct piece){ one, percent };
		count = number >= count ? number + 1 : count;
	}
	return count;
}

/* charset'language' in front of the first piece */
static struct text set_of(struct piece *first)
{
	struct text rest = first->bytes, set, language;

	if (!first->percent || !text_cut(&rest, '\'', &set) || !text_cut(&rest, '\'', &language))
		return TEXT_NONE;
	first->bytes = rest;
	return set;
}

static struct text joined(struct charset *charset, struct arena *arena, struct piece *pieces, int count)
{
	struct text set = set_of(&pieces[0]);
	size_t room = 1, n = 0;
	char *to;

	for (int i = 0; i < count; i++)
		room += pieces[i].bytes.n;
	to = arena_take(arena, room);
	for (int i = 0; i < count; i++) {
		if (pieces[i].percent) {
			n += percent_decoded(pieces[i].bytes, to + n);
		} else {
			memcpy(to + n, pieces[i].bytes.p, pieces[i].bytes.n);
			n += pieces[i].bytes.n;
		}
	}
	return charset_utf8(charset, arena, (struct text){ to, n }, set);
}

struct text content_readable(struct charset *charset, struct arena *arena, struct text value, const char *name)
{
	struct piece pieces[PIECES_MAX] = { 0 };
	struct text plain = content_parameter(arena, value, name);
	int count;

	if (plain.n)
		return encoded_words(charset, arena, plain);
	if (!memchr(value.p, '*', value.n))
		return TEXT_NONE;
	for (int i = 0; i < PIECES_MAX; i++)
		pieces[i].bytes = TEXT_NONE;
	count = collect(arena, value, name, pieces);
	return count ? joined(charset, arena, pieces, count) : TEXT_NONE;
}

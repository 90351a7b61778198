/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/encoded_words.h"

#include <ctype.h>
#include <gmime/gmime.h>

struct word {
	struct text charset, bytes;
	char encoding; /* 'B' or 'Q' */
};

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t marked_decoded(struct text text, char mark, char blank, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		int high = text.p[i] == mark && i + 2 < text.n ? hex_of(text.p[i + 1]) : -1, low = high < 0 ? -1 : hex_of(text.p[i + 2]);

		if (low >= 0) {
			to[n++] = (char)(high * 16 + low);
			i += 2;
		} else {
			to[n++] = text.p[i] == blank ? ' ' : text.p[i];
		}
	}
	return n;
}

size_t percent_decoded(struct text text, char *to) { return marked_decoded(text, '%', '%', to); }

static size_t base64_decoded(struct text text, char *to)
{
	GMimeEncoding state;

	g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_BASE64);
	return g_mime_encoding_flush(&state, text.p, text.n, to);
}

/* the word that begins in front of `text`, =?charset?B?bytes?=; *text goes on behind it */
static bool take_word(struct text *text, struct word *word)
{
	struct text rest = text_after(*text, 2), letter, language;
	const char *end;

	if (!text_cut(&rest, '?', &word->charset) || !text_cut(&rest, '?', &letter) || letter.n != 1 || !word->charset.n)
		return false;
	word->encoding = (char)toupper((unsigned char)*letter.p);
	end = memmem(rest.p, rest.n, "?=", 2);
	if (!end || (word->encoding != 'B' && word->encoding != 'Q') || memchr(word->charset.p, ' ', word->charset.n))
		return false;
	word->bytes = text_between(rest.p, end);
	if (text_cut(&word->charset, '*', &language))
		word->charset = language;
	*text = text_between(end + 2, rest.p + rest.n);
	return true;
}

/* the next word, and what stands in front of it; false where there is none any more */
static bool next_word(struct text *rest, struct text *before, struct word *word)
{
	struct text at = *rest;
	const char *mark;

	while ((mark = memmem(at.p, at.n, "=?", 2))) {
		struct text behind = text_between(mark, at.p + at.n);

		if (take_word(&behind, word)) {
			*before = text_between(rest->p, mark);
			*rest = behind;
			return true;
		}
		at = text_after(text_between(mark, at.p + at.n), 2);
	}
	return false;
}

/* ---- what was decoded */

struct writer {
	struct charset *charset;
	struct arena *arena;
	char *to;       /* UTF-8 */
	size_t n, room;
	char *run;      /* bytes of words of one set, one behind the other */
	size_t run_n;
	struct text run_charset;
};

static void put(struct writer *w, struct text text)
{
	size_t n = text.n < w->room - w->n ? text.n : w->room - w->n;

	memcpy(w->to + w->n, text.p, n);
	w->n += n;
}

static void end_run(struct writer *w)
{
	struct text text = charset_utf8(w->charset, w->arena, (struct text){ w->run, w->run_n }, w->run_charset);

	if (w->run_n)
		put(w, text);
	w->run_n = 0;
}

static bool same_set(struct text a, struct text b) { return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0; }

static void put_word(struct writer *w, const struct word *word)
{
	if (!same_set(w->run_charset, word->charset))
		end_run(w);
	w->run_charset = word->charset;
	w->run_n += word->encoding == 'B' ? base64_decoded(word->bytes, w->run + w->run_n) :
					    marked_decoded(word->bytes, '=', '_', w->run + w->run_n);
}

struct text encoded_words(struct charset *charset, struct arena *arena, struct text value)
{
	struct writer w = { .charset = charset, .arena = arena, .room = value.n * 3, .run_charset = TEXT_NONE };
	struct text rest = value, before;
	struct word word;

	if (!next_word(&rest, &before, &word))
		return charset_utf8(charset, arena, value, TEXT_NONE);
	w.to = arena_take(arena, w.room);
	w.run = arena_take(arena, value.n + 4);
	for (bool behind_word = false, on = true; on; behind_word = true, on = next_word(&rest, &before, &word)) {
		if (!behind_word || text_trim(before).n) {
			end_run(&w);
			put(&w, charset_utf8(charset, arena, before, TEXT_NONE));
		}
		put_word(&w, &word);
	}
	end_run(&w);
	put(&w, charset_utf8(charset, arena, rest, TEXT_NONE));
	return (struct text){ w.to, w.n };
}

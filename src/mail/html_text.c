/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html_text.h"

#include "mail/fields.h"
#include "mail/html_tags.h"

struct writer {
	char *to;
	size_t n;
};

/* elements that begin a line of their own */
static bool is_block(struct text name)
{
	static const char *const blocks[] = { "address", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
					      "li", "ol", "p", "pre", "table", "td", "th", "title", "tr", "ul", NULL };

	for (const char *const *block = blocks; *block; block++)
		if (text_same_word(name, *block))
			return true;
	return false;
}

/* runs of blanks become one, or the line end that is among them */
static void put(struct writer *w, char c)
{
	bool blank = c == ' ' || c == '\n';

	if (blank && (!w->n || w->to[w->n - 1] == '\n'))
		return;
	if (blank && w->to[w->n - 1] == ' ')
		w->n--;
	w->to[w->n++] = c;
}

static void put_text(struct writer *w, struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\xc2' && i + 1 < text.n && text.p[i + 1] == '\xa0') { /* a blank that holds words together */
			put(w, ' ');
			i++;
		} else {
			put(w, text.p[i] == '\t' || text.p[i] == '\n' || text.p[i] == '\r' ? ' ' : text.p[i]);
		}
}

struct text html_text(struct arena *arena, struct text html)
{
	struct writer w = { .to = arena_take(arena, html.n) };
	struct html_token token;

	while (html_next(&html, &token))
		if (token.kind == HTML_TEXT)
			put_text(&w, html_decoded(arena, token.text));
		else if (is_block(token.name))
			put(&w, '\n');
	return (struct text){ w.to, w.n };
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html_text.h"

#include <libxml/HTMLparser.h>

struct writer {
	char *to;
	size_t n, room;
	int hidden; /* how deep within what nobody sees */
};

/* elements that begin a line of their own */
static const char *const blocks[] = { "address", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
				      "li", "ol", "p", "pre", "table", "td", "th", "title", "tr", "ul", NULL };
static const char *const unseen[] = { "script", "style", NULL };

static bool is_one_of(const xmlChar *name, const char *const *names)
{
	for (; *names; names++)
		if (strcasecmp((const char *)name, *names) == 0)
			return true;
	return false;
}

static void put(struct writer *w, char c)
{
	bool blank = c == ' ' || c == '\n';

	if (blank && (!w->n || w->to[w->n - 1] == '\n'))
		return;
	if (blank && w->to[w->n - 1] == ' ') {
		w->to[w->n - 1] = c;
		return;
	}
	if (w->n < w->room)
		w->to[w->n++] = c;
}

static void on_text(void *context, const xmlChar *text, int n)
{
	struct writer *w = context;

	for (int i = 0; i < n && !w->hidden; i++)
		if (text[i] == 0xc2 && i + 1 < n && text[i + 1] == 0xa0) { /* a blank that holds words together */
			put(w, ' ');
			i++;
		} else {
			put(w, text[i] == '\t' || text[i] == '\n' || text[i] == '\r' ? ' ' : (char)text[i]);
		}
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
	struct writer *w = context;

	w->hidden += is_one_of(name, unseen);
	if (is_one_of(name, blocks))
		put(w, '\n');
}

static void on_end(void *context, const xmlChar *name)
{
	struct writer *w = context;

	w->hidden -= w->hidden && is_one_of(name, unseen);
	if (is_one_of(name, blocks))
		put(w, '\n');
}

/* without what the end of the room may have cut */
static struct text whole_characters(const struct writer *w)
{
	bool full = w->n == w->room;
	size_t n = w->n;

	while (full && n && ((unsigned char)w->to[n - 1] & 0xc0) == 0x80)
		n--;
	if (full && n && (unsigned char)w->to[n - 1] >= 0xc0)
		n--;
	return (struct text){ w->to, n };
}

struct text html_text(struct arena *arena, struct text html)
{
	htmlSAXHandler sax = { .characters = on_text, .ignorableWhitespace = on_text, .startElement = on_start, .endElement = on_end };
	struct writer w = { .room = html.n };
	htmlParserCtxtPtr parser;

	if (!html.n)
		return TEXT_NONE;
	w.to = arena_take(arena, html.n);
	parser = htmlCreatePushParserCtxt(&sax, &w, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (!parser)
		return TEXT_NONE;
	htmlCtxtUseOptions(parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_RECOVER);
	htmlParseChunk(parser, html.p, (int)html.n, 1);
	htmlFreeParserCtxt(parser);
	return whole_characters(&w);
}

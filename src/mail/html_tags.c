/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/html_tags.h"

#include <ctype.h>

#include "mail/fields.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/* behind the ">" that ends a tag; quotes in attributes hide one */
static const char *tag_end(const char *p, const char *end)
{
	for (bool value = false; p < end; p++) {
		if (*p == '>')
			return p;
		if (value && (*p == '"' || *p == '\'')) {
			const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));

			if (!close)
				return end;
			p = close;
			value = false;
		} else if (*p == '=') {
			value = true;
		} else if (!is_blank(*p)) {
			value = false;
		}
	}
	return end;
}

static const char *comment_end(const char *p, const char *end)
{
	const char *close = memmem(p, (size_t)(end - p), "-->", 3);

	if (end - p >= 1 && *p == '>')
		return p + 1;
	return close ? close + 3 : end;
}

/* where the raw text of <script> or <style> ends */
static const char *raw_end(struct text name, const char *p, const char *end)
{
	const char *mark = text_same_word(name, "script") ? "</script" : text_same_word(name, "style") ? "</style" : NULL;
	const char *close = mark ? text_seek(text_between(p, end), mark) : p;

	return close ? close : end;
}

static const char *read_tag(const char *p, const char *end, struct html_token *token)
{
	bool closing = *p == '/';
	const char *name = p + closing, *stop = name, *close;

	while (stop < end && !is_blank(*stop) && *stop != '>' && *stop != '/')
		stop++;
	close = tag_end(stop, end);
	*token = (struct html_token){ closing ? HTML_END : HTML_START, TEXT_NONE, text_between(name, stop), text_between(stop, close) };
	close += close < end;
	return closing ? close : raw_end(token->name, close, end);
}

static bool begins_tag(const char *p, const char *end)
{
	p += p < end && *p == '/';
	return p < end && isalpha((unsigned char)*p);
}

bool html_next(struct text *rest, struct html_token *token)
{
	const char *p = rest->p, *end = p + rest->n;

	while (p < end) {
		const char *open = memchr(p, '<', (size_t)(end - p));
		bool tag = open && begins_tag(open + 1, end);

		if (tag && open == p) {
			*rest = text_between(read_tag(p + 1, end, token), end);
			return true;
		}
		if (open == p && open + 1 < end && (open[1] == '!' || open[1] == '?' || open[1] == '/')) {
			const char *close = memchr(p, '>', (size_t)(end - p));

			p = end - p >= 4 && memcmp(p, "<!--", 4) == 0 ? comment_end(p + 4, end) : close ? close + 1 : end;
			continue;
		}
		if (open == p) /* a lone one is text */
			open = memchr(p + 1, '<', (size_t)(end - p - 1));
		*token = (struct html_token){ HTML_TEXT, text_between(p, open ? open : end), TEXT_NONE, TEXT_NONE };
		*rest = text_between(open ? open : end, end);
		return true;
	}
	*rest = text_between(end, end);
	return false;
}

bool html_attribute(struct text *rest, struct text *name, struct text *value)
{
	const char *p = rest->p, *end = p + rest->n, *begin;

	while (p < end && (is_blank(*p) || *p == '/' || *p == '=' || *p == '>'))
		p++;
	for (begin = p; p < end && !is_blank(*p) && *p != '=' && *p != '/'; p++)
		;
	*name = text_between(begin, p);
	*value = TEXT_NONE;
	while (p < end && is_blank(*p))
		p++;
	if (p < end && *p == '=') {
		for (p++; p < end && is_blank(*p); p++)
			;
		if (p < end && (*p == '"' || *p == '\'')) {
			const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));

			*value = text_between(p + 1, close ? close : end);
			p = close ? close + 1 : end;
		} else {
			for (begin = p; p < end && !is_blank(*p); p++)
				;
			*value = text_between(begin, p);
		}
	}
	*rest = text_between(p, end);
	return name->n > 0;
}

bool html_find(struct arena *arena, const struct html_token *token, const char *name, struct text *value)
{
	struct text rest = token->attributes, found;

	while (html_attribute(&rest, &found, value))
		if (text_same_word(found, name)) {
			*value = html_decoded(arena, *value);
			return true;
		}
	return false;
}

/* ---- entities */

enum { NAME_BYTES_MAX = 8 }; /* of an entity's name, with the semicolon */

static size_t put_character(uint32_t c, char *to)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 63));
		to[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 63));
	to[2] = (char)(0x80 | (c >> 6 & 63));
	to[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* &#38; and &#x26;, the semicolon may lack; how many bytes it takes, 0 for none */
static size_t numeric(const char *p, const char *end, uint32_t *character)
{
	const char *begin = p;
	uint32_t base = 10, value = 0, digits = 0;

	p += 2;
	if (p < end && (*p | 32) == 'x') {
		base = 16;
		p++;
	}
	for (; p < end && (base == 16 ? isxdigit((unsigned char)*p) : isdigit((unsigned char)*p)); p++, digits++)
		value = value > 0x10ffff ? value : value * base + (uint32_t)(isdigit((unsigned char)*p) ? *p - '0' : (*p | 32) - 'a' + 10);
	if (!digits)
		return 0;
	*character = value;
	return (size_t)(p - begin) + (p < end && *p == ';');
}

/* "&eacute;": the letters of ISO 8859-1 and what stands around words; each is longer than its character in UTF-8 */
static size_t lettered(struct text name, uint32_t *character)
{
	static const char *const latin[] = {
		"nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not", "shy", "reg",
		"macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14",
		"frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave",
		"Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde",
		"Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc",
		"atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml",
		"eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml",
		"yacute", "thorn", "yuml",
	};
	static const struct { const char *name; uint32_t character; } others[] = {
		{ "ndash", 0x2013 }, { "mdash", 0x2014 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "sbquo", 0x201a }, { "ldquo", 0x201c },
		{ "rdquo", 0x201d }, { "bdquo", 0x201e }, { "hellip", 0x2026 }, { "bull", 0x2022 }, { "euro", 0x20ac }, { "trade", 0x2122 },
		{ "ensp", 0x2002 }, { "emsp", 0x2003 }, { "thinsp", 0x2009 }, { "lsaquo", 0x2039 }, { "rsaquo", 0x203a },
		{ "oelig", 0x0153 }, { "OElig", 0x0152 }, { "scaron", 0x0161 }, { "Scaron", 0x0160 }, { "dagger", 0x2020 }, { "larr", 0x2190 }, { "rarr", 0x2192 },
		{ "minus", 0x2212 },
	};

	for (size_t i = 0; i < sizeof latin / sizeof *latin; i++)
		if (text_is(name, text_of(latin[i]))) {
			*character = 0xa0 + (uint32_t)i;
			return name.n + 2;
		}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (text_is(name, text_of(others[i].name))) {
			*character = others[i].character;
			return name.n + 2;
		}
	return 0;
}

/* those that stand in addresses and between words, however they are written; each is longer than its character in UTF-8 */
static size_t named(const char *p, const char *end, uint32_t *character)
{
	static const struct { const char *name; uint32_t character; } names[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }, { "&nbsp;", ' ' }, { "&period;", '.' },
		{ "&colon;", ':' }, { "&sol;", '/' }, { "&commat;", '@' }, { "&num;", '#' }, { "&quest;", '?' }, { "&equals;", '=' }, { "&lowbar;", '_' },
		{ "&hyphen;", 0x2010 }, { "&tab;", '\t' }, { "&newline;", '\n' }, { "&shy;", 0xad }, { "&zwnj;", 0x200c }, { "&zwj;", 0x200d },
		{ "&bsol;", '\\' }, { "&amp", '&' }, { "&nbsp", ' ' }, { "&copy;", 0xa9 }, { "&reg;", 0xae },
	};
	size_t room = (size_t)(end - p) - 1;
	struct text name = { p + 1, room < NAME_BYTES_MAX ? room : NAME_BYTES_MAX };
	size_t semicolon = text_find(name, ';');

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n = strlen(names[i].name);

		if ((size_t)(end - p) >= n && text_same_word((struct text){ p, n }, names[i].name)) {
			*character = names[i].character;
			return n;
		}
	}
	return semicolon < name.n ? lettered(text_head(name, semicolon), character) : 0;
}

size_t html_decode(struct text text, char *to)
{
	const char *p = text.p, *end = p + text.n;
	size_t n = 0;

	while (p < end) {
		const char *mark = memchr(p, '&', (size_t)(end - p));
		size_t plain = (size_t)((mark ? mark : end) - p), taken = 0;
		uint32_t character = 0;

		memmove(to + n, p, plain);
		n += plain;
		p += plain;
		if (!mark)
			break;
		if (p + 2 < end)
			taken = p[1] == '#' ? numeric(p, end, &character) : named(p, end, &character);
		n += taken ? put_character(character, to + n) : (to[n] = '&', 1);
		p += taken ? taken : 1;
	}
	return n;
}

struct text html_decoded(struct arena *arena, struct text text)
{
	char *to;

	if (!text.n || !memchr(text.p, '&', text.n))
		return text;
	to = arena_take(arena, text.n);
	return (struct text){ to, html_decode(text, to) };
}

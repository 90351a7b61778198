/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/defang.h"

#include <ctype.h>
#include <strings.h>

struct writer {
	char *to;
	size_t n;
};

static void put(struct writer *w, const char *p, size_t n)
{
	memcpy(w->to + w->n, p, n);
	w->n += n;
}

static bool is_label_byte(unsigned char c) { return isalnum(c) || c == '-' || c == '_'; }
static bool is_address_byte(unsigned char c) { return c > ' ' && c != '<' && c != '>' && c != '"' && c != 0x7f; }

/* a dot, or one that is defanged: how many bytes, 0 for neither */
static size_t dot_at(const char *p, const char *end)
{
	if (p < end && *p == '.')
		return 1;
	if (end - p >= 3 && (memcmp(p, "\xe3\x80\x82", 3) == 0 || memcmp(p, "\xef\xbc\x8e", 3) == 0 || memcmp(p, "\xef\xbd\xa1", 3) == 0))
		return 3; /* what browsers take for one: U+3002, U+FF0E, U+FF61 */
	return end - p >= 3 && memcmp(p, "[.]", 3) == 0 ? 3 : 0;
}

/* "http", "hxxp", "ftp", "fxp" with what follows up to "://"; *end behind it */
static bool scheme_at(const char *p, const char *end, const char **behind, const char **harmless)
{
	static const struct { const char *name, *harmless; } schemes[] = {
		{ "https", "hxxps" }, { "http", "hxxp" }, { "hxxps", "hxxps" }, { "hxxp", "hxxp" }, { "ftps", "fxps" }, { "ftp", "fxp" },
		{ "fxps", "fxps" }, { "fxp", "fxp" },
	};

	if ((*p | 32) != 'h' && (*p | 32) != 'f')
		return false;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t n = strlen(schemes[i].name);

		if ((size_t)(end - p) > n && strncasecmp(p, schemes[i].name, n) == 0 && p[n] == ':') {
			*behind = p + n;
			*harmless = schemes[i].harmless;
			return true;
		}
	}
	return false;
}

/* With its scheme: dots of the authority change, the rest stays, up to a link within it. */
static const char *put_url(struct writer *w, const char *p, const char *end, const char *harmless)
{
	const char *behind, *within;
	size_t dot;

	put(w, harmless, strlen(harmless));
	for (put(w, p++, 1); p < end && (*p == '/' || *p == '\\'); p++)
		put(w, p, 1);
	while (p < end && is_address_byte((unsigned char)*p) && !strchr("/\\?#", *p)) {
		dot = dot_at(p, end);
		put(w, dot ? "[.]" : p, dot ? 3 : 1);
		p += dot ? dot : 1;
	}
	while (p < end && is_address_byte((unsigned char)*p) && (unsigned char)*p < 0x80 && !scheme_at(p, end, &behind, &within))
		put(w, p++, 1);
	return p;
}

/* a name with dots in it: where it ends; *host where its last label may be a domain's */
static const char *name_end(const char *p, const char *end, bool *host)
{
	const char *last = p, *at = p;
	size_t dot, letters = 0, dots = 0;

	for (;;) {
		for (last = at, letters = 0; at < end && is_label_byte((unsigned char)*at); at++)
			letters += isalpha((unsigned char)*at) != 0;
		dot = dot_at(at, end);
		if (!dot || at + dot >= end || !isalnum((unsigned char)at[dot]))
			break;
		at += dot;
		dots++;
	}
	*host = dots && ((size_t)(at - last) == letters || (at - last > 4 && strncasecmp(last, "xn--", 4) == 0)) && letters >= 2;
	return at;
}

static const char *put_name(struct writer *w, const char *p, const char *end)
{
	bool host;
	const char *stop = name_end(p, end, &host);

	host &= stop == end || *stop != '@'; /* what stands before an @ leads nowhere */
	while (p < stop) {
		size_t dot = host ? dot_at(p, stop) : 0;

		put(w, dot ? "[.]" : p, dot ? 3 : 1);
		p += dot ? dot : 1;
	}
	while (host && stop < end && *stop == '/' && p < end && is_address_byte((unsigned char)*p) && (unsigned char)*p < 0x80)
		put(w, p++, 1); /* the path of an address without a scheme */
	return p;
}

struct text defang(struct arena *arena, struct text text)
{
	struct writer w = { arena_take(arena, text.n * 3 + 1), 0 };
	const char *p = text.p, *end = p + text.n, *within = p, *behind, *harmless;

	while (p < end) {
		bool begins = p == within || !is_label_byte((unsigned char)p[-1]);

		if (begins && scheme_at(p, end, &behind, &harmless))
			p = within = put_url(&w, behind, end, harmless);
		else if (is_label_byte((unsigned char)*p))
			p = put_name(&w, p, end);
		else if (*p == '.' && p > text.p && (unsigned char)p[-1] >= 0x80 && p + 1 < end && isalnum((unsigned char)p[1]))
			put(&w, "[.]", 3), p++; /* behind a label beyond ASCII */
		else
			put(&w, p++, 1);
	}
	w.to[w.n] = '\0';
	return (struct text){ w.to, w.n };
}

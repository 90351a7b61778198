/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/url.h"

#include <ctype.h>
#include <idn2.h>
#include <strings.h>

static bool is_host_byte(unsigned char c) { return isalnum(c) || c == '-' || c == '.' || c == '_'; }
static bool is_slash(char c) { return c == '/' || c == '\\'; }

/* ---- hosts */

static int hex(char c) { return isdigit((unsigned char)c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1; }

static struct text percent_decoded(struct arena *arena, struct text text)
{
	char *copy;
	size_t n = 0;

	if (!memchr(text.p, '%', text.n))
		return text;
	copy = arena_take(arena, text.n + 1);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '%' && i + 2 < text.n && hex(text.p[i + 1]) >= 0 && hex(text.p[i + 2]) >= 0) {
			copy[n++] = (char)(hex(text.p[i + 1]) << 4 | hex(text.p[i + 2]));
			i += 2;
		} else {
			copy[n++] = text.p[i];
		}
	return (struct text){ copy, n };
}

static bool small_host(struct arena *arena, struct text name, struct text *host)
{
	char *copy = arena_text(arena, name);

	for (size_t i = 0; i < name.n; i++) {
		if (!is_host_byte((unsigned char)copy[i]) && !(copy[0] == '[' && strchr("[]:%", copy[i])))
			return false;
		copy[i] = (char)tolower((unsigned char)copy[i]);
	}
	if (copy[0] == '[' && (copy[name.n - 1] != ']' || !memchr(copy, ':', name.n)))
		return false;
	*host = (struct text){ copy, name.n };
	return true;
}

static bool as_labels(struct arena *arena, struct text name, struct text *host)
{
	char *labels = NULL;
	bool good = idn2_to_ascii_8z(arena_text(arena, name), &labels, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK;

	good = good && strlen(labels) <= HOST_BYTES_MAX && labels[0] && small_host(arena, text_of(labels), host);
	free(labels);
	return good;
}

bool url_host(struct arena *arena, struct text written, struct text *host)
{
	struct text name = percent_decoded(arena, text_trim(written));

	while (name.n && name.p[name.n - 1] == '.')
		name.n--;
	if (!name.n || name.n > HOST_BYTES_MAX || memchr(name.p, '\0', name.n) || name.p[0] == '.')
		return false;
	return text_beyond_ascii(name) ? as_labels(arena, name, host) : small_host(arena, name, host);
}

struct text url_host_shown(struct arena *arena, struct text host)
{
	char *shown = NULL;
	struct text text = host;

	if (memmem(host.p, host.n, "xn--", 4) && idn2_to_unicode_8z8z(arena_text(arena, host), &shown, 0) == IDN2_OK)
		text = (struct text){ arena_text(arena, text_of(shown)), strlen(shown) };
	free(shown);
	return text;
}

bool url_host_is_address(struct text host)
{
	const char *dot = host.n ? memrchr(host.p, '.', host.n) : NULL;
	struct text last = dot ? text_between(dot + 1, host.p + host.n) : host;

	if (host.n && host.p[0] == '[')
		return true;
	if (!last.n || !isdigit((unsigned char)last.p[0]))
		return false;
	if (last.n > 2 && last.p[0] == '0' && (last.p[1] | 32) == 'x')
		last = text_after(last, 2);
	for (size_t i = 0; i < last.n; i++)
		if (hex(last.p[i]) < 0)
			return false;
	return true;
}

/* ---- addresses */

/* tabs and line ends anywhere, blanks around it */
static struct text without_blanks(struct arena *arena, struct text text)
{
	char *copy;
	size_t n = 0;

	text = text_trim(text);
	if (text.n > URL_BYTES_MAX)
		text.n = URL_BYTES_MAX;
	if (!memchr(text.p, '\n', text.n) && !memchr(text.p, '\t', text.n) && !memchr(text.p, '\r', text.n))
		return text;
	copy = arena_take(arena, text.n + 1);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\n' && text.p[i] != '\t' && text.p[i] != '\r')
			copy[n++] = text.p[i];
	return (struct text){ copy, n };
}

/* the bytes up to the authority */
static bool scheme_length(struct text text, size_t *n)
{
	static const char *const schemes[] = { "https:", "http:", "ftp:" };

	*n = 0;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes && !*n; i++)
		if (text.n > strlen(schemes[i]) && strncasecmp(text.p, schemes[i], strlen(schemes[i])) == 0)
			*n = strlen(schemes[i]);
	if (!*n && !(text.n > 2 && is_slash(text.p[0]) && is_slash(text.p[1])))
		return false;
	while (*n < text.n && is_slash(text.p[*n]))
		++*n;
	return true;
}

static struct text without_port(struct text host)
{
	const char *colon = host.n && host.p[0] != '[' ? memchr(host.p, ':', host.n) : NULL, *end;

	if (host.n && host.p[0] == '[' && (end = memchr(host.p, ']', host.n)))
		return text_between(host.p, end + 1);
	return colon ? text_between(host.p, colon) : host;
}

bool url_read(struct arena *arena, struct text text, struct url *url)
{
	struct url found = { .whole = without_blanks(arena, text), .user = TEXT_NONE };
	struct text authority;
	const char *at;
	size_t begin, end;

	if (!scheme_length(found.whole, &begin))
		return false;
	for (end = begin; end < found.whole.n && !strchr("/\\?#", found.whole.p[end]); end++)
		;
	authority = text_between(found.whole.p + begin, found.whole.p + end);
	at = authority.n ? memrchr(authority.p, '@', authority.n) : NULL;
	if (at) {
		found.user = text_between(authority.p, at);
		authority = text_between(at + 1, authority.p + authority.n);
	}
	found.path = text_after(found.whole, end);
	if (!url_host(arena, without_port(authority), &found.host))
		return false;
	*url = found;
	return true;
}

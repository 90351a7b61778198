/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/address.h"

#include <ctype.h>
#include <strings.h>

static bool is_atom(unsigned char c) { return isalnum(c) || c >= 0x80 || (c && strchr("!#$%&'*+-/=?^_`{|}~.", c)); }
static bool is_host(unsigned char c) { return isalnum(c) || c >= 0x80 || c == '-' || c == '.' || c == '_'; }

/* where the local part that ends before `at` begins, a quoted one whole */
static const char *local_begin(const char *from, const char *at)
{
	const char *begin = at;

	if (begin > from && begin[-1] == '"') {
		for (begin--; begin > from && begin[-1] != '"'; begin--)
			if ((unsigned char)begin[-1] < ' ' || begin[-1] == 0x7f)
				return at;
		return begin > from ? begin - 1 : at;
	}
	while (begin > from && is_atom((unsigned char)begin[-1]))
		begin--;
	while (begin < at && strchr("'`=", *begin) && !(*begin == '=' && begin[1] == '?')) /* quotation marks and "to=" of the sentence around it */
		begin++;
	return begin;
}

static const char *domain_end(const char *at, const char *end)
{
	const char *stop = at + 1;

	if (end - at > ADDRESS_MAX)
		end = at + ADDRESS_MAX;
	if (stop < end && *stop == '[') { /* a literal, RFC 5321 4.1.3 */
		while (stop < end && *stop != ']' && *stop > ' ')
			stop++;
		return stop < end && *stop == ']' ? stop + 1 : at;
	}
	while (stop < end && is_host((unsigned char)*stop))
		stop++;
	while (stop > at + 1 && strchr(".-_", stop[-1]))
		stop--;
	return stop - at > 1 ? stop : at;
}

static bool needs_quotes(struct text local)
{
	for (size_t i = 0; i < local.n; i++)
		if (!is_atom((unsigned char)local.p[i]))
			return true;
	return local.n == 0;
}

static struct text clean(struct arena *arena, struct text local, struct text domain)
{
	struct text inner = local.n > 2 && local.p[0] == '"' ? (struct text){ local.p + 1, local.n - 2 } : local;

	return arena_joined(arena, needs_quotes(inner) ? local : inner, TEXT("@"), arena_small(arena, domain));
}

/* the first address around an @ in the text; *end where it stops */
static bool free_address(struct arena *arena, struct text text, struct text *address, const char **end)
{
	const char *stop;

	if (!text.n) /* nothing at all may be nowhere */
		return false;
	stop = text.p + text.n;
	for (const char *at = text.p; (at = memchr(at, '@', (size_t)(stop - at))); at++) {
		const char *begin = local_begin(text.p, at), *last = domain_end(at, stop);

		if (begin == at || last == at || last - begin > ADDRESS_MAX)
			continue;
		*address = clean(arena, text_between(begin, at), text_between(at + 1, last));
		*end = last;
		return true;
	}
	return false;
}

/* <a@b>, a route before it (RFC 5321 4.1.2) left out */
static bool bracketed(struct text text, struct text *inner)
{
	struct text rest = text, head;

	while (text_cut(&rest, '<', &head)) {
		size_t room = rest.n < ADDRESS_MAX ? rest.n : ADDRESS_MAX, close = text_find(text_head(rest, room), '>');

		if (close < room && memchr(rest.p, '@', close)) {
			*inner = text_head(rest, close);
			if (inner->p[0] == '@' && memchr(inner->p, ':', inner->n))
				text_cut(inner, ':', &head);
			return true;
		}
	}
	return false;
}

bool address_in(struct arena *arena, struct text text, struct text *address)
{
	struct text inner;
	const char *end;

	if (bracketed(text, &inner) && free_address(arena, inner, address, &end))
		return true;
	if (free_address(arena, text, address, &end))
		return true;
	*address = TEXT_NONE;
	return false;
}

bool address_next(struct arena *arena, struct text *rest, struct text *address)
{
	const char *end;

	if (!free_address(arena, *rest, address, &end)) {
		*address = TEXT_NONE;
		return false;
	}
	*rest = text_between(end, rest->p + rest->n);
	return true;
}

bool address_is(struct text text)
{
	const char *at = text.n ? memrchr(text.p, '@', text.n) : NULL, *end = text.p + text.n;

	return at && text.n <= ADDRESS_MAX && local_begin(text.p, at) == text.p && at > text.p && domain_end(at, end) == end;
}

bool address_same(struct text a, struct text b) { return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0; }

/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/filter.h"

#include <stdio.h>

struct filter {
	char *to;
	size_t used;
};

static bool put(struct filter *filter, struct text bytes)
{
	if (filter->used + bytes.n >= FILTER_MAX)
		return false;
	memcpy(filter->to + filter->used, bytes.p, bytes.n);
	filter->used += bytes.n;
	filter->to[filter->used] = '\0';
	return true;
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("@._-+", c);
}

static bool put_escaped(struct filter *filter, struct text value)
{
	char escape[4];

	for (size_t i = 0; i < value.n; i++) {
		bool plain = value.p[i] && is_plain(value.p[i]);

		if (!plain)
			snprintf(escape, sizeof escape, "\\%02x", (unsigned char)value.p[i]);
		if (!put(filter, plain ? text_head(text_after(value, i), 1) : text_of(escape)))
			return false;
	}
	return true;
}

/* `account` with a NULL p: all of them */
static bool put_part(struct filter *filter, char letter, struct text account)
{
	size_t at = text_find(account, '@');

	if (letter == '%')
		return put(filter, TEXT("%"));
	if (!account.p)
		return put(filter, TEXT("*"));
	if (letter == 'u')
		return put_escaped(filter, account);
	if (letter == 'n')
		return put_escaped(filter, text_head(account, at));
	return put_escaped(filter, text_after(account, at + (at < account.n)));
}

static bool expand(const char *pattern, struct text account, char to[FILTER_MAX])
{
	struct filter filter = { .to = to };
	struct text rest = text_of(pattern), before;

	to[0] = '\0';
	while (text_cut(&rest, '%', &before)) {
		if (!rest.n || !put(&filter, before) || !put_part(&filter, rest.p[0], account))
			return false;
		rest = text_after(rest, 1);
	}
	return put(&filter, rest);
}

bool filter_check(const char *pattern, struct error *error)
{
	struct text rest = text_of(pattern), before;
	char to[FILTER_MAX];
	bool names_one = false;

	while (text_cut(&rest, '%', &before)) {
		if (!rest.n || !strchr("und%", rest.p[0]))
			return error_set(error, "setting 'filter': a %% stands before u, n, d or another %%");
		names_one = names_one || rest.p[0] == 'u' || rest.p[0] == 'n';
		rest = text_after(rest, 1);
	}
	if (!names_one)
		return error_set(error, "setting 'filter': has no %%u (nor %%n), the account that is looked for");
	return filter_of_all(pattern, to) ? true : error_set(error, "setting 'filter': is too long");
}

bool filter_of(const char *pattern, struct text account, char to[FILTER_MAX]) { return expand(pattern, account, to); }

bool filter_of_all(const char *pattern, char to[FILTER_MAX]) { return expand(pattern, (struct text){ NULL, 0 }, to); }

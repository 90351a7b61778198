/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/pairs.h"

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool take_name(struct text *rest, struct text *name, struct error *error)
{
	if (!text_cut(rest, '=', name))
		return error_set(error, "a name without =");
	*name = text_trim(*name);
	if (!name->n)
		return error_set(error, "a = without a name");
	for (size_t i = 0; i < name->n; i++)
		if (!((name->p[i] >= 'a' && name->p[i] <= 'z') || name->p[i] == '_'))
			return error_set(error, "what stands before a = is no name");
	*rest = text_trim(*rest);
	return true;
}

static bool take_value(struct text *rest, char value[PAIRS_VALUE_MAX], struct error *error)
{
	bool quoted = rest->n && rest->p[0] == '\'', open = quoted;
	size_t i = quoted ? 1 : 0, n = 0;

	for (; i < rest->n && (quoted ? open : !is_blank(rest->p[i])); i++) {
		if (quoted && rest->p[i] == '\'') {
			open = false;
			continue;
		}
		if (rest->p[i] == '\\' && ++i == rest->n)
			return error_set(error, "a \\ at the end");
		if (rest->p[i] == '\0' || n == PAIRS_VALUE_MAX - 1)
			return error_set(error, "a value is too long, or has a byte 0");
		value[n++] = rest->p[i];
	}
	if (open)
		return error_set(error, "a quote without its end");
	if (i < rest->n && !is_blank(rest->p[i]))
		return error_set(error, "no blank behind a quote");
	value[n] = '\0';
	*rest = text_trim(text_after(*rest, i));
	return true;
}

bool pairs_read(struct text from, bool (*take)(void *context, struct text name, const char *value, struct error *error), void *context,
		struct error *error)
{
	struct text rest = text_trim(from), name;
	char value[PAIRS_VALUE_MAX];
	bool done = true;

	while (done && rest.n)
		done = take_name(&rest, &name, error) && take_value(&rest, value, error) && take(context, name, value, error);
	explicit_bzero(value, sizeof value);
	return done;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "web/form.h"

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* one piece between '&' and '=', shorter afterwards or as long; false where it cannot be read */
static bool decode(char *piece, size_t n, struct text *out)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		char c = piece[i] == '+' ? ' ' : piece[i];

		if (c == '%') {
			if (n - i < 3 || digit_of(piece[i + 1]) < 0 || digit_of(piece[i + 2]) < 0)
				return false;
			c = (char)(digit_of(piece[i + 1]) << 4 | digit_of(piece[i + 2]));
			i += 2;
		}
		if (!c)
			return false;
		piece[to++] = c;
	}
	*out = (struct text){ piece, to };
	return true;
}

static bool take_field(char *piece, size_t n, struct form *form)
{
	char *equals = memchr(piece, '=', n);
	size_t name = equals ? (size_t)(equals - piece) : n;
	struct form_field *field = &form->fields[form->count];

	if (form->count == FORM_FIELDS_MAX || name > FORM_NAME_MAX)
		return false;
	field->value = TEXT_NONE;
	if (!decode(piece, name, &field->name) || (equals && !decode(equals + 1, n - name - 1, &field->value)))
		return false;
	form->count++;
	return true;
}

bool form_read(char *body, size_t n, struct form *form)
{
	char *end = body + n;

	form->count = 0;
	while (body < end) {
		char *stop = memchr(body, '&', (size_t)(end - body));

		stop = stop ? stop : end;
		if (stop > body && !take_field(body, (size_t)(stop - body), form))
			return false;
		body = stop + 1;
	}
	return true;
}

struct text form_value(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (text_is(form->fields[i].name, text_of(name)))
			return form->fields[i].value;
	return TEXT_NONE;
}

struct text form_word(const struct form *form, const char *name) { return text_trim(form_value(form, name)); }

struct text cookie_value(struct text cookies, struct text name)
{
	while (cookies.n) {
		struct text value = text_trim(text_word(&cookies, ';')), word;

		if (text_cut(&value, '=', &word) && text_is(word, name))
			return value;
	}
	return TEXT_NONE;
}

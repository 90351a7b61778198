/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/passwd_file.h"

static struct text take_line(struct text *rest)
{
	size_t at = text_find(*rest, '\n'), n = at + (at < rest->n);
	struct text line = text_head(*rest, n);

	*rest = text_after(*rest, n);
	return line;
}

static struct text without_end(struct text line)
{
	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

bool passwd_next(struct text *rest, struct passwd_line *line)
{
	while (rest->n) {
		struct text whole = take_line(rest), fields = without_end(whole), name = fields;

		if (!fields.n || fields.p[0] == ':' || fields.p[0] == '#')
			continue;
		*line = (struct passwd_line){ .whole = whole, .has_password = text_cut(&fields, ':', &name) };
		line->name = name;
		line->password = line->has_password ? text_head(fields, text_find(fields, ':')) : text_after(fields, fields.n);
		return true;
	}
	return false;
}

bool passwd_find(struct text file, struct text name, struct passwd_line *line)
{
	struct passwd_line each;

	while (passwd_next(&file, &each))
		if (text_is(each.name, name)) {
			*line = each;
			return true;
		}
	return false;
}

bool passwd_may_hold(struct text password)
{
	for (size_t i = 0; i < password.n; i++)
		if ((unsigned char)password.p[i] < ' ' || password.p[i] == ':' || password.p[i] == 0x7f)
			return false;
	return true;
}

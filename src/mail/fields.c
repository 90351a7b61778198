/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/fields.h"

#include <ctype.h>
#include <strings.h>

bool text_same_word(struct text text, const char *word)
{
	return text.n == strlen(word) && strncasecmp(text.p, word, text.n) == 0;
}

/* the next such byte from `at` on; what was found before and is not behind `at` yet stands */
static const char *next_byte(const char *found, const char *at, const char *end, char byte)
{
	if (found && found < at)
		found = memchr(at, byte, (size_t)(end - at));
	return found;
}

const char *text_seek(struct text text, const char *word)
{
	size_t n = strlen(word);
	const char *at = text.p, *end = text.p + text.n, *low, *high;
	char upper = (char)toupper((unsigned char)word[0]);

	if (text.n < n)
		return NULL;
	low = memchr(at, word[0], text.n);
	high = upper == word[0] ? NULL : memchr(at, upper, text.n);
	while (low || high) {
		at = !high || (low && low < high) ? low : high;
		if ((size_t)(end - at) < n)
			return NULL;
		if (strncasecmp(at, word, n) == 0)
			return at;
		low = next_byte(low, at + 1, end, word[0]);
		high = next_byte(high, at + 1, end, upper);
	}
	return NULL;
}

bool text_line(struct text *rest, struct text *line)
{
	size_t at = text_find(*rest, '\n');

	if (!rest->n)
		return false;
	*line = text_head(*rest, at);
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	*rest = text_after(*rest, at < rest->n ? at + 1 : at);
	return true;
}

static bool is_blank_line(struct text line) { return text_trim(line).n == 0; }

/* the name before the colon: printable, no blank in it (blanks between it and the colon are taken) */
static bool name_of(struct text line, struct text *name, struct text *value)
{
	struct text rest = line, head;

	if (!text_cut(&rest, ':', &head))
		return false;
	while (head.n && (head.p[head.n - 1] == ' ' || head.p[head.n - 1] == '\t'))
		head.n--;
	if (!head.n || head.n > FIELD_NAME_MAX)
		return false;
	for (size_t i = 0; i < head.n; i++)
		if (head.p[i] <= ' ' || head.p[i] >= 0x7f)
			return false;
	*name = head;
	*value = text_trim(rest);
	return true;
}

static struct text at_most(struct text value, size_t most)
{
	if (value.n <= most)
		return value;
	while (most && ((unsigned char)value.p[most] & 0xc0) == 0x80) /* at a character */
		most--;
	return text_head(value, most);
}

static bool is_folded(struct text rest)
{
	return rest.n && (*rest.p == ' ' || *rest.p == '\t') && !is_blank_line(text_head(rest, text_find(rest, '\n')));
}

/* its lines as one, a blank where one ended */
static struct text unfolded(struct arena *arena, struct text lines)
{
	char *to = arena_take(arena, lines.n + 1);
	struct text line;
	size_t n = 0;

	while (text_line(&lines, &line)) {
		line = text_trim(line);
		if (n && line.n)
			to[n++] = ' ';
		memcpy(to + n, line.p, line.n);
		n += line.n;
	}
	return (struct text){ to, n };
}

/* a field with all its lines; false where the next line begins none */
static bool take_field(struct arena *arena, struct text *rest, struct field *field)
{
	struct text ahead = *rest, line;
	const char *end;

	if (!text_line(&ahead, &line) || !name_of(line, &field->name, &field->value))
		return false;
	for (end = NULL; is_folded(ahead); end = line.p + line.n)
		if (!text_line(&ahead, &line))
			break;
	if (end)
		field->value = unfolded(arena, at_most(text_between(field->value.p, end), FIELD_BYTES_MAX));
	field->value = at_most(field->value, FIELD_BYTES_MAX);
	*rest = ahead;
	return true;
}

/* how many fields there may be: lines that do not begin with a blank, up to the first empty one */
static size_t count_lines(struct text text)
{
	struct text line;
	size_t lines = 0;

	while (lines < FIELDS_MAX && text_line(&text, &line) && !is_blank_line(line))
		lines += *line.p != ' ' && *line.p != '\t';
	return lines;
}

static void pass_over(struct text *text)
{
	struct text ahead = *text, line;

	while (text_line(&ahead, &line) &&
	       (is_blank_line(line) || text_starts(line, TEXT("From ")) || text_starts(line, TEXT(">From "))))
		*text = ahead;
}

/* A line that belongs to no field is a fault within them where a field follows; else they are over. */
static bool pass_over_fault(struct text *rest)
{
	struct text ahead = *rest, behind, line, name, value;

	if (!text_line(&ahead, &line))
		return false;
	while (is_folded(ahead))
		if (!text_line(&ahead, &line))
			return false;
	behind = ahead;

	if (!text_line(&ahead, &line) || !name_of(line, &name, &value))
		return false;
	*rest = behind;
	return true;
}

/* the empty line that ends them */
static bool pass_over_end(struct text *rest)
{
	struct text ahead = *rest, line;

	if (!text_line(&ahead, &line) || !is_blank_line(line))
		return false;
	*rest = ahead;
	return true;
}

static bool read_fields(struct arena *arena, struct text text, bool faults, struct fields *fields, struct text *rest)
{
	struct field *field = arena_take(arena, (count_lines(text) + 1) * sizeof *field), one;
	bool all = true;

	*fields = (struct fields){ field, 0 };
	*rest = text;
	while (rest->n && !pass_over_end(rest)) {
		bool taken = take_field(arena, rest, &one);

		if (!taken && !(faults && pass_over_fault(rest)))
			break;
		if (taken && fields->count < FIELDS_MAX)
			field[fields->count++] = one;
		else
			all = !taken && all;
	}
	return all;
}

void fields_read(struct arena *arena, struct text text, struct fields *fields, struct text *rest)
{
	pass_over(&text);
	read_fields(arena, text, false, fields, rest);
}

bool fields_read_part(struct arena *arena, struct text text, bool mail, struct fields *fields, struct text *rest)
{
	if (mail)
		pass_over(&text);
	return read_fields(arena, text, true, fields, rest);
}

bool fields_find(const struct fields *fields, const char *name, struct text *value)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < fields->count; i++)
		if (fields->field[i].name.n == n && strncasecmp(fields->field[i].name.p, name, n) == 0) {
			*value = fields->field[i].value;
			return true;
		}
	*value = TEXT_NONE;
	return false;
}

struct text fields_value(const struct fields *fields, const char *name)
{
	struct text value;

	fields_find(fields, name, &value);
	return value;
}

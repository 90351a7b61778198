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

/* a folded line behind what there is */
static struct text joined(struct arena *arena, struct text value, struct text line)
{
	struct text more = text_trim(line);
	char *both;

	if (!more.n || value.n + more.n + 1 > FIELD_BYTES_MAX)
		return value;
	both = arena_take(arena, value.n + more.n + 1);
	memcpy(both, value.p, value.n);
	both[value.n] = ' ';
	memcpy(both + value.n + 1, more.p, more.n);
	return (struct text){ both, value.n + more.n + 1 };
}

/* how many fields there may be: lines up to the first empty one */
static size_t count_lines(struct text text)
{
	struct text line;
	size_t lines = 0;

	while (lines < FIELDS_MAX && text_line(&text, &line) && !is_blank_line(line))
		lines++;
	return lines;
}

static void pass_over(struct text *text)
{
	struct text ahead = *text, line;

	while (text_line(&ahead, &line) && (is_blank_line(line) || text_starts(line, TEXT("From "))))
		*text = ahead;
}

/* the value of the field that begins in this line, with the lines that are folded into it */
static struct text value_of(struct arena *arena, struct text value, struct text *rest)
{
	struct text ahead = *rest, line;

	while (text_line(&ahead, &line) && line.n && (line.p[0] == ' ' || line.p[0] == '\t') && !is_blank_line(line)) {
		value = joined(arena, value, line);
		*rest = ahead;
	}
	return value.n > FIELD_BYTES_MAX ? text_head(value, FIELD_BYTES_MAX) : value;
}

void fields_read(struct arena *arena, struct text text, struct fields *fields, struct text *rest)
{
	struct text line, name, value;
	struct field *field;

	pass_over(&text);
	field = arena_take(arena, (count_lines(text) + 1) * sizeof *field);
	*fields = (struct fields){ field, 0 };
	*rest = text;
	while (text_line(&text, &line)) {
		if (is_blank_line(line)) {
			*rest = text;
			return;
		}
		if (!name_of(line, &name, &value))
			return;
		value = value_of(arena, value, &text);
		if (fields->count < FIELDS_MAX)
			field[fields->count++] = (struct field){ name, value };
		*rest = text;
	}
	*rest = text;
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/statement.h"

struct reader {
	enum statement_dialect dialect;
	struct text rest;
	struct statement *to;
	size_t used;
	unsigned seen; /* bits of enum statement_value */
	bool over;     /* behind the ; */
	struct error *error;
};

static const char *const settings[STATEMENT_VERBS] = { "get", "set", "delete", "list", "contacts" };
static const struct text names[STATEMENT_VALUES] = {
	{ "account", 7 }, { "local", 5 }, { "domain", 6 }, { "password", 8 }
};

static bool wrong(struct reader *reader, const char *why)
{
	return error_set(reader->error, "setting '%s': %s", reader->to->setting, why);
}

/* ---- lengths of what is in front, 0 where it has no end */

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80; }
static bool is_in_name(char c) { return begins_name(c) || is_digit(c) || c == '$'; }
static char at(struct text t, size_t i) { return i < t.n ? t.p[i] : '\0'; }

static size_t name_length(struct text t)
{
	size_t n = 0;

	while (n < t.n && is_in_name(t.p[n]))
		n++;
	return n;
}

/* a doubled quote stands for itself, but for SQLite's ] */
static size_t quoted_length(struct text t, char quote, bool backslash)
{
	for (size_t i = 1; i < t.n; i++)
		if ((t.p[i] == '\\' && backslash) || (t.p[i] == quote && quote != ']' && at(t, i + 1) == quote))
			i++;
		else if (t.p[i] == quote)
			return i + 1;
	return 0;
}

static size_t line_length(struct text t) { return text_find(t, '\n'); }

/* PostgreSQL's stand in one another */
static size_t comment_length(struct text t, bool nested)
{
	size_t depth = 1;

	for (size_t i = 2; i + 1 < t.n; i++)
		if (t.p[i] == '*' && t.p[i + 1] == '/') {
			i++;
			if (--depth == 0)
				return i + 1;
		} else if (nested && t.p[i] == '/' && t.p[i + 1] == '*') {
			i++;
			depth++;
		}
	return 0;
}

/* $tag$ of PostgreSQL with both its dollars, 0 where it is none */
static size_t tag_length(struct text t)
{
	size_t n = 1;

	if (is_digit(at(t, 1)))
		return 0;
	while (begins_name(at(t, n)) || is_digit(at(t, n)))
		n++;
	return at(t, n) == '$' ? n + 1 : 0;
}

static size_t dollar_length(struct text t, size_t tag)
{
	struct text inside = text_after(t, tag);
	const char *end = memmem(inside.p, inside.n, t.p, tag);

	return end ? (size_t)(end - t.p) + tag : 0;
}

/* ---- writing */

static bool put(struct reader *reader, const char *bytes, size_t n)
{
	if (reader->used + n >= sizeof reader->to->text)
		return wrong(reader, "is too long");
	memcpy(reader->to->text + reader->used, bytes, n);
	reader->used += n;
	return true;
}

/* what belongs to the statement, as it is */
static bool keep(struct reader *reader, size_t n)
{
	if (reader->over)
		return wrong(reader, "is more than one statement");
	if (!put(reader, reader->rest.p, n))
		return false;
	reader->rest = text_after(reader->rest, n);
	return true;
}

static bool keep_whole(struct reader *reader, size_t n, const char *otherwise)
{
	return n ? keep(reader, n) : wrong(reader, otherwise);
}

/* a comment may stand behind the end, too */
static bool keep_comment(struct reader *reader, size_t n)
{
	if (!n)
		return wrong(reader, "has a comment without its end");
	if (!put(reader, reader->rest.p, n))
		return false;
	reader->rest = text_after(reader->rest, n);
	return true;
}

/* ---- parameters */

static char last(const struct reader *reader) { return reader->used ? reader->to->text[reader->used - 1] : ' '; }

static bool put_place(struct reader *reader, enum statement_value value)
{
	char place[16] = "?";

	if (reader->to->count == STATEMENT_PLACES_MAX)
		return wrong(reader, "has too many parameters");
	reader->to->places[reader->to->count++] = value;
	reader->seen |= 1u << value;
	if (reader->dialect == STATEMENT_POSTGRESQL) /* a$1 would be one name */
		snprintf(place, sizeof place, "%s$%zu", is_in_name(last(reader)) ? " " : "", reader->to->count);
	return put(reader, place, strlen(place));
}

static bool take_parameter(struct reader *reader)
{
	struct text name = text_after(reader->rest, 1);

	name = text_head(name, name_length(name));
	if (reader->over)
		return wrong(reader, "is more than one statement");
	for (enum statement_value value = 0; value < STATEMENT_VALUES; value++)
		if (text_is(name, names[value])) {
			reader->rest = text_after(reader->rest, 1 + name.n);
			return put_place(reader, value);
		}
	return error_set(reader->error, "setting '%s': ':%.*s' is none of :account, :local, :domain, :password", reader->to->setting,
			 (int)(name.n < 40 ? name.n : 40), name.p);
}

static bool take_colon(struct reader *reader)
{
	char next = at(reader->rest, 1);

	if (begins_name(next))
		return take_parameter(reader);
	if (is_digit(next) && reader->dialect == STATEMENT_SQLITE)
		return wrong(reader, "has a parameter without a name");
	return keep(reader, next == ':' || next == '=' ? 2 : 1);
}

static bool take_dollar(struct reader *reader)
{
	size_t tag = tag_length(reader->rest);

	if (reader->dialect == STATEMENT_MYSQL)
		return keep(reader, name_length(reader->rest));
	if (reader->dialect == STATEMENT_POSTGRESQL && tag)
		return keep_whole(reader, dollar_length(reader->rest, tag), "has a quote without its end");
	return wrong(reader, "has a parameter of the database's own kind: use :account, :local, :domain, :password");
}

/* ---- one word after the other */

static bool take_quoted(struct reader *reader, char end, bool backslash)
{
	return keep_whole(reader, quoted_length(reader->rest, end, backslash), "has a quote without its end");
}

static bool take_name(struct reader *reader)
{
	size_t n = name_length(reader->rest);
	bool escapes = n == 1 && (reader->rest.p[0] | 0x20) == 'e' && at(reader->rest, 1) == '\'';

	if (!keep(reader, n))
		return false;
	return escapes && reader->dialect == STATEMENT_POSTGRESQL ? take_quoted(reader, '\'', true) : true;
}

static bool is_line_comment(const struct reader *reader)
{
	char next = at(reader->rest, 1), after = at(reader->rest, 2);

	if (reader->rest.p[0] == '#')
		return reader->dialect == STATEMENT_MYSQL;
	/* MySQL takes a--1 as a sum */
	return reader->rest.p[0] == '-' && next == '-' &&
	       (reader->dialect != STATEMENT_MYSQL || reader->rest.n == 2 || (unsigned char)after <= ' ');
}

static bool take_comment(struct reader *reader)
{
	char next = at(reader->rest, 2), after = at(reader->rest, 3);

	if (reader->dialect == STATEMENT_MYSQL && (next == '!' || (next == 'M' && after == '!')))
		return wrong(reader, "has an executable comment");
	return keep_comment(reader, comment_length(reader->rest, reader->dialect == STATEMENT_POSTGRESQL));
}

static bool take_mark(struct reader *reader)
{
	enum statement_dialect dialect = reader->dialect;

	switch (reader->rest.p[0]) {
	case ':': return take_colon(reader);
	case '$': return take_dollar(reader);
	case '\'': return take_quoted(reader, '\'', dialect == STATEMENT_MYSQL);
	case '"': return take_quoted(reader, '"', dialect == STATEMENT_MYSQL);
	case '`': return dialect == STATEMENT_POSTGRESQL ? keep(reader, 1) : take_quoted(reader, '`', false);
	case '[': return dialect == STATEMENT_SQLITE ? take_quoted(reader, ']', false) : keep(reader, 1);
	case '?': /* PostgreSQL has operators of this name */
		return dialect == STATEMENT_POSTGRESQL
			       ? keep(reader, 1)
			       : wrong(reader, "has a parameter of the database's own kind: use :account, :local, :domain, :password");
	case '@':
	case '#': /* SQLite knows these only as the beginning of a parameter: @a, #a, @1, @::a */
		return dialect == STATEMENT_SQLITE
			       ? wrong(reader, "has a parameter of the database's own kind: use :account, :local, :domain, :password")
			       : keep(reader, 1);
	default: return keep(reader, 1);
	}
}

static bool take_next(struct reader *reader)
{
	char c = reader->rest.p[0];

	if (is_blank(c) || c == ';') {
		reader->over = reader->over || c == ';';
		reader->rest = text_after(reader->rest, 1);
		return put(reader, c == ';' ? " " : &c, 1);
	}
	if (is_line_comment(reader))
		return keep_comment(reader, line_length(reader->rest));
	if (c == '/' && at(reader->rest, 1) == '*')
		return take_comment(reader);
	return begins_name(c) || is_digit(c) ? take_name(reader) : take_mark(reader);
}

/* ---- the whole */

static bool has(const struct reader *reader, enum statement_value value) { return reader->seen >> value & 1; }

static bool check(struct reader *reader, enum statement_verb verb)
{
	bool names_one = has(reader, STATEMENT_ACCOUNT) || has(reader, STATEMENT_LOCAL);

	if (verb == STATEMENT_LIST || verb == STATEMENT_CONTACTS)
		return reader->seen ? wrong(reader, "takes no parameters") : true;
	if (!names_one)
		return wrong(reader, "has no :account (nor :local) outside quotes and comments");
	if (verb == STATEMENT_SET && !has(reader, STATEMENT_PASSWORD))
		return wrong(reader, "has no :password outside quotes and comments");
	if (verb != STATEMENT_SET && has(reader, STATEMENT_PASSWORD))
		return wrong(reader, "may not have :password");
	return true;
}

bool statement_read(struct statement *statement, enum statement_dialect dialect, enum statement_verb verb, struct text from,
		    struct error *error)
{
	struct statement read = { .setting = settings[verb] };
	struct reader reader = { .dialect = dialect, .rest = text_trim(from), .to = &read, .error = error };

	if (!reader.rest.n)
		return wrong(&reader, "is empty");
	if (text_find(reader.rest, '\0') < reader.rest.n)
		return wrong(&reader, "has a byte 0");
	while (reader.rest.n)
		if (!take_next(&reader))
			return false;
	if (!check(&reader, verb))
		return false;
	*statement = read;
	return true;
}

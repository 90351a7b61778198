/* SPDX-License-Identifier: Apache-2.0 */
#include "config/wash.h"

#include "base/i18n.h"
#include "config/config.h"

enum { WORD_MAX = 2 * CONFIG_TEXT_MAX /* bytes with all their backslashes: libconfuse slows down on long ones */ };

/* one line, without its end; `at` moves through it, `word` is where the present word or quote began */
struct line {
	char *p;
	size_t n, at, word;
};

static char peek(const struct line *line, size_t ahead)
{
	return line->at + ahead < line->n ? line->p[line->at + ahead] : '\0';
}

static bool is_variable(const struct line *line) { return peek(line, 0) == '$' && peek(line, 1) == '{'; }

static bool word_fits(const struct line *line, struct error *why)
{
	return line->at - line->word <= WORD_MAX || error_set(why, _("a word is longer than %d bytes"), WORD_MAX);
}

/* up to the closing quote; in double quotes a backslash may stand before ", \ and $, in single ones before ' and \ */
static bool pass_quoted(struct line *line, struct error *why)
{
	char quote = line->p[line->at];

	line->word = line->at++;
	for (; line->at < line->n; line->at++) {
		if (line->p[line->at] == quote)
			return true;
		if (!word_fits(line, why))
			return false;
		if (line->p[line->at] == '\\') {
			line->at++;
			if (quote == '"' && (peek(line, 0) == '\0' || !strchr("\"\\$", peek(line, 0))))
				return error_set(why,
						 _("a backslash may only stand before \", \\ or $ in double quotes"));
		} else if (quote == '"' && is_variable(line)) {
			return error_set(why,
					 _("nothing is taken from the environment: write \\${ or use single quotes"));
		}
	}
	return error_set(why, _("a quote is not closed on its line"));
}

static bool pass_plain(struct line *line, struct error *why)
{
	char c = peek(line, 0), next = peek(line, 1);

	if (strchr("*+()|\\", c) || is_variable(line))
		return error_set(why, _("'%c' may only stand in quotes"), c);
	if (c == '/' && (next == '/' || next == '*'))
		return error_set(why, _("'/%c' may only stand in quotes; comments begin with '#'"), next);
	if (strchr(" \t={},", c))
		line->word = line->at;
	return word_fits(line, why);
}

static bool wash_line(struct line *line, struct error *why)
{
	for (size_t i = 0; i < line->n; i++)
		if (((uint8_t)line->p[i] < 0x20 && line->p[i] != '\t') || line->p[i] == 0x7f)
			return error_set(why, _("there is a control character in the line"));
	for (; line->at < line->n; line->at++) {
		char c = line->p[line->at];

		if (c == '#') {
			memset(line->p + line->at, ' ', line->n - line->at);
			return true;
		}
		if (!(c == '"' || c == '\'' ? pass_quoted(line, why) : pass_plain(line, why)))
			return false;
	}
	return true;
}

bool config_wash(char *file, size_t bytes, uint32_t *line, struct error *why)
{
	struct text rest = { file, bytes };
	uint32_t number = 1;

	if (text_starts(rest, TEXT("\xef\xbb\xbf")))
		memset(file, ' ', 3);
	for (; rest.n; number++) {
		struct line one = { .p = (char *)rest.p, .n = text_find(rest, '\n') };

		rest = text_after(rest, one.n < rest.n ? one.n + 1 : rest.n);
		if (one.n && one.p[one.n - 1] == '\r')
			one.p[one.n - 1] = ' ';
		*line = number;
		if (number > CONFIG_LINES_MAX)
			return error_set(why, _("there are more than %d lines"), CONFIG_LINES_MAX);
		if (!wash_line(&one, why))
			return false;
	}
	return true;
}

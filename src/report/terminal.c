/* SPDX-License-Identifier: Apache-2.0 */
#include "report/terminal.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/show.h"
#include "report/utf8.h"

enum { ELLIPSIS = 0x2026 };

void terminal_init(struct terminal *terminal, FILE *to, bool colour)
{
	*terminal = (struct terminal){ to, colour, strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0 };
}

static const char *colour_of(enum shade shade)
{
	static const char *const codes[] = { "", "\033[1m", "\033[2m", "\033[1;31m", "\033[1;33m", "\033[1;32m" };

	return codes[shade];
}

/* the next character as this terminal shows it */
static void step_of(const struct terminal *terminal, const char *at, struct utf8_step *step)
{
	utf8_step(at, step);
	if (!terminal->ascii || !step->plain || step->code < 0x80)
		return;
	if (step->code == ELLIPSIS) {
		snprintf(step->shown, sizeof step->shown, "...");
		step->columns = 3;
		return;
	}
	for (size_t i = 0; i < step->used; i++)
		snprintf(step->shown + 4 * i, sizeof step->shown - 4 * i, "\\x%02x", (unsigned)(unsigned char)at[i]);
	step->columns = 4 * (unsigned)step->used;
}

static void put_bytes(struct terminal *terminal, const char *text, const char *end)
{
	struct utf8_step step;

	while (text < end) {
		step_of(terminal, text, &step);
		if (!step.used)
			return;
		fputs(step.shown, terminal->to);
		text += step.used;
	}
}

void terminal_put(struct terminal *terminal, enum shade shade, const char *text)
{
	bool colour = terminal->colour && shade != SHADE_PLAIN;

	if (colour)
		fputs(colour_of(shade), terminal->to);
	put_bytes(terminal, text, text + strlen(text));
	if (colour)
		fputs("\033[0m", terminal->to);
}

void terminal_print(struct terminal *terminal, enum shade shade, const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	if (vasprintf(&text, format, args) >= 0)
		terminal_put(terminal, shade, text);
	va_end(args);
	free(text);
}

void terminal_pad(struct terminal *terminal, unsigned columns)
{
	fprintf(terminal->to, "%*s", (int)columns, "");
}

void terminal_end(struct terminal *terminal)
{
	fputc('\n', terminal->to);
}

unsigned terminal_columns(const struct terminal *terminal, const char *text)
{
	struct utf8_step step;
	unsigned columns = 0;

	for (step_of(terminal, text, &step); step.used; step_of(terminal, text += step.used, &step))
		columns += step.columns;
	return columns;
}

/* ---- wrapping: at blanks, and between wide characters, but for those that may not begin or end a line */

static bool may_not_begin(uint32_t code)
{
	static const uint32_t closing[] = { 0x3001, 0x3002, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011,
					    0x3015, 0x301c, 0x30fb, 0x30fc, 0xff01, 0xff09, 0xff0c,
					    0xff0e, 0xff1a, 0xff1b, 0xff1f, 0xff5d, 0xff5e };
	static const uint32_t small[] = {
		0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308e
	};

	for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
		if (code == closing[i])
			return true;
	/* katakana stand 0x60 above hiragana */
	for (size_t i = 0; i < sizeof small / sizeof *small; i++)
		if (code == small[i] || code == small[i] + 0x60)
			return true;
	return code != 0 && code < 0x80 && strchr(",.:;!?)]}", (int)code) != NULL;
}

static bool may_not_end(uint32_t code)
{
	return code == 0x300c || code == 0x300e || code == 0x3010 || code == 0xff08 || code == '(' || code == '[';
}

static bool may_break(const struct utf8_step *before, const struct utf8_step *behind)
{
	if (!before->used || before->code == ' ')
		return true;
	return (before->columns == 2 || behind->columns == 2) && behind->code != ' ' && !may_not_begin(behind->code) &&
	       !may_not_end(before->code);
}

/* where the line that begins at `text` ends, so that it takes no more than `room` columns if that can be */
static const char *line_end(const struct terminal *terminal, const char *text, unsigned room)
{
	struct utf8_step before = { 0 }, step;
	const char *at = text, *fits = NULL;
	unsigned columns = 0;

	for (step_of(terminal, at, &step); step.used; step_of(terminal, at, &step)) {
		if (at > text && may_break(&before, &step))
			fits = at;
		if (step.code != ' ' && columns + step.columns > room && fits)
			return fits;
		columns += step.columns;
		before = step;
		at += step.used;
	}
	return at;
}

void terminal_wrap(struct terminal *terminal, unsigned indent, const char *text)
{
	unsigned room = indent + 20 < TERMINAL_COLUMNS ? TERMINAL_COLUMNS - indent : 20;

	while (*text) {
		const char *end = line_end(terminal, text, room), *last = end;

		while (last > text && last[-1] == ' ')
			last--;
		put_bytes(terminal, text, last);
		text = end;
		if (*text) {
			terminal_end(terminal);
			terminal_pad(terminal, indent);
		}
	}
	terminal_end(terminal);
}

/* ---- tables */

void grid_init(struct grid *grid, const char *align)
{
	*grid = (struct grid){ .align = align, .columns = (unsigned)strlen(align) };
}

void grid_cell(struct grid *grid, const char *format, ...)
{
	va_list args;
	char *text = NULL;

	if (grid->count == grid->columns * GRID_ROWS_MAX)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	grid->cells[grid->count++] = text;
}

static unsigned width_of(const struct grid *grid, const struct terminal *terminal, unsigned column)
{
	unsigned widest = 0;

	for (unsigned i = column; i < grid->count; i += grid->columns) {
		unsigned width = terminal_columns(terminal, grid->cells[i]);

		widest = width > widest ? width : widest;
	}
	return widest;
}

static void show_row(const struct grid *grid, struct terminal *terminal, unsigned first, const unsigned *widths)
{
	unsigned columns = grid->columns;

	while (columns > 1 && first + columns <= grid->count && !*grid->cells[first + columns - 1])
		columns--;
	for (unsigned c = 0; c < columns && first + c < grid->count; c++) {
		const char *cell = grid->cells[first + c];
		unsigned gap = widths[c] - terminal_columns(terminal, cell);
		bool last = c + 1 == columns, right = grid->align[c] == 'r';

		terminal_pad(terminal, (c ? 2 : 0) + (right ? gap : 0));
		terminal_put(terminal, first ? SHADE_PLAIN : SHADE_DIM, cell);
		if (!last && !right)
			terminal_pad(terminal, gap);
	}
	terminal_end(terminal);
}

void grid_done(struct grid *grid, struct terminal *terminal, unsigned indent)
{
	unsigned widths[GRID_COLUMNS_MAX] = { 0 };

	for (unsigned c = 0; c < grid->columns; c++)
		widths[c] = width_of(grid, terminal, c);
	for (unsigned first = 0; first < grid->count; first += grid->columns) {
		terminal_pad(terminal, indent);
		show_row(grid, terminal, first, widths);
	}
	for (unsigned i = 0; i < grid->count; i++)
		free(grid->cells[i]);
	*grid = (struct grid){ 0 };
}

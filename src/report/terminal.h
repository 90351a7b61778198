/* SPDX-License-Identifier: Apache-2.0 */
/* Text on a terminal: colours where wanted, columns that stand straight in any script, lines that wrap. Whatever
 * is not safe to show leaves as \xNN, so nothing from outside can speak to the terminal. */
#ifndef SEKISHO_REPORT_TERMINAL_H
#define SEKISHO_REPORT_TERMINAL_H
#include <stdbool.h>
#include <stdio.h>

enum shade { SHADE_PLAIN, SHADE_BOLD, SHADE_DIM, SHADE_RED, SHADE_YELLOW, SHADE_GREEN };

enum { TERMINAL_COLUMNS = 80 };

struct terminal {
	FILE *to;
	bool colour;
	bool ascii; /* the locale knows no more than ASCII */
};

void terminal_init(struct terminal *terminal, FILE *to, bool colour);
/* no newline is added, and none in the text is kept */
void terminal_put(struct terminal *terminal, enum shade shade, const char *text);
void terminal_print(struct terminal *terminal, enum shade shade, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void terminal_pad(struct terminal *terminal, unsigned columns);
void terminal_end(struct terminal *terminal); /* of the line */
unsigned terminal_columns(const struct terminal *terminal, const char *text);
/* wrapped at TERMINAL_COLUMNS; the cursor stands at `indent`, and so do the lines that follow. Ends the line. */
void terminal_wrap(struct terminal *terminal, unsigned indent, const char *text);

/* ---- a table: cells row by row, the first row is the head */
enum { GRID_COLUMNS_MAX = 8, GRID_ROWS_MAX = 24 };

struct grid {
	const char *align; /* 'l' or 'r' a column, "lrr" */
	char *cells[GRID_ROWS_MAX * GRID_COLUMNS_MAX];
	unsigned columns, count;
};

void grid_init(struct grid *grid, const char *align);
/* cells beyond the table are dropped */
void grid_cell(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* shows and frees */
void grid_done(struct grid *grid, struct terminal *terminal, unsigned indent);
#endif

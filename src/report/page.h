/* SPDX-License-Identifier: Apache-2.0 */
/* Text on a page: everything that is written through these is escaped, so only what stands in our own source can
 * be markup. The page is HTML that is well-formed XML, too. */
#ifndef SEKISHO_REPORT_PAGE_H
#define SEKISHO_REPORT_PAGE_H
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PAGE_NAME_COLUMNS = 96, PAGE_NETWORK_COLUMNS = 48 };

/* as content or within a quoted attribute */
void page_text(FILE *to, const char *text);
void page_print(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* <tag>text</tag>; `open` may carry attributes: page_element(to, "dt class='x'", "…") */
void page_element(FILE *to, const char *open, const char *text);
void page_paragraph(FILE *to, const char *class, const char *text);
void page_name(FILE *to, const char *raw);
/* "and 32 more", nothing for none */
void page_more(FILE *to, uint64_t count);

/* ---- tables: a cell carries its column's name, which narrow screens show beside it */
struct page_column {
	const char *class, *label;
};
void page_table_open(FILE *to, const struct page_column *columns, size_t count);
void page_cell(FILE *to, const struct page_column *column, const char *text);
void page_table_close(FILE *to);

/* ---- the frame: everything up to <body>, without scripts or anything from outside; a <section> with its title */
void page_open(FILE *to, const char *title);
void page_section(FILE *to, const char *title);

/* the reader's language as in lang="…" */
void page_language(char language[16]);

/* ends with NULL */
extern const char *const page_style[];
#endif

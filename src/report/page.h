/* SPDX-License-Identifier: Apache-2.0 */
/* Text on a page: everything that is written through these is escaped, so only what stands in our own source can
 * be markup. The page is HTML that is well-formed XML, too. */
#ifndef SEKISHO_REPORT_PAGE_H
#define SEKISHO_REPORT_PAGE_H
#include <stdio.h>

/* as content or within a quoted attribute */
void page_text(FILE *to, const char *text);
void page_print(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* <tag>text</tag>; `open` may carry attributes: page_element(to, "dt class='x'", "…") */
void page_element(FILE *to, const char *open, const char *text);
/* the reader's language as in lang="…" */
void page_language(char language[16]);

/* ends with NULL */
extern const char *const page_style[];
#endif

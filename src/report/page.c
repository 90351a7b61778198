/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"

#include <libintl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/show.h"
#include "report/utf8.h"
#include "report/words.h"

static const char *entity(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void page_text(FILE *to, const char *text)
{
	struct utf8_step step;

	for (utf8_step(text, &step); step.used; utf8_step(text += step.used, &step)) {
		const char *safe = step.plain ? entity(step.code) : NULL;

		/* commands have line ends, and those are layout */
		if (*text == '\n')
			fputc('\n', to);
		else
			fputs(safe ? safe : step.shown, to);
	}
}

void page_print(FILE *to, const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	if (vasprintf(&text, format, args) >= 0)
		page_text(to, text);
	va_end(args);
	free(text);
}

void page_element(FILE *to, const char *open, const char *text)
{
	fprintf(to, "<%s>", open);
	page_text(to, text);
	fprintf(to, "</%.*s>", (int)strcspn(open, " "), open);
}

/* the head of the message catalogue says whose language it is; without one it is English */
void page_language(char language[16])
{
	static const char empty[] = "";
	const char *head = gettext(empty), *at = strstr(head, "Language: ");
	size_t n = at ? strspn(at + 10, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") : 0;

	snprintf(language, 16, "%.*s", n ? (int)n : 2, n ? at + 10 : "en");
	for (char *p = language; *p; p++)
		if (*p == '_')
			*p = '-';
}

void page_paragraph(FILE *to, const char *class, const char *text)
{
	fprintf(to, "<p class=\"%s\">", class);
	page_text(to, text);
	fputs("</p>\n", to);
}

void page_name(FILE *to, const char *raw)
{
	const char *shown = show_name(SHOWN, raw, PAGE_NAME_COLUMNS), *at = strchr(shown, '@');

	/* best broken where the domain begins */
	fputs("<bdi>", to);
	if (at)
		page_print(to, "%.*s", (int)(at + 1 - shown), shown);
	if (at)
		fputs("<wbr/>", to);
	page_text(to, at ? at + 1 : shown);
	fputs("</bdi>", to);
}

void page_more(FILE *to, uint64_t count)
{
	char *text = words_more(count);

	if (text)
		page_paragraph(to, "more", text);
	free(text);
}

/* ---- tables */

void page_table_open(FILE *to, const struct page_column *columns, size_t count)
{
	fputs("<table><thead><tr>", to);
	for (size_t i = 0; i < count; i++) {
		fprintf(to, "<th scope=\"col\" class=\"%s\">", columns[i].class);
		page_text(to, columns[i].label);
		fputs("</th>", to);
	}
	fputs("</tr></thead><tbody>\n", to);
}

void page_cell(FILE *to, const struct page_column *column, const char *text)
{
	fprintf(to, "<td class=\"%s\" data-label=\"", column->class);
	page_text(to, column->label);
	fputs("\">", to);
	page_text(to, text);
	fputs("</td>", to);
}

void page_table_close(FILE *to)
{
	fputs("</tbody></table>\n", to);
}

/* ---- the frame */

void page_open(FILE *to, const char *headline)
{
	char language[16];

	page_language(language);
	fprintf(to,
		"<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n",
		language);
	fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
	      "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
	      "<meta name=\"robots\" content=\"noindex\"/>\n"
	      "<link rel=\"icon\" href=\"data:,\"/>\n",
	      to);
	page_element(to, "title", headline);
	fputs("\n<style>\n", to);
	for (size_t i = 0; page_style[i]; i++)
		fputs(page_style[i], to);
	fputs("</style>\n</head>\n<body>\n", to);
}

void page_section(FILE *to, const char *title)
{
	fputs("<section>\n", to);
	page_element(to, "h2", title);
	fputc('\n', to);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The page on fakes as one page that needs nothing else: no script, no font, no picture from outside, and no link. */
#include <errno.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/bulletin_words.h"
#include "report/page.h"

static void show_header(FILE *to, const struct bulletin *bulletin)
{
	char *day = bulletin_day(bulletin->day_us);
	struct paper_lines lines;

	fputs("<header class=\"suspected\">\n<p class=\"eyebrow\">", to);
	if (bulletin->config->official_names.count) {
		page_element(to, "b", bulletin->config->official_names.items[0]);
		fputs(" · ", to);
	}
	page_text(to, day);
	free(day);
	fputs("</p>\n", to);
	page_element(to, "h1", _("Beware of fake mails"));
	fputc('\n', to);
	bulletin_lead(bulletin, &lines);
	for (size_t i = 0; i < lines.count; i++)
		page_paragraph(to, "lead", lines.items[i]);
	paper_lines_done(&lines);
	page_paragraph(to, "sub", bulletin_reading());
	fputs("</header>\n", to);
}

/* one under the other; a <bdi> keeps the direction of one from turning that of the next */
static void show_list(FILE *to, const struct bulletin_list *list)
{
	char *more;
	size_t shown = bulletin_shown(list, &more);

	for (size_t i = 0; i < shown; i++) {
		if (i)
			fputs("<br/>", to);
		page_element(to, "bdi", list->items[i].text);
	}
	if (more) {
		fputs("<br/>", to);
		page_element(to, "span class=\"more\"", more);
	}
	free(more);
}

static void show_signs(FILE *to, const struct bulletin_fake *fake)
{
	char *more;
	size_t shown = bulletin_shown(&fake->signs, &more);

	free(more);
	if (!shown)
		return;
	page_element(to, "h3", _("To be told by"));
	fputs("\n<ul class=\"expect\">\n", to);
	for (size_t i = 0; i < shown; i++) {
		page_element(to, "li", fake->signs.items[i].text);
		fputc('\n', to);
	}
	fputs("</ul>\n", to);
}

static void show_fake(FILE *to, const struct bulletin_fake *fake)
{
	struct bulletin_fact facts[BULLETIN_FACTS_MAX];
	size_t count = bulletin_facts(fake, facts);
	char *seen = bulletin_seen(fake);

	fputs("<section class=\"incident hijacked\">\n", to);
	page_element(to, "h2", bulletin_title(fake));
	fputs("\n<dl class=\"facts\">\n", to);
	for (size_t i = 0; i < count; i++) {
		page_element(to, "dt", facts[i].label);
		fputs("<dd>", to);
		show_list(to, facts[i].list);
		fputs("</dd>\n", to);
	}
	page_element(to, "dt", _("Seen"));
	page_element(to, "dd", seen);
	fputs("\n</dl>\n", to);
	show_signs(to, fake);
	fputs("</section>\n", to);
	free(seen);
}

static void show_part(FILE *to, const struct bulletin *bulletin, enum bulletin_part part)
{
	struct paper_lines lines;

	bulletin_part(bulletin, part, &lines);
	page_section(to, bulletin_part_title(part));
	fputs("<ul class=\"expect\">\n", to);
	for (size_t i = 0; i < lines.count; i++) {
		page_element(to, "li", lines.items[i]);
		fputc('\n', to);
	}
	fputs("</ul>\n</section>\n", to);
	paper_lines_done(&lines);
}

bool bulletin_html(const struct bulletin *bulletin, FILE *to, struct error *error)
{
	page_open(to, _("Beware of fake mails"));
	show_header(to, bulletin);
	fputs("<main>\n", to);
	for (size_t i = 0; i < bulletin->count; i++)
		show_fake(to, &bulletin->fakes[i]);
	for (enum bulletin_part part = 0; part < BULLETIN_PARTS; part++)
		show_part(to, bulletin, part);
	fputs("</main>\n<footer><p>", to);
	page_text(to, _("This page changes as new fakes are seen. It contains no link."));
	fputs("</p></footer>\n</body>\n</html>\n", to);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

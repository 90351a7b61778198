/* SPDX-License-Identifier: Apache-2.0 */
/* The page on fakes as plain text: for a terminal, or a mail to customers. */
#include <errno.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/bulletin_words.h"
#include "report/terminal.h"

enum { INDENT = 2, LABEL = 24 };

static void heading(struct terminal *t, const char *text)
{
	terminal_end(t);
	terminal_put(t, SHADE_BOLD, text);
	terminal_end(t);
}

static void labelled(struct terminal *t, const char *label, const char *value)
{
	unsigned width = terminal_columns(t, label);

	terminal_pad(t, INDENT);
	terminal_put(t, SHADE_DIM, label);
	terminal_pad(t, width + INDENT < LABEL ? LABEL - INDENT - width : 1);
	terminal_wrap(t, LABEL, value);
}

static void show_list(struct terminal *t, const char *label, const struct bulletin_list *list)
{
	char *more;
	size_t shown = bulletin_shown(list, &more);

	for (size_t i = 0; i < shown; i++)
		labelled(t, i ? "" : label, list->items[i].text);
	if (more)
		labelled(t, "", more);
	free(more);
}

static void show_fake(struct terminal *t, const struct bulletin_fake *fake)
{
	struct bulletin_fact facts[BULLETIN_FACTS_MAX];
	size_t count = bulletin_facts(fake, facts);
	char *seen = bulletin_seen(fake);

	terminal_end(t);
	terminal_put(t, SHADE_RED, bulletin_title(fake));
	terminal_end(t);
	for (size_t i = 0; i < count; i++)
		show_list(t, facts[i].label, facts[i].list);
	show_list(t, _("To be told by"), &fake->signs);
	labelled(t, _("Seen"), seen);
	free(seen);
}

static void show_part(struct terminal *t, const struct bulletin *bulletin, enum bulletin_part part)
{
	struct paper_lines lines;

	heading(t, bulletin_part_title(part));
	bulletin_part(bulletin, part, &lines);
	for (size_t i = 0; i < lines.count; i++) {
		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_PLAIN, "- ");
		terminal_wrap(t, INDENT + 2, lines.items[i]);
	}
	paper_lines_done(&lines);
}

static void paragraph(struct terminal *t, const char *text)
{
	terminal_pad(t, INDENT);
	terminal_wrap(t, INDENT, text);
}

bool bulletin_text(const struct bulletin *bulletin, FILE *to, bool colour, struct error *error)
{
	char *day = bulletin_day(bulletin->day_us);
	struct paper_lines lines;
	struct terminal t;

	terminal_init(&t, to, colour);
	terminal_put(&t, SHADE_BOLD, _("Beware of fake mails"));
	terminal_print(&t, SHADE_DIM, "  %s", day);
	terminal_end(&t);
	free(day);
	bulletin_lead(bulletin, &lines);
	for (size_t i = 0; i < lines.count; i++)
		paragraph(&t, lines.items[i]);
	paper_lines_done(&lines);
	paragraph(&t, bulletin_reading());
	for (size_t i = 0; i < bulletin->count; i++)
		show_fake(&t, &bulletin->fakes[i]);
	for (enum bulletin_part part = 0; part < BULLETIN_PARTS; part++)
		show_part(&t, bulletin, part);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The paper on an incident as one page that needs nothing else, also on paper: no script, no font, no picture from outside. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/html.h"
#include "report/page.h"
#include "report/paper_words.h"

enum { SOURCES = 200 };

static void paragraphs(FILE *to, struct paper_lines *lines, const char *class)
{
	for (size_t i = 0; i < lines->count; i++)
		page_paragraph(to, class, lines->items[i]);
	paper_lines_done(lines);
}

static const char *tone(const struct paper *paper)
{
	return paper->false_alarm || paper->closed_us != WHEN_NONE ? "clear" : "hijacked";
}

static void show_header(FILE *to, const struct paper *paper, const char *headline)
{
	struct paper_lines lines;

	fprintf(to, "<header class=\"%s\">\n<p class=\"eyebrow\"><b>sekisho</b> · ", tone(paper));
	page_print(to, _("Incident report %s"), show_count(SHOWN, paper->number));
	page_print(to, " · %s", show_time(SHOWN, paper->made_us));
	fputs("</p>\n", to);
	page_element(to, "h1", headline);
	fputc('\n', to);
	paper_lead(paper, &lines);
	paragraphs(to, &lines, "lead");
	fputs("</header>\n", to);
}

/* ---- what happened */

static uint64_t held_back(const struct paper *paper)
{
	return paper->held[PAPER_WAITING].messages + paper->held[PAPER_CONDEMNED].messages + paper->held[PAPER_DELETED].messages;
}

static void show_numbers(FILE *to, const struct paper *paper)
{
	fputs("<dl class=\"numbers\">\n", to);
	html_number(to, _("messages let through"), paper->passed.messages);
	html_number(to, _("recipients of them"), paper->passed.recipients);
	html_number(to, _("messages held back"), held_back(paper));
	html_number(to, _("messages refused"), paper->refused.messages);
	fputs("</dl>\n", to);
}

static void show_incident(FILE *to, const struct paper *paper)
{
	bool counted = paper->incident.series.count || paper->incident.source_count;
	struct fact facts[PAPER_FACTS_MAX];

	fprintf(to, "<section class=\"%s%s\">\n<div class=\"title\">", counted ? "incident " : "", tone(paper));
	page_element(to, "h2", _("The facts"));
	page_element(to, "span class=\"chip\"", paper_state_word(paper));
	fputs("</div>\n", to);
	show_numbers(to, paper);
	html_time_plot(to, &paper->incident, _("here it was noticed"));
	html_facts(to, facts, paper_facts(paper, facts));
	fputs("</section>\n", to);
}

static void show_lines(FILE *to, const char *title, struct paper_lines *lines)
{
	page_section(to, title);
	for (size_t i = 0; i < lines->count; i++) {
		page_element(to, "p", lines->items[i]);
		fputc('\n', to);
	}
	paper_lines_done(lines);
	fputs("</section>\n", to);
}

/* ---- from where */

static void source_row(FILE *to, const struct page_column *columns, const struct paper *paper, const struct incident_source *source)
{
	struct page_column whose = columns[5];

	whose.class = source->attacker ? "attacker" : source->familiar ? "own" : "";
	fputs("<tr>", to);
	page_cell(to, &columns[0], paper_address(paper, source, SHOWN));
	page_cell(to, &columns[1], paper_hides(paper, source) ? "" : show_country(SHOWN, &source->place));
	if (paper->logins_told)
		page_cell(to, &columns[2], paper_logins(source, SHOWN));
	page_cell(to, &columns[3], show_count(SHOWN, source->messages));
	page_cell(to, &columns[4], show_count(SHOWN, source->recipients));
	page_cell(to, &whose, words_whose(source));
	page_cell(to, &columns[6], show_range(SHOWN, source->first_us, source->last_us));
	page_cell(to, &columns[7], show_network(SHOWN, &source->place, source->network, PAGE_NETWORK_COLUMNS));
	fputs("</tr>\n", to);
}

static void show_table(FILE *to, const struct paper *paper)
{
	enum { COLUMNS = 8, LOGINS = 2 };
	const struct page_column columns[COLUMNS] = { { "ip", _("Address") },  { "", _("Country") }, { "n", _("Logins") }, { "n", _("Messages") },
						      { "n", _("Recipients") }, { "", _("Whose") },   { "", _("First and last") },
						      { "name", _("Network") } };
	struct page_column shown_columns[COLUMNS];
	const struct incident_source **sources = tally_sources(&paper->incident);
	size_t count = paper->incident.source_count, shown = count < SOURCES ? count : SOURCES, n = 0;

	for (size_t i = 0; i < COLUMNS; i++)
		if (i != LOGINS || paper->logins_told)
			shown_columns[n++] = columns[i];
	page_table_open(to, shown_columns, n);
	for (size_t i = 0; i < shown; i++)
		source_row(to, columns, paper, sources[i]);
	page_table_close(to);
	page_more(to, count - shown);
	free(sources);
}

static void show_sources(FILE *to, const struct paper *paper)
{
	page_section(to, _("From where"));
	if (paper->incident.source_count) {
		fputs("<div class=\"pair\">\n", to);
		html_bars(to, &paper->incident, TALLY_COUNTRY);
		html_bars(to, &paper->incident, TALLY_NETWORK);
		fputs("</div>\n", to);
		show_table(to, paper);
	} else {
		page_element(to, "p", _("No address is known."));
	}
	if (paper->sources_left_out)
		page_paragraph(to, "more", _("There were more addresses than can be told here."));
	fputs("</section>\n", to);
}

static void show_evidence(FILE *to, const struct paper *paper)
{
	if (!paper->incident.evidence_count)
		return;
	page_section(to, _("Why it was taken for somebody else's"));
	html_evidence(to, &paper->incident, "why hijacked", paper_signal);
	fputs("</section>\n", to);
}

/* ---- when, and what was done */

static void show_story(FILE *to, const struct paper *paper)
{
	const struct page_column columns[] = { { "when", _("When") }, { "name", _("What") }, { "", _("Who") } };
	struct paper_event *events;
	size_t count = paper_story(paper, &events);

	page_section(to, _("Time line"));
	page_table_open(to, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < count; i++) {
		fputs("<tr>", to);
		page_cell(to, &columns[0], show_time(SHOWN, events[i].at_us));
		page_cell(to, &columns[1], events[i].what);
		page_cell(to, &columns[2], events[i].who);
		fputs("</tr>\n", to);
	}
	page_table_close(to);
	fputs("</section>\n", to);
	paper_story_done(events, count);
}

static void step_row(FILE *to, const struct page_column *columns, const struct paper_step *step)
{
	struct page_column state = columns[1];
	char *says = paper_sentence(&step->says), *proof = paper_sentence(&step->proof);
	int64_t t_us = step->done_us != WHEN_NONE ? step->done_us : step->at_us;

	state.class = step->state == PAPER_STEP_FAILED ? "attacker" : step->state == PAPER_STEP_DONE ? "own" : "";
	fputs("<tr>", to);
	page_cell(to, &columns[0], paper_action(step));
	page_cell(to, &state, paper_step_word(step));
	page_cell(to, &columns[2], t_us == WHEN_NONE ? "" : show_time(SHOWN, t_us));
	page_cell(to, &columns[3], says);
	page_cell(to, &columns[4], step->proved_us == WHEN_NONE ? "" : show_time(SHOWN, step->proved_us));
	page_cell(to, &columns[5], proof);
	fputs("</tr>\n", to);
	free(says);
	free(proof);
}

static void show_closure(FILE *to, const struct paper *paper)
{
	const struct page_column columns[] = { { "name", _("Step") },   { "", _("State") },     { "", _("When") },
					       { "name", _("Remarks") }, { "", _("Proved at") }, { "name", _("Proof") } };
	char *word = paper_closure_word(paper);

	page_section(to, _("What was done, and the proof"));
	page_element(to, "p", word);
	free(word);
	if (paper->closure.closed_us != WHEN_NONE && *paper_scope(paper))
		page_element(to, "p", paper_scope(paper));
	if (paper->closure.count) {
		page_table_open(to, columns, sizeof columns / sizeof *columns);
		for (size_t i = 0; i < paper->closure.count; i++)
			step_row(to, columns, &paper->closure.steps[i]);
		page_table_close(to);
	}
	fputs("</section>\n", to);
}

static void show_left(FILE *to, const struct paper *paper, enum paper_part part)
{
	struct paper_lines lines;

	paper_left(paper, part, &lines);
	if (!lines.count)
		return;
	page_section(to, paper_part_title(part));
	fprintf(to, "<ul class=\"%s\">\n", part == PAPER_EXPECT ? "expect" : "left");
	for (size_t i = 0; i < lines.count; i++) {
		page_element(to, "li", lines.items[i]);
		fputc('\n', to);
	}
	fputs("</ul>\n</section>\n", to);
	paper_lines_done(&lines);
}

bool paper_html(const struct paper *paper, FILE *to, struct error *error)
{
	char *headline = paper_headline(paper);
	struct paper_lines lines;

	page_open(to, headline);
	show_header(to, paper, headline);
	free(headline);
	fputs("<main>\n", to);
	show_incident(to, paper);
	paper_cause(paper, &lines);
	show_lines(to, _("How it came about"), &lines);
	show_sources(to, paper);
	paper_reach(paper, &lines);
	show_lines(to, _("Whom it reached"), &lines);
	show_evidence(to, paper);
	show_story(to, paper);
	show_closure(to, paper);
	for (enum paper_part part = 0; part < PAPER_PARTS; part++)
		show_left(to, paper, part);
	fputs("</main>\n<footer><p>", to);
	page_text(to, _("Made by sekisho from what the mail server recorded. Counts of the attacker are the attacker's alone, as far as places tell."));
	fputs("</p></footer>\n</body>\n</html>\n", to);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

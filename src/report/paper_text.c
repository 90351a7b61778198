/* SPDX-License-Identifier: Apache-2.0 */
/* The paper on an incident as plain text: to be read on a terminal, or put into a mail. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/block.h"
#include "report/paper_words.h"
#include "report/tally.h"

enum { INDENT = 2, LABEL = 18, WHEN = 29, SOURCES = 100, COUNTRIES = 12, NETWORK_COLUMNS = 32 };

static void heading(struct terminal *t, const char *text) { block_heading(t, 0, text); }
static void paragraph(struct terminal *t, const char *text) { block_paragraph(t, INDENT, text); }

static void paragraphs(struct terminal *t, struct paper_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		paragraph(t, lines->items[i]);
	paper_lines_done(lines);
}

static void labelled(struct terminal *t, const char *label, const char *value) { block_labelled(t, INDENT, LABEL, label, value); }

static void show_head(struct terminal *t, const struct paper *paper)
{
	struct paper_lines lines;
	char *headline = paper_headline(paper);

	terminal_print(t, SHADE_DIM, _("Incident report %s"), show_count(SHOWN, paper->number));
	terminal_print(t, SHADE_DIM, " · %s · %s", paper_state_word(paper), show_time(SHOWN, paper->made_us));
	terminal_end(t);
	terminal_put(t, SHADE_BOLD, headline);
	terminal_end(t);
	paper_lead(paper, &lines);
	paragraphs(t, &lines);
	free(headline);
}

static void show_facts(struct terminal *t, const struct paper *paper)
{
	struct fact facts[PAPER_FACTS_MAX];
	size_t count = paper_facts(paper, facts);

	heading(t, _("The facts"));
	for (size_t i = 0; i < count; i++)
		labelled(t, facts[i].label, facts[i].value);
	words_facts_done(facts, count);
}

static void show_cause(struct terminal *t, const struct paper *paper)
{
	struct paper_lines lines;

	heading(t, _("How it came about"));
	paper_cause(paper, &lines);
	paragraphs(t, &lines);
}

/* ---- from where */

static void source_row(struct grid *grid, const struct paper *paper, const struct incident_source *source)
{
	grid_cell(grid, "%s", paper_address(paper, source, SHOWN));
	grid_cell(grid, "%s", show_country_code(SHOWN, &source->place));
	if (paper->logins_told)
		grid_cell(grid, "%s", paper_logins(source, SHOWN));
	grid_cell(grid, "%s", show_count(SHOWN, source->messages));
	grid_cell(grid, "%s", show_count(SHOWN, source->recipients));
	grid_cell(grid, "%s", show_range(SHOWN, source->first_us, source->last_us));
	grid_cell(grid, "%s", words_whose(source));
	grid_cell(grid, "%s", show_network(SHOWN, &source->place, source->network, NETWORK_COLUMNS));
}

static void sources_head(struct grid *grid, const struct paper *paper)
{
	grid_init(grid, paper->logins_told ? "llrrrlll" : "llrrlll");
	grid_cell(grid, "%s", _("address"));
	grid_cell(grid, "%s", _("in"));
	if (paper->logins_told)
		grid_cell(grid, "%s", _("logins"));
	grid_cell(grid, "%s", _("messages"));
	grid_cell(grid, "%s", _("recipients"));
	grid_cell(grid, "%s", _("first and last"));
	grid_cell(grid, "%s", _("whose"));
	grid_cell(grid, "%s", _("network"));
}

static void show_sources(struct terminal *t, const struct paper *paper)
{
	const struct incident_source **sources = tally_sources(&paper->incident);
	size_t count = paper->incident.source_count, shown = count < SOURCES ? count : SOURCES;
	char *more = words_more(count - shown);
	struct grid grid;

	heading(t, _("From where"));
	block_countries(t, INDENT, LABEL, &paper->incident, COUNTRIES);
	for (size_t at = 0; at < shown; at += GRID_ROWS_MAX - 1) {
		terminal_end(t);
		sources_head(&grid, paper);
		for (size_t i = at; i < shown && i < at + GRID_ROWS_MAX - 1; i++)
			source_row(&grid, paper, sources[i]);
		grid_done(&grid, t, INDENT);
	}
	if (more)
		paragraph(t, more);
	if (paper->sources_left_out)
		paragraph(t, _("There were more addresses than can be told here."));
	if (!count)
		paragraph(t, _("No address is known."));
	free(more);
	free(sources);
}

static void show_reach(struct terminal *t, const struct paper *paper)
{
	struct paper_lines lines;

	heading(t, _("Whom it reached"));
	paper_reach(paper, &lines);
	paragraphs(t, &lines);
}

static void show_evidence(struct terminal *t, const struct paper *paper)
{
	const struct incident *incident = &paper->incident;

	if (!incident->evidence_count)
		return;
	heading(t, _("Why it was taken for somebody else's (each bit doubles the odds)"));
	for (size_t i = 0; i < incident->evidence_count; i++)
		block_evidence(t, INDENT, incident->evidence[i].bits, paper_signal(&incident->evidence[i]));
	block_evidence_sum(t, INDENT, incident->bits);
}

/* ---- when, and what was done */

static void show_story(struct terminal *t, const struct paper *paper)
{
	struct paper_event *events;
	size_t count = paper_story(paper, &events);

	heading(t, _("Time line"));
	for (size_t i = 0; i < count; i++) {
		const char *when = show_time(SHOWN, events[i].at_us);
		unsigned width = terminal_columns(t, when);
		char *what = *events[i].who ? show_format(_("%s (%s)"), events[i].what, events[i].who) : show_format("%s", events[i].what);

		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_PLAIN, when);
		terminal_pad(t, width + INDENT < WHEN ? WHEN - INDENT - width : 1);
		terminal_wrap(t, WHEN, what);
		free(what);
	}
	paper_story_done(events, count);
}

static void show_step(struct terminal *t, const struct paper_step *step)
{
	char *says = paper_sentence(&step->says), *proof = paper_sentence(&step->proof);
	char *line = paper_step_line(step);

	terminal_pad(t, INDENT);
	terminal_put(t, step->state == PAPER_STEP_DONE ? SHADE_GREEN : step->state == PAPER_STEP_FAILED ? SHADE_RED : SHADE_DIM,
		     step->state == PAPER_STEP_DONE ? "+ " : "- ");
	terminal_wrap(t, INDENT + 2, paper_action(step));
	terminal_pad(t, INDENT + 2);
	terminal_wrap(t, INDENT + 2, line);
	free(line);
	if (*says) {
		terminal_pad(t, INDENT + 2);
		terminal_wrap(t, INDENT + 2, says);
	}
	if (step->proved_us != WHEN_NONE) {
		line = *proof ? show_format(_("proved at %s: %s"), show_time(SHOWN, step->proved_us), proof)
			      : show_format(_("proved at %s"), show_time(SHOWN, step->proved_us));
		terminal_pad(t, INDENT + 2);
		terminal_wrap(t, INDENT + 2, line);
		free(line);
	}
	free(says);
	free(proof);
}

static void show_closure(struct terminal *t, const struct paper *paper)
{
	char *word = paper_closure_word(paper);

	heading(t, _("What was done, and the proof"));
	paragraph(t, word);
	if (paper->closure.closed_us != WHEN_NONE && *paper_scope(paper))
		paragraph(t, paper_scope(paper));
	for (size_t i = 0; i < paper->closure.count; i++)
		show_step(t, &paper->closure.steps[i]);
	free(word);
}

static void show_left(struct terminal *t, const struct paper *paper, enum paper_part part)
{
	struct paper_lines lines;

	paper_left(paper, part, &lines);
	if (lines.count)
		heading(t, paper_part_title(part));
	for (size_t i = 0; i < lines.count; i++) {
		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_PLAIN, part == PAPER_EXPECT ? "-   " : "[ ] ");
		terminal_wrap(t, INDENT + 4, lines.items[i]);
	}
	paper_lines_done(&lines);
}

bool paper_text(const struct paper *paper, FILE *to, bool colour, struct error *error)
{
	struct terminal t;

	terminal_init(&t, to, colour);
	show_head(&t, paper);
	show_facts(&t, paper);
	show_cause(&t, paper);
	show_sources(&t, paper);
	show_reach(&t, paper);
	show_evidence(&t, paper);
	show_story(&t, paper);
	show_closure(&t, paper);
	for (enum paper_part part = 0; part < PAPER_PARTS; part++)
		show_left(&t, paper, part);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

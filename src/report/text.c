/* SPDX-License-Identifier: Apache-2.0 */
/* The report for a terminal: the answer first, then what to do, then what it rests on. */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/advice.h"
#include "report/block.h"
#include "report/show.h"
#include "report/tally.h"
#include "report/words.h"

enum { INCIDENTS = 100, TOP = 10, GUESSES = 20, INDENT = 2, LABEL = 18, NETWORK_COLUMNS = 32, COUNTRIES = 6 };

static void more(struct terminal *t, uint64_t count)
{
	char *text = words_more(count);

	if (text) {
		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_DIM, text);
		terminal_end(t);
	}
	free(text);
}

static void labelled(struct terminal *t, const char *label, const char *value) { block_labelled(t, INDENT, LABEL, label, value); }

/* ---- the answer */

static void show_answer(struct terminal *t, const struct report *report)
{
	static const enum shade shades[] = { SHADE_RED, SHADE_YELLOW, SHADE_GREEN, SHADE_YELLOW };
	struct answer answer;

	words_answer(report, &answer);
	terminal_put(t, shades[answer.tone], answer.headline);
	terminal_end(t);
	for (size_t i = 0; i < report->incident_count && i < TOP; i++) {
		const struct incident *incident = &report->incidents[i];

		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_BOLD, show_name(SHOWN, incident->name, NAME_COLUMNS));
		terminal_pad(t, 2);
		terminal_print(t, SHADE_PLAIN, _("%s since %s"), words_verdict(incident),
			       show_time(SHOWN, incident->began_us));
		terminal_end(t);
	}
	more(t, report->incident_count > TOP ? report->incident_count - TOP : 0);
	for (size_t i = 0; i < answer.count; i++)
		terminal_wrap(t, 0, answer.lines[i]);
	words_answer_done(&answer);
}

/* ---- one incident */

static void show_title(struct terminal *t, const struct incident *incident)
{
	bool hijacked = incident->verdict == INCIDENT_HIJACKED;

	terminal_end(t);
	terminal_put(t, SHADE_BOLD, show_name(SHOWN, incident->name, NAME_COLUMNS));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_put(t, hijacked ? SHADE_RED : SHADE_YELLOW, words_verdict(incident));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_print(t, SHADE_PLAIN, _("%s bits"), show_bits(SHOWN, incident->bits, false));
	terminal_end(t);
}

static void show_facts(struct terminal *t, const struct incident *incident)
{
	struct fact facts[WORDS_FACTS_MAX];
	size_t count = words_facts(incident, facts);

	for (size_t i = 0; i < count; i++)
		labelled(t, facts[i].label, facts[i].value);
	words_facts_done(facts, count);
}

static void source_row(struct grid *grid, const struct incident_source *source)
{
	grid_cell(grid, "%s", show_ip(SHOWN, &source->ip, false));
	grid_cell(grid, "%s", show_country_code(SHOWN, &source->place));
	grid_cell(grid, "%s", show_count(SHOWN, source->logins));
	grid_cell(grid, "%s", show_count(SHOWN, source->messages));
	grid_cell(grid, "%s", show_range(SHOWN, source->first_us, source->last_us));
	grid_cell(grid, "%s", words_whose(source));
	grid_cell(grid, "%s", show_network(SHOWN, &source->place, source->network, NETWORK_COLUMNS));
}

static void show_sources(struct terminal *t, const struct incident *incident)
{
	const struct incident_source **sources = tally_sources(incident);
	size_t shown = incident->source_count < TOP ? incident->source_count : TOP;
	const char *head[] = { _("address"),        _("in"),    _("logins"), _("messages"),
			       _("first and last"), _("whose"), _("network") };
	struct grid grid;

	if (shown) {
		terminal_end(t);
		grid_init(&grid, "llrrlll");
		for (size_t i = 0; i < sizeof head / sizeof *head; i++)
			grid_cell(&grid, "%s", head[i]);
		for (size_t i = 0; i < shown; i++)
			source_row(&grid, sources[i]);
		grid_done(&grid, t, INDENT);
		more(t, incident->source_count - shown + incident->sources_omitted);
	}
	free(sources);
}

static void show_evidence(struct terminal *t, const struct incident *incident)
{
	if (!incident->evidence_count)
		return;
	block_heading(t, INDENT, _("Why (each bit doubles the odds)"));
	for (size_t i = 0; i < incident->evidence_count; i++)
		block_evidence(t, INDENT, incident->evidence[i].bits, incident->evidence[i].text);
	block_evidence_sum(t, INDENT, incident->bits);
}

static void show_command(struct terminal *t, char *command)
{
	for (char *line = command, *end; line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		terminal_pad(t, INDENT + 8);
		terminal_put(t, SHADE_BOLD, line);
		terminal_end(t);
	}
}

static void show_steps(struct terminal *t, struct advice *steps, size_t count, bool expect)
{
	unsigned number = 0;

	for (size_t i = 0; i < count; i++) {
		if (steps[i].expect != expect)
			continue;
		if (!number)
			block_heading(t, INDENT, expect ? _("What to expect") : _("What to do now"));
		number++;
		if (expect)
			terminal_print(t, SHADE_PLAIN, "%5s ", "-");
		else
			terminal_print(t, SHADE_PLAIN, "%4u. ", number);
		terminal_wrap(t, INDENT + 4, steps[i].text);
		show_command(t, steps[i].command);
	}
}

static void show_advice(struct terminal *t, const struct report *report, const struct incident *incident)
{
	struct advice steps[ADVICE_MAX];
	size_t count = advice_steps(report, incident, steps);

	show_steps(t, steps, count, false);
	show_steps(t, steps, count, true);
	for (size_t i = 0; i < count; i++)
		free(steps[i].text);
}

static void show_incident(struct terminal *t, const struct report *report, const struct incident *incident)
{
	show_title(t, incident);
	show_facts(t, incident);
	block_countries(t, INDENT, LABEL, incident, COUNTRIES);
	show_sources(t, incident);
	show_evidence(t, incident);
	show_advice(t, report, incident);
}

/* ---- what else was seen */

static void show_guessing(struct terminal *t, const struct report *report)
{
	size_t shown = report->guess_count < GUESSES ? report->guess_count : GUESSES;
	const char *head[] = { _("from"),           _("in"),     _("accounts"), _("attempts"),
			       _("first and last"), _("opened"), _("network") };
	struct grid grid;

	if (!shown)
		return;
	block_heading(t, 0, _("Who guesses passwords"));
	grid_init(&grid, "llrrlll");
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		grid_cell(&grid, "%s", head[i]);
	for (size_t i = 0; i < shown; i++) {
		const struct report_guess *guess = &report->guessing[i];
		char *opened = words_names(guess->opened, guess->opened_count);

		grid_cell(&grid, "%s", show_ip(SHOWN, &guess->ip, guess->block));
		grid_cell(&grid, "%s", show_country_code(SHOWN, &guess->place));
		grid_cell(&grid, "%s", show_count(SHOWN, guess->accounts_tried));
		grid_cell(&grid, "%s", show_count(SHOWN, guess->attempts));
		grid_cell(&grid, "%s", show_range(SHOWN, guess->first_us, guess->last_us));
		grid_cell(&grid, "%s", *opened ? opened : "-");
		grid_cell(&grid, "%s", show_network(SHOWN, &guess->place, guess->network, NETWORK_COLUMNS));
		free(opened);
	}
	grid_done(&grid, t, INDENT);
	more(t, report->guess_count - shown);
}

static void show_spoofed(struct terminal *t, const struct report *report)
{
	size_t shown = report->spoofed_count < GUESSES ? report->spoofed_count : GUESSES;

	if (!shown)
		return;
	block_heading(t, 0, _("Spoofed, not hijacked"));
	terminal_pad(t, INDENT);
	terminal_wrap(
		t, INDENT,
		_("Somebody else writes in these names from elsewhere, and the bounces come here. The passwords are safe; nothing is to be done on this server, and neither password nor address has to be changed."));
	if (words_spoofed_limit(report)) {
		terminal_pad(t, INDENT);
		terminal_wrap(t, INDENT, words_spoofed_limit(report));
	}
	for (size_t i = 0; i < shown; i++) {
		char *what = words_spoofed(&report->spoofed[i]);

		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_BOLD, show_name(SHOWN, report->spoofed[i].account, NAME_COLUMNS));
		terminal_end(t);
		terminal_pad(t, INDENT + 2);
		terminal_wrap(t, INDENT + 2, what);
		free(what);
	}
	more(t, report->spoofed_count - shown);
}

static void local_row(struct grid *grid, const struct report_local_sender *sender)
{
	const char *name = show_name(SHOWN, sender->user, NAME_COLUMNS);

	if (sender->is_uid)
		grid_cell(grid, _("uid %s"), name);
	else
		grid_cell(grid, "%s", name);
	grid_cell(grid, "%s", show_count(SHOWN, sender->messages));
	grid_cell(grid, "%s", show_count(SHOWN, sender->recipients));
	grid_cell(grid, "%s", show_count(SHOWN, sender->bounced));
	grid_cell(grid, "%s", sender->suspected ? _("looks broken into") : "");
}

static void show_local(struct terminal *t, const struct report *report)
{
	size_t shown = report->local_sender_count < TOP ? report->local_sender_count : TOP;
	const char *head[] = { _("sender"), _("messages"), _("recipients"), _("bounced"), "" };
	struct grid grid;

	if (!shown)
		return;
	block_heading(t, 0, _("Mail without a login (web scripts, cron, forwards)"));
	grid_init(&grid, "lrrrl");
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		grid_cell(&grid, "%s", head[i]);
	for (int suspected = 1; suspected >= 0; suspected--)
		for (size_t i = 0; i < report->local_sender_count && grid.count < grid.columns * (shown + 1); i++)
			if (report->local_senders[i].suspected == suspected)
				local_row(&grid, &report->local_senders[i]);
	grid_done(&grid, t, INDENT);
	more(t, report->local_sender_count - shown);
}

static void show_top(struct terminal *t, const struct report *report)
{
	size_t shown = report->top_sender_count < TOP ? report->top_sender_count : TOP;
	const char *head[] = { _("account"), _("messages"), _("recipients"), _("bounced"), "" };
	struct grid grid;

	if (!shown)
		return;
	block_heading(t, 0, _("Who sends most"));
	grid_init(&grid, "lrrrl");
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		grid_cell(&grid, "%s", head[i]);
	for (size_t i = 0; i < shown; i++) {
		const struct report_top_sender *sender = &report->top_senders[i];

		grid_cell(&grid, "%s", show_name(SHOWN, sender->account, NAME_COLUMNS));
		grid_cell(&grid, "%s", show_count(SHOWN, sender->messages));
		grid_cell(&grid, "%s", show_count(SHOWN, sender->recipients));
		grid_cell(&grid, _("%s (%s)"), show_count(SHOWN, sender->bounced),
			  show_share(SHOWN, sender->bounced, sender->recipients));
		grid_cell(&grid, "%s", sender->incident ? _("see above") : "");
	}
	grid_done(&grid, t, INDENT);
	more(t, report->top_sender_count - shown);
}

static void show_files(struct terminal *t, const struct report *report)
{
	for (size_t i = 0, shown = 0; i < report->file_count && shown < GUESSES; i++) {
		const struct report_file *file = &report->files[i];
		char *what, *repeated = words_repeated(file);

		if (file->error[0])
			what = show_format(_("%s: %s (%s lines were read)"),
					   show_name(SHOWN, file->path, NAME_COLUMNS), file->error,
					   show_count(SHOWN, file->lines));
		else if (repeated)
			what = show_format(_("%s: %s"), show_name(SHOWN, file->path, NAME_COLUMNS), repeated);
		else
			continue;
		free(repeated);
		shown++;
		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_YELLOW, "! ");
		terminal_wrap(t, INDENT + 2, what);
		free(what);
	}
}

static void show_input(struct terminal *t, const struct report *report)
{
	char *lines[WORDS_LINES_MAX];
	size_t count = words_input(report, lines);

	block_heading(t, 0, _("Input"));
	for (size_t i = 0; i < count; i++) {
		terminal_pad(t, INDENT);
		terminal_wrap(t, INDENT, lines[i]);
		free(lines[i]);
	}
	show_files(t, report);
}

bool report_text(const struct report *report, FILE *to, bool colour, struct error *error)
{
	struct terminal t;

	terminal_init(&t, to, colour);
	show_answer(&t, report);
	for (size_t i = 0; i < report->incident_count && i < INCIDENTS; i++)
		show_incident(&t, report, &report->incidents[i]);
	more(&t, report->incident_count > INCIDENTS ? report->incident_count - INCIDENTS : 0);
	show_guessing(&t, report);
	show_spoofed(&t, report);
	show_local(&t, report);
	show_top(&t, report);
	show_input(&t, report);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

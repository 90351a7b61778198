/* SPDX-License-Identifier: Apache-2.0 */
/* The backtest for a terminal: the answer first, then the figures, then who noticed and why. */
#include "report/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/block.h"
#include "report/replay_words.h"
#include "report/show.h"

enum { ACCOUNTS = 50, TOP = 10, DAYS = 21, EVIDENCE = 4, INDENT = 2, LABEL = 14, SIDE_COLUMNS = 16 };

static void heading(struct terminal *t, const char *text) { block_heading(t, 0, text); }

static void more(struct terminal *t, uint64_t count)
{
	char *text = words_more(count);

	if (text)
		block_paragraph(t, INDENT, text);
	free(text);
}

static void labelled(struct terminal *t, unsigned indent, const char *label, const char *value)
{
	block_labelled(t, indent, indent + LABEL, label, value);
}

static const char *side_name(struct shown *to, const struct replay *replay, size_t side)
{
	return show_name(to, replay->sides[side].name, SIDE_COLUMNS);
}

/* ---- the answer */

static void show_answer(struct terminal *t, const struct replay *replay, const struct replay_row *rows, size_t count)
{
	static const enum shade shades[] = { SHADE_RED, SHADE_YELLOW, SHADE_GREEN, SHADE_YELLOW };
	struct answer answer;
	size_t shown = 0;

	replay_answer(replay, &answer);
	terminal_put(t, shades[answer.tone], answer.headline);
	terminal_end(t);
	for (; shown < count && shown < TOP && rows[shown].worst->locks; shown++) {
		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_BOLD, show_name(SHOWN, rows[shown].name, NAME_COLUMNS));
		terminal_print(t, SHADE_PLAIN, "  %s", show_time(SHOWN, rows[shown].worst->locked_us));
		terminal_end(t);
	}
	for (size_t i = 0; i < answer.count; i++)
		terminal_wrap(t, 0, answer.lines[i]);
	words_answer_done(&answer);
}

/* ---- figures */

static void figure_head(struct grid *grid, const struct replay *replay, bool two)
{
	const char *rate = _("in 10,000");

	grid_cell(grid, "%s", "");
	grid_cell(grid, "%s", side_name(SHOWN, replay, 0));
	grid_cell(grid, "%s", rate);
	if (!two)
		return;
	grid_cell(grid, "%s", side_name(SHOWN, replay, 1));
	grid_cell(grid, "%s", rate);
	grid_cell(grid, "%s", _("difference"));
}

static void show_figures(struct terminal *t, const struct replay *replay)
{
	const struct backtest_result *result = backtest_result(replay->backtest);
	bool two = result->side_count > 1;
	struct replay_figure figures[REPLAY_FIGURES_MAX];
	size_t count = replay_figures(replay, figures);
	struct grid grid;
	char *basis;

	heading(t, _("Figures"));
	basis = show_format(_("%s messages of %s accounts on %s account-days; beside each count, how many in 10,000 account-days."),
			    show_count(SHOWN, result->messages), show_count(SHOWN, result->accounts),
			    show_count(SHOWN, result->account_days));
	block_paragraph(t, INDENT, basis);
	free(basis);
	grid_init(&grid, two ? "lrrrrr" : "lrr");
	figure_head(&grid, replay, two);
	for (size_t i = 0; i < count; i++) {
		grid_cell(&grid, "%s", figures[i].label);
		for (size_t side = 0; side < result->side_count; side++) {
			grid_cell(&grid, "%s", figures[i].value[side]);
			grid_cell(&grid, "%s", figures[i].rate[side]);
		}
		if (two)
			grid_cell(&grid, "%s", figures[i].difference);
	}
	grid_done(&grid, t, INDENT);
	replay_figures_done(figures, count);
}

static void show_difference(struct terminal *t, const struct replay *replay)
{
	if (replay_side_count(replay) < 2)
		return;
	heading(t, _("Beside each other"));
	for (size_t i = 0; i < REPLAY_LOCKERS; i++) {
		size_t count;
		const char **names = replay_locked(replay, (enum replay_lockers)i, &count);
		char *label = replay_lockers_label(replay, (enum replay_lockers)i);
		char *list = count ? words_names(names, count) : show_format("%s", _("nobody"));
		char *line = show_format(_("%s: %s"), label, list);

		block_paragraph(t, INDENT, line);
		free(line);
		free(list);
		free(label);
		free(names);
	}
}

/* ---- days */

static bool is_quiet(const struct replay_days *days, size_t slot)
{
	uint64_t events = 0;

	for (size_t side = 0; side < BACKTEST_SIDES; side++)
		events += (uint64_t)days->slots[side][slot].held + days->slots[side][slot].refused + days->slots[side][slot].locks;
	return events == 0;
}

static void show_days(struct terminal *t, const struct replay *replay)
{
	size_t sides = replay_side_count(replay);
	struct replay_days days;
	struct grid grid;
	size_t busy = 0;

	replay_days(replay, DAYS, &days);
	for (size_t i = 0; i < days.count; i++)
		busy += !is_quiet(&days, i);
	if (!busy)
		return;
	heading(t, days.step_us == DAY_US ? _("Day by day") : _("Over time"));
	grid_init(&grid, sides > 1 ? "lrrrrrr" : "lrrr");
	grid_cell(&grid, "%s", "");
	for (size_t side = 0; side < sides; side++) {
		grid_cell(&grid, "%s", _("held"));
		grid_cell(&grid, "%s", _("refused"));
		grid_cell(&grid, "%s", side ? _("locks (second)") : _("locks"));
	}
	for (size_t i = 0; i < days.count; i++) {
		char *label;

		if (is_quiet(&days, i))
			continue;
		label = replay_slot_label(&days, i);
		grid_cell(&grid, "%s", label);
		for (size_t side = 0; side < sides; side++) {
			grid_cell(&grid, "%s", show_count(SHOWN, days.slots[side][i].held));
			grid_cell(&grid, "%s", show_count(SHOWN, days.slots[side][i].refused));
			grid_cell(&grid, "%s", show_count(SHOWN, days.slots[side][i].locks));
		}
		free(label);
	}
	grid_done(&grid, t, INDENT);
}

/* ---- who noticed */

static void show_side(struct terminal *t, const struct replay *replay, const struct replay_row *row, size_t side)
{
	bool two = replay_side_count(replay) > 1;
	unsigned indent = two ? 2 * INDENT : INDENT;
	struct fact facts[REPLAY_FACTS_MAX];
	size_t count;

	if (two) {
		terminal_pad(t, INDENT);
		terminal_put(t, SHADE_DIM, side_name(SHOWN, replay, side));
		if (!row->by[side])
			terminal_print(t, SHADE_PLAIN, "  %s", _("would not have noticed it"));
		terminal_end(t);
	}
	if (!row->by[side])
		return;
	count = replay_facts(row->by[side], facts);
	for (size_t i = 0; i < count; i++)
		labelled(t, indent, facts[i].label, facts[i].value);
	words_facts_done(facts, count);
}

static void show_evidence(struct terminal *t, const struct backtest_touched *touched)
{
	struct replay_evidence evidence[PROFILE_SIGNALS];
	size_t count = replay_evidence(touched, evidence);

	for (size_t i = 0; i < count && i < EVIDENCE; i++)
		block_evidence(t, INDENT, evidence[i].bits, evidence[i].text);
}

static void show_row(struct terminal *t, const struct replay *replay, const struct replay_row *row)
{
	terminal_end(t);
	terminal_put(t, SHADE_BOLD, show_name(SHOWN, row->name, NAME_COLUMNS));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_put(t, row->worst->locks ? SHADE_RED : SHADE_YELLOW, replay_verdict(row->worst));
	terminal_put(t, SHADE_PLAIN, "  ");
	terminal_print(t, SHADE_PLAIN, _("%s bits"), show_bits(SHOWN, (double)row->worst->bits, false));
	terminal_end(t);
	for (size_t side = 0; side < replay_side_count(replay); side++)
		show_side(t, replay, row, side);
	show_evidence(t, row->worst);
}

static void show_rows(struct terminal *t, const struct replay *replay, const struct replay_row *rows, size_t count)
{
	if (!count)
		return;
	heading(t, _("Who would have noticed"));
	block_paragraph(t, INDENT,
		  _("Of each signal its own sum is shown; together they count less where signals of one kind speak of the same thing."));
	for (size_t i = 0; i < count && i < ACCOUNTS; i++)
		show_row(t, replay, &rows[i]);
	if (count > ACCOUNTS)
		terminal_end(t);
	more(t, count > ACCOUNTS ? count - ACCOUNTS : 0);
}

/* ---- calibration */

static void show_signals(struct terminal *t, const struct calibration_result *calibration)
{
	const char *head[] = { _("signal"), _("median"), "99 %", "99.9 %", _("most"), _("limit"), _("over half"), _("factor") };
	struct grid grid;

	grid_init(&grid, "lrrrrrrr");
	for (size_t i = 0; i < sizeof head / sizeof *head; i++)
		grid_cell(&grid, "%s", head[i]);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		const struct calibration_row *row = &calibration->rows[i];

		grid_cell(&grid, "%s", row->signal);
		grid_cell(&grid, "%s", show_bits(SHOWN, row->median, false));
		grid_cell(&grid, "%s", show_bits(SHOWN, row->p99, false));
		grid_cell(&grid, "%s", show_bits(SHOWN, row->p999, false));
		grid_cell(&grid, "%s", show_bits(SHOWN, row->most, false));
		grid_cell(&grid, "%s", show_bits(SHOWN, row->cap, false));
		grid_cell(&grid, "%s", show_share(SHOWN, row->over_half, calibration->account_days));
		if (row->suggested == row->factor)
			grid_cell(&grid, "%.3g", row->factor);
		else
			grid_cell(&grid, "%.3g → %.3g", row->factor, row->suggested);
	}
	grid_done(&grid, t, INDENT);
}

static void show_calibration(struct terminal *t, const struct replay *replay)
{
	const struct calibration_result *calibration = replay->calibration;
	char *weights, *note, *line;
	const char **names;
	size_t count;

	if (!calibration)
		return;
	heading(t, _("Signals on honest accounts"));
	line = show_format(_("Bits over %s account-days. With its factor, a signal exceeds N bits on no more than 2^-N of them."),
			   show_count(SHOWN, calibration->account_days));
	block_paragraph(t, INDENT, line);
	free(line);
	names = replay_left_out(replay, &count);
	if (count) {
		char *list = words_names(names, count);

		line = show_format(_("Left out, for they would have been locked: %s."), list);
		block_paragraph(t, INDENT, line);
		free(line);
		free(list);
	}
	free(names);
	show_signals(t, calibration);
	note = replay_calibration_note(calibration);
	if (note)
		block_paragraph(t, INDENT, note);
	free(note);
	weights = replay_weights(calibration);
	terminal_end(t);
	block_paragraph(t, INDENT, _("As a setting:"));
	terminal_pad(t, 2 * INDENT);
	terminal_put(t, SHADE_BOLD, weights);
	terminal_end(t);
	free(weights);
}

/* ---- the input */

static void show_input(struct terminal *t, const struct replay *replay)
{
	char *lines[WORDS_LINES_MAX];
	size_t count = words_input(&replay->input, lines);

	heading(t, _("Input"));
	for (size_t i = 0; i < count; i++) {
		block_paragraph(t, INDENT, lines[i]);
		free(lines[i]);
	}
	for (size_t i = 0; i < replay->input.file_count; i++)
		if (replay->input.files[i].error[0])
			block_paragraph(t, INDENT, replay->input.files[i].error);
}

bool replay_text(const struct replay *replay, FILE *to, bool colour, struct error *error)
{
	struct terminal t;
	size_t count;
	struct replay_row *rows = replay_rows(replay, &count);

	terminal_init(&t, to, colour);
	show_answer(&t, replay, rows, count);
	show_figures(&t, replay);
	show_difference(&t, replay);
	show_days(&t, replay);
	show_rows(&t, replay, rows, count);
	show_calibration(&t, replay);
	show_input(&t, replay);
	free(rows);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

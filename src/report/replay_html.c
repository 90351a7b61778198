/* SPDX-License-Identifier: Apache-2.0 */
/* The backtest as one page that needs nothing else. Two configurations stand side by side, on the same scales. */
#include "report/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/html.h"
#include "report/page.h"
#include "report/plot.h"
#include "report/replay_words.h"
#include "report/show.h"

enum { ACCOUNTS = 200, INDEX = 12 };

static size_t sides_of(const struct replay *replay) { return replay_side_count(replay); }

static const char *side_name(struct shown *to, const struct replay *replay, size_t side)
{
	return show_name(to, replay->sides[side].name, PAGE_NAME_COLUMNS);
}

/* ---- the head */

static void show_index(FILE *to, const struct replay_row *rows, size_t count)
{
	if (!count)
		return;
	fputs("<ul class=\"index\">\n", to);
	for (size_t i = 0; i < count && i < INDEX; i++) {
		const struct backtest_touched *worst = rows[i].worst;
		int64_t at_us = worst->locks ? worst->locked_us : worst->bits_us;

		fprintf(to, "<li><a class=\"%s\" href=\"#account-%zu\"><strong>", worst->locks ? "hijacked" : "suspected",
			i + 1);
		page_name(to, rows[i].name);
		fputs("</strong>", to);
		page_element(to, "span class=\"chip\"", replay_verdict(worst));
		page_element(to, "span", show_time(SHOWN, at_us));
		fputs("</a></li>\n", to);
	}
	fputs("</ul>\n", to);
	page_more(to, count > INDEX ? count - INDEX : 0);
}

static void show_header(FILE *to, const struct replay *replay, const struct answer *answer, const struct replay_row *rows,
			size_t count)
{
	static const char *const tones[] = { "hijacked", "suspected", "clear", "blind" };
	const struct report *input = &replay->input;

	fprintf(to, "<header class=\"%s\">\n<p class=\"eyebrow\"><b>sekisho</b> · ", tones[answer->tone]);
	page_text(to, _("Backtest"));
	if (input->first_us != WHEN_NONE)
		page_print(to, " · %s", show_range(SHOWN, input->first_us, input->last_us));
	fputs("</p>\n", to);
	page_element(to, "h1", answer->headline);
	fputc('\n', to);
	for (size_t i = 0; i < answer->count; i++)
		page_paragraph(to, "lead", answer->lines[i]);
	show_index(to, rows, count);
	fputs("</header>\n", to);
}

/* ---- figures */

static void show_figures(FILE *to, const struct replay *replay)
{
	const struct backtest_result *result = backtest_result(replay->backtest);
	const char *names[] = { side_name(SHOWN, replay, 0), sides_of(replay) > 1 ? side_name(SHOWN, replay, 1) : "" };
	const struct page_column columns[] = { { "name", _("Figure") },   { "n", names[0] }, { "n", _("In 10,000 account-days") },
					       { "n", names[1] },        { "n", _("In 10,000 account-days") },
					       { "n", _("Difference") } };
	struct replay_figure figures[REPLAY_FIGURES_MAX];
	size_t count = replay_figures(replay, figures);
	char *basis = show_format(_("%s messages of %s accounts on %s account-days."), show_count(SHOWN, result->messages),
				  show_count(SHOWN, result->accounts), show_count(SHOWN, result->account_days));

	page_section(to, _("Figures"));
	page_element(to, "p", basis);
	free(basis);
	page_table_open(to, columns, sides_of(replay) > 1 ? 6 : 3);
	for (size_t i = 0; i < count; i++) {
		fputs("<tr>", to);
		page_cell(to, &columns[0], figures[i].label);
		for (size_t side = 0; side < sides_of(replay); side++) {
			page_cell(to, &columns[1 + 2 * side], figures[i].value[side]);
			page_cell(to, &columns[2 + 2 * side], figures[i].rate[side]);
		}
		if (sides_of(replay) > 1)
			page_cell(to, &columns[5], figures[i].difference);
		fputs("</tr>\n", to);
	}
	page_table_close(to);
	replay_figures_done(figures, count);
	fputs("</section>\n", to);
}

static void show_difference(FILE *to, const struct replay *replay)
{
	if (sides_of(replay) < 2)
		return;
	page_section(to, _("Beside each other"));
	fputs("<dl class=\"facts\">\n", to);
	for (size_t i = 0; i < REPLAY_LOCKERS; i++) {
		size_t count;
		const char **names = replay_locked(replay, (enum replay_lockers)i, &count);
		char *label = replay_lockers_label(replay, (enum replay_lockers)i);
		char *list = count ? words_names(names, count) : show_format("%s", _("nobody"));

		page_element(to, "dt", label);
		page_element(to, "dd", list);
		fputc('\n', to);
		free(list);
		free(label);
		free(names);
	}
	fputs("</dl>\n</section>\n", to);
}

/* ---- plots */

struct slots {
	const struct replay_days *days;
	const struct backtest_day *slots;
	uint32_t held[REPLAY_SLOTS_MAX], refused[REPLAY_SLOTS_MAX], locks[REPLAY_SLOTS_MAX];
};

static const char *mail_title(const void *context, size_t slot, char *to, size_t size)
{
	const struct slots *slots = context;
	char *when = replay_slot_label(slots->days, slot);

	snprintf(to, size, _("%s: %s held, %s refused"), when, show_count(SHOWN, slots->held[slot]),
		 show_count(SHOWN, slots->refused[slot]));
	free(when);
	return to;
}

static const char *lock_title(const void *context, size_t slot, char *to, size_t size)
{
	const struct slots *slots = context;
	char *when = replay_slot_label(slots->days, slot);

	snprintf(to, size, ngettext("%s: %s account locked", "%s: %s accounts locked", slots->locks[slot]), when,
		 show_count(SHOWN, slots->locks[slot]));
	free(when);
	return to;
}

static void open_figure(FILE *to, const struct replay *replay, size_t side, const char *what)
{
	char *caption = sides_of(replay) > 1 ? show_format(_("%s: %s"), side_name(SHOWN, replay, side), what)
					     : show_format("%s", what);

	fputs("<figure>", to);
	page_element(to, "figcaption", caption);
	free(caption);
}

static void legend(FILE *to, const char *tone, const char *text)
{
	fprintf(to, "<li><span class=\"swatch %s\"></span>", tone);
	page_text(to, text);
	fputs("</li>", to);
}

/* the highest slot of both, so that they stand on one scale */
static void highest(const struct replay *replay, const struct replay_days *days, uint64_t *mail, uint64_t *locks)
{
	*mail = *locks = 1;
	for (size_t side = 0; side < sides_of(replay); side++) {
		for (size_t i = 0; i < days->count; i++) {
			const struct backtest_day *slot = &days->slots[side][i];

			*mail = (uint64_t)slot->held + slot->refused > *mail ? (uint64_t)slot->held + slot->refused : *mail;
			*locks = slot->locks > *locks ? slot->locks : *locks;
		}
	}
}

static void fill_slots(struct slots *slots, const struct replay_days *days, size_t side)
{
	*slots = (struct slots){ .days = days, .slots = days->slots[side] };
	for (size_t i = 0; i < days->count; i++) {
		slots->held[i] = days->slots[side][i].held;
		slots->refused[i] = days->slots[side][i].refused;
		slots->locks[i] = days->slots[side][i].locks;
	}
}

static void plot_mail(FILE *to, const struct replay *replay, const struct replay_days *days, uint64_t top)
{
	fputs("<div class=\"pair\">\n", to);
	for (size_t side = 0; side < sides_of(replay); side++) {
		const struct backtest_side *result = replay_side_of(replay, side);
		struct slots *slots = memory_new(sizeof *slots);
		char *label = show_format(_("Messages day by day: %s held, %s refused"), show_count(SHOWN, result->held),
					  show_count(SHOWN, result->refused));

		fill_slots(slots, days, side);
		open_figure(to, replay, side, _("Messages held and refused"));
		plot_days(to, label, &(struct plot_days){ days->start_us, days->step_us, days->count, slots->held,
							  slots->refused, "owner", "theft", top, mail_title, slots });
		fputs("</figure>\n", to);
		free(label);
		free(slots);
	}
	fputs("</div>\n<ul class=\"legend\">", to);
	legend(to, "owner", _("held"));
	legend(to, "theft", _("refused"));
	fputs("</ul>\n", to);
}

static void plot_locks(FILE *to, const struct replay *replay, const struct replay_days *days, uint64_t top)
{
	fputs("<div class=\"pair\">\n", to);
	for (size_t side = 0; side < sides_of(replay); side++) {
		struct slots *slots = memory_new(sizeof *slots);
		char *label = show_format(_("Accounts locked day by day: %s in all"),
					  show_count(SHOWN, replay_side_of(replay, side)->locks));

		fill_slots(slots, days, side);
		if (replay_side_of(replay, side)->locks) {
			open_figure(to, replay, side, _("Accounts locked"));
			plot_days(to, label, &(struct plot_days){ days->start_us, days->step_us, days->count, slots->locks,
								  NULL, "theft", NULL, top, lock_title, slots });
			fputs("</figure>\n", to);
		}
		free(label);
		free(slots);
	}
	fputs("</div>\n", to);
}

static void show_days(FILE *to, const struct replay *replay)
{
	struct replay_days *days = memory_new(sizeof *days);
	uint64_t mail = 0, locks = 0;

	replay_days(replay, REPLAY_SLOTS_MAX, days);
	for (size_t side = 0; side < sides_of(replay); side++) {
		mail += replay_side_of(replay, side)->held + replay_side_of(replay, side)->refused;
		locks += replay_side_of(replay, side)->locks;
	}
	if (mail || locks) {
		uint64_t most_mail, most_locks;

		highest(replay, days, &most_mail, &most_locks);
		page_section(to, days->step_us == DAY_US ? _("Day by day") : _("Over time"));
		if (mail)
			plot_mail(to, replay, days, most_mail);
		if (locks)
			plot_locks(to, replay, days, most_locks);
		fputs("</section>\n", to);
	}
	free(days);
}

static void plot_waits(FILE *to, const struct replay *replay, size_t side)
{
	const struct backtest_side *result = replay_side_of(replay, side);
	uint64_t counts[REPLAY_WAITS];
	struct plot_bar bars[REPLAY_WAITS];
	char *label = show_format(_("Waits of %s messages that were let go, median %s"), show_count(SHOWN, result->released),
				  show_span(SHOWN, backtest_wait(result, 0.5) * SECOND_US));

	replay_waits(result, counts);
	for (size_t i = 0; i < REPLAY_WAITS; i++) {
		bars[i].label = show_format("%s", replay_wait_label(i));
		bars[i].value = show_format(_("%s (%s)"), show_count(SHOWN, counts[i]),
					    show_share(SHOWN, counts[i], result->wait_count));
		bars[i].title = show_format(_("%s: %s"), bars[i].label, bars[i].value);
		bars[i].amount = counts[i];
	}
	open_figure(to, replay, side, _("Messages let go, by their wait"));
	plot_bars(to, label, "owner", bars, REPLAY_WAITS);
	fputs("</figure>\n", to);
	for (size_t i = 0; i < REPLAY_WAITS; i++) {
		free(bars[i].label);
		free(bars[i].value);
		free(bars[i].title);
	}
	free(label);
}

static void show_waits(FILE *to, const struct replay *replay)
{
	uint64_t released = 0;

	for (size_t side = 0; side < sides_of(replay); side++)
		released += replay_side_of(replay, side)->wait_count;
	if (!released)
		return;
	page_section(to, _("How long mail would have waited"));
	fputs("<div class=\"pair\">\n", to);
	for (size_t side = 0; side < sides_of(replay); side++)
		if (replay_side_of(replay, side)->wait_count)
			plot_waits(to, replay, side);
	fputs("</div>\n</section>\n", to);
}

/* ---- who noticed */

static void show_side(FILE *to, const struct replay *replay, const struct replay_row *row, size_t side)
{
	struct fact facts[REPLAY_FACTS_MAX];

	fputs("<div>", to);
	if (sides_of(replay) > 1)
		page_element(to, "h3", side_name(SHOWN, replay, side));
	if (!row->by[side]) {
		page_element(to, "p", _("would not have noticed it"));
		fputs("</div>\n", to);
		return;
	}
	html_facts(to, facts, replay_facts(row->by[side], facts));
	fputs("</div>\n", to);
}

static void show_evidence(FILE *to, const struct backtest_touched *touched)
{
	struct replay_evidence evidence[PROFILE_SIGNALS];
	size_t count = replay_evidence(touched, evidence);

	if (!count)
		return;
	page_element(to, "h3", _("Why (each bit doubles the odds)"));
	fputs("\n<ul class=\"why\">\n", to);
	for (size_t i = 0; i < count; i++) {
		double share = evidence[0].bits > 0 ? 100 * evidence[i].bits / evidence[0].bits : 0;

		fputs("<li>", to);
		page_element(to, "b", show_bits(SHOWN, evidence[i].bits, true));
		fprintf(to, "<span class=\"meter\"><i style=\"width:%.0f%%\"></i></span>", share);
		page_element(to, "p", evidence[i].text);
		fputs("</li>\n", to);
	}
	fputs("</ul>\n", to);
}

static void show_row(FILE *to, const struct replay *replay, const struct replay_row *row, size_t number)
{
	char *bits = show_format(_("%s bits"), show_bits(SHOWN, (double)row->worst->bits, false));

	fprintf(to, "<section class=\"incident %s\" id=\"account-%zu\">\n<div class=\"title\"><h2>",
		row->worst->locks ? "hijacked" : "suspected", number);
	page_name(to, row->name);
	fputs("</h2>", to);
	page_element(to, "span class=\"chip\"", replay_verdict(row->worst));
	fputs("</div>\n", to);
	page_paragraph(to, "sub", bits);
	free(bits);
	fputs("<div class=\"pair\">\n", to);
	for (size_t side = 0; side < sides_of(replay); side++)
		show_side(to, replay, row, side);
	fputs("</div>\n", to);
	show_evidence(to, row->worst);
	fputs("</section>\n", to);
}

/* ---- calibration */

static void signal_row(FILE *to, const struct page_column *columns, const struct calibration_row *row, uint64_t days)
{
	char *factor = row->suggested == row->factor ? show_format("%.3g", row->factor)
						     : show_format("%.3g → %.3g", row->factor, row->suggested);

	fputs("<tr>", to);
	page_cell(to, &columns[0], row->signal);
	page_cell(to, &columns[1], show_bits(SHOWN, row->median, false));
	page_cell(to, &columns[2], show_bits(SHOWN, row->p99, false));
	page_cell(to, &columns[3], show_bits(SHOWN, row->p999, false));
	page_cell(to, &columns[4], show_bits(SHOWN, row->most, false));
	page_cell(to, &columns[5], show_bits(SHOWN, row->cap, false));
	page_cell(to, &columns[6], show_share(SHOWN, row->over_half, days));
	page_cell(to, &columns[7], factor);
	fputs("</tr>\n", to);
	free(factor);
}

static void show_calibration(FILE *to, const struct replay *replay)
{
	const struct page_column columns[] = { { "name", _("Signal") }, { "n", _("Median") }, { "n", "99 %" },
					       { "n", "99.9 %" },       { "n", _("Most") },   { "n", _("Limit") },
					       { "n", _("Over half") }, { "n", _("Factor") } };
	const struct calibration_result *calibration = replay->calibration;
	char *text, *weights;

	if (!calibration)
		return;
	page_section(to, _("Signals on honest accounts"));
	text = show_format(_("Bits over %s account-days. With its factor, a signal exceeds N bits on no more than 2^-N of them."),
			   show_count(SHOWN, calibration->account_days));
	page_element(to, "p", text);
	free(text);
	page_table_open(to, columns, sizeof columns / sizeof *columns);
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		signal_row(to, columns, &calibration->rows[i], calibration->account_days);
	page_table_close(to);
	text = replay_calibration_note(calibration);
	if (text)
		page_element(to, "p", text);
	free(text);
	weights = replay_weights(calibration);
	page_element(to, "pre", weights);
	free(weights);
	fputs("\n</section>\n", to);
}

/* ---- the input */

static void show_input(FILE *to, const struct replay *replay)
{
	char *lines[WORDS_LINES_MAX];
	size_t count = words_input(&replay->input, lines);

	page_section(to, _("Input"));
	for (size_t i = 0; i < count; i++) {
		page_element(to, "p", lines[i]);
		fputc('\n', to);
		free(lines[i]);
	}
	for (size_t i = 0; i < replay->input.file_count; i++)
		if (replay->input.files[i].error[0])
			page_element(to, "p", replay->input.files[i].error);
	fputs("</section>\n", to);
}

bool replay_html(const struct replay *replay, FILE *to, struct error *error)
{
	struct answer answer;
	size_t count;
	struct replay_row *rows = replay_rows(replay, &count);

	replay_answer(replay, &answer);
	page_open(to, answer.headline);
	show_header(to, replay, &answer, rows, count);
	fputs("<main>\n", to);
	show_figures(to, replay);
	show_difference(to, replay);
	show_days(to, replay);
	show_waits(to, replay);
	for (size_t i = 0; i < count && i < ACCOUNTS; i++)
		show_row(to, replay, &rows[i], i + 1);
	page_more(to, count > ACCOUNTS ? count - ACCOUNTS : 0);
	show_calibration(to, replay);
	show_input(to, replay);
	fputs("</main>\n<footer><p>", to);
	page_text(to, _("Of each signal its own sum is shown; together they count less where signals of one kind speak of the same thing."));
	fputs("</p></footer>\n</body>\n</html>\n", to);
	words_answer_done(&answer);
	free(rows);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

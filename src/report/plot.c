/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plot.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "report/page.h"
#include "report/show.h"
#include "report/utf8.h"

enum {
	TOP_PX = 10,
	HEIGHT_PX = 170,
	AXIS_PX = 42, /* of the plot over time */
	TICKS_MAX = 7,
	GRID_MAX = 4,
	ROW_PX = 40,
	BAR_PX = 10,
	SHORT_COLUMNS = 27,
	LONG_COLUMNS = 46, /* of the label of a bar: on a phone and beside another plot, or on a desk */
	VALUE_COLUMNS = 9, /* of the value beside it; a longer one leaves less for the label */
	STACK_PX = 30,
	PERCENT_TEXT_MAX = 32,
};

/* "12.345%", whatever the locale's point is */
static const char *percent(char to[PERCENT_TEXT_MAX], uint64_t part, uint64_t whole)
{
	uint64_t t = whole ? (uint64_t)((double)part / (double)whole * 100000 + 0.5) : 0;

	snprintf(to, PERCENT_TEXT_MAX, "%llu.%03llu%%", (unsigned long long)(t / 1000), (unsigned long long)(t % 1000));
	return to;
}
#define PERCENT(part, whole) percent((char[PERCENT_TEXT_MAX]){ 0 }, (part), (whole))

static void open_plot(FILE *to, const char *class, unsigned height, const char *label)
{
	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"%s\" width=\"100%%\" height=\"%u\" role=\"img\" aria-label=\"",
		class, height);
	page_text(to, label);
	fputs("\">\n", to);
}

static void title(FILE *to, const char *text)
{
	page_element(to, "title", text);
}

/* ---- the axes */

/* 1, 2 or 5 times a power of ten, so that GRID_MAX of them reach `most` */
static uint64_t nice_step(uint64_t most)
{
	uint64_t power = 1;

	for (;; power *= 10)
		for (uint64_t lead = 1; lead <= 5; lead += lead == 1 ? 1 : 3)
			if (lead * power * GRID_MAX >= most)
				return lead * power;
}

static const char *short_count(struct shown *to, uint64_t count)
{
	if (count >= 1000000 && count % 100000 == 0)
		snprintf(to->text, sizeof to->text, count % 1000000 ? "%llu.%lluM" : "%lluM",
			 (unsigned long long)count / 1000000, (unsigned long long)count / 100000 % 10);
	else if (count >= 10000 && count % 1000 == 0)
		snprintf(to->text, sizeof to->text, "%lluk", (unsigned long long)count / 1000);
	else
		show_count(to, count);
	return to->text;
}

static void grid_lines(FILE *to, uint64_t step, uint64_t top)
{
	for (uint64_t value = 0; value <= top; value += step) {
		unsigned y = TOP_PX + HEIGHT_PX - (unsigned)(value * HEIGHT_PX / top);

		fprintf(to,
			"<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"%u\" y2=\"%u\"/><text class=\"y\" x=\"-8\" y=\"%u\">%s</text>\n",
			value ? "grid" : "base", y, y, y + 4, short_count(SHOWN, value));
	}
}

/* a row of equal slots of time */
struct plot_axis {
	int64_t start_us, step_us;
	size_t count;
};

static int64_t tick_step(int64_t span_us)
{
	static const int64_t minutes[] = {
		1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 40320
	};
	size_t i = 0;

	while (i + 1 < sizeof minutes / sizeof *minutes && span_us / (minutes[i] * MINUTE_US) > TICKS_MAX)
		i++;
	return minutes[i] * MINUTE_US;
}

/* local hour and minute, and the day below */
static void tick(FILE *to, const struct plot_axis *series, int64_t at_us, bool odd, bool hours, bool day)
{
	uint64_t span = (uint64_t)series->step_us * series->count, from = (uint64_t)(at_us - series->start_us);
	const char *side = from > span - span / 30 ? " end" : "";
	struct civil c;
	unsigned y = TOP_PX + HEIGHT_PX + 18;

	when_to_civil(at_us + when_local_offset(at_us) * SECOND_US, &c);
	fprintf(to, "<line class=\"base\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>", PERCENT(from, span),
		PERCENT(from, span), TOP_PX + HEIGHT_PX, TOP_PX + HEIGHT_PX + 4);
	if (hours)
		fprintf(to, "<text class=\"x%s%s\" x=\"%s\" y=\"%u\">%02d:%02d</text>", odd ? " odd" : "", side,
			PERCENT(from, span), y, c.hour, c.minute);
	if (day)
		fprintf(to, "<text class=\"x%s%s\" x=\"%s\" y=\"%u\">%02d-%02d</text>", odd ? " odd" : "", side,
			PERCENT(from, span), hours ? y + 15 : y, c.month, c.day);
	fputc('\n', to);
}

static int64_t day_of(int64_t t_us)
{
	int64_t local = t_us + when_local_offset(t_us) * SECOND_US;

	return local / DAY_US - (local % DAY_US < 0);
}

static void time_axis(FILE *to, const struct plot_axis *series)
{
	int64_t end = series->start_us + series->step_us * (int64_t)series->count;
	int64_t step = tick_step(end - series->start_us), offset = when_local_offset(series->start_us) * SECOND_US;
	int64_t local = series->start_us + offset;
	int64_t first = local - local % step + (local % step ? step : 0) - offset;
	bool days = day_of(series->start_us) != day_of(end - 1);

	for (int64_t at = first, n = 0; at <= end && n <= 2 * TICKS_MAX; at += step, n++)
		tick(to, series, at, n % 2, step < DAY_US, days || step >= DAY_US || n == 0);
}

/* ---- over time */

static void bar(FILE *to, const char *class, size_t slots_all, size_t at, uint64_t from, uint64_t count, uint64_t top)
{
	/* in tenths of a pixel; a single message can be seen, too */
	uint64_t low = from * HEIGHT_PX * 10 / top, high = (from + count) * HEIGHT_PX * 10 / top;
	uint64_t y, slots = slots_all * 100, width = slots_all < 20 ? slots_all * 4 : 80; /* few bars stay slim */

	if (!count)
		return;
	if (high < low + 15)
		high = low + 15;
	y = (TOP_PX + HEIGHT_PX) * 10 - high;
	fprintf(to, "<rect class=\"bar %s\" x=\"%s\" width=\"%s\" y=\"%llu.%llu\" height=\"%llu.%llu\"/>", class,
		PERCENT(at * 100 + (100 - width) / 2, slots), PERCENT(width, slots), (unsigned long long)y / 10,
		(unsigned long long)y % 10, (unsigned long long)(high - low) / 10,
		(unsigned long long)(high - low) % 10);
}

static void slot(FILE *to, const struct incident_series *series, size_t i, uint64_t top)
{
	int64_t start = series->start_us + series->step_us * (int64_t)i;
	char *text;

	if (!series->owner[i] && !series->attacker[i])
		return;
	text = show_format(_("%s: %s by the attacker, %s by the owner"),
			   show_range(SHOWN, start, start + series->step_us), show_count(SHOWN, series->attacker[i]),
			   show_count(SHOWN, series->owner[i]));
	fputs("<g>", to);
	title(to, text);
	bar(to, "owner", series->count, i, 0, series->owner[i], top);
	bar(to, "theft", series->count, i, series->owner[i], series->attacker[i], top);
	fprintf(to, "<rect class=\"hover\" x=\"%s\" width=\"%s\" y=\"%d\" height=\"%d\"/></g>\n",
		PERCENT(i, series->count), PERCENT(1, series->count), TOP_PX, HEIGHT_PX);
	free(text);
}

static void guard(FILE *to, const struct incident *incident)
{
	const struct incident_series *series = &incident->series;
	int64_t span = series->step_us * (int64_t)series->count, at;

	if (incident->detected_us == WHEN_NONE || incident->detected_us < series->start_us)
		return;
	at = incident->detected_us - series->start_us;
	if (at > span)
		return;
	fprintf(to, "<line class=\"guard\" x1=\"%s\" x2=\"%s\" y1=\"2\" y2=\"%d\"/>\n",
		PERCENT((uint64_t)at, (uint64_t)span), PERCENT((uint64_t)at, (uint64_t)span), TOP_PX + HEIGHT_PX);
}

static char *time_label(const struct incident *incident)
{
	const struct incident_series *series = &incident->series;
	uint64_t attacker = 0, owner = 0, most = 0;

	for (size_t i = 0; i < series->count; i++) {
		attacker += series->attacker[i];
		owner += series->owner[i];
		most = series->attacker[i] > most ? series->attacker[i] : most;
	}
	return show_format(_("Messages over time, %s: %s by the attacker, at most %s in %s; %s by the owner"),
			   show_range(SHOWN, series->start_us,
				      series->start_us + series->step_us * (int64_t)series->count),
			   show_count(SHOWN, attacker), show_count(SHOWN, most), show_span(SHOWN, series->step_us),
			   show_count(SHOWN, owner));
}

void plot_time(FILE *to, const struct incident *incident)
{
	const struct incident_series *series = &incident->series;
	uint64_t most = 1, step, top;
	char *label;

	if (!series->count || series->step_us <= 0)
		return;
	for (size_t i = 0; i < series->count; i++)
		most = (uint64_t)series->owner[i] + series->attacker[i] > most
			       ? (uint64_t)series->owner[i] + series->attacker[i]
			       : most;
	step = nice_step(most);
	top = (most + step - 1) / step * step;
	label = time_label(incident);
	open_plot(to, "plot time", TOP_PX + HEIGHT_PX + AXIS_PX, label);
	grid_lines(to, step, top);
	for (size_t i = 0; i < series->count; i++)
		slot(to, series, i, top);
	guard(to, incident);
	time_axis(to, &(struct plot_axis){ series->start_us, series->step_us, series->count });
	fputs("</svg>\n", to);
	free(label);
}

/* ---- day by day */

static void day_slot(FILE *to, const struct plot_days *days, size_t i, uint64_t top)
{
	uint64_t low = days->low[i], high = days->high ? days->high[i] : 0;
	char text[SHOWN_MAX];

	if (!low && !high)
		return;
	fputs("<g>", to);
	title(to, days->title(days->context, i, text, sizeof text));
	bar(to, days->low_tone, days->count, i, 0, low, top);
	if (high)
		bar(to, days->high_tone, days->count, i, low, high, top);
	fprintf(to, "<rect class=\"hover\" x=\"%s\" width=\"%s\" y=\"%d\" height=\"%d\"/></g>\n",
		PERCENT(i, days->count), PERCENT(1, days->count), TOP_PX, HEIGHT_PX);
}

void plot_days(FILE *to, const char *label, const struct plot_days *days)
{
	uint64_t most = days->top ? days->top : 1, step, top;

	for (size_t i = 0; i < days->count; i++) {
		uint64_t both = (uint64_t)days->low[i] + (days->high ? days->high[i] : 0);

		most = both > most ? both : most;
	}
	step = nice_step(most);
	top = (most + step - 1) / step * step;
	open_plot(to, "plot time", TOP_PX + HEIGHT_PX + AXIS_PX, label);
	grid_lines(to, step, top);
	for (size_t i = 0; i < days->count; i++)
		day_slot(to, days, i, top);
	time_axis(to, &(struct plot_axis){ days->start_us, days->step_us, days->count });
	fputs("</svg>\n", to);
}

/* ---- bars below each other */

static void bar_text(FILE *to, const char *class, unsigned y, const char *text)
{
	fprintf(to, "<text class=\"%s\" x=\"0\" y=\"%u\">", class, y);
	page_text(to, text);
	fputs("</text>", to);
}

void plot_bars(FILE *to, const char *label, const char *tone, const struct plot_bar *bars, size_t count)
{
	uint64_t most = 1;

	for (size_t i = 0; i < count; i++)
		most = bars[i].amount > most ? bars[i].amount : most;
	open_plot(to, "plot bars", (unsigned)count * ROW_PX, label);
	for (size_t i = 0; i < count; i++) {
		unsigned y = (unsigned)i * ROW_PX, width = utf8_columns(bars[i].value);
		unsigned over = width > VALUE_COLUMNS ? width - VALUE_COLUMNS : 0;

		over = over < SHORT_COLUMNS ? over : SHORT_COLUMNS;
		fputs("<g>", to);
		title(to, bars[i].title);
		bar_text(to, "short", y + 16, show_name(SHOWN, bars[i].label, SHORT_COLUMNS - over));
		bar_text(to, "long", y + 16, show_name(SHOWN, bars[i].label, LONG_COLUMNS - over));
		fprintf(to, "<text class=\"end\" x=\"100%%\" y=\"%u\">", y + 16);
		page_text(to, bars[i].value);
		fprintf(to, "</text><rect class=\"track\" x=\"0\" y=\"%u\" width=\"100%%\" height=\"%d\" rx=\"3\"/>",
			y + 22, BAR_PX);
		fprintf(to, "<rect class=\"bar %s\" x=\"0\" y=\"%u\" width=\"%s\" height=\"%d\" rx=\"3\"/></g>\n", tone,
			y + 22, PERCENT(bars[i].amount > most / 100 ? bars[i].amount : most / 100, most), BAR_PX);
	}
	fputs("</svg>\n", to);
}

/* ---- one bar of parts */

void plot_stack(FILE *to, const char *label, const struct plot_part *parts, size_t count)
{
	uint64_t whole = 0, from = 0;

	for (size_t i = 0; i < count; i++)
		whole += parts[i].amount;
	if (!whole)
		return;
	open_plot(to, "plot stack", STACK_PX, label);
	for (size_t i = 0; i < count; from += parts[i++].amount) {
		if (!parts[i].amount)
			continue;
		fputs("<g>", to);
		title(to, parts[i].title);
		fprintf(to, "<rect class=\"bar %s\" x=\"%s\" y=\"0\" width=\"%s\" height=\"%d\"/></g>\n", parts[i].tone,
			PERCENT(from, whole), PERCENT(parts[i].amount, whole), STACK_PX);
	}
	fputs("</svg>\n", to);
}

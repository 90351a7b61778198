/* SPDX-License-Identifier: Apache-2.0 */
/* One incident on the page: how bad, what to do, why, where from and where to. */
#include "report/html.h"

#include <math.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/advice.h"
#include "report/page.h"
#include "report/plot.h"
#include "report/show.h"
#include "report/tally.h"

enum { SOURCES = 12, BARS = 8 };

const char *html_verdict_class(const struct incident *incident)
{
	return incident->verdict == INCIDENT_HIJACKED ? "hijacked" : "suspected";
}

void html_number(FILE *to, const char *label, uint64_t count)
{
	fputs("<div>", to);
	page_element(to, "dt", label);
	page_element(to, "dd", show_count(SHOWN, count));
	fputs("</div>\n", to);
}

static void show_numbers(FILE *to, const struct incident *incident)
{
	fputs("<dl class=\"numbers\">\n", to);
	html_number(to, _("messages of the attacker"), incident->messages);
	html_number(to, _("recipients"), incident->recipients);
	html_number(to, _("bounced"), incident->bounced);
	html_number(to, _("no outcome yet"), incident->unfinished);
	fputs("</dl>\n", to);
}

static void legend(FILE *to, const char *swatch, const char *label, const char *value)
{
	fprintf(to, "<li><span class=\"swatch %s\"></span>", swatch);
	page_text(to, label);
	if (value) {
		fputc(' ', to);
		page_element(to, "b", value);
	}
	fputs("</li>\n", to);
}

void html_time_plot(FILE *to, const struct incident *incident, const char *mark)
{
	char *caption;

	if (!incident->series.count || incident->series.step_us <= 0)
		return;
	caption = show_format(_("Messages per %s"), show_span(SHOWN, incident->series.step_us));
	fputs("<figure>", to);
	page_element(to, "figcaption", caption);
	fputc('\n', to);
	plot_time(to, incident);
	fputs("<ul class=\"legend\">\n", to);
	legend(to, "theft", _("attacker"), NULL);
	legend(to, "owner", _("owner"), NULL);
	if (incident->detected_us != WHEN_NONE)
		legend(to, "dash", mark, NULL);
	fputs("</ul></figure>\n", to);
	free(caption);
}

void html_facts(FILE *to, struct fact *facts, size_t count)
{
	fputs("<dl class=\"facts\">\n", to);
	for (size_t i = 0; i < count; i++) {
		page_element(to, "dt", facts[i].label);
		page_element(to, "dd", facts[i].value);
		fputc('\n', to);
	}
	fputs("</dl>\n", to);
	words_facts_done(facts, count);
}

static void show_step(FILE *to, const struct advice *step)
{
	fputs("<li>", to);
	page_element(to, "p", step->text);
	if (step->command) {
		fputs("\n<pre>", to);
		page_element(to, "code", step->command);
		fputs("</pre>", to);
	}
	fputs("</li>\n", to);
}

static void show_steps(FILE *to, const struct advice *steps, size_t count, bool expect)
{
	size_t shown = 0;

	for (size_t i = 0; i < count; i++) {
		if (steps[i].expect != expect)
			continue;
		if (!shown++) {
			page_element(to, "h3", expect ? _("What to expect") : _("What to do now"));
			fputs(expect ? "\n<ul class=\"expect\">\n" : "\n<ol class=\"steps\">\n", to);
		}
		show_step(to, &steps[i]);
	}
	if (shown)
		fputs(expect ? "</ul>\n" : "</ol>\n", to);
}

static void show_advice(FILE *to, const struct report *report, const struct incident *incident)
{
	struct advice steps[ADVICE_MAX];
	size_t count = advice_steps(report, incident, steps);

	show_steps(to, steps, count, false);
	show_steps(to, steps, count, true);
	for (size_t i = 0; i < count; i++)
		free(steps[i].text);
}

void html_evidence(FILE *to, const struct incident *incident, const char *class,
		   const char *(*means)(const struct incident_evidence *evidence))
{
	double most = 1;

	page_paragraph(to, "sub", _("Each bit doubles the odds that it is not the owner who sends."));
	fprintf(to, "<ul class=\"%s\">\n", class);
	for (size_t i = 0; i < incident->evidence_count; i++)
		most = fmax(most, fabs(incident->evidence[i].bits));
	for (size_t i = 0; i < incident->evidence_count; i++) {
		double bits = incident->evidence[i].bits;

		fputs("<li>", to);
		page_element(to, "b", show_bits(SHOWN, bits, true));
		fprintf(to, "<span class=\"meter%s\"><i style=\"width:%d%%\"></i></span>", bits < 0 ? " against" : "",
			isfinite(bits) ? (int)(fabs(bits) / most * 100) : 0);
		page_element(to, "p", means(&incident->evidence[i]));
		fputs("</li>\n", to);
	}
	fputs("<li class=\"sum\">", to);
	page_element(to, "b", show_bits(SHOWN, incident->bits, false));
	fputs("<span></span>", to);
	page_element(to, "p", _("bits together"));
	fputs("</li>\n</ul>\n", to);
}

static const char *text_of_evidence(const struct incident_evidence *evidence) { return evidence->text; }

static void show_evidence(FILE *to, const struct incident *incident)
{
	if (!incident->evidence_count)
		return;
	page_element(to, "h3", _("Why"));
	html_evidence(to, incident, "why", text_of_evidence);
}

/* ---- where from and where to */

static struct plot_bar bar_of(const struct tally_row *row, enum tally_by by, bool mail)
{
	struct shown label;
	char *weight = words_weight(row->addresses, row->messages);
	uint64_t amount = mail ? row->messages : row->addresses;
	struct plot_bar bar = { .amount = amount, .value = show_format("%s", show_count(SHOWN, amount)) };

	if (by == TALLY_COUNTRY)
		show_country(&label, &row->first->place);
	else
		show_network(&label, &row->first->place, row->first->network, PAGE_NETWORK_COLUMNS);
	if (!*label.text)
		snprintf(label.text, sizeof label.text, "%s", _("unknown network"));
	bar.title = show_format(_("%s: %s"), label.text, weight);
	bar.label = show_format("%s", label.text);
	free(weight);
	return bar;
}

/* all that does not fit, as one more bar */
static struct plot_bar bar_of_rest(const struct tally *tally, size_t from, bool mail)
{
	struct tally_row rest = { 0 };
	struct plot_bar bar;

	for (size_t i = from; i < tally->count; i++) {
		rest.addresses += tally->rows[i].addresses;
		rest.messages += tally->rows[i].messages;
	}
	bar.amount = mail ? rest.messages : rest.addresses;
	bar.value = show_format("%s", show_count(SHOWN, bar.amount));
	bar.label = show_format(ngettext("%s other", "%s others", tally->count - from),
				show_count(SHOWN, tally->count - from));
	bar.title = words_weight(rest.addresses, rest.messages);
	return bar;
}

static char *bars_label(const char *caption, const struct plot_bar *bars, size_t count)
{
	char *text = show_format("%s", caption);

	for (size_t i = 0; i < count; i++) {
		char *longer = show_format(i ? _("%s; %s %s") : _("%s: %s %s"), text, bars[i].label, bars[i].value);

		free(text);
		text = longer;
	}
	return text;
}

void html_bars(FILE *to, const struct incident *incident, enum tally_by by)
{
	struct plot_bar bars[BARS + 1];
	struct tally tally;
	const char *caption;
	size_t count = 0;
	bool mail = false;
	char *label;

	tally_make(incident, by, &tally);
	for (size_t i = 0; i < tally.count; i++)
		mail = mail || tally.rows[i].messages;
	if (by == TALLY_COUNTRY)
		caption = mail ? _("Attacker's messages by country") : _("Attacker's addresses by country");
	else
		caption = mail ? _("Attacker's messages by network") : _("Attacker's addresses by network");
	for (; tally.known && count < tally.count && count < BARS; count++)
		bars[count] = bar_of(&tally.rows[count], by, mail);
	if (count && tally.count > count) {
		bars[count] = bar_of_rest(&tally, count, mail);
		count++;
	}
	if (count) {
		label = bars_label(caption, bars, count);
		fputs("<figure>", to);
		page_element(to, "figcaption", caption);
		fputc('\n', to);
		plot_bars(to, label, "theft", bars, count);
		fputs("</figure>\n", to);
		free(label);
	}
	for (size_t i = 0; i < count; i++) {
		free(bars[i].label);
		free(bars[i].value);
		free(bars[i].title);
	}
	tally_done(&tally);
}

static void show_outcomes(FILE *to, const struct incident *incident)
{
	const struct plot_part parts[] = {
		{ "sent", _("sent"), incident->sent },
		{ "bounced", _("bounced"), incident->bounced },
		{ "wait", _("no outcome yet"), incident->unfinished },
	};
	uint64_t whole = (uint64_t)incident->sent + incident->bounced + incident->unfinished;
	char *values[3], *label;

	if (!whole)
		return;
	for (size_t i = 0; i < 3; i++)
		values[i] = show_format(_("%s (%s)"), show_count(SHOWN, parts[i].amount),
					show_share(SHOWN, parts[i].amount, whole));
	label = show_format(_("What became of it: %s sent, %s bounced, %s with no outcome yet"), values[0], values[1],
			    values[2]);
	fputs("<figure>", to);
	page_element(to, "figcaption", _("What became of the attacker's mail, by recipients"));
	fputc('\n', to);
	plot_stack(to, label, parts, 3);
	fputs("<ul class=\"legend\">\n", to);
	for (size_t i = 0; i < 3; i++)
		legend(to, parts[i].tone, parts[i].title, values[i]);
	fputs("</ul></figure>\n", to);
	free(label);
	for (size_t i = 0; i < 3; i++)
		free(values[i]);
}

static void source_row(FILE *to, const struct page_column *columns, const struct incident_source *source)
{
	struct page_column whose = columns[4];

	whose.class = source->attacker ? "attacker" : source->familiar ? "own" : "";
	fputs("<tr>", to);
	page_cell(to, &columns[0], show_ip(SHOWN, &source->ip, false));
	page_cell(to, &columns[1], show_country(SHOWN, &source->place));
	page_cell(to, &columns[2], show_count(SHOWN, source->logins));
	page_cell(to, &columns[3], show_count(SHOWN, source->messages));
	page_cell(to, &whose, words_whose(source));
	page_cell(to, &columns[5], show_range(SHOWN, source->first_us, source->last_us));
	page_cell(to, &columns[6], show_network(SHOWN, &source->place, source->network, PAGE_NETWORK_COLUMNS));
	fputs("</tr>\n", to);
}

static void show_sources(FILE *to, const struct incident *incident)
{
	const struct page_column columns[] = { { "ip", _("Address") },     { "", _("Country") }, { "n", _("Logins") },
					  { "n", _("Messages") },     { "", _("Whose") },   { "", _("First and last") },
					  { "name", _("Network") } };
	const struct incident_source **sources = tally_sources(incident);
	size_t shown = incident->source_count < SOURCES ? incident->source_count : SOURCES;

	if (shown) {
		page_element(to, "h3", _("From where"));
		fputc('\n', to);
		page_table_open(to, columns, sizeof columns / sizeof *columns);
		for (size_t i = 0; i < shown; i++)
			source_row(to, columns, sources[i]);
		page_table_close(to);
		page_more(to, incident->source_count - shown + incident->sources_omitted);
	}
	free(sources);
}

void html_incident(FILE *to, const struct report *report, size_t number_of)
{
	const struct incident *incident = &report->incidents[number_of];
	struct fact facts[WORDS_FACTS_MAX];

	fprintf(to, "<section class=\"incident %s\" id=\"incident-%zu\">\n<div class=\"title\"><h2>",
		html_verdict_class(incident), number_of + 1);
	page_name(to, incident->name);
	fputs("</h2>", to);
	page_element(to, "span class=\"chip\"", words_verdict(incident));
	fputs("</div>\n<p class=\"sub\">", to);
	page_print(to, _("%s bits of evidence"), show_bits(SHOWN, incident->bits, false));
	fputs("</p>\n", to);
	show_numbers(to, incident);
	html_time_plot(to, incident, _("here a live guard would have stopped it"));
	html_facts(to, facts, words_facts(incident, facts));
	show_advice(to, report, incident);
	show_evidence(to, incident);
	show_outcomes(to, incident);
	fputs("<div class=\"pair\">\n", to);
	html_bars(to, incident, TALLY_COUNTRY);
	html_bars(to, incident, TALLY_NETWORK);
	fputs("</div>\n", to);
	show_sources(to, incident);
	fputs("</section>\n", to);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The report as one page that needs nothing else: no script, no font, no picture from outside. */
#include "report/report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/advice.h"
#include "report/page.h"
#include "report/plot.h"
#include "report/show.h"
#include "report/tally.h"
#include "report/words.h"

enum { SOURCES = 12, ROWS = 30, BARS = 8, PAGE_NAME = 96, NETWORK_COLUMNS = 48 };

static const char *verdict_class(const struct incident *incident)
{
	return incident->verdict == INCIDENT_HIJACKED ? "hijacked" : "suspected";
}

static void paragraph(FILE *to, const char *class, const char *text)
{
	fprintf(to, "<p class=\"%s\">", class);
	page_text(to, text);
	fputs("</p>\n", to);
}

static void name(FILE *to, const char *raw)
{
	const char *shown = show_name(SHOWN, raw, PAGE_NAME), *at = strchr(shown, '@');

	/* best broken where the domain begins */
	fputs("<bdi>", to);
	if (at)
		page_print(to, "%.*s", (int)(at + 1 - shown), shown);
	if (at)
		fputs("<wbr/>", to);
	page_text(to, at ? at + 1 : shown);
	fputs("</bdi>", to);
}

static void more(FILE *to, uint64_t count)
{
	char *text = words_more(count);

	if (text)
		paragraph(to, "more", text);
	free(text);
}

/* ---- tables: a cell carries its column's name for narrow screens */

struct column {
	const char *class, *label;
};

static void table_open(FILE *to, const struct column *columns, size_t count)
{
	fputs("<table><thead><tr>", to);
	for (size_t i = 0; i < count; i++) {
		fprintf(to, "<th scope=\"col\" class=\"%s\">", columns[i].class);
		page_text(to, columns[i].label);
		fputs("</th>", to);
	}
	fputs("</tr></thead><tbody>\n", to);
}

static void cell(FILE *to, const struct column *column, const char *text)
{
	fprintf(to, "<td class=\"%s\" data-label=\"", column->class);
	page_text(to, column->label);
	fputs("\">", to);
	page_text(to, text);
	fputs("</td>", to);
}

static void table_close(FILE *to)
{
	fputs("</tbody></table>\n", to);
}

/* ---- the head */

static void open_page(FILE *to, const char *headline)
{
	char language[16];

	page_language(language);
	fprintf(to, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n",
		language);
	fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
	      "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
	      "<meta name=\"robots\" content=\"noindex\"/>\n"
	      "<link rel=\"icon\" href=\"data:,\"/>\n", to);
	page_element(to, "title", headline);
	fputs("\n<style>\n", to);
	for (size_t i = 0; page_style[i]; i++)
		fputs(page_style[i], to);
	fputs("</style>\n</head>\n<body>\n", to);
}

static void show_index(FILE *to, const struct report *report)
{
	fputs("<ul class=\"index\">\n", to);
	for (size_t i = 0; i < report->incident_count; i++) {
		const struct incident *incident = &report->incidents[i];
		char *what = show_format(_("since %s"), show_time(SHOWN, incident->began_us));

		fprintf(to, "<li><a class=\"%s\" href=\"#incident-%zu\"><strong>", verdict_class(incident), i + 1);
		name(to, incident->name);
		fputs("</strong>", to);
		page_element(to, "span class=\"chip\"", words_verdict(incident));
		page_element(to, "span", what);
		fputs("</a></li>\n", to);
		free(what);
	}
	fputs("</ul>\n", to);
}

static void show_header(FILE *to, const struct report *report, const struct answer *answer)
{
	static const char *const tones[] = { "hijacked", "suspected", "clear", "blind" };

	fprintf(to, "<header class=\"%s\">\n<p class=\"eyebrow\"><b>sekisho</b> · ", tones[answer->tone]);
	page_text(to, _("Investigation of mail logs"));
	if (report->first_us != WHEN_NONE)
		page_print(to, " · %s", show_range(SHOWN, report->first_us, report->last_us));
	fputs("</p>\n", to);
	page_element(to, "h1", answer->headline);
	fputc('\n', to);
	for (size_t i = 0; i < answer->count; i++)
		paragraph(to, "lead", answer->lines[i]);
	if (report->incident_count)
		show_index(to, report);
	fputs("</header>\n", to);
}

/* ---- one incident */

static void number(FILE *to, const char *label, uint64_t count)
{
	fputs("<div>", to);
	page_element(to, "dt", label);
	page_element(to, "dd", show_count(SHOWN, count));
	fputs("</div>\n", to);
}

static void show_numbers(FILE *to, const struct incident *incident)
{
	fputs("<dl class=\"numbers\">\n", to);
	number(to, _("messages of the attacker"), incident->messages);
	number(to, _("recipients"), incident->recipients);
	number(to, _("bounced"), incident->bounced);
	number(to, _("still in the queue"), incident->unfinished);
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

static void show_time_plot(FILE *to, const struct incident *incident)
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
		legend(to, "dash", _("here a live guard would have stopped it"), NULL);
	fputs("</ul></figure>\n", to);
	free(caption);
}

static void show_facts(FILE *to, const struct incident *incident)
{
	struct fact facts[WORDS_FACTS_MAX];
	size_t count = words_facts(incident, facts);

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

static void show_evidence(FILE *to, const struct incident *incident)
{
	double most = 1;

	if (!incident->evidence_count)
		return;
	page_element(to, "h3", _("Why"));
	paragraph(to, "sub", _("Each bit doubles the odds that it is not the owner who sends."));
	fputs("<ul class=\"why\">\n", to);
	for (size_t i = 0; i < incident->evidence_count; i++)
		most = fmax(most, fabs(incident->evidence[i].bits));
	for (size_t i = 0; i < incident->evidence_count; i++) {
		double bits = incident->evidence[i].bits;

		fputs("<li>", to);
		page_element(to, "b", show_bits(SHOWN, bits, true));
		fprintf(to, "<span class=\"meter%s\"><i style=\"width:%d%%\"></i></span>", bits < 0 ? " against" : "",
			isfinite(bits) ? (int)(fabs(bits) / most * 100) : 0);
		page_element(to, "p", incident->evidence[i].text);
		fputs("</li>\n", to);
	}
	fputs("<li class=\"sum\">", to);
	page_element(to, "b", show_bits(SHOWN, incident->bits, false));
	fputs("<span></span>", to);
	page_element(to, "p", _("bits together"));
	fputs("</li>\n</ul>\n", to);
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
		show_network(&label, &row->first->place, row->first->network, NETWORK_COLUMNS);
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
	bar.label = show_format(ngettext("%s other", "%s others", tally->count - from), show_count(SHOWN, tally->count - from));
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

static void show_bars(FILE *to, const struct incident *incident, enum tally_by by)
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
		{ "wait", _("still in the queue"), incident->unfinished },
	};
	uint64_t whole = (uint64_t)incident->sent + incident->bounced + incident->unfinished;
	char *values[3], *label;

	if (!whole)
		return;
	for (size_t i = 0; i < 3; i++)
		values[i] = show_format(_("%s (%s)"), show_count(SHOWN, parts[i].amount), show_share(SHOWN, parts[i].amount, whole));
	label = show_format(_("What became of it: %s sent, %s bounced, %s still in the queue"), values[0], values[1], values[2]);
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

static void source_row(FILE *to, const struct column *columns, const struct incident_source *source)
{
	struct column whose = columns[4];

	whose.class = source->attacker ? "attacker" : source->familiar ? "own" : "";
	fputs("<tr>", to);
	cell(to, &columns[0], show_ip(SHOWN, &source->ip, false));
	cell(to, &columns[1], show_country(SHOWN, &source->place));
	cell(to, &columns[2], show_count(SHOWN, source->logins));
	cell(to, &columns[3], show_count(SHOWN, source->messages));
	cell(to, &whose, words_whose(source));
	cell(to, &columns[5], show_range(SHOWN, source->first_us, source->last_us));
	cell(to, &columns[6], show_network(SHOWN, &source->place, source->network, NETWORK_COLUMNS));
	fputs("</tr>\n", to);
}

static void show_sources(FILE *to, const struct incident *incident)
{
	const struct column columns[] = { { "ip", _("Address") },     { "", _("Country") }, { "n", _("Logins") },
					  { "n", _("Messages") },     { "", _("Whose") },   { "", _("First and last") },
					  { "name", _("Network") } };
	const struct incident_source **sources = tally_sources(incident);
	size_t shown = incident->source_count < SOURCES ? incident->source_count : SOURCES;

	if (shown) {
		page_element(to, "h3", _("From where"));
		fputc('\n', to);
		table_open(to, columns, sizeof columns / sizeof *columns);
		for (size_t i = 0; i < shown; i++)
			source_row(to, columns, sources[i]);
		table_close(to);
		more(to, incident->source_count - shown + incident->sources_omitted);
	}
	free(sources);
}

static void show_incident(FILE *to, const struct report *report, size_t number_of)
{
	const struct incident *incident = &report->incidents[number_of];

	fprintf(to, "<section class=\"incident %s\" id=\"incident-%zu\">\n<div class=\"title\"><h2>", verdict_class(incident), number_of + 1);
	name(to, incident->name);
	fputs("</h2>", to);
	page_element(to, "span class=\"chip\"", words_verdict(incident));
	fputs("</div>\n<p class=\"sub\">", to);
	page_print(to, _("%s bits of evidence"), show_bits(SHOWN, incident->bits, false));
	fputs("</p>\n", to);
	show_numbers(to, incident);
	show_time_plot(to, incident);
	show_facts(to, incident);
	show_advice(to, report, incident);
	show_evidence(to, incident);
	show_outcomes(to, incident);
	fputs("<div class=\"pair\">\n", to);
	show_bars(to, incident, TALLY_COUNTRY);
	show_bars(to, incident, TALLY_NETWORK);
	fputs("</div>\n", to);
	show_sources(to, incident);
	fputs("</section>\n", to);
}

/* ---- what else was seen */

static void open_section(FILE *to, const char *title)
{
	fputs("<section>\n", to);
	page_element(to, "h2", title);
	fputc('\n', to);
}

static void show_guessing(FILE *to, const struct report *report)
{
	const struct column columns[] = { { "ip", _("Address") },  { "", _("Country") }, { "n", _("Accounts") },
					  { "n", _("Attempts") },  { "name", _("Opened") }, { "", _("First and last") },
					  { "name", _("Network") } };
	size_t shown = report->guess_count < ROWS ? report->guess_count : ROWS;

	if (!shown)
		return;
	open_section(to, _("Who guesses passwords"));
	table_open(to, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++) {
		const struct report_guess *guess = &report->guessing[i];
		char *opened = words_names(guess->opened, guess->opened_count);

		fputs("<tr>", to);
		cell(to, &columns[0], show_ip(SHOWN, &guess->ip, guess->block));
		cell(to, &columns[1], show_country(SHOWN, &guess->place));
		cell(to, &columns[2], show_count(SHOWN, guess->accounts_tried));
		cell(to, &columns[3], show_count(SHOWN, guess->attempts));
		cell(to, &columns[4], opened);
		cell(to, &columns[5], show_range(SHOWN, guess->first_us, guess->last_us));
		cell(to, &columns[6], show_network(SHOWN, &guess->place, guess->network, NETWORK_COLUMNS));
		fputs("</tr>\n", to);
		free(opened);
	}
	table_close(to);
	more(to, report->guess_count - shown);
	fputs("</section>\n", to);
}

static void show_spoofed(FILE *to, const struct report *report)
{
	size_t shown = report->spoofed_count < ROWS ? report->spoofed_count : ROWS;

	if (!shown)
		return;
	open_section(to, _("Spoofed, not hijacked"));
	page_element(to, "p", _("Somebody else writes in these names from elsewhere, and the bounces come here. The passwords are safe; nothing is to be done on this server, and neither password nor address has to be changed."));
	fputs("\n<dl class=\"facts\">\n", to);
	for (size_t i = 0; i < shown; i++) {
		char *what = words_spoofed(&report->spoofed[i]);

		page_element(to, "dt", show_name(SHOWN, report->spoofed[i].account, NAME_COLUMNS));
		page_element(to, "dd", what);
		fputc('\n', to);
		free(what);
	}
	fputs("</dl>\n", to);
	more(to, report->spoofed_count - shown);
	fputs("</section>\n", to);
}

static void local_row(FILE *to, const struct column *columns, const struct report_local_sender *sender)
{
	const char *user = show_name(SHOWN, sender->user, NAME_COLUMNS);
	char *label = sender->is_uid ? show_format(_("uid %s"), user) : show_format("%s", user);

	fputs("<tr>", to);
	cell(to, &columns[0], label);
	cell(to, &columns[1], show_count(SHOWN, sender->messages));
	cell(to, &columns[2], show_count(SHOWN, sender->recipients));
	cell(to, &columns[3], show_count(SHOWN, sender->bounced));
	cell(to, &columns[4], sender->suspected ? _("looks broken into") : "");
	fputs("</tr>\n", to);
	free(label);
}

static void show_local(FILE *to, const struct report *report)
{
	const struct column columns[] = { { "name", _("Sender") }, { "n", _("Messages") }, { "n", _("Recipients") },
					  { "n", _("Bounced") },   { "attacker", _("Note") } };
	size_t shown = 0;

	if (!report->local_sender_count)
		return;
	open_section(to, _("Mail without a login (web scripts, cron, forwards)"));
	table_open(to, columns, sizeof columns / sizeof *columns);
	for (int suspected = 1; suspected >= 0; suspected--)
		for (size_t i = 0; i < report->local_sender_count && shown < ROWS; i++)
			if (report->local_senders[i].suspected == suspected) {
				local_row(to, columns, &report->local_senders[i]);
				shown++;
			}
	table_close(to);
	more(to, report->local_sender_count - shown);
	fputs("</section>\n", to);
}

static void show_top(FILE *to, const struct report *report)
{
	const struct column columns[] = { { "name", _("Account") }, { "n", _("Messages") }, { "n", _("Recipients") },
					  { "n", _("Bounced") },    { "attacker", _("Note") } };
	size_t shown = report->top_sender_count < ROWS ? report->top_sender_count : ROWS;

	if (!shown)
		return;
	open_section(to, _("Who sends most"));
	table_open(to, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++) {
		const struct report_top_sender *sender = &report->top_senders[i];
		char *bounced = show_format(_("%s (%s)"), show_count(SHOWN, sender->bounced),
					    show_share(SHOWN, sender->bounced, sender->recipients));

		fputs("<tr>", to);
		cell(to, &columns[0], show_name(SHOWN, sender->account, PAGE_NAME));
		cell(to, &columns[1], show_count(SHOWN, sender->messages));
		cell(to, &columns[2], show_count(SHOWN, sender->recipients));
		cell(to, &columns[3], bounced);
		cell(to, &columns[4], sender->incident ? _("see above") : "");
		fputs("</tr>\n", to);
		free(bounced);
	}
	table_close(to);
	more(to, report->top_sender_count - shown);
	fputs("</section>\n", to);
}

static void show_files(FILE *to, const struct report *report)
{
	const struct column columns[] = { { "name", _("File") }, { "n", _("Lines") }, { "n", _("Not understood") }, { "", _("Error") } };
	size_t shown = report->file_count < ROWS ? report->file_count : ROWS;

	if (!shown)
		return;
	table_open(to, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++) {
		const struct report_file *file = &report->files[i];

		fputs("<tr>", to);
		cell(to, &columns[0], show_name(SHOWN, file->path, PAGE_NAME));
		cell(to, &columns[1], show_count(SHOWN, file->lines));
		cell(to, &columns[2], show_count(SHOWN, file->unparsed));
		cell(to, &columns[3], file->error);
		fputs("</tr>\n", to);
	}
	table_close(to);
	more(to, report->file_count - shown);
}

static void show_input(FILE *to, const struct report *report)
{
	char *lines[WORDS_LINES_MAX];
	size_t count = words_input(report, lines);

	open_section(to, _("Input"));
	for (size_t i = 0; i < count; i++) {
		page_element(to, "p", lines[i]);
		fputc('\n', to);
		free(lines[i]);
	}
	show_files(to, report);
	fputs("</section>\n", to);
}

bool report_html(const struct report *report, FILE *to, struct error *error)
{
	struct answer answer;

	words_answer(report, &answer);
	open_page(to, answer.headline);
	show_header(to, report, &answer);
	fputs("<main>\n", to);
	for (size_t i = 0; i < report->incident_count; i++)
		show_incident(to, report, i);
	show_guessing(to, report);
	show_spoofed(to, report);
	show_local(to, report);
	show_top(to, report);
	show_input(to, report);
	fputs("</main>\n<footer><p>", to);
	page_text(to, _("Names, addresses and times are taken from the logs as they stand there. Counts of an incident are the attacker's alone."));
	fputs("</p></footer>\n</body>\n</html>\n", to);
	words_answer_done(&answer);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The report as one page that needs nothing else: no script, no font, no picture from outside. */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/html.h"
#include "report/page.h"
#include "report/show.h"
#include "report/words.h"

enum { INCIDENTS = 100, ROWS = 30 };

/* ---- the head */

static void show_index(FILE *to, const struct report *report)
{
	fputs("<ul class=\"index\">\n", to);
	for (size_t i = 0; i < report->incident_count && i < INCIDENTS; i++) {
		const struct incident *incident = &report->incidents[i];
		char *what = show_format(_("since %s"), show_time(SHOWN, incident->began_us));

		fprintf(to, "<li><a class=\"%s\" href=\"#incident-%zu\"><strong>", html_verdict_class(incident), i + 1);
		page_name(to, incident->name);
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
		page_paragraph(to, "lead", answer->lines[i]);
	if (report->incident_count)
		show_index(to, report);
	fputs("</header>\n", to);
}

/* ---- what else was seen */

static void show_guessing(FILE *to, const struct report *report)
{
	const struct page_column columns[] = { { "ip", _("Address") },  { "", _("Country") }, { "n", _("Accounts") },
					  { "n", _("Attempts") },  { "name", _("Opened") }, { "", _("First and last") },
					  { "name", _("Network") } };
	size_t shown = report->guess_count < ROWS ? report->guess_count : ROWS;

	if (!shown)
		return;
	page_section(to, _("Who guesses passwords"));
	page_table_open(to, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++) {
		const struct report_guess *guess = &report->guessing[i];
		char *opened = words_names(guess->opened, guess->opened_count);

		fputs("<tr>", to);
		page_cell(to, &columns[0], show_ip(SHOWN, &guess->ip, guess->block));
		page_cell(to, &columns[1], show_country(SHOWN, &guess->place));
		page_cell(to, &columns[2], show_count(SHOWN, guess->accounts_tried));
		page_cell(to, &columns[3], show_count(SHOWN, guess->attempts));
		page_cell(to, &columns[4], opened);
		page_cell(to, &columns[5], show_range(SHOWN, guess->first_us, guess->last_us));
		page_cell(to, &columns[6], show_network(SHOWN, &guess->place, guess->network, PAGE_NETWORK_COLUMNS));
		fputs("</tr>\n", to);
		free(opened);
	}
	page_table_close(to);
	page_more(to, report->guess_count - shown);
	fputs("</section>\n", to);
}

static void show_spoofed(FILE *to, const struct report *report)
{
	size_t shown = report->spoofed_count < ROWS ? report->spoofed_count : ROWS;

	if (!shown)
		return;
	page_section(to, _("Spoofed, not hijacked"));
	page_element(
		to, "p",
		_("Somebody else writes in these names from elsewhere, and the bounces come here. The passwords are safe; nothing is to be done on this server, and neither password nor address has to be changed."));
	if (words_spoofed_limit(report))
		page_element(to, "p", words_spoofed_limit(report));
	fputs("\n<dl class=\"facts\">\n", to);
	for (size_t i = 0; i < shown; i++) {
		char *what = words_spoofed(&report->spoofed[i]);

		page_element(to, "dt", show_name(SHOWN, report->spoofed[i].account, NAME_COLUMNS));
		page_element(to, "dd", what);
		fputc('\n', to);
		free(what);
	}
	fputs("</dl>\n", to);
	page_more(to, report->spoofed_count - shown);
	fputs("</section>\n", to);
}

static void local_row(FILE *to, const struct page_column *columns, const struct report_local_sender *sender)
{
	const char *user = show_name(SHOWN, sender->user, NAME_COLUMNS);
	char *label = sender->is_uid ? show_format(_("uid %s"), user) : show_format("%s", user);

	fputs("<tr>", to);
	page_cell(to, &columns[0], label);
	page_cell(to, &columns[1], show_count(SHOWN, sender->messages));
	page_cell(to, &columns[2], show_count(SHOWN, sender->recipients));
	page_cell(to, &columns[3], show_count(SHOWN, sender->bounced));
	page_cell(to, &columns[4], sender->suspected ? _("looks broken into") : "");
	fputs("</tr>\n", to);
	free(label);
}

static void show_local(FILE *to, const struct report *report)
{
	const struct page_column columns[] = { { "name", _("Sender") },
					       { "n", _("Messages") },
					       { "n", _("Recipients") },
					       { "n", _("Bounced") },
					       { "attacker", _("Note") } };
	size_t shown = 0;

	if (!report->local_sender_count)
		return;
	page_section(to, _("Mail without a login (web scripts, cron, forwards)"));
	page_table_open(to, columns, sizeof columns / sizeof *columns);
	for (int suspected = 1; suspected >= 0; suspected--)
		for (size_t i = 0; i < report->local_sender_count && shown < ROWS; i++)
			if (report->local_senders[i].suspected == suspected) {
				local_row(to, columns, &report->local_senders[i]);
				shown++;
			}
	page_table_close(to);
	page_more(to, report->local_sender_count - shown);
	fputs("</section>\n", to);
}

static void show_top(FILE *to, const struct report *report)
{
	const struct page_column columns[] = { { "name", _("Account") },
					       { "n", _("Messages") },
					       { "n", _("Recipients") },
					       { "n", _("Bounced") },
					       { "attacker", _("Note") } };
	size_t shown = report->top_sender_count < ROWS ? report->top_sender_count : ROWS;

	if (!shown)
		return;
	page_section(to, _("Who sends most"));
	page_table_open(to, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++) {
		const struct report_top_sender *sender = &report->top_senders[i];
		char *bounced = show_format(_("%s (%s)"), show_count(SHOWN, sender->bounced),
					    show_share(SHOWN, sender->bounced, sender->recipients));

		fputs("<tr>", to);
		page_cell(to, &columns[0], show_name(SHOWN, sender->account, PAGE_NAME_COLUMNS));
		page_cell(to, &columns[1], show_count(SHOWN, sender->messages));
		page_cell(to, &columns[2], show_count(SHOWN, sender->recipients));
		page_cell(to, &columns[3], bounced);
		page_cell(to, &columns[4], sender->incident ? _("see above") : "");
		fputs("</tr>\n", to);
		free(bounced);
	}
	page_table_close(to);
	page_more(to, report->top_sender_count - shown);
	fputs("</section>\n", to);
}

static void show_files(FILE *to, const struct report *report)
{
	const struct page_column columns[] = {
		{ "name", _("File") }, { "n", _("Lines") }, { "n", _("Not understood") }, { "", _("Remarks") }
	};
	size_t shown = report->file_count < ROWS ? report->file_count : ROWS;

	if (!shown)
		return;
	page_table_open(to, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++) {
		const struct report_file *file = &report->files[i];
		char *repeated = words_repeated(file);

		fputs("<tr>", to);
		page_cell(to, &columns[0], show_name(SHOWN, file->path, PAGE_NAME_COLUMNS));
		page_cell(to, &columns[1], show_count(SHOWN, file->lines));
		page_cell(to, &columns[2], show_count(SHOWN, file->unparsed));
		page_cell(to, &columns[3], file->error[0] || !repeated ? file->error : repeated);
		free(repeated);
		fputs("</tr>\n", to);
	}
	page_table_close(to);
	page_more(to, report->file_count - shown);
}

static void show_input(FILE *to, const struct report *report)
{
	char *lines[WORDS_LINES_MAX];
	size_t count = words_input(report, lines);

	page_section(to, _("Input"));
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
	page_open(to, answer.headline);
	show_header(to, report, &answer);
	fputs("<main>\n", to);
	for (size_t i = 0; i < report->incident_count && i < INCIDENTS; i++)
		html_incident(to, report, i);
	page_more(to, report->incident_count > INCIDENTS ? report->incident_count - INCIDENTS : 0);
	show_guessing(to, report);
	show_spoofed(to, report);
	show_local(to, report);
	show_top(to, report);
	show_input(to, report);
	fputs("</main>\n<footer><p>", to);
	page_text(
		to,
		_("Names, addresses and times are taken from the logs as they stand there. Counts of an incident are the attacker's alone."));
	fputs("</p></footer>\n</body>\n</html>\n", to);
	words_answer_done(&answer);
	if (fflush(to) != 0 || ferror(to))
		return error_set(error, "the report could not be written: %s", strerror(errno));
	return true;
}

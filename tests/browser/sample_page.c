/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a sample report, for the browser's test and for a look: sample_page text|colour|json|html [empty|hostile], or the paper
 * on one incident: … paper|paper-hostile|paper-bare (SEKISHO_SOURCE says where the tree is) */
#include <locale.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "unit/sample_paper.h"
#include "unit/sample_report.h"

static bool show(const struct report *report, const char *format, struct error *error)
{
	if (strcmp(format, "html") == 0)
		return report_html(report, stdout, error);
	if (strcmp(format, "json") == 0)
		return report_json(report, stdout, error);
	return report_text(report, stdout, strcmp(format, "colour") == 0, error);
}

static bool show_paper(json_t *incident, const char *format, struct error *error)
{
	struct paper paper;
	bool good = paper_read(incident, false, SAMPLE_PAPER_US, &paper, error);

	json_decref(incident);
	if (!good)
		return false;
	if (strcmp(format, "html") == 0)
		good = paper_html(&paper, stdout, error);
	else if (strcmp(format, "json") == 0)
		good = paper_json(&paper, stdout, error);
	else
		good = paper_text(&paper, stdout, strcmp(format, "colour") == 0, error);
	paper_done(&paper);
	return good;
}

static json_t *sample_of_paper(const char *which)
{
	const char *source = getenv("SEKISHO_SOURCE");

	if (strcmp(which, "paper-hostile") == 0)
		return sample_incident_hostile();
	if (strcmp(which, "paper-bare") == 0)
		return sample_incident_bare();
	return sample_incident(source ? source : ".");
}

static bool show_report(const char *which, const char *format, struct error *error)
{
	struct report report;
	bool good;

	if (strcmp(which, "empty") == 0)
		sample_report_empty(&report);
	else if (strcmp(which, "hostile") == 0)
		sample_report_hostile(&report);
	else
		sample_report(&report);
	good = show(&report, format, error);
	sample_report_done(&report);
	return good;
}

int main(int argc, char **argv)
{
	const char *format = argc > 1 ? argv[1] : "text", *which = argc > 2 ? argv[2] : "", *locales = getenv("SEKISHO_LOCALE_DIR");
	struct error error = { "" };
	bool good;

	setlocale(LC_ALL, "");
	if (locales)
		bindtextdomain("sekisho", locales);
	bind_textdomain_codeset("sekisho", "UTF-8");
	textdomain("sekisho");
	if (strncmp(which, "paper", 5) == 0)
		good = show_paper(sample_of_paper(which), format, &error);
	else
		good = show_report(which, format, &error);
	if (!good)
		fprintf(stderr, "sample_page: %s\n", error.text);
	return good ? 0 : 1;
}

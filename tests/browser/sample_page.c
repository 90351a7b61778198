/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a sample report, for the browser's test and for a look: sample_page text|colour|json|html [empty|hostile] */
#include <locale.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "unit/sample_report.h"

static bool show(const struct report *report, const char *format, struct error *error)
{
	if (strcmp(format, "html") == 0)
		return report_html(report, stdout, error);
	if (strcmp(format, "json") == 0)
		return report_json(report, stdout, error);
	return report_text(report, stdout, strcmp(format, "colour") == 0, error);
}

int main(int argc, char **argv)
{
	const char *which = argc > 2 ? argv[2] : "", *locales = getenv("SEKISHO_LOCALE_DIR");
	struct report report;
	struct error error;
	bool good;

	setlocale(LC_ALL, "");
	if (locales)
		bindtextdomain("sekisho", locales);
	bind_textdomain_codeset("sekisho", "UTF-8");
	textdomain("sekisho");
	if (strcmp(which, "empty") == 0)
		sample_report_empty(&report);
	else if (strcmp(which, "hostile") == 0)
		sample_report_hostile(&report);
	else
		sample_report(&report);
	good = show(&report, argc > 1 ? argv[1] : "text", &error);
	if (!good)
		fprintf(stderr, "sample_page: %s\n", error.text);
	sample_report_done(&report);
	return good ? 0 : 1;
}

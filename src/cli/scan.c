/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho scan: reads logs once, judges as the live guard would, looks at the suspects a second time, reports. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/scan_report.h"
#include "config/config.h"
#include "engine/conveyor.h"
#include "intake/inputs.h"
#include "intake/reader.h"

enum { BACKWARD_LEAST = 20 };

struct scan {
	/* asked for */
	enum output_form form;
	const char *output, *config_file, *geo_file, *journal_path;
	bool journal, exit_code;
	int64_t since_us, until_us;
	int year;
	/* at work */
	struct config config;
	struct evidence_weights weights;
	struct inputs inputs;
	struct geo *geo;
	struct accounts *accounts;
	struct engine *engine;
	struct conveyor *conveyor;
	struct reader *reader;
	struct progress progress;
	struct scan_report report;
	int status;
};

/* ---- options */

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho scan [options] FILE…\n"
		  "Finds hijacked accounts in mail logs: plain, gz, xz, zst, bz2, folders, - for standard input.\n\n"
		  "  -f, --format text|json|html  how to report (text)\n"
		  "  -o, --output FILE            where to (standard output)\n"
		  "  -c, --config FILE            settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "      --journal[=FOLDER]       read the systemd journal\n"
		  "      --since T                report what went on after that; what was logged before is read to learn from\n"
		  "      --until T                read up to there: 2026-11-22, 2026-11-22T09:00:00+09:00, \"3 days ago\"\n"
		  "      --year Y                 year of the first line, where the log has none\n"
		  "      --geo FILE               country and network database: MMDB or libloc's\n"
		  "      --exit-code              exit with 1 where an account is hijacked or suspected\n"
		  "  -h, --help"));
	return status;
}

static bool parse_time(const char *option, const char *text, int64_t *t_us)
{
	int64_t now_us = clock_now();

	if (when_parse_people(text_of(text), now_us, when_local_offset(now_us), t_us))
		return true;
	cli_complain(_("--%s: '%s' is no time; for example 2026-11-22, 2026-11-22T09:00:00+09:00, '3 days ago'"),
		     option, text);
	return false;
}

static bool take_option(struct scan *scan, int option, const char *value)
{
	switch (option) {
	case 'f': return output_parse_form(value, true, &scan->form);
	case 'o': scan->output = value; return true;
	case 'c': scan->config_file = value; return true;
	case 'j': scan->journal = true; scan->journal_path = value; return true;
	case 's': return parse_time("since", value, &scan->since_us);
	case 'u': return parse_time("until", value, &scan->until_us);
	case 'y': return cli_parse_year(value, &scan->year);
	case 'g': scan->geo_file = value; return true;
	case 'x': scan->exit_code = true; return true;
	default: return false;
	}
}

/* CLI_DONE to go on; otherwise the status to end with, and *ended */
static int take_options(struct scan *scan, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' }, { "output", required_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' }, { "journal", optional_argument, NULL, 'j' },
		{ "since", required_argument, NULL, 's' },  { "until", required_argument, NULL, 'u' },
		{ "year", required_argument, NULL, 'y' },   { "geo", required_argument, NULL, 'g' },
		{ "exit-code", no_argument, NULL, 'x' },    { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "f:o:c:h", options, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, CLI_DONE);
		if (!take_option(scan, option, optarg))
			return option == '?' ? usage(stderr, CLI_USAGE) : CLI_USAGE;
	}
	if (scan->since_us != WHEN_NONE && scan->until_us != WHEN_NONE && scan->since_us > scan->until_us) {
		cli_complain("%s", _("--since is after --until"));
		return CLI_USAGE;
	}
	if (optind == argc && !scan->journal) {
		cli_complain("%s", _("which log? Name files or folders, - for standard input, or --journal"));
		return CLI_USAGE;
	}
	for (int i = optind; i < argc; i++)
		inputs_add(&scan->inputs, argv[i]);
	*ended = false;
	return CLI_DONE;
}

/* ---- getting ready */

static bool prepare(struct scan *scan)
{
	struct error error;
	const char *geo_file;

	config_init(&scan->config);
	if (!cli_read_config(&scan->config, scan->config_file, &scan->weights)) {
		scan->status = CLI_NO;
		return false;
	}
	geo_file = scan->geo_file ? scan->geo_file : *scan->config.geo_database ? scan->config.geo_database : NULL;
	scan->geo = geo_new(geo_file, &error);
	if (!scan->geo) {
		cli_complain("%s", error.text);
		scan->status = CLI_USAGE;
		return false;
	}
	scan->accounts = accounts_new(scan->config.default_domain);
	scan->engine = engine_new(&(struct engine_options){
		.limits = cli_limits(&scan->config),
		.geo = scan->geo,
		.spool_bytes = (uint64_t)scan->config.spool_limit_bytes,
		.weights = &scan->weights,
	});
	scan->conveyor = conveyor_new(scan->engine);
	scan->reader = reader_new(scan->accounts, conveyor_sink(scan->conveyor), &(struct reader_options){
		.year = scan->year,
		.since_us = WHEN_NONE, /* what is usual lies before */
		.until_us = scan->until_us,
		.now_us = clock_now(),
		.life = { scan->config.webmail_hosts.items, scan->config.webmail_hosts.count },
		.progress = progress_show,
		.context = &scan->progress,
	});
	return true;
}

static void done(struct scan *scan)
{
	scan_report_done(&scan->report);
	reader_free(scan->reader);
	conveyor_free(scan->conveyor);
	engine_free(scan->engine);
	accounts_free(scan->accounts);
	geo_free(scan->geo);
	inputs_done(&scan->inputs);
	config_done(&scan->config);
}

/* ---- reading */

static int64_t first_time(const char *path, int64_t older_us, void *context)
{
	const struct scan *scan = context;

	return reader_first_time(path, scan->year, older_us);
}

static void unreadable(struct scan *scan, struct report_file *file, const struct error *why)
{
	snprintf(file->error, sizeof file->error, "%s", why->text);
	cli_complain("%s", why->text);
	scan->status = cli_worse(scan->status, CLI_UNREADABLE);
}

/* the journal, if it was asked for, and every file */
static struct reader_source *list_sources(struct scan *scan, size_t *count)
{
	struct reader_source *sources = memory_zero(scan->inputs.count + 1, sizeof *sources);

	*count = 0;
	if (scan->journal)
		sources[(*count)++] =
			(struct reader_source){ .path = scan->journal_path, .journal = true, .first_us = WHEN_NONE };
	if (scan->inputs.count + scan->journal > 1)
		inputs_sort(&scan->inputs, first_time, scan);
	for (size_t i = 0; i < scan->inputs.count; i++) {
		const struct inputs_file *file = &scan->inputs.files[i];

		sources[(*count)++] = (struct reader_source){
			.path = file->path,
			.opens = file->unpacked,
			.first_us = file->once ? WHEN_NONE : file->first_us,
			.bytes = file->bytes,
		};
	}
	return sources;
}

/* newest first, as some exports are: nothing that is said of it would be true */
static bool runs_backwards(const struct reader_tally *tally, const char *path, struct error *why)
{
	if (tally->backward < BACKWARD_LEAST || tally->backward < 4 * tally->forward)
		return false;
	error_set(why, _("'%s' runs backwards in time: turn it round, for example with tac"), path);
	return true;
}

static uint64_t understood(const struct reader_tally *tally)
{
	uint64_t lost = tally->foreign + tally->unparsed; /* entries of a journal that are none are no lines either */

	return tally->lines > lost ? tally->lines - lost : 0;
}

/* NULL for the journal */
static const struct inputs_file *file_of(const struct scan *scan, const struct reader_source *source)
{
	for (size_t i = 0; i < scan->inputs.count; i++)
		if (scan->inputs.files[i].path == source->path)
			return &scan->inputs.files[i];
	return NULL;
}

static bool was_named(const struct scan *scan, const struct reader_source *source)
{
	const struct inputs_file *file = file_of(scan, source);

	return !file || file->named;
}

static const char *archive_of(const struct scan *scan, const struct reader_source *source)
{
	return source->opens ? file_of(scan, source)->archive : NULL;
}

/* a log of another kind: a sound report must not hide that nothing of it was used. In a folder that is usual, unless
 * nothing at all was understood */
static bool says_nothing(const struct scan *scan, const struct reader_source *source, const char *path,
			 uint64_t understood_in_all, struct error *why)
{
	if (!source->tally.lines || understood(&source->tally) || (understood_in_all && !was_named(scan, source)))
		return false;
	error_set(why, _("'%s' holds no line of a mail server that was understood"), path);
	return true;
}

static void read_all(struct scan *scan)
{
	size_t count;
	struct reader_source *sources = list_sources(scan, &count);
	uint64_t bytes = 0, used = 0;
	struct error why;

	for (size_t i = 0; i < count; i++)
		bytes += sources[i].bytes;
	progress_begin(&scan->progress, bytes);
	reader_read(scan->reader, sources, count);
	scan->report.report.events = conveyor_finish(scan->conveyor);
	progress_end(&scan->progress);
	for (size_t i = 0; i < scan->inputs.fault_count; i++)
		unreadable(scan, scan_report_file(&scan->report, scan->inputs.faults[i].path),
			   &scan->inputs.faults[i].why);
	for (size_t i = 0; i < count; i++)
		used += understood(&sources[i].tally);
	for (size_t i = 0; i < count; i++) {
		struct report_file *file =
			scan_report_file(&scan->report, sources[i].path ? sources[i].path : "journal");

		file->archive = archive_of(scan, &sources[i]);
		scan_report_count(&scan->report, file, &sources[i].tally);
		if (sources[i].failed)
			unreadable(scan, file, &sources[i].why);
		else if (runs_backwards(&sources[i].tally, file->path, &why) ||
			 says_nothing(scan, &sources[i], file->path, used, &why))
			unreadable(scan, file, &why);
	}
	free(sources);
}

/* ---- reporting */

static bool write_form(const void *context, FILE *to, struct error *error)
{
	const struct scan *scan = context;
	const struct report *report = &scan->report.report;

	switch (scan->form) {
	case OUTPUT_JSON: return report_json(report, to, error);
	case OUTPUT_HTML: return report_html(report, to, error);
	default: return report_text(report, to, output_has_colour(to), error);
	}
}

int cli_scan(int argc, char **argv)
{
	struct scan scan = { .since_us = WHEN_NONE, .until_us = WHEN_NONE };
	int64_t began_us = clock_steady();
	bool ended;

	signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error like others, and cleaned up after */
	scan.status = take_options(&scan, argc, argv, &ended);
	scan_report_init(&scan.report);
	if (!ended && output_is_input(scan.output, &scan.inputs)) {
		scan.status = CLI_USAGE;
		ended = true;
	}
	if (!ended && prepare(&scan)) {
		read_all(&scan);
		scan.report.report.since_us = scan.since_us;
		scan_report_fill(&scan.report, scan.engine, scan.accounts, scan.geo, reader_life(scan.reader));
		scan.report.report.seconds = (double)(clock_steady() - began_us) / 1e6;
		scan.status = cli_worse(scan.status, output_write(scan.output, write_form, &scan));
		if (scan.exit_code && scan.report.report.incident_count)
			scan.status = cli_worse(scan.status, CLI_NO);
	}
	done(&scan);
	return scan.status;
}

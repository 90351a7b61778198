/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho replay: what a configuration would have done with the events of a trace or a log, to whom, when, and why. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/replay_read.h"
#include "report/replay.h"

#define STEP_BITS 3.0 /* that strict and lenient are away: odds of eight to one */

struct replayed {
	/* asked for */
	enum output_form form;
	const char *output, *config_file, *against, *geo_file;
	bool calibrate;
	int year;
	/* at work */
	struct config configs[BACKTEST_SIDES];
	struct evidence_weights weights[BACKTEST_SIDES];
	size_t sides;
	struct inputs inputs;
	struct geo *geo;
	struct accounts *accounts;
	struct backtest *backtest;
	struct calibration *calibration;
	struct calibration_result calibrated;
	struct scan_report report;
	struct replay paper;
	int status;
};

/* ---- options */

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho replay [options] TRACE|LOG…\n"
		  "Tells what a live guard would have done: with a trace, or with logs as scan reads them; - for standard input.\n\n"
		  "  -c, --config FILE            settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "      --against NAME           beside it: a file of settings, or default, strict, lenient\n"
		  "      --calibrate              how often each signal speaks on honest accounts, and weights for it\n"
		  "  -f, --format text|json|html  how to report (text)\n"
		  "  -o, --output FILE            where to (standard output)\n"
		  "      --year Y                 year of the first line, where a log has none\n"
		  "      --geo FILE               country and network database: MMDB or libloc's\n"
		  "  -h, --help"));
	return status;
}

static bool take_option(struct replayed *replayed, int option, const char *value)
{
	switch (option) {
	case 'f': return output_parse_form(value, true, &replayed->form);
	case 'o': replayed->output = value; return true;
	case 'c': replayed->config_file = value; return true;
	case 'a': replayed->against = value; return true;
	case 'k': replayed->calibrate = true; return true;
	case 'y': return cli_parse_year(value, &replayed->year);
	case 'g': replayed->geo_file = value; return true;
	default: return false;
	}
}

/* CLI_DONE to go on; otherwise the status to end with, and *ended */
static int take_options(struct replayed *replayed, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' }, { "against", required_argument, NULL, 'a' },
		{ "calibrate", no_argument, NULL, 'k' },    { "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' }, { "year", required_argument, NULL, 'y' },
		{ "geo", required_argument, NULL, 'g' },    { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "c:f:o:h", options, NULL)) != -1) {
		if (option == 'h')
			return usage(stdout, CLI_DONE);
		if (!take_option(replayed, option, optarg))
			return option == '?' ? usage(stderr, CLI_USAGE) : CLI_USAGE;
	}
	if (optind == argc) {
		cli_complain("%s", _("which trace or log? Name files or folders, or - for standard input"));
		return CLI_USAGE;
	}
	for (int i = optind; i < argc; i++)
		inputs_add(&replayed->inputs, argv[i]);
	*ended = output_is_input(replayed->output, &replayed->inputs);
	return *ended ? CLI_USAGE : CLI_DONE;
}

/* ---- configurations */

static double moved(double bits, double by) { return bits + by < 1 ? 1 : bits + by > 100 ? 100 : bits + by; }

/* the first configuration, only that it steps in earlier or later */
static bool move_limits(struct replayed *replayed, double by)
{
	struct config *config = &replayed->configs[1];

	if (!cli_read_config(config, replayed->config_file, &replayed->weights[1]))
		return false;
	config->suspect_bits = moved(config->suspect_bits, by);
	config->hold_bits = moved(config->hold_bits, by);
	config->lock_bits = moved(config->lock_bits, by);
	return true;
}

static bool read_second(struct replayed *replayed)
{
	if (strcmp(replayed->against, "default") == 0)
		return true;
	if (strcmp(replayed->against, "strict") == 0)
		return move_limits(replayed, -STEP_BITS);
	if (strcmp(replayed->against, "lenient") == 0)
		return move_limits(replayed, STEP_BITS);
	return cli_read_config(&replayed->configs[1], replayed->against, &replayed->weights[1]);
}

static bool read_configs(struct replayed *replayed)
{
	replayed->sides = replayed->against ? 2 : 1;
	for (size_t i = 0; i < BACKTEST_SIDES; i++) {
		config_init(&replayed->configs[i]);
		evidence_weights_init(&replayed->weights[i]);
	}
	return cli_read_config(&replayed->configs[0], replayed->config_file, &replayed->weights[0]) &&
	       (!replayed->against || read_second(replayed));
}

static const char *name_of(const struct replayed *replayed, size_t side)
{
	const char *file = replayed->configs[0].file;

	return side ? replayed->against : file ? file : "default";
}

/* ---- getting ready */

static void make_backtest(struct replayed *replayed)
{
	struct backtest_options options[BACKTEST_SIDES];

	for (size_t i = 0; i < replayed->sides; i++) {
		const struct config *config = &replayed->configs[i];

		options[i] = (struct backtest_options){
			.engine = { .limits = cli_limits(config), .geo = replayed->geo, .weights = &replayed->weights[i], .live = true },
			.brakes = { (float)config->locks_an_hour, (float)config->locks_an_hour_of_domain },
		};
		replayed->paper.sides[i] = (struct replay_side){
			name_of(replayed, i), options[i].engine.limits, options[i].brakes, &replayed->weights[i],
		};
	}
	replayed->calibration = replayed->calibrate ? calibration_new() : NULL;
	replayed->backtest = backtest_new(replayed->accounts, options, replayed->sides, replayed->calibration);
}

static bool prepare(struct replayed *replayed)
{
	const char *geo_file = replayed->geo_file;
	struct error error;

	if (!read_configs(replayed)) {
		replayed->status = CLI_NO;
		return false;
	}
	if (!geo_file && *replayed->configs[0].geo_database)
		geo_file = replayed->configs[0].geo_database;
	replayed->geo = geo_new(geo_file, &error);
	if (!replayed->geo) {
		cli_complain("%s", error.text);
		replayed->status = CLI_USAGE;
		return false;
	}
	replayed->accounts = accounts_new(replayed->configs[0].default_domain);
	make_backtest(replayed);
	return true;
}

static void done(struct replayed *replayed)
{
	scan_report_done(&replayed->report);
	backtest_free(replayed->backtest);
	calibration_free(replayed->calibration);
	accounts_free(replayed->accounts);
	geo_free(replayed->geo);
	inputs_done(&replayed->inputs);
	for (size_t i = 0; i < BACKTEST_SIDES; i++)
		config_done(&replayed->configs[i]);
}

/* ---- at work */

static bool was_locked(const void *context, uint32_t account)
{
	const struct replayed *replayed = context;

	for (size_t i = 0; i < replayed->sides; i++) {
		const struct backtest_touched *touched = backtest_touched(replayed->backtest, i, account);

		if (touched && (touched->locks || touched->braked))
			return true;
	}
	return false;
}

static void fill_paper(struct replayed *replayed, int64_t began_us)
{
	const struct backtest_result *result = backtest_result(replayed->backtest);
	struct report *input = &replayed->report.report;

	if (replayed->calibration) {
		calibration_end(replayed->calibration, was_locked, replayed, &replayed->weights[0],
				&replayed->calibrated);
		replayed->paper.calibration = &replayed->calibrated;
	}
	input->events = result->events;
	input->accounts = accounts_count(replayed->accounts);
	input->seconds = (double)(clock_steady() - began_us) / 1e6;
	geo_about(replayed->geo, &input->geo);
	replayed->paper.input = *input;
	replayed->paper.accounts = replayed->accounts;
	replayed->paper.backtest = replayed->backtest;
}

static bool write_form(const void *context, FILE *to, struct error *error)
{
	const struct replayed *replayed = context;

	switch (replayed->form) {
	case OUTPUT_JSON: return replay_json(&replayed->paper, to, error);
	case OUTPUT_HTML: return replay_html(&replayed->paper, to, error);
	default: return replay_text(&replayed->paper, to, output_has_colour(to), error);
	}
}

static void work(struct replayed *replayed)
{
	int64_t began_us = clock_steady();
	struct replay_read read = {
		.inputs = &replayed->inputs,
		.config = &replayed->configs[0],
		.year = replayed->year,
		.accounts = replayed->accounts,
		.backtest = replayed->backtest,
		.report = &replayed->report,
	};

	replayed->status = cli_worse(replayed->status, replay_read(&read));
	if (replayed->status == CLI_USAGE)
		return;
	replayed->report.report.trace = read.trace;
	fill_paper(replayed, began_us);
	replayed->status = cli_worse(replayed->status, output_write(replayed->output, write_form, replayed));
}

int cli_replay(int argc, char **argv)
{
	struct replayed replayed = { .status = CLI_DONE };
	bool ended;

	signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error like others, and cleaned up after */
	scan_report_init(&replayed.report);
	replayed.status = take_options(&replayed, argc, argv, &ended);
	if (!ended && prepare(&replayed))
		work(&replayed);
	done(&replayed);
	return replayed.status;
}

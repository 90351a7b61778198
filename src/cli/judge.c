/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho judge: the detector as a co-process on two pipes. One event a line in, one verdict a line out, written before
 * the next read that could block. The clock is that of the events. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "config/config.h"
#include "engine/guard.h"
#include "intake/trace.h"
#include "report/reply.h"

enum { BLOCK = 1 << 16 };

struct judge {
	const char *config_file;
	struct config config;
	struct evidence_weights weights;
	struct geo *geo;
	struct accounts *accounts;
	struct engine *engine;
	struct guard *guard;
	struct trace *trace;
	struct reply reply;
	char *in;
	size_t begin, end, room;
	uint64_t line;
	bool skipping; /* the rest of a line that is too long */
	int status;
};

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho judge [options]\n"
		  "Judges events: one JSON object a line on standard input, one verdict a line on standard output.\n\n"
		  "  -c, --config FILE   settings (/etc/sekisho/sekisho.conf, if it is there)\n"
		  "      --geo FILE      country and network database, for events that do not tell: MMDB or libloc's\n"
		  "  -h, --help"));
	return status;
}

/* ---- getting ready */

static int take_options(struct judge *judge, int argc, char **argv, const char **geo_file, bool *ended)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' }, { "geo", required_argument, NULL, 'g' },
		{ "help", no_argument, NULL, 'h' },	    { NULL, 0, NULL, 0 },
	};
	int option;

	*ended = true;
	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (option) {
		case 'c': judge->config_file = optarg; break;
		case 'g': *geo_file = optarg; break;
		case 'h': return usage(stdout, CLI_DONE);
		default: return usage(stderr, CLI_USAGE);
		}
	}
	if (optind < argc) {
		cli_complain(_("'%s': judge reads events from standard input; replay reads files"), argv[optind]);
		return CLI_USAGE;
	}
	*ended = false;
	return CLI_DONE;
}

static bool prepare(struct judge *judge, const char *geo_file)
{
	struct error error;

	config_init(&judge->config);
	if (!cli_read_config(&judge->config, judge->config_file, &judge->weights)) {
		judge->status = CLI_NO;
		return false;
	}
	if (!geo_file && *judge->config.geo_database)
		geo_file = judge->config.geo_database;
	judge->geo = geo_new(geo_file, &error);
	if (!judge->geo) {
		cli_complain("%s", error.text);
		judge->status = CLI_USAGE;
		return false;
	}
	judge->accounts = accounts_new(judge->config.default_domain);
	judge->engine = engine_new(&(struct engine_options){
		.limits = cli_limits(&judge->config), .geo = judge->geo, .weights = &judge->weights, .live = true });
	judge->guard = guard_new(judge->engine, judge->accounts, &(struct brakes_limits){
		(float)judge->config.locks_an_hour, (float)judge->config.locks_an_hour_of_domain });
	judge->trace = trace_new(judge->accounts);
	return true;
}

static void done(struct judge *judge)
{
	trace_free(judge->trace);
	guard_free(judge->guard);
	engine_free(judge->engine);
	accounts_free(judge->accounts);
	geo_free(judge->geo);
	config_done(&judge->config);
	reply_done(&judge->reply);
	free(judge->in);
}

/* ---- at work */

static void judge_line(struct judge *judge, struct text line)
{
	struct trace_event event;
	struct guard_answer answer;
	struct error error;

	judge->line++;
	if (!trace_line(judge->trace, line, &event, &error)) {
		cli_complain(_("line %llu: %s"), (unsigned long long)judge->line, error.text);
		judge->status = cli_worse(judge->status, CLI_UNREADABLE);
		reply_error(&judge->reply, judge->line, error.text);
		return;
	}
	guard_event(judge->guard, &event.event, event.id, &answer);
	reply_answer(&judge->reply, &answer, judge->guard, accounts_name(judge->accounts, answer.account), &event.event);
}

static void too_long(struct judge *judge)
{
	struct error error;

	judge->skipping = true;
	judge->begin = judge->end;
	judge->line++;
	error_set(&error, _("longer than %d bytes"), TRACE_LINE_MAX);
	cli_complain(_("line %llu: %s"), (unsigned long long)judge->line, error.text);
	judge->status = cli_worse(judge->status, CLI_UNREADABLE);
	reply_error(&judge->reply, judge->line, error.text);
}

/* all the whole lines that are there */
static void take_lines(struct judge *judge)
{
	for (;;) {
		struct text rest = { judge->in + judge->begin, judge->end - judge->begin };
		size_t n = text_find(rest, '\n');

		if (n == rest.n)
			break;
		if (!judge->skipping)
			judge_line(judge, text_head(rest, n));
		judge->skipping = false;
		judge->begin += n + 1;
	}
	if (judge->skipping)
		judge->begin = judge->end;
	else if (judge->end - judge->begin > TRACE_LINE_MAX)
		too_long(judge);
}

static bool write_all(struct judge *judge)
{
	struct text rest = reply_take(&judge->reply);

	while (rest.n) {
		ssize_t n = write(STDOUT_FILENO, rest.p, rest.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (errno != EPIPE)
				cli_complain(_("cannot write the output: %s"), strerror(errno));
			judge->status = cli_worse(judge->status, CLI_UNREADABLE);
			return false;
		}
		rest = text_after(rest, (size_t)n);
	}
	return true;
}

/* false at the end */
static bool read_more(struct judge *judge)
{
	ssize_t n;

	if (judge->begin) /* there is none yet before the first */
		memmove(judge->in, judge->in + judge->begin, judge->end - judge->begin);
	judge->end -= judge->begin;
	judge->begin = 0;
	if (judge->room - judge->end < BLOCK)
		judge->in = memory_resize(judge->in, judge->room = 2 * judge->room + BLOCK, 1);
	do
		n = read(STDIN_FILENO, judge->in + judge->end, judge->room - judge->end);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		cli_complain(_("cannot read the input: %s"), strerror(errno));
		judge->status = cli_worse(judge->status, CLI_UNREADABLE);
	}
	judge->end += n > 0 ? (size_t)n : 0;
	return n > 0;
}

static void work(struct judge *judge)
{
	while (read_more(judge)) {
		take_lines(judge);
		if (!write_all(judge))
			return;
	}
	if (judge->end > judge->begin && !judge->skipping) /* the last line has no end */
		judge_line(judge, (struct text){ judge->in + judge->begin, judge->end - judge->begin });
	write_all(judge);
}

int cli_judge(int argc, char **argv)
{
	struct judge judge = { .status = CLI_DONE };
	const char *geo_file = NULL;
	bool ended;

	judge.status = take_options(&judge, argc, argv, &geo_file, &ended);
	if (!ended && prepare(&judge, geo_file))
		work(&judge);
	done(&judge);
	return judge.status;
}

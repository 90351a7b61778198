/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/replay_read.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "intake/reader.h"
#include "intake/trace.h"

enum { BATCH = 4096, ID_MAX = 16 };

enum kind { KIND_NONE, KIND_LOG, KIND_TRACE }; /* none: empty, or cannot be opened */

/* ---- what each file is */

static enum kind kind_of(struct input *input)
{
	struct text line = input_first_line(input);

	return trace_claims(line) ? KIND_TRACE : line.n ? KIND_LOG : KIND_NONE;
}

static int64_t first_time(const char *path, int64_t older_us, void *context)
{
	const struct replay_read *read = context;
	struct error ignored;
	struct input *input = input_open(path, &ignored);
	int64_t t_us = WHEN_NONE;
	bool trace;

	if (!input)
		return WHEN_NONE;
	trace = kind_of(input) == KIND_TRACE;
	if (trace)
		t_us = trace_time(input_first_line(input));
	input_close(input);
	return trace ? t_us : reader_first_time(path, read->year, older_us);
}

/* what can be read only once stays open */
static bool look_at(const struct replay_read *read, struct input **opened, bool *trace)
{
	const char *named[3] = { NULL, NULL, NULL };

	for (size_t i = 0; i < read->inputs->count; i++) {
		const struct inputs_file *file = &read->inputs->files[i];
		struct error ignored; /* it comes again when the file is read */
		struct input *input = input_open_as(inputs_opens(file), file->path, &ignored);

		if (!input)
			continue;
		named[kind_of(input)] = file->path;
		if (file->once)
			opened[i] = input;
		else
			input_close(input);
	}
	*trace = named[KIND_TRACE] != NULL;
	if (!named[KIND_TRACE] || !named[KIND_LOG])
		return true;
	cli_complain(_("'%s' is a trace and '%s' a log: one run reads one kind"), named[KIND_TRACE], named[KIND_LOG]);
	return false;
}

static int unreadable(struct report_file *file, const struct error *why, int status)
{
	snprintf(file->error, sizeof file->error, "%s", why->text);
	cli_complain("%s", why->text);
	return cli_worse(status, CLI_UNREADABLE);
}

/* ---- traces */

struct reading {
	struct replay_read *read;
	struct trace *trace;
	struct progress progress;
	uint64_t done_bytes;
};

static void take_line(struct reading *reading, const char *path, struct text line, struct reader_tally *tally)
{
	struct trace_event event;
	struct error why;

	tally->lines++;
	if (trace_line(reading->trace, line, &event, &why)) {
		int64_t t_us = event.event.t_us;

		if (tally->first_us == WHEN_NONE || t_us < tally->first_us)
			tally->first_us = t_us;
		tally->last_us = t_us > tally->last_us ? t_us : tally->last_us;
		backtest_event(reading->read->backtest, &event.event, event.id);
		return;
	}
	if (tally->unparsed++ < REPLAY_FAULTS_SAID)
		cli_complain(_("%s: line %llu: %s"), path, (unsigned long long)tally->lines, why.text);
	else if (tally->unparsed == REPLAY_FAULTS_SAID + 1)
		cli_complain(_("%s: there are more such lines"), path);
}

static void take_lines(struct reading *reading, const char *path, struct text lines, struct reader_tally *tally)
{
	while (lines.n) {
		struct text line;

		if (!text_cut(&lines, '\n', &line)) {
			line = lines;
			lines.n = 0;
		}
		take_line(reading, path, line, tally);
	}
}

static int read_trace(struct reading *reading, const struct inputs_file *from, struct input *input)
{
	struct reader_tally tally = { .first_us = WHEN_NONE, .last_us = WHEN_NONE };
	struct report_file *file = scan_report_file(reading->read->report, from->path);
	struct error why;
	struct text lines;
	int got, status = CLI_DONE;

	if (!input)
		input = input_open_as(inputs_opens(from), from->path, &why);
	if (!input)
		return unreadable(file, &why, status);
	input_long_lines(input);
	while ((got = input_next(input, &lines, &why)) == 1) {
		take_lines(reading, from->path, lines, &tally);
		progress_show(&reading->progress, reading->done_bytes + input_position(input));
	}
	tally.bytes = input_bytes(input);
	reading->done_bytes += from->bytes;
	scan_report_count(reading->read->report, file, &tally);
	if (got < 0)
		status = unreadable(file, &why, status);
	input_close(input);
	return tally.unparsed ? cli_worse(status, CLI_UNREADABLE) : status;
}

static int read_traces(struct reading *reading, struct input **opened)
{
	const struct inputs *inputs = reading->read->inputs;
	int status = CLI_DONE;

	reading->trace = trace_new(reading->read->accounts);
	for (size_t i = 0; i < inputs->count; i++) {
		status = cli_worse(status, read_trace(reading, &inputs->files[i], opened[i]));
		opened[i] = NULL;
	}
	trace_free(reading->trace);
	return status;
}

/* ---- logs */

/* "m123" */
static struct text id_of(uint32_t message, char to[ID_MAX])
{
	char *p = to + ID_MAX;

	if (!message)
		return TEXT_NONE;
	for (; message; message /= 10)
		*--p = (char)('0' + message % 10);
	*--p = 'm';
	return text_between(p, to + ID_MAX);
}

static void judge_batch(struct event_sink *sink)
{
	char id[ID_MAX];

	for (size_t i = 0; i < sink->count; i++)
		backtest_event(sink->context, &sink->items[i], id_of(sink->items[i].message, id));
	sink->count = 0;
}

static struct reader_source *list_sources(const struct inputs *inputs, struct input **opened)
{
	struct reader_source *sources = memory_zero(inputs->count + 1, sizeof *sources);

	for (size_t i = 0; i < inputs->count; i++) {
		sources[i] = (struct reader_source){
			.path = inputs->files[i].path,
			.opened = opened[i],
			.opens = inputs->files[i].unpacked,
			.first_us = inputs->files[i].once ? WHEN_NONE : inputs->files[i].first_us,
			.bytes = inputs->files[i].bytes,
		};
		opened[i] = NULL;
	}
	return sources;
}

static int read_logs(struct reading *reading, struct input **opened)
{
	struct replay_read *read = reading->read;
	struct reader_source *sources = list_sources(read->inputs, opened);
	struct event_sink sink = {
		.items = memory_new(BATCH * sizeof(struct event)), .room = BATCH, .full = judge_batch, .context = read->backtest,
	};
	struct reader *reader = reader_new(read->accounts, &sink, &(struct reader_options){
		.year = read->year,
		.since_us = WHEN_NONE,
		.until_us = WHEN_NONE,
		.now_us = clock_now(),
		.life = { read->config->webmail_hosts.items, read->config->webmail_hosts.count },
		.progress = progress_show,
		.context = &reading->progress,
	});
	const struct report *report = &read->report->report;
	int status = CLI_DONE;

	reader_read(reader, sources, read->inputs->count);
	judge_batch(&sink);
	for (size_t i = 0; i < read->inputs->count; i++) {
		struct report_file *file = scan_report_file(read->report, sources[i].path);

		file->archive = read->inputs->files[i].archive;
		scan_report_count(read->report, file, &sources[i].tally);
		if (sources[i].failed)
			status = unreadable(file, &sources[i].why, status);
	}
	reader_free(reader);
	free(sink.items);
	free(sources);
	if (!report->lines || report->foreign + report->unparsed < report->lines)
		return status;
	cli_complain(_("'%s' holds no line of a mail server that was understood"), read->inputs->files[0].path);
	return cli_worse(status, CLI_UNREADABLE);
}

/* ---- all of them */

int replay_read(struct replay_read *read)
{
	struct input **opened = memory_zero(read->inputs->count + 1, sizeof(struct input *));
	struct reading reading = { .read = read };
	uint64_t bytes = 0;
	int status = CLI_USAGE;

	if (read->inputs->count > 1)
		inputs_sort(read->inputs, first_time, read);
	for (size_t i = 0; i < read->inputs->count; i++)
		bytes += read->inputs->files[i].bytes;
	progress_begin(&reading.progress, bytes);
	if (look_at(read, opened, &read->trace))
		status = read->trace ? read_traces(&reading, opened) : read_logs(&reading, opened);
	backtest_end(read->backtest);
	progress_end(&reading.progress);
	for (size_t i = 0; i < read->inputs->fault_count && status != CLI_USAGE; i++)
		status = unreadable(scan_report_file(read->report, read->inputs->faults[i].path),
				    &read->inputs->faults[i].why, status);
	for (size_t i = 0; i < read->inputs->count; i++)
		input_close(opened[i]);
	free(opened);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/reader.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/memory.h"
#include "intake/frame.h"
#include "intake/input.h"

enum { FIRST_TIME_LINES = 200, PROGRESS_BLOCKS = 32, PROGRAMS = 256 };

/* which format reads a program, and as which service: needed for every line, so remembered */
struct program {
	struct text name; /* points into `bytes` */
	const struct format *format;
	size_t row;
	unsigned service;
	char bytes[64];
};

struct reader {
	struct reader_options options;
	struct life *life;
	struct frame *frame;
	struct program programs[PROGRAMS];
};

struct reader *reader_new(struct accounts *accounts, struct event_sink *sink, const struct reader_options *options)
{
	struct reader *reader = memory_zero(1, sizeof *reader);

	reader->options = *options;
	reader->life = life_new(accounts, sink, &options->life);
	reader->frame = frame_new(options->year);
	return reader;
}

void reader_free(struct reader *reader)
{
	if (!reader)
		return;
	life_free(reader->life);
	frame_free(reader->frame);
	free(reader);
}

const struct life *reader_life(const struct reader *reader) { return reader->life; }

static void find_format(struct program *program, struct text name)
{
	text_copy(program->bytes, sizeof program->bytes, name);
	program->name = (struct text){ program->bytes, name.n < sizeof program->bytes ? name.n : 0 };
	for (program->row = 0; formats[program->row]; program->row++)
		if (formats[program->row]->claims(name))
			break;
	program->format = formats[program->row];
	program->service = program->format && program->format->service ? program->format->service(name) : 0;
}

static const struct program *program_of(struct reader *reader, struct text name)
{
	unsigned char last = (unsigned char)name.p[name.n - 1], third = (unsigned char)name.p[name.n / 2];
	struct program *program = &reader->programs[(name.n * 31 + last * 7 + third) % PROGRAMS];

	if (!text_is(program->name, name))
		find_format(program, name);
	return program;
}

static bool wanted(const struct reader_options *options, int64_t t_us)
{
	return (options->since_us == WHEN_NONE || t_us >= options->since_us) && (options->until_us == WHEN_NONE || t_us <= options->until_us);
}

static void read_line(struct reader *reader, struct text text, struct reader_tally *tally)
{
	const struct program *program;
	enum line_kind kind;
	struct line line;

	tally->lines++;
	if (!frame_take(reader->frame, text, &line)) {
		tally->foreign++;
		return;
	}
	if (!wanted(&reader->options, line.t_us))
		return;
	if (tally->first_us == WHEN_NONE || line.t_us < tally->first_us)
		tally->first_us = line.t_us;
	if (line.t_us > tally->last_us)
		tally->last_us = line.t_us;
	program = program_of(reader, line.program);
	line.service = program->service;
	kind = program->format ? program->format->read(reader->life, &line) : LINE_FOREIGN;
	tally->foreign += kind == LINE_FOREIGN;
	tally->unparsed += kind == LINE_UNPARSED;
	if (kind == LINE_UNDERSTOOD)
		tally->by_format[program->row]++;
}

static void read_lines(struct reader *reader, struct text lines, struct reader_tally *tally)
{
	const char *at = lines.p, *end = lines.p + lines.n;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		read_line(reader, text_between(at, stop), tally);
		at = stop + 1;
	}
}

static bool read_input(struct reader *reader, struct input *input, const char *path, struct reader_tally *tally, struct error *error)
{
	struct text lines;
	unsigned blocks = 0;
	int got;

	while ((got = input_next(input, &lines, error)) == 1) {
		read_lines(reader, lines, tally);
		if (reader->options.progress && blocks++ % PROGRESS_BLOCKS == 0)
			reader->options.progress(reader->options.context, path, input_position(input), input_size(input));
	}
	tally->bytes += input_bytes(input);
	tally->overlong += input_overlong(input);
	tally->unparsed += input_bad_entries(input);
	input_close(input);
	return got == 0;
}

/* when it was last written to: no line in it is younger. A fresh copy of an old log says less, but never too little. */
static int64_t age_of(const char *path, int64_t now_us)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_mtime * SECOND_US : now_us;
}

bool reader_file(struct reader *reader, const char *path, struct reader_tally *tally, struct error *error)
{
	struct input *input = input_open(path, error);

	if (!input)
		return false;
	frame_begin(reader->frame, age_of(path, reader->options.now_us));
	return read_input(reader, input, path, tally, error);
}

bool reader_journal(struct reader *reader, const char *path, struct reader_tally *tally, struct error *error)
{
	struct input *input = input_open_journal(path, reader->options.since_us, error);

	if (!input)
		return false;
	frame_begin(reader->frame, reader->options.now_us);
	return read_input(reader, input, "journal", tally, error);
}

static int64_t first_time_in(struct frame *frame, struct text lines, unsigned *left)
{
	struct line line;

	while (lines.n && (*left)--) {
		size_t n = text_find(lines, '\n');

		if (frame_take(frame, text_head(lines, n), &line))
			return line.t_us;
		lines = text_after(lines, n < lines.n ? n + 1 : n);
	}
	return WHEN_NONE;
}

int64_t reader_first_time(const char *path, int year)
{
	struct error error;
	struct input *input = input_open(path, &error);
	struct frame *frame;
	struct text lines;
	int64_t t_us = WHEN_NONE;
	unsigned left = FIRST_TIME_LINES;

	if (!input)
		return WHEN_NONE;
	frame = frame_new(year);
	frame_begin(frame, age_of(path, clock_now()));
	if (input_next(input, &lines, &error) == 1)
		t_us = first_time_in(frame, lines, &left);
	frame_free(frame);
	input_close(input);
	return t_us;
}

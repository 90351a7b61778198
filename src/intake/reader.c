/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/reader.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/memory.h"
#include "intake/frame.h"
#include "intake/input.h"
#include "intake/repeats.h"
#include "intake/told.h"

enum { FIRST_TIME_LINES = 200, PROGRESS_BLOCKS = 32 };

/* a source that is being read, with its next line */
struct stream {
	struct reader_source *source;
	uint32_t number;   /* of the source */
	struct input *input;
	struct frame *frame;
	struct text lines; /* that are left of the block */
	struct line line;
	int64_t before_us; /* of the line before */
};

struct reader {
	struct reader_options options;
	struct life *life;
	struct repeats *repeats; /* made when a second source is opened beside a first */
	int64_t beside_us;       /* up to when lines may have been said by another source */
	struct frame *frame; /* the first: has the numbers of hosts */
	struct told told;
	struct stream streams[READER_OPEN_MAX];
	size_t stream_count;
	bool begun;          /* a first file was opened: the given year was its */
	int64_t now_us;      /* of the line last handed out or passed over, WHEN_NONE before the first */
	uint64_t done_bytes; /* of sources that have ended */
	unsigned blocks;
	uint32_t opened;     /* sources so far */
};

struct reader *reader_new(struct accounts *accounts, struct event_sink *sink, const struct reader_options *options)
{
	struct reader *reader = memory_zero(1, sizeof *reader);

	reader->options = *options;
	reader->life = life_new(accounts, sink, &options->life);
	reader->frame = frame_new(options->year);
	reader->now_us = reader->beside_us = WHEN_NONE;
	return reader;
}

const struct life *reader_life(const struct reader *reader) { return reader->life; }

static bool wanted(const struct reader_options *options, int64_t t_us)
{
	return (options->since_us == WHEN_NONE || t_us >= options->since_us) &&
	       (options->until_us == WHEN_NONE || t_us <= options->until_us);
}

/* ---- one stream */

static void show_progress(struct reader *reader)
{
	uint64_t done = reader->done_bytes;

	if (!reader->options.progress || reader->blocks++ % PROGRESS_BLOCKS)
		return;
	for (size_t i = 0; i < reader->stream_count; i++)
		done += input_position(reader->streams[i].input);
	reader->options.progress(reader->options.context, done);
}

static bool next_block(struct reader *reader, struct stream *stream)
{
	int got = input_next(stream->input, &stream->lines, &stream->source->why);

	stream->source->failed |= got < 0;
	show_progress(reader);
	return got == 1;
}

/* always true */
static bool count_direction(struct stream *stream)
{
	struct reader_tally *tally = &stream->source->tally;

	tally->forward += stream->line.t_us > stream->before_us;
	tally->backward += stream->line.t_us < stream->before_us;
	stream->before_us = stream->line.t_us;
	return true;
}

/* the stream's next line that has an envelope and is wanted; false at its end */
static bool next_line(struct reader *reader, struct stream *stream)
{
	struct reader_tally *tally = &stream->source->tally;

	for (;;) {
		struct text text;

		if (!stream->lines.n && !next_block(reader, stream))
			return false;
		if (!text_cut(&stream->lines, '\n', &text)) {
			text = stream->lines;
			stream->lines.n = 0;
		}
		tally->lines++;
		if (!frame_take(stream->frame, text, &stream->line))
			tally->foreign++;
		else if (wanted(&reader->options, stream->line.t_us))
			return count_direction(stream);
		else
			reader->now_us = stream->line.t_us; /* passed over, but the next file's year follows on */
	}
}

/* only what is read side by side, or right after the other ended, can be the same */
static bool said_by_another(struct reader *reader, const struct line *line)
{
	if (reader->stream_count > 1)
		reader->beside_us = line->t_us;
	else if (reader->beside_us == WHEN_NONE || line->t_us - reader->beside_us >= REPEATS_WITHIN_US)
		return false;
	if (!reader->repeats)
		reader->repeats = repeats_new();
	return repeats_heard(reader->repeats, line);
}

static void read_line(struct reader *reader, struct stream *stream)
{
	struct reader_tally *tally = &stream->source->tally;
	struct line *line = &stream->line;
	const struct told_program *program = told_program(&reader->told, line->program);
	enum line_kind kind;

	if (tally->first_us == WHEN_NONE || line->t_us < tally->first_us)
		tally->first_us = line->t_us;
	if (line->t_us > tally->last_us)
		tally->last_us = line->t_us;
	line->source = stream->number;
	if (program->format && said_by_another(reader, line)) {
		tally->repeated++;
		return;
	}
	kind = told_line(program, reader->life, line);
	tally->foreign += kind == LINE_FOREIGN;
	tally->unparsed += kind == LINE_UNPARSED;
	if (kind == LINE_UNDERSTOOD)
		tally->by_format[program->row]++;
}

/* when it was last written to: no line in it is younger. A fresh copy of an old log says less, but never too little. */
static int64_t age_of(const char *path, int64_t now_us)
{
	struct stat st;

	return path && strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_mtime * SECOND_US
											     : now_us;
}

static void close_stream(struct reader *reader, struct stream *stream)
{
	struct reader_tally *tally = &stream->source->tally;

	tally->bytes += input_bytes(stream->input);
	tally->overlong += input_overlong(stream->input);
	tally->unparsed += input_bad_entries(stream->input);
	reader->done_bytes += stream->source->bytes;
	input_close(stream->input);
	if (stream->frame != reader->frame)
		frame_free(stream->frame);
	memmove(stream, stream + 1, (size_t)(&reader->streams[--reader->stream_count] - stream) * sizeof *stream);
}

static void open_stream(struct reader *reader, struct reader_source *source)
{
	struct stream *stream = &reader->streams[reader->stream_count];
	bool year_given = reader->options.year != 0;

	source->tally.first_us = source->tally.last_us = WHEN_NONE;
	*stream = (struct stream){ .source = source, .number = ++reader->opened };
	stream->input = source->opened    ? source->opened
			: source->journal ? input_open_journal(source->path, reader->options.since_us, &source->why)
			: source->opens   ? input_open_as(source->opens, source->path, &source->why)
					  : input_open(source->path, &source->why);
	source->opened = NULL;
	if (!stream->input) {
		source->failed = true;
		return;
	}
	/* the year that was given is the first file's; the others follow on from there */
	stream->frame = !reader->begun
				? reader->frame
				: frame_beside(reader->frame, year_given ? reader->now_us : WHEN_NONE);
	frame_begin(stream->frame, age_of(source->journal ? NULL : source->opens ? source->opens : source->path, reader->options.now_us));
	reader->begun = true;
	reader->stream_count++;
	if (!next_line(reader, stream))
		close_stream(reader, stream);
}

/* ---- all of them */

/* the stream whose next line is the oldest; *until_us: the time of the oldest line of the others */
static struct stream *oldest(struct reader *reader, int64_t *until_us)
{
	struct stream *first = &reader->streams[0];

	*until_us = INT64_MAX;
	for (size_t i = 1; i < reader->stream_count; i++) {
		struct stream *stream = &reader->streams[i];

		if (stream->line.t_us < first->line.t_us) {
			*until_us = first->line.t_us;
			first = stream;
		} else if (stream->line.t_us < *until_us) {
			*until_us = stream->line.t_us;
		}
	}
	return first;
}

/* a little before its first line: the one of another source may be the same */
static int64_t opens_at(const struct reader_source *source)
{
	return source->first_us == WHEN_NONE ? WHEN_NONE : source->first_us - REPEATS_WITHIN_US;
}

static bool begins_now(const struct reader *reader, const struct reader_source *source, int64_t next_us)
{
	if (!reader->stream_count)
		return true;
	return source->first_us != WHEN_NONE && opens_at(source) <= next_us && reader->stream_count < READER_OPEN_MAX;
}

static int64_t next_time(struct reader *reader)
{
	int64_t until_us;

	return reader->stream_count ? oldest(reader, &until_us)->line.t_us : WHEN_NONE;
}

/* reads from one stream until another's turn comes, or that of the source that is next to be opened */
static void read_turn(struct reader *reader, int64_t next_opens_us)
{
	int64_t until_us;
	struct stream *stream = oldest(reader, &until_us);

	if (next_opens_us != WHEN_NONE && next_opens_us < until_us)
		until_us = next_opens_us;
	do {
		read_line(reader, stream);
		reader->now_us = stream->line.t_us;
		if (!next_line(reader, stream)) {
			close_stream(reader, stream);
			return;
		}
	} while (stream->line.t_us < until_us);
}

void reader_read(struct reader *reader, struct reader_source *sources, size_t count)
{
	size_t next = 0;

	while (next < count || reader->stream_count) {
		while (next < count && begins_now(reader, &sources[next], next_time(reader)))
			open_stream(reader, &sources[next++]);
		if (reader->stream_count)
			read_turn(reader, next < count && reader->stream_count < READER_OPEN_MAX
						  ? opens_at(&sources[next])
						  : WHEN_NONE);
	}
	life_finish(reader->life);
}

/* ---- */

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

int64_t reader_first_time(const char *path, int year, int64_t older_us)
{
	struct error error;
	struct input *input = input_open(path, &error);
	struct frame *first, *frame;
	struct text lines;
	int64_t t_us = WHEN_NONE;
	unsigned left = FIRST_TIME_LINES;

	if (!input)
		return WHEN_NONE;
	first = frame_new(year);
	frame = year && older_us != WHEN_NONE ? frame_beside(first, older_us) : first;
	frame_begin(frame, age_of(path, clock_now()));
	if (input_next(input, &lines, &error) == 1)
		t_us = first_time_in(frame, lines, &left);
	if (frame != first)
		frame_free(frame);
	frame_free(first);
	input_close(input);
	return t_us;
}

void reader_free(struct reader *reader)
{
	if (!reader)
		return;
	while (reader->stream_count)
		close_stream(reader, &reader->streams[0]);
	life_free(reader->life);
	repeats_free(reader->repeats);
	frame_free(reader->frame);
	free(reader);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts whole lines out of whatever the sources bring, and finds out what a file is. */
#include "intake/input.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/when.h"
#include "intake/input_source.h"

struct input {
	struct raw raw;
	struct stream stream;
	bool begun, skipping, over, packed;
	uint64_t bytes, overlong;
	size_t line_max;
};

static struct input *input_new(void)
{
	struct input *input = memory_zero(1, sizeof *input);

	input->raw.fd = input->raw.wake = -1;
	input->stream.rest = TEXT_NONE;
	input->line_max = INPUT_LINE_MAX;
	return input;
}

static void open_journal_file(struct input *input, const char *path, struct error *error)
{
	input->stream.source = source_journal(strcmp(path, "-") == 0 ? "/dev/stdin" : path, WHEN_NONE, error);
	input->raw.size = 0; /* libsystemd does not tell how far it is */
}

struct input *input_open(const char *path, struct error *error)
{
	struct input *input = input_new();

	if (raw_open(&input->raw, path, error)) {
		if (journal_file_claims(input->raw.head))
			open_journal_file(input, path, error);
		else if ((input->packed = archive_claims(input->raw.head)))
			input->stream.source = source_archive(&input->raw, error);
		else
			input->stream.source = source_plain(&input->raw);
	}
	if (input->stream.source)
		return input;
	input_close(input);
	return NULL;
}

struct input *input_open_as(const char *path, const char *name, struct error *error)
{
	struct input *input = input_open(path, error);

	if (!input)
		return NULL;
	free(input->raw.name);
	input->raw.name = memory_copy(name, strlen(name));
	return input;
}

struct input *input_open_journal(const char *path, int64_t since_us, struct error *error)
{
	struct input *input = input_new();

	input->stream.source = source_journal(path, since_us, error);
	if (input->stream.source)
		return input;
	input_close(input);
	return NULL;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	stream_done(&input->stream);
	raw_close(&input->raw);
	free(input);
}

bool input_packed(const struct input *input) { return input->packed; }
uint64_t input_bytes(const struct input *input) { return input->bytes; }
uint64_t input_size(const struct input *input) { return input->raw.size; }
uint64_t input_position(const struct input *input) { return input->raw.position; }
uint64_t input_overlong(const struct input *input) { return input->overlong; }
uint64_t input_bad_entries(const struct input *input) { return input->stream.source->bad_entries; }

/* ---- what journalctl printed is told by the first line */

static bool first_line(struct stream *stream, struct text *line)
{
	struct error ignored; /* it comes again when the lines are read */

	while (text_find(stream->rest, '\n') == stream->rest.n && stream->rest.n <= INPUT_LINE_MAX)
		if (stream_more(stream, &ignored) <= 0)
			break;
	*line = text_head(stream->rest, text_find(stream->rest, '\n'));
	return line->n > 0;
}

static void begin(struct input *input)
{
	struct text line;

	input->begun = true;
	if (!first_line(&input->stream, &line))
		return;
	if (journal_export_claims(line))
		input->stream.source = source_journal_export(input->stream);
	else if (journal_json_claims(line))
		input->stream.source = source_journal_json(input->stream);
	else
		return;
	input->stream.rest = TEXT_NONE;
}

struct text input_first_line(struct input *input)
{
	struct text line = TEXT_NONE;

	if (!input->begun)
		begin(input);
	first_line(&input->stream, &line);
	return line.n <= INPUT_LINE_MAX ? line : text_head(line, INPUT_LINE_MAX);
}

_Static_assert((int)INPUT_LONG_LINE_MAX <= (int)SOURCE_REST_MAX, "a source keeps as much of a line as there is");

void input_long_lines(struct input *input) { input->line_max = INPUT_LONG_LINE_MAX; }

/* ---- lines */

/* the bytes of the whole lines at the start, up to one that is too long. Hops back from every `most`
 * bytes to the last '\n' before, so it looks at few of them. */
static size_t whole_lines(struct text t, size_t most)
{
	size_t n = 0;

	for (;;) {
		size_t window = t.n - n <= most ? t.n - n : most + 1;
		const char *end = memrchr(t.p + n, '\n', window);

		if (!end)
			return n;
		n = (size_t)(end - t.p) + 1;
	}
}

/* what comes is the rest of a line of which the head was handed out */
static void skip_line(struct input *input)
{
	struct text *rest = &input->stream.rest;
	size_t at = text_find(*rest, '\n');

	input->skipping = at == rest->n;
	*rest = text_after(*rest, input->skipping ? at : at + 1);
}

static bool take_lines(struct input *input, struct text *lines)
{
	struct text *rest = &input->stream.rest;
	size_t n;

	if (input->skipping)
		skip_line(input);
	n = whole_lines(*rest, input->line_max);
	if (n == 0 && rest->n > input->line_max) {
		((char *)rest->p)[input->line_max] = '\n'; /* the block is ours, and this byte is skipped */
		n = input->line_max + 1;
		input->skipping = true;
		input->overlong++;
	}
	if (n == 0)
		return false;
	*lines = text_head(*rest, n);
	*rest = text_after(*rest, n);
	input->bytes += n;
	return true;
}

int input_next(struct input *input, struct text *lines, struct error *error)
{
	int more = 1;

	if (input->over)
		return 0;
	if (!input->begun)
		begin(input);
	while (more > 0) {
		if (take_lines(input, lines))
			return 1;
		more = stream_more(&input->stream, error);
	}
	input->over = true;
	if (more < 0 || input->stream.rest.n == 0) /* a line torn by damage is none */
		return more;
	*lines = input->stream.rest;
	input->bytes += lines->n;
	return 1;
}

/* ---- bytes */

struct text input_peek(struct input *input, size_t most)
{
	struct error ignored; /* it comes again when the bytes are taken */
	struct text *rest = &input->stream.rest;

	while (rest->n < most && stream_more(&input->stream, &ignored) > 0)
		;
	return rest->n < most ? *rest : text_head(*rest, most);
}

int input_take(struct input *input, size_t most, struct text *bytes, struct error *error)
{
	struct text *rest = &input->stream.rest;
	int more = rest->n ? 1 : stream_more(&input->stream, error);

	if (more <= 0)
		return more;
	*bytes = rest->n < most ? *rest : text_head(*rest, most);
	*rest = text_after(*rest, bytes->n);
	input->bytes += bytes->n;
	return 1;
}

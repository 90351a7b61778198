/* SPDX-License-Identifier: Apache-2.0 */
/* The translators of journal text, fed in small pieces: the first byte chooses JSON or export and the size of
 * the pieces. Whatever comes in, each line must be well-formed, and free of control characters. */
#include <assert.h>

#include "base/memory.h"
#include "intake/input_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pieces {
	struct source source;
	struct text left;
	size_t most;
	struct block block;
};

static int pieces_more(struct source *source, struct text *rest, struct error *error)
{
	struct pieces *pieces = (struct pieces *)source;
	size_t n = pieces->most < pieces->left.n ? pieces->most : pieces->left.n;

	block_keep(&pieces->block, rest);
	if (n)
		memcpy(pieces->block.data, pieces->left.p, n);
	rest->n += n;
	pieces->left = text_after(pieces->left, n);
	return n > 0;
}

static void pieces_free(struct source *source)
{
	block_done(&((struct pieces *)source)->block);
	free(source);
}

static void check(struct text lines)
{
	struct text line;

	while (text_cut(&lines, '\n', &line)) {
		assert(line.n > 36 && line.p[4] == '-' && line.p[26] == '+' && text_holds(line, TEXT(": ")));
		for (size_t i = 0; i < line.n; i++)
			assert((unsigned char)line.p[i] >= ' ' && line.p[i] != 0x7f);
	}
	assert(lines.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pieces *pieces;
	struct stream stream = { .rest = TEXT_NONE };

	if (size == 0)
		return 0;
	pieces = memory_zero(1, sizeof *pieces);
	pieces->source.more = pieces_more;
	pieces->source.free = pieces_free;
	pieces->left = (struct text){ (const char *)data + 1, size - 1 };
	pieces->most = 1u << (data[0] >> 1) % 16;
	block_init(&pieces->block);
	stream.source = &pieces->source;
	stream.source = (data[0] & 1 ? source_journal_json : source_journal_export)(stream);
	while (stream.rest = TEXT_NONE, stream_more(&stream, NULL) > 0)
		check(stream.rest);
	stream_done(&stream);
	return 0;
}

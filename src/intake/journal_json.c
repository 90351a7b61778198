/* SPDX-License-Identifier: Apache-2.0 */
/* What `journalctl -o json` prints (one object a line), and json-seq and json-sse, as text lines. journalctl
 * writes null for a value of over 4096 bytes unless it is given --all: such an entry has no message, and counts
 * as bad. */
#include <assert.h>
#include <jansson.h>

#include "base/memory.h"
#include "intake/input_source.h"
#include "intake/journal.h"

struct json_lines {
	struct source source;
	struct stream below;
	bool skipping; /* the rest of an entry that is too large */
	struct journal_entry *entry;
	char bytes[JOURNAL_FIELD_MAX]; /* of a value that came as numbers */
	size_t used;                   /* of out */
	char out[SOURCE_BLOCK];
};

/* without what json-seq and json-sse put before an object */
static struct text object_of(struct text line)
{
	line = text_trim(line);
	if (text_starts(line, TEXT("data:")))
		line = text_trim(text_after(line, 5));
	if (line.n && line.p[0] == '\x1e')
		line = text_after(line, 1);
	return line;
}

bool journal_json_claims(struct text line)
{
	return text_starts(object_of(line), TEXT("{")) && (text_holds(line, TEXT("\"__REALTIME_TIMESTAMP\"")) ||
							   text_holds(line, TEXT("\"MESSAGE\"")));
}

/* ---- values: "text", [98,121,116,101,115], 17, or an array of these of which the first counts */

static bool value_bytes(struct json_lines *lines, const json_t *array, struct text *value)
{
	size_t n = json_array_size(array) < sizeof lines->bytes ? json_array_size(array) : sizeof lines->bytes;

	for (size_t i = 0; i < n; i++) {
		json_t *byte = json_array_get(array, i);

		if (!json_is_integer(byte) || json_integer_value(byte) < 0 || json_integer_value(byte) > 255)
			return false;
		lines->bytes[i] = (char)json_integer_value(byte);
	}
	*value = (struct text){ lines->bytes, n };
	return true;
}

static bool value_of(struct json_lines *lines, const json_t *json, struct text *value)
{
	const json_t *first = json_array_get(json, 0); /* NULL where it is no array */

	if (json_is_array(first) || json_is_string(first))
		json = first;
	if (json_is_array(json))
		return value_bytes(lines, json, value);
	if (json_is_integer(json)) {
		int n = snprintf(lines->bytes, sizeof lines->bytes, "%" JSON_INTEGER_FORMAT, json_integer_value(json));

		*value = (struct text){ lines->bytes, (size_t)n };
		return true;
	}
	if (!json_is_string(json))
		return false;
	*value = (struct text){ json_string_value(json), json_string_length(json) };
	return true;
}

static bool read_entry(struct json_lines *lines, json_t *object)
{
	const char *name;
	json_t *json;

	if (!json_is_object(object) || json_object_size(object) > JOURNAL_FIELDS_MAX)
		return false;
	journal_entry_clear(lines->entry);
	json_object_foreach(object, name, json) {
		struct text value;

		if (journal_entry_wants(text_of(name)) && value_of(lines, json, &value))
			journal_entry_put(lines->entry, text_of(name), value);
	}
	return true;
}

/* ---- lines */

static void translate(struct json_lines *lines, struct text line)
{
	json_t *object;
	size_t n = 0;

	line = object_of(line);
	if (line.n == 0)
		return;
	object = line.n <= JOURNAL_ENTRY_MAX ? json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL) : NULL;
	if (object && read_entry(lines, object))
		n = journal_entry_line(lines->entry, lines->out + lines->used);
	json_decref(object);
	lines->used += n;
	lines->source.bad_entries += n == 0;
}

static void take_line(struct json_lines *lines, size_t n, size_t behind)
{
	struct text line = text_head(lines->below.rest, n);

	lines->below.rest = text_after(lines->below.rest, n + behind);
	if (!lines->skipping)
		translate(lines, line);
	lines->skipping = false;
}

/* what begins an entry that is too large is dropped, and so is all up to its end */
static void drop_overlarge(struct json_lines *lines)
{
	struct text *rest = &lines->below.rest;

	if (!lines->skipping && rest->n <= JOURNAL_ENTRY_MAX)
		return;
	lines->source.bad_entries += !lines->skipping;
	lines->skipping = true;
	*rest = text_after(*rest, rest->n);
}

static int json_more(struct source *source, struct text *out, struct error *error)
{
	struct json_lines *lines = (struct json_lines *)source;
	int more = 1;

	assert(out->n == 0); /* whole lines leave no rest */
	for (lines->used = 0; more > 0 && lines->used + JOURNAL_LINE_MAX <= sizeof lines->out;) {
		size_t n = text_find(lines->below.rest, '\n');

		if (n < lines->below.rest.n) {
			take_line(lines, n, 1);
			continue;
		}
		if (lines->used)
			break; /* hand out before waiting */
		drop_overlarge(lines);
		more = stream_more(&lines->below, error);
	}
	if (more == 0 && lines->below.rest.n)
		take_line(lines, lines->below.rest.n, 0);
	*out = (struct text){ lines->out, lines->used };
	return lines->used ? 1 : more;
}

static void json_free(struct source *source)
{
	struct json_lines *lines = (struct json_lines *)source;

	stream_done(&lines->below);
	journal_entry_free(lines->entry);
	free(lines);
}

struct source *source_journal_json(struct stream below)
{
	struct json_lines *lines = memory_zero(1, sizeof *lines);

	lines->source.more = json_more;
	lines->source.free = json_free;
	lines->below = below;
	lines->entry = journal_entry_new();
	return &lines->source;
}

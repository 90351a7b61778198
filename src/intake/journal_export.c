/* SPDX-License-Identifier: Apache-2.0 */
/* The export format of the journal (systemd.io/JOURNAL_EXPORT_FORMATS) as text lines. A field is
 *   NAME=text \n      or      NAME \n, 8 bytes of length (little-endian), so many bytes, \n
 * and an empty line ends the entry. Read field by field: what is long is dropped as it passes by. */
#include <assert.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "intake/input_source.h"
#include "intake/journal.h"

enum {
	EXPORT_NAME_MAX = 64, /* journald allows no more */
	EXPORT_LENGTH = 8,    /* bytes of the length of a binary field */
};
/* systemd's own limit; a larger number is no length but damage */
#define EXPORT_BINARY_MAX ((uint64_t)768 * 1024 * 1024)

struct export_lines {
	struct source source;
	struct stream below;
	uint64_t drop;           /* bytes of a binary field still to pass by */
	bool drop_line;          /* the rest of a text field */
	bool bad, damaged;       /* this entry; the whole */
	uint64_t bytes, fields;  /* of this entry */
	struct journal_entry *entry;
	size_t used;             /* of out */
	char out[SOURCE_BLOCK];
};

/* n bytes of the rest belong to the entry and have been dealt with */
static void pass(struct export_lines *lines, size_t n)
{
	lines->below.rest = text_after(lines->below.rest, n);
	lines->bytes += n;
}

/* ---- dropping: true when nothing is left to be dropped */

static bool drop(struct export_lines *lines)
{
	struct text rest = lines->below.rest;
	size_t n;

	if (lines->drop_line) {
		n = text_find(rest, '\n');
		lines->drop_line = n == rest.n;
		pass(lines, lines->drop_line ? n : n + 1);
		return !lines->drop_line;
	}
	n = lines->drop < rest.n ? (size_t)lines->drop : rest.n;
	lines->drop -= n;
	pass(lines, n);
	return lines->drop == 0;
}

/* ---- fields */

static void keep(struct export_lines *lines, struct text name, struct text value)
{
	lines->fields++;
	journal_entry_put(lines->entry, name, value);
}

static bool name_is_fine(struct text name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] != '_' && !(name.p[i] >= 'A' && name.p[i] <= 'Z') &&
		    !(name.p[i] >= '0' && name.p[i] <= '9'))
			return false;
	return name.n > 0 && name.n <= EXPORT_NAME_MAX;
}

/* the journal's own fields, one of which comes first, begin with '_' */
bool journal_export_claims(struct text line)
{
	struct text name;

	return text_cut(&line, '=', &name) && text_starts(name, TEXT("_")) && name_is_fine(name);
}

static void end_entry(struct export_lines *lines)
{
	size_t n = 0;

	if (lines->fields > JOURNAL_FIELDS_MAX || lines->bytes > JOURNAL_ENTRY_MAX)
		lines->bad = true;
	if (!lines->bad && lines->fields)
		n = journal_entry_line(lines->entry, lines->out + lines->used);
	lines->source.bad_entries += n == 0 && (lines->fields || lines->bad);
	lines->used += n;
	lines->bad = false;
	lines->bytes = lines->fields = 0;
	journal_entry_clear(lines->entry);
}

static uint64_t length_of(const char *p)
{
	uint64_t length = 0;

	for (int i = EXPORT_LENGTH - 1; i >= 0; i--)
		length = length << 8 | (unsigned char)p[i];
	return length;
}

/* NAME and '\n' are at the start of the rest; false: more bytes are needed */
static bool binary_field(struct export_lines *lines, struct text name)
{
	struct text rest = text_after(lines->below.rest, name.n + 1);
	uint64_t length, kept;

	if (rest.n < EXPORT_LENGTH)
		return false;
	length = length_of(rest.p);
	kept = length < JOURNAL_FIELD_MAX ? length : JOURNAL_FIELD_MAX;
	rest = text_after(rest, EXPORT_LENGTH);
	lines->damaged = length > EXPORT_BINARY_MAX;
	if (lines->damaged || rest.n < kept)
		return false;
	keep(lines, name, text_head(rest, (size_t)kept));
	pass(lines, name.n + 1 + EXPORT_LENGTH + (size_t)kept);
	lines->drop = length - kept + 1;
	return true;
}

static bool text_field(struct export_lines *lines, size_t end)
{
	struct text line = text_head(lines->below.rest, end), name;

	if (text_cut(&line, '=', &name))
		keep(lines, name, line);
	else if (name_is_fine(line) && end < lines->below.rest.n)
		return binary_field(lines, line);
	else
		lines->bad = true;
	lines->drop_line = end == lines->below.rest.n;
	pass(lines, lines->drop_line ? end : end + 1);
	return true;
}

/* takes one field, or the end of an entry; false: more bytes are needed */
static bool step(struct export_lines *lines)
{
	struct text rest;
	size_t end;

	if ((lines->drop || lines->drop_line) && !drop(lines))
		return false;
	rest = lines->below.rest;
	end = text_find(rest, '\n');
	if (end == rest.n && rest.n <= EXPORT_NAME_MAX + JOURNAL_FIELD_MAX)
		return false;
	if (end > 0)
		return text_field(lines, end);
	lines->below.rest = text_after(rest, 1);
	end_entry(lines);
	return true;
}

/* ---- lines */

/* the last entry may lack its empty line, not the end of its last field */
static void end_input(struct export_lines *lines)
{
	if (lines->below.rest.n || lines->drop)
		lines->bad = true;
	end_entry(lines);
	lines->below.rest = text_after(lines->below.rest, lines->below.rest.n);
	lines->drop = 0;
}

static int export_more(struct source *source, struct text *out, struct error *error)
{
	struct export_lines *lines = (struct export_lines *)source;
	int more = 1;

	assert(out->n == 0); /* whole lines leave no rest */
	for (lines->used = 0; more > 0 && lines->used + JOURNAL_LINE_MAX <= sizeof lines->out;) {
		if (step(lines))
			continue;
		if (lines->used)
			break; /* hand out before waiting */
		if (lines->damaged) {
			error_set(error, _("the journal export is damaged: a field cannot be so long"));
			return -1;
		}
		more = stream_more(&lines->below, error);
	}
	if (more == 0)
		end_input(lines);
	*out = (struct text){ lines->out, lines->used };
	return lines->used ? 1 : more;
}

static void export_free(struct source *source)
{
	struct export_lines *lines = (struct export_lines *)source;

	stream_done(&lines->below);
	journal_entry_free(lines->entry);
	free(lines);
}

struct source *source_journal_export(struct stream below)
{
	struct export_lines *lines = memory_zero(1, sizeof *lines);

	lines->source.more = export_more;
	lines->source.free = export_free;
	lines->below = below;
	lines->entry = journal_entry_new();
	return &lines->source;
}

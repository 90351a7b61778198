/* SPDX-License-Identifier: Apache-2.0 */
/* The journal as an input, read ahead by a pump, whose thread is the one that sd-journal wants. */
#include "base/memory.h"
#include "base/when.h"
#include "intake/input_source.h"
#include "intake/journal_open.h"

struct local {
	char *path; /* NULL: this machine's */
	int64_t since_us;
	sd_journal *journal;
	_Atomic uint64_t *bad_entries;
	struct journal_entry *entry;
};

bool journal_file_claims(struct text head)
{
	return text_starts(head, TEXT("LPKSHHRH"));
}

static bool local_begin(void *context, struct source *source, struct error *error)
{
	struct local *local = context;
	int status = 0;

	local->bad_entries = &source->bad_entries;
	local->journal = journal_open(local->path, error);
	if (!local->journal)
		return false;
	if (local->since_us != WHEN_NONE)
		status = sd_journal_seek_realtime_usec(local->journal, local->since_us < 0 ? 0 : (uint64_t)local->since_us);
	return status >= 0 || journal_failed(local->path, status, error);
}

static ssize_t local_fill(void *context, char *to, size_t room, struct error *error)
{
	struct local *local = context;
	int status;

	while ((status = sd_journal_next(local->journal)) > 0) {
		size_t n = journal_line(local->journal, local->entry, to);

		if (n)
			return (ssize_t)n;
		(*local->bad_entries)++;
	}
	if (status < 0)
		journal_failed(local->path, status, error);
	return status;
}

static void local_end(void *context)
{
	struct local *local = context;

	sd_journal_close(local->journal);
	journal_entry_free(local->entry);
	free(local->path);
}

static const struct pump_work local_work = {
	.least = JOURNAL_LINE_MAX,
	.begin = local_begin,
	.fill = local_fill,
	.end = local_end,
};

struct source *source_journal(const char *path, int64_t since_us, struct error *error)
{
	struct local *local = memory_zero(1, sizeof *local);

	local->path = path ? memory_copy(path, strlen(path)) : NULL;
	local->since_us = since_us;
	local->entry = journal_entry_new();
	return source_pump(&local_work, local, error);
}

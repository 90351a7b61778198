/* SPDX-License-Identifier: Apache-2.0 */
/* The journal as it grows. Its place is the cursor of the last entry. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "intake/follow_inside.h"
#include "intake/journal_open.h"

enum { BACK_ENTRIES_MAX = 200 * 1000 };

struct journal {
	struct follow_source source;
	sd_journal *journal;
	struct journal_entry *entry;
	char *line;
	char *cursor;   /* of the last entry that was handed out; NULL before the first */
	uint32_t again; /* entries that are told again */
};

static struct journal *journal_of(struct follow_source *source) { return (struct journal *)source; }

bool follow_is_journal(const char *path) { return strcmp(path, "journal") == 0 || strncmp(path, "journal:", 8) == 0; }

/* NULL: this machine's */
static const char *folder_of(const char *path) { return path[7] ? path + 8 : NULL; }

/* ---- where to begin */

/* at the last entry there is; before the first where there is none */
static int seek_end(sd_journal *journal)
{
	int status = sd_journal_seek_tail(journal);

	if (status >= 0)
		status = sd_journal_previous(journal);
	return status == 0 ? sd_journal_seek_head(journal) : status;
}

static void note_cursor(struct journal *journal)
{
	char *cursor;

	if (journal->again || sd_journal_get_cursor(journal->journal, &cursor) < 0)
		return;
	free(journal->cursor);
	journal->cursor = cursor;
}

static int from_now(struct journal *journal)
{
	int status = seek_end(journal->journal);

	note_cursor(journal);
	return status;
}

/* stands at an entry that was told: goes back until before those that are told again */
static int look_back(struct journal *journal, int64_t again_us)
{
	uint64_t at_us = 0, t_us = 0;
	int status = sd_journal_get_realtime_usec(journal->journal, &at_us);

	if (status < 0 || again_us <= 0)
		return status;
	for (journal->again = 1; journal->again < BACK_ENTRIES_MAX; journal->again++) {
		status = sd_journal_previous(journal->journal);
		if (status <= 0)
			return status < 0 ? status : sd_journal_seek_head(journal->journal);
		status = sd_journal_get_realtime_usec(journal->journal, &t_us);
		if (status < 0 || (int64_t)t_us < (int64_t)at_us - again_us)
			break;
	}
	return status;
}

/* what it was left at may be deleted by now: then on from what is behind it */
static int seek(struct journal *journal, const char *cursor)
{
	struct error error;
	int status = sd_journal_seek_cursor(journal->journal, cursor);

	if (status >= 0)
		status = sd_journal_next(journal->journal);
	if (status > 0 && sd_journal_test_cursor(journal->journal, cursor) > 0)
		return look_back(journal, follow_again_us(&journal->source));
	error_set(&error, _("the entry where '%s' was left is gone; it is read on from what is younger"), journal->source.path);
	follow_trouble(&journal->source, &error);
	return sd_journal_seek_cursor(journal->journal, cursor) < 0 ? from_now(journal) : 0;
}

static bool journal_begin(struct follow_source *source, const struct follow_place *place, struct error *error)
{
	struct journal *journal = journal_of(source);
	int status;

	journal->journal = journal_open(folder_of(source->path), error);
	if (!journal->journal)
		return false;
	if (place) {
		journal->cursor = memory_copy(place->cursor.p, place->cursor.n);
		status = seek(journal, journal->cursor);
	} else {
		status = from_now(journal);
	}
	return status >= 0 || journal_failed(folder_of(source->path), status, error);
}

static const char *write_cursor(const char *cursor, char to[FOLLOW_PLACE_MAX])
{
	return cursor ? follow_place_write(&(struct follow_place){ .journal = true, .cursor = text_of(cursor) }, to) : to;
}

const char *follow_journal_now(const char *path, char to[FOLLOW_PLACE_MAX])
{
	struct error ignored; /* follow_add will tell */
	sd_journal *journal = journal_open(folder_of(path), &ignored);
	char *cursor = NULL;

	if (journal && seek_end(journal) > 0)
		(void)sd_journal_get_cursor(journal, &cursor);
	write_cursor(cursor, to);
	free(cursor);
	sd_journal_close(journal);
	return to;
}

/* ---- reading */

static size_t hand_on(struct journal *journal)
{
	size_t n = journal_line(journal->journal, journal->entry, journal->line);

	if (n)
		follow_line(&journal->source, (struct text){ journal->line, n - 1 }, journal->again > 0);
	else
		follow_unparsed(&journal->source);
	journal->again -= journal->again > 0;
	note_cursor(journal);
	return n ? n : 1;
}

static size_t journal_read(struct follow_source *source, size_t most)
{
	struct journal *journal = journal_of(source);
	struct error error;
	size_t n = 0;
	int status = sd_journal_process(journal->journal);

	while (status >= 0 && n < most && (status = sd_journal_next(journal->journal)) > 0)
		n += hand_on(journal);
	if (status < 0) {
		journal_failed(folder_of(source->path), status, &error);
		follow_trouble(source, &error);
	} else {
		source->told.text[0] = '\0';
	}
	return n;
}

static const char *journal_place(const struct follow_source *source, char to[FOLLOW_PLACE_MAX])
{
	return write_cursor(((const struct journal *)source)->cursor, to);
}

/* libsystemd does not tell */
static int64_t journal_behind(const struct follow_source *source) { return 0; }

static void something_happened(uv_poll_t *watch, int status, int events)
{
	struct follow_source *source = watch->data;

	if (status < 0)
		uv_poll_stop(watch); /* the looks go on */
	follow_wake(source);
}

static void journal_watch(struct follow_source *source)
{
	int fd = source->watching ? -1 : sd_journal_get_fd(journal_of(source)->journal);

	if (fd < 0 || uv_poll_init(follow_loop(source), &source->watch.journal, fd) != 0)
		return;
	source->watch.journal.data = source;
	source->watching = true;
	(void)uv_poll_start(&source->watch.journal, UV_READABLE, something_happened);
}

static void journal_done(struct follow_source *source)
{
	struct journal *journal = journal_of(source);

	sd_journal_close(journal->journal);
	journal_entry_free(journal->entry);
	free(journal->line);
	free(journal->cursor);
}

static const struct follow_kind journal_kind = {
	.begin = journal_begin,
	.watch = journal_watch,
	.read = journal_read,
	.place = journal_place,
	.behind = journal_behind,
	.done = journal_done,
};

struct follow_source *follow_journal_new(void)
{
	struct journal *journal = memory_zero(1, sizeof *journal);

	journal->source.kind = &journal_kind;
	journal->entry = journal_entry_new();
	journal->line = memory_new(JOURNAL_LINE_MAX);
	return &journal->source;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "engine/keeper_inside.h"

enum reading { READ_WELL, READ_NOTHING, READ_DAMAGED, READ_REFUSED };

struct numbers {
	uint64_t *items;
	size_t count, room;
};

struct listing {
	struct numbers pictures, journals; /* in order */
};

/* ---- which files there are */

static int by_number(const void *a, const void *b)
{
	const uint64_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

/* half a picture is of no use to anybody */
static void note_file(struct keeper *keeper, struct listing *listing, const char *file)
{
	bool is_journal = strncmp(file, "journal", 7) == 0;
	struct numbers *numbers = is_journal ? &listing->journals : &listing->pictures;
	struct text end;
	uint64_t number;

	if (!keeper_file_number(file, is_journal ? "journal" : "memory", &number, &end))
		return;
	keeper->number = number > keeper->number ? number : keeper->number;
	if (text_is(end, TEXT(".new")))
		unlinkat(keeper->dir, file, 0);
	if (end.n)
		return;
	MEMORY_ROOM(numbers->items, numbers->count, numbers->room);
	numbers->items[numbers->count++] = number;
}

static bool list(struct keeper *keeper, struct listing *listing, struct error *error)
{
	DIR *folder = fdopendir(openat(keeper->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *entry;

	if (!folder)
		return error_set(error, _("cannot open the folder '%s': %s"), keeper->folder, strerror(errno));
	while ((entry = readdir(folder)))
		note_file(keeper, listing, entry->d_name);
	closedir(folder);
	if (listing->pictures.count)
		qsort(listing->pictures.items, listing->pictures.count, sizeof(uint64_t), by_number);
	if (listing->journals.count)
		qsort(listing->journals.items, listing->journals.count, sizeof(uint64_t), by_number);
	return true;
}

/* the first thing that was found is what is told */
static void note_lost(struct keeper *keeper, const char *file, const char *why)
{
	struct error said;

	if (keeper->lost)
		return;
	error_set(&said, _("'%s/%s' cannot be used from some place on: %s"), keeper->folder, file, why);
	keeper->lost = memory_copy(said.text, strlen(said.text));
}

static bool refuse(const struct keeper *keeper, const char *file, const char *why, struct error *error)
{
	return error_set(error, _("cannot use '%s/%s': %s"), keeper->folder, file, why);
}

static int open_file(const struct keeper *keeper, const char *what, uint64_t number, char file[KEEPER_NAME_MAX])
{
	keeper_file(file, what, number, "");
	return openat(keeper->dir, file, O_RDONLY | O_CLOEXEC);
}

/* ---- the newest picture that is whole */

static enum reading read_picture(struct keeper *keeper, struct blocks_in *blocks, int fd, struct error *why)
{
	struct image_in in = { .get = blocks_get, .context = blocks };
	enum blocks_kind kind = blocks_open(blocks, fd, KEEPER_PICTURE);

	if (kind == BLOCKS_OTHER_VERSION) {
		error_set(why, _("another version of sekisho, or another kind of machine, wrote it"));
		return READ_REFUSED;
	}
	if (kind == BLOCKS_DAMAGED || !blocks_are_whole(blocks)) {
		error_set(why, _("it is cut off or damaged"));
		return READ_DAMAGED;
	}
	if (blocks_open(blocks, fd, KEEPER_PICTURE) == BLOCKS_WHOLE && keeper_load(keeper, &in, why))
		return READ_WELL;
	return in.newer ? READ_REFUSED : READ_DAMAGED;
}

static bool read_pictures(struct keeper *keeper, const struct numbers *pictures, struct blocks_in *blocks, struct error *error)
{
	enum reading reading = READ_DAMAGED;
	char file[KEEPER_NAME_MAX];
	struct error why;

	for (size_t i = pictures->count; i > 0 && reading == READ_DAMAGED; i--) {
		int fd = open_file(keeper, "memory", pictures->items[i - 1], file);

		if (fd < 0)
			return refuse(keeper, file, strerror(errno), error);
		reading = read_picture(keeper, blocks, fd, &why);
		close(fd);
		if (reading == READ_DAMAGED)
			note_lost(keeper, file, why.text);
		else if (reading == READ_WELL)
			keeper->base = pictures->items[i - 1];
	}
	return reading != READ_REFUSED || refuse(keeper, file, why.text, error);
}

/* ---- the journals since */

static bool apply(struct keeper *keeper, const struct journal_record *record)
{
	struct guard_answer answer;

	if (record->kind == JOURNAL_NAME)
		return accounts_restore(keeper->accounts, record->account, record->text);
	if (record->account > accounts_count(keeper->accounts) || record->event.account > accounts_count(keeper->accounts))
		return false;
	if (record->kind == JOURNAL_EVENT)
		guard_event(keeper->guard, &record->event, record->text, &answer);
	else if (record->kind == JOURNAL_LIFT)
		guard_lift(keeper->guard, record->account, &answer);
	else
		keeper_note_mark(keeper, record->name, record->text);
	return true;
}

bool keeper_replay(struct keeper *keeper, struct text block)
{
	struct journal_record record;

	while (block.n)
		if (!journal_next(&block, &record) || !apply(keeper, &record))
			return false;
	return true;
}

/* a torn end is what a crash leaves; what was written after it stands in the next journal */
static enum reading read_journal(struct keeper *keeper, struct blocks_in *blocks, int fd)
{
	enum blocks_kind kind = blocks_open(blocks, fd, KEEPER_JOURNAL);

	if (kind == BLOCKS_OTHER_VERSION)
		return READ_REFUSED;
	if (kind == BLOCKS_DAMAGED && lseek(fd, 0, SEEK_END) > 0)
		return READ_NOTHING;
	while (kind == BLOCKS_WHOLE && blocks_next(blocks))
		if (!keeper_replay(keeper, (struct text){ blocks->bytes, blocks->filled }))
			return READ_DAMAGED;
	keeper->journal_bytes += blocks->at;
	return READ_WELL;
}

/* Where a record cannot be, as when names are missing that a torn end took, what follows it is left out, and a picture is
 * made before anything else: base is 0. */
static bool read_journals(struct keeper *keeper, const struct numbers *journals, struct blocks_in *blocks, struct error *error)
{
	char file[KEEPER_NAME_MAX];

	for (size_t i = 0; i < journals->count && keeper->base; i++) {
		enum reading reading;
		int fd;

		if (journals->items[i] < keeper->base)
			continue;
		fd = open_file(keeper, "journal", journals->items[i], file);
		if (fd < 0)
			return refuse(keeper, file, strerror(errno), error);
		reading = read_journal(keeper, blocks, fd);
		close(fd);
		if (reading == READ_REFUSED)
			return refuse(keeper, file, _("another version of sekisho, or another kind of machine, wrote it"), error);
		if (reading != READ_WELL)
			note_lost(keeper, file, _("it is cut off or damaged"));
		if (reading == READ_DAMAGED)
			keeper->base = 0;
	}
	return true;
}

bool keeper_read_folder(struct keeper *keeper, bool *first, struct error *error)
{
	struct blocks_in *blocks = memory_new(sizeof *blocks);
	struct listing listing = { 0 };
	bool done = list(keeper, &listing, error) && read_pictures(keeper, &listing.pictures, blocks, error);

	*first = !keeper->base;
	done = done && read_journals(keeper, &listing.journals, blocks, error);
	free(listing.pictures.items);
	free(listing.journals.items);
	free(blocks);
	return done;
}

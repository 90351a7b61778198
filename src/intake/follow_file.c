/* SPDX-License-Identifier: Apache-2.0 */
/* One log in files. One piece of it is open at a time: the file that is written to, or an older one that is still to be read.
 * What follows on a piece is found only when it is at its end, by what it is and not by what it was called, so a log may be
 * rotated at any moment. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "intake/follow_family.h"
#include "intake/follow_inside.h"
#include "intake/reader.h"

enum { BACK_STEP = 256 * 1024, BACK_MAX = 64 * 1024 * 1024 };
#define GONE_US MINUTE_US /* a log that is rotated away may be missed for a while */

struct file {
	struct follow_source source;
	struct piece piece;
	struct cutter cutter;
	/* lines that begin before this offset were told before the last start: again, if they are no older than that */
	uint64_t again_to;
	int64_t again_from_us;
	bool copy;        /* the piece is a copy that was rotated away: nobody writes to it */
	int64_t sought_us; /* when a copy of the piece was looked for, on the steady clock; 0: not yet */
	struct follow_place twin; /* the one that was found */
	int64_t gone_us;  /* since when there is nothing at the path, on the steady clock; 0: there is */
};

static struct file *file_of(struct follow_source *source) { return (struct file *)source; }

/* behind the last line whose events were handed out */
static uint64_t handed_out(const struct file *file)
{
	return file->piece.read - (file->cutter.end - file->cutter.start);
}

static struct follow_place mark_of(const struct file *file)
{
	struct follow_place mark = { .last_us = file->source.last_us };
	uint64_t at = handed_out(file);

	if (file->piece.fd < 0)
		return mark;
	piece_mark(&file->piece, &mark);
	mark.offset = at > file->again_to ? at : file->again_to;
	return mark;
}

/* ---- where to begin */

/* the time of the first line that begins at or behind `at`, or WHEN_NONE */
static int64_t time_behind(const struct file *file, uint64_t at, char *bytes)
{
	ssize_t n = pread(file->piece.fd, bytes, BACK_STEP, (off_t)at);
	struct text rest = { bytes, n > 0 ? (size_t)n : 0 }, text;
	struct frame *frame = follow_frame(&file->source);
	struct line line;
	bool found = false;

	if (piece_in_line(&file->piece, at))
		(void)text_cut(&rest, '\n', &text);
	while (!found && text_cut(&rest, '\n', &text))
		found = frame_take(frame, text, &line);
	frame_free(frame);
	return found ? line.t_us : WHEN_NONE;
}

/* a place before which no line is as young as that */
static uint64_t look_back(const struct file *file, uint64_t offset, int64_t from_us)
{
	char *bytes;
	uint64_t at = offset;
	int64_t t_us = INT64_MAX;

	if (from_us == INT64_MAX)
		return offset;
	bytes = memory_new(BACK_STEP);
	while (at > 0 && offset - at < BACK_MAX && (t_us == WHEN_NONE || t_us >= from_us)) {
		at -= at < BACK_STEP ? at : BACK_STEP;
		t_us = time_behind(file, at, bytes);
	}
	free(bytes);
	return at;
}

/* the piece was just opened; on from the mark, and again with what is no older than `from_us` */
static void go_on(struct file *file, const struct follow_place *mark, int64_t from_us)
{
	uint64_t size = piece_size(&file->piece);
	bool packed = file->piece.input;

	file->copy = (file->piece.inode != mark->inode || file->piece.device != mark->device) &&
		     !piece_stands_at(&file->piece, file->source.path);
	file->again_from_us = from_us;
	file->again_to = packed || mark->offset < size ? mark->offset : size;
	file->piece.read = packed ? 0 : look_back(file, file->again_to, from_us);
	cutter_clear(&file->cutter, !packed && piece_in_line(&file->piece, file->piece.read));
}

static void from_start(struct file *file)
{
	file->again_to = 0;
	file->copy = false;
	cutter_clear(&file->cutter, false);
}

/* from the end of the file on; where it is not there yet, from its start */
static bool from_now(struct file *file, struct error *error)
{
	uint64_t size;

	from_start(file);
	if (!piece_open(&file->piece, file->source.path, error))
		return errno == ENOENT;
	size = piece_size(&file->piece);
	file->piece.read = piece_line_start(&file->piece, size);
	cutter_clear(&file->cutter, piece_in_line(&file->piece, file->piece.read));
	return true;
}

/* the oldest of the family that is younger than the place */
static bool from_younger(struct file *file, const struct family *family, struct error *error)
{
	for (size_t i = 0; i < family->count; i++) {
		int64_t first_us = reader_first_time(family->paths[i], 0, WHEN_NONE);

		if (first_us == WHEN_NONE || first_us < file->source.last_us || !piece_open(&file->piece, family->paths[i], error))
			continue;
		from_start(file);
		return true;
	}
	return false;
}

static void tell_lost(struct file *file, const char *words)
{
	struct error error;

	error_set(&error, words, file->source.path);
	follow_trouble(&file->source, &error);
}

/* What was left is gone, with all that was written to it since. Where nothing had been read of it yet, nothing is missing: all
 * there is came since. */
static bool after_loss(struct file *file, const struct follow_place *place, const struct family *family, struct error *error)
{
	bool younger = from_younger(file, family, error);

	if (!place->offset)
		return true;
	tell_lost(file, younger ? _("the file where '%s' was left is gone; it is read on from the oldest that is younger")
				: _("the file where '%s' was left is gone; it is read from now on"));
	return younger || from_now(file, error);
}

/* an empty file looks the same after it was written to, copied and cut off */
static bool may_have_been_cut(const struct follow_place *place) { return !place->offset && !place->head_bytes; }

static bool file_begin(struct follow_source *source, const struct follow_place *place, struct error *error)
{
	struct file *file = file_of(source);
	int64_t again_us = follow_again_us(source);
	struct family family = { 0 };
	bool fine = true;
	size_t at;

	if (!place)
		return from_now(file, error);
	family_list(&family, source->path);
	at = family_find(&family, place, &file->piece);
	if (at < family.count && !(at + 1 == family.count && may_have_been_cut(place))) {
		go_on(file, place, again_us > 0 ? place->last_us - again_us : INT64_MAX);
	} else {
		piece_close(&file->piece);
		fine = after_loss(file, place, &family, error);
	}
	family_done(&family);
	return fine;
}

const char *follow_file_now(const char *path, char to[FOLLOW_PLACE_MAX])
{
	struct follow_place place = { .last_us = follow_begun_us() };
	struct piece piece;
	struct error ignored; /* follow_add will tell */

	if (piece_open(&piece, path, &ignored)) {
		piece_mark(&piece, &place);
		place.offset = piece_line_start(&piece, piece_size(&piece));
		piece_close(&piece);
	}
	return follow_place_write(&place, to);
}

/* ---- from one piece to the next */

/* It was cut off: what was written before that and not read yet stands in a copy, if one was made. */
static void begin_anew(struct file *file)
{
	struct follow_place mark = mark_of(file);
	struct family family = { 0 };
	struct piece copy;

	family_list(&family, file->source.path);
	if (family_find(&family, &mark, &copy) < family.count) {
		piece_close(&file->piece);
		file->piece = copy;
		go_on(file, &mark, INT64_MAX);
	} else {
		file->piece.read = file->piece.head_bytes = 0;
		from_start(file);
	}
	family_done(&family);
}

static bool has_bytes(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_size > 0;
}

/* opens the first from `i` on that was written to; one that got another name just now is found at the next look */
static bool open_written(struct file *file, const struct family *family, size_t i, struct piece *next)
{
	struct error error;

	for (; i < family->count; i++) {
		if (!has_bytes(family->paths[i]))
			continue;
		if (piece_open(next, family->paths[i], &error))
			return true;
		if (errno == ENOENT)
			break;
		follow_trouble(&file->source, &error);
	}
	return false;
}

static void tell_gone(struct file *file)
{
	struct error error;
	int64_t now_us = clock_steady();

	if (access(file->source.path, F_OK) == 0) {
		file->gone_us = 0;
	} else if (!file->gone_us) {
		file->gone_us = now_us;
	} else if (now_us - file->gone_us > GONE_US) {
		error_set(&error, _("cannot open '%s': %s"), file->source.path, strerror(ENOENT));
		follow_trouble(&file->source, &error);
	}
}

/* Where the piece stands in its family, or a copy of it; family->count where it was deleted, or moved elsewhere. To look into
 * them all takes its time: not at every look, while nothing follows yet. */
static size_t index_of(struct file *file, const struct family *family, struct piece *same)
{
	struct follow_place mark = mark_of(file);
	size_t at = family_find_same(family, &mark, same);
	int64_t now_us = clock_steady();

	if (at == family->count && file->twin.inode)
		at = family_find_same(family, &file->twin, same);
	if (at == family->count && (!file->sought_us || now_us - file->sought_us > MINUTE_US || has_bytes(file->source.path))) {
		file->sought_us = now_us;
		at = family_find(family, &mark, same);
		if (at < family->count)
			piece_mark(same, &file->twin);
	}
	return at;
}

/* What follows on the piece, which is at its end. *replaced: it is a copy of it, written anew and perhaps longer; a packed
 * copy was made when nobody wrote any more. */
static size_t index_of_next(struct file *file, const struct family *family, bool *replaced)
{
	struct piece same = PIECE_NONE;
	size_t log = family->count - 1, at = index_of(file, family, &same);

	*replaced = at <= log && !same.input && (same.inode != file->piece.inode || same.device != file->piece.device);
	piece_close(&same);
	return *replaced ? at : at < log ? at + 1 : log;
}

static void hand_on(struct file *file, struct text line)
{
	bool before = handed_out(file) < file->again_to;
	struct line taken;

	if (before && (file->again_from_us == INT64_MAX || (frame_take(file->source.frame, line, &taken) && taken.t_us < file->again_from_us)))
		return;
	follow_line(&file->source, line, before);
}

/* the piece is another from now on; its last line may have had no end */
static void take_over(struct file *file, struct piece *next, bool replaced)
{
	struct follow_place mark = mark_of(file);
	struct text half = cutter_rest(&file->cutter);

	if (half.n && !replaced)
		hand_on(file, half);
	piece_close(&file->piece);
	file->piece = *next;
	file->sought_us = 0;
	file->twin.inode = 0;
	if (replaced)
		go_on(file, &mark, INT64_MAX);
	else
		from_start(file);
}

/* at the end of a piece: has it been left by its writer, and is there another? */
static bool turn_over(struct file *file)
{
	struct family family = { 0 };
	struct piece next;
	bool replaced, found;

	if (!file->piece.input && piece_stands_at(&file->piece, file->source.path))
		return false;
	if (!file->copy && !piece_quiet(&file->piece, FOLLOW_QUIET_US)) {
		file->source.soon = true;
		return false;
	}
	family_list(&family, file->source.path);
	found = open_written(file, &family, index_of_next(file, &family, &replaced), &next);
	family_done(&family);
	if (found)
		take_over(file, &next, replaced);
	tell_gone(file);
	return found;
}

/* ---- reading */

static void hand_on_lines(struct file *file)
{
	struct text line;
	size_t bytes;

	while (cutter_line(&file->cutter, &line, &bytes)) {
		hand_on(file, line);
		cutter_drop(&file->cutter, bytes);
	}
}

static size_t take(struct file *file, size_t most)
{
	struct cutter *cutter = &file->cutter;
	struct error error;
	ssize_t n = piece_read(&file->piece, file->source.path, cutter->bytes + cutter->end, most < CUTTER_TAKES ? most : CUTTER_TAKES, &error);

	if (n < 0)
		follow_trouble(&file->source, &error);
	if (n <= 0)
		return 0;
	if (file->piece.head_bytes < FOLLOW_HEAD_MAX)
		(void)piece_cut_off(&file->piece); /* its beginning is longer now */
	file->source.told.text[0] = '\0';
	cutter->end += (size_t)n;
	hand_on_lines(file);
	return (size_t)n;
}

static bool open_first(struct file *file)
{
	struct error error;

	if (piece_open(&file->piece, file->source.path, &error))
		return true;
	follow_trouble(&file->source, &error);
	return false;
}

static size_t file_read(struct follow_source *source, size_t most)
{
	struct file *file = file_of(source);
	size_t n;

	if (file->piece.fd < 0 && !open_first(file))
		return 0;
	if (piece_cut_off(&file->piece))
		begin_anew(file);
	do
		n = take(file, most);
	while (n == 0 && turn_over(file));
	return n;
}

static const char *file_place(const struct follow_source *source, char to[FOLLOW_PLACE_MAX])
{
	struct follow_place mark = mark_of((const struct file *)source);

	return follow_place_write(&mark, to);
}

static int64_t file_behind(const struct follow_source *source)
{
	const struct file *file = (const struct file *)source;
	struct stat status;
	int64_t behind = 0;

	if (file->piece.input)
		behind = (int64_t)(input_size(file->piece.input) - input_position(file->piece.input));
	else if (file->piece.fd >= 0 && piece_size(&file->piece) > file->piece.read)
		behind = (int64_t)(piece_size(&file->piece) - file->piece.read);
	if ((file->piece.fd < 0 || !piece_stands_at(&file->piece, source->path)) && stat(source->path, &status) == 0)
		behind += status.st_size;
	return behind;
}

/* ---- the folder is watched: it tells of what is written to, made and renamed in it */

static void something_happened(uv_fs_event_t *watch, const char *name, int events, int status)
{
	struct follow_source *source = watch->data;
	const char *slash = strrchr(source->path, '/'), *own = slash ? slash + 1 : source->path;

	if (status < 0 || !name || strncmp(name, own, strlen(own)) == 0)
		follow_wake(source);
}

static void file_watch(struct follow_source *source)
{
	const char *slash = strrchr(source->path, '/');
	char *folder = slash ? memory_copy(source->path, (size_t)(slash - source->path) + 1) : memory_copy(".", 1);

	if (!source->watching) {
		(void)uv_fs_event_init(follow_loop(source), &source->watch.folder);
		source->watch.folder.data = source;
		source->watching = true;
	}
	if (!uv_is_active(&source->watch.any)) /* the folder may not be there yet */
		(void)uv_fs_event_start(&source->watch.folder, something_happened, folder, 0);
	free(folder);
}

static void file_done(struct follow_source *source)
{
	piece_close(&file_of(source)->piece);
	cutter_done(&file_of(source)->cutter);
}

static const struct follow_kind file_kind = {
	.begin = file_begin,
	.watch = file_watch,
	.read = file_read,
	.place = file_place,
	.behind = file_behind,
	.done = file_done,
};

struct follow_source *follow_file_new(void)
{
	struct file *file = memory_zero(1, sizeof *file);

	file->source.kind = &file_kind;
	file->piece = PIECE_NONE;
	cutter_init(&file->cutter);
	return &file->source;
}

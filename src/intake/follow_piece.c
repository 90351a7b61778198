/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/follow_piece.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/memory.h"

/* ---- one file */

/* looked at before it is opened: opening a device may do things */
static int open_regular(const char *path, struct stat *status, struct error *error)
{
	int fd = -1;

	if (stat(path, status) == 0 && !S_ISREG(status->st_mode)) {
		error_set(error, _("cannot read '%s': it is not a regular file"), path);
		errno = EINVAL;
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, status) < 0) {
		int why = errno;

		error_set(error, _("cannot open '%s': %s"), path, strerror(why));
		if (fd >= 0)
			close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

/* what is packed shows in the content, so an input looks into it; what is plain needs none */
static bool open_input(struct piece *piece, const char *path, struct error *error)
{
	char same[64];
	struct text head;

	snprintf(same, sizeof same, "/proc/self/fd/%d", piece->fd);
	piece->input = input_open_as(same, path, error);
	if (!piece->input)
		return false;
	if (input_packed(piece->input)) {
		head = input_peek(piece->input, FOLLOW_HEAD_MAX);
		memcpy(piece->head, head.p, head.n);
		piece->head_bytes = head.n;
	} else {
		input_close(piece->input);
		piece->input = NULL;
		(void)piece_cut_off(piece); /* nothing was read yet: this looks at its beginning */
	}
	return true;
}

bool piece_open(struct piece *piece, const char *path, struct error *error)
{
	struct stat status;

	*piece = PIECE_NONE;
	piece->fd = open_regular(path, &status, error);
	if (piece->fd < 0)
		return false;
	piece->device = (uint64_t)status.st_dev;
	piece->inode = (uint64_t)status.st_ino;
	if (open_input(piece, path, error))
		return true;
	piece_close(piece);
	errno = EIO;
	return false;
}

void piece_close(struct piece *piece)
{
	input_close(piece->input);
	if (piece->fd >= 0)
		close(piece->fd);
	*piece = PIECE_NONE;
}

ssize_t piece_read(struct piece *piece, const char *path, char *to, size_t room, struct error *error)
{
	struct text bytes;
	ssize_t n;

	if (piece->input) {
		n = input_take(piece->input, room, &bytes, error);
		if (n > 0) {
			memcpy(to, bytes.p, bytes.n);
			n = (ssize_t)bytes.n;
		}
	} else {
		n = pread(piece->fd, to, room, (off_t)piece->read);
		if (n < 0)
			error_set(error, _("cannot read '%s': %s"), path, strerror(errno));
	}
	piece->read += n > 0 ? (uint64_t)n : 0;
	return n;
}

bool piece_cut_off(struct piece *piece)
{
	char now[FOLLOW_HEAD_MAX];
	ssize_t got = piece->input ? -1 : pread(piece->fd, now, sizeof now, 0);
	size_t n = got > 0 ? (size_t)got : 0;

	if (got < 0)
		return false; /* packed; or the disk fails, as reading will tell */
	if (n < piece->head_bytes || memcmp(now, piece->head, piece->head_bytes) != 0)
		return true;
	memcpy(piece->head, now, n);
	piece->head_bytes = n;
	return piece_size(piece) < piece->read;
}

bool piece_begins(const struct piece *piece, const struct follow_place *place)
{
	return place->head_bytes <= piece->head_bytes &&
	       place->head_hash == hash_text(HASH_FIXED, (struct text){ piece->head, place->head_bytes });
}

void piece_mark(const struct piece *piece, struct follow_place *place)
{
	place->device = piece->device;
	place->inode = piece->inode;
	place->head_bytes = piece->head_bytes;
	place->head_hash = hash_text(HASH_FIXED, (struct text){ piece->head, piece->head_bytes });
}

uint64_t piece_size(const struct piece *piece)
{
	struct stat status;

	return !piece->input && fstat(piece->fd, &status) == 0 ? (uint64_t)status.st_size : 0;
}

bool piece_stands_at(const struct piece *piece, const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && (uint64_t)status.st_dev == piece->device && (uint64_t)status.st_ino == piece->inode;
}

/* also where its time lies in the future, because the clock was set back */
bool piece_quiet(const struct piece *piece, int64_t span_us)
{
	struct stat status;
	int64_t age_us;

	if (piece->input || fstat(piece->fd, &status) < 0)
		return true;
	age_us = clock_now() - status.st_mtim.tv_sec * SECOND_US - status.st_mtim.tv_nsec / 1000;
	return age_us >= span_us || age_us <= -span_us;
}

uint64_t piece_line_start(const struct piece *piece, uint64_t offset)
{
	char *bytes = memory_new(INPUT_LINE_MAX);
	size_t most = offset < INPUT_LINE_MAX ? (size_t)offset : INPUT_LINE_MAX;
	ssize_t n = pread(piece->fd, bytes, most, (off_t)(offset - most));
	const char *end = n == (ssize_t)most ? memrchr(bytes, '\n', most) : NULL;
	uint64_t start = end ? offset - most + (uint64_t)(end - bytes) + 1 : most == offset ? 0 : offset;

	free(bytes);
	return start;
}

bool piece_in_line(const struct piece *piece, uint64_t offset)
{
	char before;

	return offset > 0 && (pread(piece->fd, &before, 1, (off_t)offset - 1) != 1 || before != '\n');
}

/* ---- lines */

void cutter_init(struct cutter *cutter)
{
	*cutter = (struct cutter){ .bytes = memory_new(CUTTER_ROOM) };
}

void cutter_done(struct cutter *cutter) { free(cutter->bytes); }

void cutter_clear(struct cutter *cutter, bool skipping)
{
	cutter->start = cutter->end = 0;
	cutter->skipping = skipping;
}

static struct text left(const struct cutter *cutter)
{
	return text_between(cutter->bytes + cutter->start, cutter->bytes + cutter->end);
}

/* what is left goes to the front, and makes room for what CUTTER_TAKES brings */
static bool move_rest(struct cutter *cutter)
{
	struct text rest = left(cutter);

	memmove(cutter->bytes, rest.p, rest.n);
	cutter->start = 0;
	cutter->end = rest.n;
	return false;
}

static void skip_line(struct cutter *cutter)
{
	struct text rest = left(cutter);
	size_t at = text_find(rest, '\n');

	cutter->skipping = at == rest.n;
	cutter->start += cutter->skipping ? at : at + 1;
}

bool cutter_line(struct cutter *cutter, struct text *line, size_t *bytes)
{
	struct text rest;
	size_t at;

	if (cutter->skipping)
		skip_line(cutter);
	rest = left(cutter);
	at = text_find(rest, '\n');
	if (at == rest.n && at < INPUT_LINE_MAX)
		return move_rest(cutter);
	*line = text_head(rest, at < INPUT_LINE_MAX ? at : INPUT_LINE_MAX);
	*bytes = at < rest.n && at <= INPUT_LINE_MAX ? at + 1 : line->n;
	return true;
}

void cutter_drop(struct cutter *cutter, size_t bytes)
{
	cutter->start += bytes;
	cutter->skipping = cutter->bytes[cutter->start - 1] != '\n';
}

struct text cutter_rest(const struct cutter *cutter) { return cutter->skipping ? TEXT_NONE : left(cutter); }

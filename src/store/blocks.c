/* SPDX-License-Identifier: Apache-2.0 */
#include "store/blocks.h"

#include <errno.h>
#include <unistd.h>

#include "base/hash.h"

enum { VERSION = 1, ORDER = 0x01020304 };

struct file_head {
	char kind[BLOCKS_KIND];
	uint32_t version, order; /* a machine that stores numbers the other way round reads another one */
};

static uint64_t sum_of(const struct block_head *head, uint64_t number, const char *bytes)
{
	return hash_text(hash_pair(number, (uint64_t)head->bytes << 1 | head->last), (struct text){ bytes, head->bytes });
}

/* ---- writing */

static bool write_at(int fd, const void *bytes, size_t n, uint64_t at)
{
	while (n) {
		ssize_t written = pwrite(fd, bytes, n, (off_t)at);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			errno = written ? errno : ENOSPC;
			return false;
		}
		bytes = (const char *)bytes + written;
		n -= (size_t)written;
		at += (uint64_t)written;
	}
	return true;
}

bool blocks_begin(struct blocks_out *out, int fd, const char *kind)
{
	struct file_head head = { .version = VERSION, .order = ORDER };

	memcpy(head.kind, kind, sizeof head.kind);
	if (!write_at(fd, &head, sizeof head, 0))
		return false;
	out->fd = fd;
	out->at = sizeof head;
	out->number = 0;
	return true;
}

/* the head first: where only it was written the block's sum is wrong */
bool blocks_flush(struct blocks_out *out, bool last)
{
	if (out->used == 0 && !last)
		return true;
	out->head = (struct block_head){ .bytes = (uint32_t)out->used, .last = last };
	out->head.sum = sum_of(&out->head, out->number, out->bytes);
	out->stuck = !write_at(out->fd, &out->head, sizeof out->head, out->at) ||
		     !write_at(out->fd, out->bytes, out->used, out->at + sizeof out->head);
	if (out->stuck)
		return false;
	out->at += sizeof out->head + out->used;
	out->number++;
	out->used = 0;
	return true;
}

void *blocks_room(struct blocks_out *out, size_t n)
{
	size_t from = (out->used + 7) & ~(size_t)7;

	if (from + n > BLOCKS_BYTES) {
		if (out->stuck || n > BLOCKS_BYTES || !blocks_flush(out, false))
			return NULL;
		from = 0;
	}
	memset(out->bytes + out->used, 0, from - out->used);
	out->used = from + n;
	return out->bytes + from;
}

bool blocks_put(void *context, const void *bytes, size_t n)
{
	struct blocks_out *out = context;

	while (n) {
		size_t fits = BLOCKS_BYTES - out->used < n ? BLOCKS_BYTES - out->used : n;

		memcpy(out->bytes + out->used, bytes, fits);
		out->used += fits;
		bytes = (const char *)bytes + fits;
		n -= fits;
		if (out->used == BLOCKS_BYTES && !blocks_flush(out, false))
			return false;
	}
	return true;
}

/* ---- reading */

static bool read_at(int fd, void *to, size_t n, uint64_t at)
{
	while (n) {
		ssize_t got = pread(fd, to, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to = (char *)to + got;
		n -= (size_t)got;
		at += (uint64_t)got;
	}
	return true;
}

enum blocks_kind blocks_open(struct blocks_in *in, int fd, const char *kind)
{
	struct file_head head;

	in->fd = fd;
	in->at = sizeof head;
	in->number = 0;
	in->used = in->filled = 0;
	in->last = false;
	if (!read_at(fd, &head, sizeof head, 0) || memcmp(head.kind, kind, sizeof head.kind) != 0)
		return BLOCKS_DAMAGED;
	return head.order == ORDER && head.version <= VERSION ? BLOCKS_WHOLE : BLOCKS_OTHER_VERSION;
}

bool blocks_next(struct blocks_in *in)
{
	struct block_head head;

	if (in->last || !read_at(in->fd, &head, sizeof head, in->at) || head.bytes > BLOCKS_BYTES || head.last > 1 ||
	    !read_at(in->fd, in->bytes, head.bytes, in->at + sizeof head) || head.sum != sum_of(&head, in->number, in->bytes))
		return false;
	in->at += sizeof head + head.bytes;
	in->number++;
	in->used = 0;
	in->filled = head.bytes;
	in->last = head.last;
	return true;
}

bool blocks_get(void *context, void *to, size_t n)
{
	struct blocks_in *in = context;

	while (n) {
		size_t there = in->filled - in->used < n ? in->filled - in->used : n;

		memcpy(to, in->bytes + in->used, there);
		in->used += there;
		to = (char *)to + there;
		n -= there;
		if (n && !blocks_next(in))
			return false;
	}
	return true;
}

bool blocks_are_whole(struct blocks_in *in)
{
	while (blocks_next(in))
		;
	return in->last;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "store/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/temporary.h"

enum { BATCH = 8192 };

struct spool {
	struct spool_record batch[BATCH];
	size_t filled;
	uint64_t written, limit, count; /* records */
	int fd; /* -1 until the first batch is full: a small log needs no file */
	bool partial;
	struct kept {
		struct spool_record record;
		uint64_t number;
	} *kept; /* since it is partial */
	size_t kept_count, kept_room;
};

struct spool *spool_new(uint64_t limit_bytes)
{
	struct spool *spool = memory_zero(1, sizeof *spool);

	spool->limit = limit_bytes / sizeof(struct spool_record);
	spool->fd = -1;
	return spool;
}

void spool_free(struct spool *spool)
{
	if (!spool)
		return;
	if (spool->fd >= 0)
		close(spool->fd);
	free(spool->kept);
	free(spool);
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t written = write(fd, bytes, n);

		if (written <= 0)
			return false;
		bytes += written;
		n -= (size_t)written;
	}
	return true;
}

static void flush(struct spool *spool)
{
	if (spool->fd < 0)
		spool->fd = temporary_file();
	if (spool->fd < 0 || !write_all(spool->fd, (const char *)spool->batch, spool->filled * sizeof *spool->batch)) {
		spool->partial = true; /* this batch stays in memory */
		return;
	}
	spool->written += spool->filled;
	spool->filled = 0;
}

static struct spool_record *keep(struct spool *spool)
{
	if (spool->kept_count >= SPOOL_KEPT_MAX)
		return NULL;
	MEMORY_ROOM(spool->kept, spool->kept_count, spool->kept_room);
	spool->kept[spool->kept_count].number = spool->count - 1;
	return &spool->kept[spool->kept_count++].record;
}

struct spool_record *spool_next(struct spool *spool, bool anyway)
{
	spool->count++;
	if (!spool->partial && spool->written + spool->filled >= spool->limit)
		spool->partial = true;
	if (!spool->partial && spool->filled == BATCH)
		flush(spool);
	if (!spool->partial)
		return &spool->batch[spool->filled++];
	return anyway ? keep(spool) : NULL;
}

uint64_t spool_count(const struct spool *spool) { return spool->count; }
bool spool_partial(const struct spool *spool) { return spool->partial; }

void spool_each(struct spool *spool, void (*each)(void *context, uint64_t number, const struct spool_record *record),
		void *context)
{
	struct spool_record *block = memory_new(BATCH * sizeof *block);
	uint64_t number = 0;

	while (number < spool->written) {
		ssize_t got = pread(spool->fd, block, BATCH * sizeof *block, (off_t)(number * sizeof *block));

		if (got < (ssize_t)sizeof *block) {
			spool->partial = true;
			number = spool->written; /* those still in memory keep their numbers */
			break;
		}
		for (size_t i = 0; i < (size_t)got / sizeof *block; i++)
			each(context, number++, &block[i]);
	}
	for (size_t i = 0; i < spool->filled; i++)
		each(context, number++, &spool->batch[i]);
	for (size_t i = 0; i < spool->kept_count; i++)
		each(context, spool->kept[i].number, &spool->kept[i].record);
	free(block);
}

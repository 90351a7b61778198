/* SPDX-License-Identifier: Apache-2.0 */
/* What no reader of logs can beat on this machine: the processor time of these things done to the same file.
 *
 *   limits read FILE     read(2) alone, into one buffer of 256 KiB
 *   limits count FILE    the file mapped, its lines counted by memchr
 *   limits tally FILE    the same, and each line split at its program, which is hashed and tallied
 *   limits json FILE     each line parsed by jansson, and let go
 *
 * Prints one JSON object: what, bytes, lines, cpu_seconds. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 256 * 1024, TALLIES = 4096, STAMP_BYTES = 16 /* of the shortest stamp and host */ };

struct work {
	int fd;
	size_t bytes;
	uint64_t lines;
};

static uint32_t tallies[TALLIES];

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "limits: %s '%s': %s\n", what, name, strerror(errno));
	exit(1);
}

static bool work_read(struct work *work)
{
	static char buffer[READ_BYTES];
	ssize_t got;

	while ((got = read(work->fd, buffer, sizeof buffer)) > 0)
		;
	return got == 0;
}

static const char *map(const struct work *work)
{
	char *p = mmap(NULL, work->bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, work->fd, 0);

	if (p == MAP_FAILED)
		return NULL;
	madvise(p, work->bytes, MADV_SEQUENTIAL);
	return p;
}

static bool work_count(struct work *work)
{
	const char *p = map(work), *end = p + work->bytes;

	if (!p)
		return false;
	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		p++;
		work->lines++;
	}
	return true;
}

/* the program stands behind the host, up to its pid or a colon */
static void tally_line(const char *p, const char *end)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	const char *program;

	if (end - p < STAMP_BYTES)
		return;
	program = memchr(p + STAMP_BYTES, ' ', (size_t)(end - p - STAMP_BYTES));
	for (p = program ? program + 1 : end; p < end && *p != '[' && *p != ':'; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	tallies[hash % TALLIES]++;
}

static bool work_tally(struct work *work)
{
	const char *p = map(work), *end = p + work->bytes, *newline;

	if (!p)
		return false;
	for (; (newline = memchr(p, '\n', (size_t)(end - p))); p = newline + 1) {
		tally_line(p, newline);
		work->lines++;
	}
	return true;
}

static bool work_json(struct work *work)
{
	const char *p = map(work), *end = p + work->bytes, *newline;

	if (!p)
		return false;
	for (; (newline = memchr(p, '\n', (size_t)(end - p))); p = newline + 1) {
		json_t *line = json_loadb(p, (size_t)(newline - p), 0, NULL);

		if (!line)
			return false;
		json_decref(line);
		work->lines++;
	}
	return true;
}

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int count, char **words)
{
	static const struct {
		const char *name;
		bool (*work)(struct work *work);
	} kinds[] = { { "read", work_read }, { "count", work_count }, { "tally", work_tally }, { "json", work_json } };
	struct work work = { 0 };
	struct stat about;
	double began;
	size_t i = 0;

	while (count == 3 && i < sizeof kinds / sizeof *kinds && strcmp(words[1], kinds[i].name) != 0)
		i++;
	if (count != 3 || i == sizeof kinds / sizeof *kinds) {
		fputs("usage: limits read|count|tally|json FILE\n", stderr);
		return 2;
	}
	work.fd = open(words[2], O_RDONLY | O_CLOEXEC);
	if (work.fd < 0 || fstat(work.fd, &about) != 0)
		fail("cannot open", words[2]);
	work.bytes = (size_t)about.st_size;
	began = cpu_seconds();
	if (!kinds[i].work(&work))
		fail("cannot read", words[2]);
	printf("{\"what\":\"%s\",\"bytes\":%zu,\"lines\":%llu,\"cpu_seconds\":%.6f}\n", words[1], work.bytes,
	       (unsigned long long)work.lines, cpu_seconds() - began);
	return 0;
}

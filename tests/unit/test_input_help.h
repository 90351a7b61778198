/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of inputs share: a folder that goes away, files to put in it, a reader of all there is. Every
 * function fails the test where it cannot do its work. */
#ifndef SEKISHO_TESTS_TEST_INPUT_HELP_H
#define SEKISHO_TESTS_TEST_INPUT_HELP_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "intake/input.h"

enum { HELP_PATH_MAX = 512 };

static char help_folder[64];

static int help_setup(void **state)
{
	(void)state;
	snprintf(help_folder, sizeof help_folder, "/tmp/sekisho-test.XXXXXX");
	return mkdtemp(help_folder) ? 0 : -1;
}

static int help_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status, (void)kind, (void)walk;
	return remove(path);
}

static int help_teardown(void **state)
{
	(void)state;
	return nftw(help_folder, help_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* good until four more were asked for */
__attribute__((unused)) static const char *help_path(const char *name)
{
	static char paths[4][HELP_PATH_MAX];
	static unsigned at;

	at = (at + 1) % 4;
	snprintf(paths[at], sizeof paths[at], "%s/%s", help_folder, name);
	return paths[at];
}

static void help_write_all(int fd, struct text bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		assert_true(n > 0);
		bytes = text_after(bytes, (size_t)n);
	}
}

__attribute__((unused)) static void help_file(const char *path, struct text bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	help_write_all(fd, bytes);
	assert_int_equal(close(fd), 0);
}

/* a file's bytes; the caller frees .p */
__attribute__((unused)) static struct text help_slurp(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	char *bytes;

	assert_int_equal(fstat(fd, &status), 0);
	bytes = memory_new((size_t)status.st_size);
	assert_int_equal(read(fd, bytes, (size_t)status.st_size), status.st_size);
	close(fd);
	return (struct text){ bytes, (size_t)status.st_size };
}

/* `lines` numbered log lines; the caller frees .p */
__attribute__((unused)) static struct text help_log(size_t lines)
{
	char *bytes = memory_new(lines * 128 + 1);
	size_t n = 0;

	for (size_t i = 0; i < lines; i++)
		n += (size_t)snprintf(bytes + n, 128, "2026-11-22T10:33:40.%06zu+00:00 mx1 postfix/qmgr[%zu]: %zX: removed\n",
				      i % 1000000, 1 + i * 7919 % 30000, i * 2654435761u);
	return (struct text){ bytes, n };
}

struct help_read {
	char *p;      /* all lines; the caller frees it */
	size_t n, blocks;
	int result;   /* of the last input_next; -2 where it could not be opened */
	uint64_t bytes, overlong, bad;
	struct error error;
};

/* reads to the end, and makes sure that every block but the last ends with a line */
__attribute__((unused)) static struct help_read help_read_input(struct input *input, struct error *error)
{
	struct help_read all = { .p = memory_new(1), .result = -2, .error = *error };
	struct text lines;

	if (!input)
		return all;
	while ((all.result = input_next(input, &lines, &all.error)) > 0) {
		assert_true(lines.n > 0);
		assert_true(all.n == 0 || all.p[all.n - 1] == '\n');
		all.p = memory_resize(all.p, all.n + lines.n, 1);
		memcpy(all.p + all.n, lines.p, lines.n);
		all.n += lines.n;
		all.blocks++;
	}
	all.bytes = input_bytes(input);
	all.overlong = input_overlong(input);
	all.bad = input_bad_entries(input);
	assert_int_equal(all.bytes, all.n);
	assert_int_equal(input_next(input, &lines, &all.error), 0);
	input_close(input);
	return all;
}

__attribute__((unused)) static struct help_read help_read(const char *path)
{
	struct error error = { "" };
	struct input *input = input_open(path, &error);

	return help_read_input(input, &error);
}

/* reads the file, which must yield just this; frees what was read */
__attribute__((unused)) static void help_expect(const char *path, struct text wanted)
{
	struct help_read all = help_read(path);

	if (all.result != 0)
		fail_msg("%s: %s", path, all.error.text);
	assert_int_equal(all.n, wanted.n);
	assert_memory_equal(all.p, wanted.p, wanted.n);
	free(all.p);
}

/* packs the bytes as one stream by the filter (ARCHIVE_FILTER_…) */
__attribute__((unused)) static void help_pack(const char *path, int filter, struct text bytes)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	assert_int_equal(archive_write_add_filter(archive, filter), ARCHIVE_OK);
	assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_pathname(entry, "log");
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, bytes.p, bytes.n), bytes.n);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(archive);
}
#endif

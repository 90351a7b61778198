/* SPDX-License-Identifier: Apache-2.0 */
/* Compressed logs, whole, cut off and damaged; archives of logs; closing in the midst of it. */
#include "test_input_help.h"

static const struct {
	const char *name;
	int filter;
} filters[] = {
	{ "gzip", ARCHIVE_FILTER_GZIP },   { "xz", ARCHIVE_FILTER_XZ },     { "zstd", ARCHIVE_FILTER_ZSTD },
	{ "bzip2", ARCHIVE_FILTER_BZIP2 }, { "lz4", ARCHIVE_FILTER_LZ4 },   { "compress", ARCHIVE_FILTER_COMPRESS },
	{ "lzip", ARCHIVE_FILTER_LZIP },   { "lzma", ARCHIVE_FILTER_LZMA },
};
enum { FILTERS = sizeof filters / sizeof *filters };

static void every_filter(void **state)
{
	static const size_t sizes[] = { 1, 100, 30000 };

	for (size_t i = 0; i < FILTERS; i++) {
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			struct text log = help_log(sizes[s]);

			print_message("  %s, %zu bytes\n", filters[i].name, log.n);
			help_pack(help_path("packed.txt"), filters[i].filter, log);
			help_expect(help_path("packed.txt"), log);
			free((char *)log.p);
		}
	}
}

static void without_lines(void **state)
{
	static const struct text texts[] = { { "", 0 }, { "a", 1 }, { "a\nb", 3 } };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		help_pack(help_path("few"), ARCHIVE_FILTER_GZIP, texts[i]);
		help_expect(help_path("few"), texts[i]);
	}
	for (size_t i = 0; i < FILTERS; i++) {
		if (filters[i].filter == ARCHIVE_FILTER_COMPRESS || filters[i].filter == ARCHIVE_FILTER_LZ4)
			continue; /* libarchive cannot write these */
		print_message("  %s of nothing\n", filters[i].name);
		help_pack(help_path("few"), filters[i].filter, TEXT_NONE);
		help_expect(help_path("few"), TEXT_NONE);
	}
}

/* ---- gzip: members, rubbish, damage */

static void members(void **state)
{
	static const struct {
		const char *name;
		struct text behind;
	} cases[] = { { "nothing", { "", 0 } }, { "zeros", { "\0\0\0\0", 4 } }, { "rubbish", { "rubbish", 7 } } };
	struct text first = help_log(3000), second, log = help_log(6000);

	second = text_after(log, first.n);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text one, two;
		int fd;

		help_pack(help_path("one"), ARCHIVE_FILTER_GZIP, first);
		help_pack(help_path("two"), ARCHIVE_FILTER_GZIP, second);
		one = help_slurp(help_path("one"));
		two = help_slurp(help_path("two"));
		fd = open(help_path("both"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		help_write_all(fd, one);
		help_write_all(fd, two);
		help_write_all(fd, cases[i].behind);
		close(fd);
		print_message("  two members and %s\n", cases[i].name);
		help_expect(help_path("both"), log);
		free((char *)one.p);
		free((char *)two.p);
	}
	free((char *)first.p);
	free((char *)log.p);
}

/* all of `log` that was read, up to a whole line, and an error that says so */
static void expect_part(const char *path, struct text log, size_t least, const char *words)
{
	struct help_read all = help_read(path);

	assert_int_equal(all.result, -1);
	assert_true(all.n >= least && all.n <= log.n);
	assert_memory_equal(all.p, log.p, all.n);
	assert_true(all.n == 0 || all.p[all.n - 1] == '\n');
	if (!strstr(all.error.text, words) || !strstr(all.error.text, path))
		fail_msg("'%s' names neither '%s' nor '%s'", all.error.text, path, words);
	free(all.p);
}

static void cut_off(void **state)
{
	static const size_t sizes[] = { 50, 1000, 30000 };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct text log = help_log(sizes[i]), packed;

		help_pack(help_path("whole.gz"), ARCHIVE_FILTER_GZIP, log);
		packed = help_slurp(help_path("whole.gz"));
		help_file(help_path("cut.gz"), text_head(packed, packed.n * 3 / 4));
		expect_part(help_path("cut.gz"), log, log.n * 2 / 3, "cut off");
		help_file(help_path("cut.gz"), text_head(packed, packed.n - 1)); /* all but the trailer */
		expect_part(help_path("cut.gz"), log, log.n, "cut off");
		help_file(help_path("cut.gz"), text_head(packed, 5));
		expect_part(help_path("cut.gz"), log, 0, "cut off");
		free((char *)packed.p);
		free((char *)log.p);
	}
}

static void wrong_sum(void **state)
{
	struct text log = help_log(5000), packed;

	help_pack(help_path("whole.gz"), ARCHIVE_FILTER_GZIP, log);
	packed = help_slurp(help_path("whole.gz"));
	((char *)packed.p)[packed.n - 6] ^= 1;
	help_file(help_path("sum.gz"), packed);
	expect_part(help_path("sum.gz"), log, log.n, "damaged");
	free((char *)packed.p);
	free((char *)log.p);
}

/* the others lose at most what their library unpacks at a time: one block, which for lz4 may be 4 MiB */
static void others_cut_off(void **state)
{
	for (size_t i = 1; i < FILTERS; i++) {
		struct text log, packed;
		struct help_read all;

		if (filters[i].filter == ARCHIVE_FILTER_COMPRESS)
			continue; /* it has no end that could be missing */
		log = help_log(60000);
		help_pack(help_path("whole"), filters[i].filter, log);
		packed = help_slurp(help_path("whole"));
		help_file(help_path("cut"), text_head(packed, packed.n * 3 / 4));
		all = help_read(help_path("cut"));
		print_message("  %s: %zu of %zu bytes, %s\n", filters[i].name, all.n, log.n, all.error.text);
		assert_true(all.result < 0 && strstr(all.error.text, help_path("cut")));
		assert_true(all.n >= log.n / 4 || filters[i].filter == ARCHIVE_FILTER_LZ4);
		assert_memory_equal(all.p, log.p, all.n);
		free(all.p);
		free((char *)packed.p);
		free((char *)log.p);
	}
}

/* ---- archives */

static void add_member(struct archive *archive, const char *name, struct text bytes)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_size(entry, (la_int64_t)bytes.n);
	archive_entry_set_filetype(entry, bytes.n ? AE_IFREG : AE_IFDIR);
	archive_entry_set_perm(entry, 0644);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	if (bytes.n)
		assert_int_equal(archive_write_data(archive, bytes.p, bytes.n), bytes.n);
	archive_entry_free(entry);
}

static void archives(void **state)
{
	static const struct {
		const char *name;
		int format, filter;
	} cases[] = {
		{ "tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE },
		{ "tar.gz", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP },
		{ "tar.zst", ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_ZSTD },
		{ "zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct archive *archive = archive_write_new();

		print_message("  %s\n", cases[i].name);
		archive_write_set_format(archive, cases[i].format);
		archive_write_add_filter(archive, cases[i].filter);
		assert_int_equal(archive_write_open_filename(archive, help_path("archive")), ARCHIVE_OK);
		add_member(archive, "log", TEXT_NONE);
		add_member(archive, "log/mail.log.1", TEXT("a\nb\nc"));
		add_member(archive, "log/mail.log", TEXT("d\ne\n"));
		archive_write_close(archive);
		archive_write_free(archive);
		help_expect(help_path("archive"), TEXT("a\nb\nc\nd\ne\n"));
	}
}

/* ---- closing */

static void close_early(void **state)
{
	struct text log = help_log(50000), lines;
	struct error error;

	help_pack(help_path("early.gz"), ARCHIVE_FILTER_GZIP, log);
	for (int reads = 0; reads < 6; reads++) {
		struct input *input = input_open(help_path("early.gz"), &error);

		assert_non_null(input);
		for (int i = 0; i < reads; i++)
			assert_int_equal(input_next(input, &lines, &error), 1);
		input_close(input);
	}
	free((char *)log.p);
}

/* the thread waits for a writer that says nothing more: closing must not wait with it */
static void close_while_waiting(void **state)
{
	struct text log = help_log(50000), packed;
	struct error error;
	struct input *input;
	int fd;

	help_pack(help_path("half.gz"), ARCHIVE_FILTER_GZIP, log);
	packed = help_slurp(help_path("half.gz"));
	assert_int_equal(mkfifo(help_path("fifo"), 0600), 0);
	fd = open(help_path("fifo"), O_RDWR | O_CLOEXEC);
	help_write_all(fd, text_head(packed, 2000));
	alarm(20);
	input = input_open(help_path("fifo"), &error);
	assert_non_null(input);
	input_close(input);
	alarm(0);
	close(fd);
	free((char *)packed.p);
	free((char *)log.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_filter),
		cmocka_unit_test(without_lines),
		cmocka_unit_test(members),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(wrong_sum),
		cmocka_unit_test(others_cut_off),
		cmocka_unit_test(archives),
		cmocka_unit_test(close_early),
		cmocka_unit_test(close_while_waiting),
	};

	return cmocka_run_group_tests_name("input, packed", tests, help_setup, help_teardown);
}

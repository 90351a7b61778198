/* SPDX-License-Identifier: Apache-2.0 */
/* From arguments to an ordered list of files. */
#include "test_input_help.h"

#include "base/when.h"
#include "intake/inputs.h"

/* the names of the list, behind the test's folder, with blanks between */
static void expect_files(const struct inputs *inputs, const char *wanted)
{
	char names[4096] = "";
	size_t n = 0, skip = strlen(help_folder) + 1;

	for (size_t i = 0; i < inputs->count && n < sizeof names; i++) {
		const char *path = inputs->files[i].path;

		n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? " " : "",
				      strncmp(path, help_folder, skip - 1) == 0 ? path + skip : path);
	}
	assert_string_equal(names, wanted);
}

static void make(const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		help_file(help_path(names[i]), text_of(names[i]));
}

/* ---- names */

static void name_order(void **state)
{
	/* each older than the one behind it */
	static const char *const sets[][12] = {
		{ "mail.log.10.gz", "mail.log.2.gz", "mail.log.2", "mail.log.1", "mail.log" },
		{ "mail.log-20260101.gz", "mail.log-20260108", "mail.log" },
		{ "a/mail.log.11.xz", "b/mail.log.9.zst", "mail.log.09", "mail.log.008", "mail.log.0", "mail.log" },
		{ "m.3.gz", "m-20251231", "m-20260101.bz2", "m-2026010112", "m-20260102", "m" },
		{ "maillog.2026-01-01", "maillog.2026-01-02.gz", "maillog" },
		{ "mainlog.2.gz", "mainlog.1", "mainlog", "rejectlog.1", "rejectlog" },
		{ "@4000000065a0b1c200000000.s", "@4000000065b0b1c200000000.s", "current" },
		{ "log.123456789012345678901234567.gz", "log.987654321098765432109876543" },
		{ "mail.log.gz", "mail.log" },
		{ "2", "20260101", "3" },
		{ "-1", ".gz", "a-", "a--", "x." },
	};

	for (size_t s = 0; s < sizeof sets / sizeof *sets; s++)
		for (size_t i = 0; i < 12 && sets[s][i]; i++)
			for (size_t j = 0; j < 12 && sets[s][j]; j++) {
				int order = inputs_name_order(sets[s][i], sets[s][j]);

				if ((order > 0) != (i > j) || (order < 0) != (i < j))
					fail_msg("%s against %s: %d", sets[s][i], sets[s][j], order);
			}
}

/* ---- folders */

static void folder(void **state)
{
	static const char *const names[] = {
		"set/mail.log", "set/mail.log.1", "set/mail.log.10.gz", "set/mail.log.2.gz", "set/sub/x.log",
		"set/1/2/3/4/deep", "set/1/2/3/4/5/too-deep", "outside",
	};
	struct inputs inputs = { 0 };

	for (const char *const *d = (const char *const[]){ "set", "set/sub", "set/1", "set/1/2", "set/1/2/3",
							    "set/1/2/3/4", "set/1/2/3/4/5", "none", NULL }; *d; d++)
		assert_int_equal(mkdir(help_path(*d), 0755), 0);
	make(names, sizeof names / sizeof *names);
	assert_int_equal(symlink("../outside", help_path("set/link")), 0);
	assert_int_equal(symlink("..", help_path("set/up")), 0);
	assert_int_equal(symlink("set", help_path("way-in")), 0);
	assert_int_equal(mkfifo(help_path("set/fifo"), 0600), 0);

	inputs_add(&inputs, help_path("set"));
	assert_int_equal(inputs.fault_count, 0);
	expect_files(&inputs, "set/mail.log.10.gz set/mail.log.2.gz set/mail.log.1 set/mail.log set/1/2/3/4/deep set/sub/x.log");
	inputs_done(&inputs);

	inputs_add(&inputs, help_path("way-in/"));
	assert_int_equal(inputs.count, 6);
	inputs_add(&inputs, help_path("set"));
	assert_int_equal(inputs.count, 6);
	assert_int_equal(inputs.fault_count, 0);
	inputs_add(&inputs, help_path("none"));
	assert_int_equal(inputs.fault_count, 1);
	assert_non_null(strstr(inputs.faults[0].why.text, "no file"));
	inputs_done(&inputs);
}

static void twice(void **state)
{
	static const char *const names[] = { "two/mail.log", "two/mail.log.1" };
	struct inputs inputs = { 0 };

	assert_int_equal(mkdir(help_path("two"), 0755), 0);
	make(names, 2);
	assert_int_equal(link(help_path("two/mail.log"), help_path("two/same")), 0);
	assert_int_equal(symlink("two/mail.log", help_path("two-link")), 0);
	inputs_add(&inputs, help_path("two/mail.log"));
	inputs_add(&inputs, help_path("two/../two/mail.log"));
	inputs_add(&inputs, help_path("two-link"));
	inputs_add(&inputs, help_path("two"));
	expect_files(&inputs, "two/mail.log two/mail.log.1");
	assert_int_equal(inputs.fault_count, 0);
	assert_int_equal(inputs.files[0].bytes, strlen("two/mail.log"));
	inputs_done(&inputs);
}

static void faults(void **state)
{
	bool root = geteuid() == 0;
	struct inputs inputs = { 0 };

	assert_int_equal(mkdir(help_path("f"), 0755), 0);
	assert_int_equal(chmod(help_folder, 0755), 0);
	help_file(help_path("f/good"), TEXT("a\n"));
	help_file(help_path("f/secret"), TEXT("a\n"));
	assert_int_equal(chmod(help_path("f/secret"), 0), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	inputs_add(&inputs, help_path("away"));
	inputs_add(&inputs, help_path("f/secret"));
	inputs_add(&inputs, help_path("f"));
	if (root)
		assert_int_equal(seteuid(0), 0);
	expect_files(&inputs, "f/good");
	assert_int_equal(inputs.fault_count, 3);
	assert_string_equal(inputs.faults[0].path, help_path("away"));
	assert_non_null(strstr(inputs.faults[0].why.text, "No such file"));
	assert_non_null(strstr(inputs.faults[1].why.text, "denied"));
	assert_non_null(strstr(inputs.faults[2].why.text, "f/secret"));
	inputs_done(&inputs);
}

static void too_many(void **state)
{
	struct inputs inputs = { 0 };
	char name[32];

	assert_int_equal(mkdir(help_path("many"), 0755), 0);
	for (int i = 0; i < INPUTS_MAX + 5; i++) {
		snprintf(name, sizeof name, "many/%d", i);
		help_file(help_path(name), TEXT_NONE);
	}
	inputs_add(&inputs, help_path("many"));
	assert_int_equal(inputs.count, INPUTS_MAX);
	assert_int_equal(inputs.fault_count, 1);
	assert_non_null(strstr(inputs.faults[0].why.text, "10000"));
	inputs_done(&inputs);
}

/* ---- order of time: a file's first time stamp is what it holds, in seconds; "?" is none, "+" so many after the older one of
 * its log */

static int64_t time_in(const char *path, int64_t older_us, void *context)
{
	struct text bytes = help_slurp(path);
	bool after = text_starts(bytes, TEXT("+"));
	uint64_t seconds;
	bool known = text_number(text_trim(text_after(bytes, after)), 1000, &seconds) && !(after && older_us == WHEN_NONE);

	++*(size_t *)context;
	free((char *)bytes.p);
	return known ? (int64_t)seconds * SECOND_US + (after ? older_us : 0) : WHEN_NONE;
}

static void time_order(void **state)
{
	static const struct {
		const char *name;
		const char *arguments[6][2]; /* path, what it holds */
		const char *wanted;
	} cases[] = {
		{ "names lie", { { "t/m", "5" }, { "t/m.1", "9" }, { "t/m.2", "7" } }, "t/m t/m.2 t/m.1" },
		{ "none known", { { "t/m", "?" }, { "t/m.1", "?" }, { "t/m.10.gz", "?" }, { "t/m.2", "?" } },
		  "t/m.10.gz t/m.2 t/m.1 t/m" },
		{ "same time", { { "t/m", "5" }, { "t/m.1", "5" } }, "t/m.1 t/m" },
		{ "one unknown stays with its neighbour", { { "t/m", "30" }, { "t/m.1", "?" }, { "t/m.2", "10" }, { "u/x", "20" } },
		  "t/m.2 t/m.1 u/x t/m" },
		{ "the oldest is unknown", { { "t/m", "30" }, { "t/m.1", "10" }, { "t/m.2", "?" } }, "t/m.2 t/m.1 t/m" },
		{ "two hosts", { { "t/m", "30" }, { "t/m.1", "10" }, { "u/m", "40" }, { "u/m.1", "20" } },
		  "t/m.1 u/m.1 t/m u/m" },
		{ "a log goes on after its older part", { { "t/m", "+10" }, { "t/m.1", "+10" }, { "t/m.2", "10" }, { "t/n", "25" }, { "u/m", "12" } },
		  "t/m.2 u/m t/m.1 t/n t/m" },
		{ "other logs and folders are no part of it", { { "t/m.1", "10" }, { "t/n", "+30" }, { "u/m", "+40" }, { "u/x", "15" } },
		  "t/m.1 t/n u/m u/x" },
	};

	assert_int_equal(mkdir(help_path("t"), 0755), 0);
	assert_int_equal(mkdir(help_path("u"), 0755), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct inputs inputs = { 0 };
		size_t asked = 0;

		print_message("  %s\n", cases[i].name);
		for (size_t a = 0; cases[i].arguments[a][0]; a++) {
			help_file(help_path(cases[i].arguments[a][0]), text_of(cases[i].arguments[a][1]));
			inputs_add(&inputs, help_path(cases[i].arguments[a][0]));
		}
		inputs_sort(&inputs, time_in, &asked);
		expect_files(&inputs, cases[i].wanted);
		assert_int_equal(asked, inputs.count);
		inputs_done(&inputs);
	}
}

/* nobody may look into what can be read only once; it stays behind the folder named before */
static void once(void **state)
{
	struct inputs inputs = { 0 };
	int before = dup(STDIN_FILENO), ends[2];
	size_t asked = 0;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], STDIN_FILENO);
	help_file(help_path("m"), TEXT("2"));
	help_file(help_path("m.1"), TEXT("1"));
	inputs_add(&inputs, help_path("m.1"));
	inputs_add(&inputs, "-");
	inputs_add(&inputs, "/dev/stdin");
	inputs_sort(&inputs, time_in, &asked);
	expect_files(&inputs, "m.1 -");
	inputs_add(&inputs, help_path("m"));
	inputs_sort(&inputs, time_in, &asked);
	expect_files(&inputs, "m.1 m -");
	assert_int_equal(asked, 3);
	inputs_done(&inputs);
	inputs_sort(&inputs, NULL, NULL);
	dup2(before, STDIN_FILENO);
	close(before);
	close(ends[0]);
	close(ends[1]);
}

/* a file on standard input has been read once who looks into it */
static void once_redirected(void **state)
{
	struct inputs inputs = { 0 };
	int before = dup(STDIN_FILENO), file;
	size_t asked = 0;

	help_file(help_path("m"), TEXT("2"));
	file = open(help_path("m"), O_RDONLY);
	dup2(file, STDIN_FILENO);
	help_file(help_path("m.1"), TEXT("1"));
	inputs_add(&inputs, "-");
	inputs_add(&inputs, help_path("m.1"));
	inputs_sort(&inputs, time_in, &asked);
	assert_int_equal(asked, 1);
	assert_true(inputs.files[0].once != inputs.files[1].once);
	inputs_done(&inputs);
	dup2(before, STDIN_FILENO);
	close(before);
	close(file);
}

/* ---- archives */

static void put_member(struct archive *archive, const char *name, struct text bytes)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, 1000000000, 0);
	archive_entry_set_size(entry, (int64_t)bytes.n);
	assert_true(archive_write_header(archive, entry) >= ARCHIVE_WARN); /* of letters that this locale has not */
	assert_int_equal(archive_write_data(archive, bytes.p, bytes.n), bytes.n);
	archive_entry_free(entry);
}

static struct archive *begin_archive(const char *name, int format, int filter)
{
	struct archive *archive = archive_write_new();

	archive_write_set_format(archive, format);
	archive_write_add_filter(archive, filter);
	assert_int_equal(archive_write_open_filename(archive, help_path(name)), ARCHIVE_OK);
	return archive;
}

static void end_archive(struct archive *archive)
{
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
}

static void members_are_files(void **state)
{
	static const struct {
		int format, filter;
	} cases[] = {
		{ ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE },
		{ ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_ZSTD },
		{ ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE },
	};

	help_pack(help_path("packed"), ARCHIVE_FILTER_GZIP, TEXT("one\n"));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct inputs inputs = { 0 };
		struct archive *archive = begin_archive("logs", cases[i].format, cases[i].filter);
		struct text packed = help_slurp(help_path("packed"));
		struct stat status;

		put_member(archive, "log/mail.log", TEXT("three\n"));
		put_member(archive, "log/mail.log.1", TEXT("two\n"));
		put_member(archive, "log/mail.log.10.gz", packed);
		put_member(archive, "log/\033\xc2\x9b", TEXT("x\n"));
		put_member(archive, "log/empty", TEXT_NONE);
		end_archive(archive);
		free((char *)packed.p);
		inputs_add(&inputs, help_path("logs"));
		inputs_add(&inputs, help_path("logs"));
		inputs_sort(&inputs, NULL, NULL);
		expect_files(&inputs, "logs/log/??? logs/log/mail.log.10.gz logs/log/mail.log.1 logs/log/mail.log");
		assert_int_equal(inputs.fault_count, 0);
		help_expect(inputs_opens(&inputs.files[1]), TEXT("one\n"));
		help_expect(inputs_opens(&inputs.files[3]), TEXT("three\n"));
		help_expect(inputs_opens(&inputs.files[3]), TEXT("three\n"));
		assert_string_equal(inputs.files[1].archive, help_path("logs"));
		assert_int_equal(stat(inputs_opens(&inputs.files[1]), &status), 0);
		assert_int_equal(status.st_mtime, 1000000000);
		inputs_done(&inputs);
	}
}

static void of_a_damaged_archive_what_can_be_had(void **state)
{
	struct inputs inputs = { 0 };
	struct archive *archive = begin_archive("whole.tgz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP);
	struct text log = help_log(3000), whole;

	put_member(archive, "mail.log.1", log);
	put_member(archive, "mail.log", log);
	end_archive(archive);
	whole = help_slurp(help_path("whole.tgz"));
	help_file(help_path("cut.tgz"), text_head(whole, whole.n * 3 / 4));
	inputs_add(&inputs, help_path("cut.tgz"));
	expect_files(&inputs, "cut.tgz/mail.log.1 cut.tgz/mail.log");
	assert_int_equal(inputs.files[0].bytes, log.n);
	assert_true(inputs.files[1].bytes < log.n);
	assert_int_equal(inputs.fault_count, 1);
	assert_non_null(strstr(inputs.faults[0].why.text, "cut.tgz"));
	inputs_done(&inputs);
	free((char *)whole.p);
	free((char *)log.p);
}

static void too_many_members(void **state)
{
	struct inputs inputs = { 0 };
	struct archive *archive = begin_archive("many.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE);
	char name[16];

	for (int i = 0; i < INPUTS_MEMBERS_MAX + 2; i++) {
		snprintf(name, sizeof name, "mail.log.%d", i);
		put_member(archive, name, TEXT("x\n"));
	}
	end_archive(archive);
	inputs_add(&inputs, help_path("many.tar"));
	assert_int_equal(inputs.count, INPUTS_MEMBERS_MAX);
	assert_int_equal(inputs.fault_count, 1);
	assert_non_null(strstr(inputs.faults[0].why.text, "more than 500 files in archives: 'mail.log.500'"));
	inputs_done(&inputs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_order),
		cmocka_unit_test(folder),
		cmocka_unit_test(twice),
		cmocka_unit_test(faults),
		cmocka_unit_test(too_many),
		cmocka_unit_test(time_order),
		cmocka_unit_test(once),
		cmocka_unit_test(once_redirected),
		cmocka_unit_test(members_are_files),
		cmocka_unit_test(of_a_damaged_archive_what_can_be_had),
		cmocka_unit_test(too_many_members),
	};

	return cmocka_run_group_tests_name("inputs", tests, help_setup, help_teardown);
}

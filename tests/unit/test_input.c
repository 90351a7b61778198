/* SPDX-License-Identifier: Apache-2.0 */
/* Whole lines out of plain files, pipes and standard input; and what cannot be read. */
#include "test_input_help.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>

static void plain_text(void **state)
{
	static const struct {
		const char *name;
		struct text text;
	} cases[] = {
		{ "empty", { "", 0 } },
		{ "one line", { "a\n", 2 } },
		{ "no final newline", { "a\nb", 3 } },
		{ "nothing but a byte", { "a", 1 } },
		{ "empty lines", { "\n\n\n", 3 } },
		{ "CRLF", { "a\r\nb\r\n", 6 } },
		{ "NUL bytes", { "a\0b\n\0\n\0", 7 } },
		{ "a brace", { "{\nMESSAGE\n", 10 } },
		{ "underlines", { "__\n__x\n", 7 } },
		{ "looks like gzip at first", { "\x1f\x8b\n", 3 } },
		{ "binary", { "\x7f" "ELF\x02\x01\x01\0\0\0\n\xff\xfe", 13 } },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("  %s\n", cases[i].name);
		help_file(help_path("plain"), cases[i].text);
		help_expect(help_path("plain"), cases[i].text);
	}
}

static void many_blocks(void **state)
{
	struct text log = help_log(30000);
	struct help_read all;

	help_file(help_path("big"), log);
	all = help_read(help_path("big"));
	assert_int_equal(all.result, 0);
	assert_int_equal(all.n, log.n);
	assert_memory_equal(all.p, log.p, log.n);
	assert_true(all.blocks > 5);
	free(all.p);
	free((char *)log.p);
}

/* ---- lines that are too long */

/* lines of these lengths, one after another, each ended by '\n' */
static struct text lines_of(const size_t *lengths, size_t count)
{
	size_t n = 0;
	char *bytes;

	for (size_t i = 0; i < count; i++)
		n += lengths[i] + 1;
	bytes = memory_new(n);
	n = 0;
	for (size_t i = 0; i < count; i++) {
		memset(bytes + n, 'a' + (int)(i % 26), lengths[i]);
		bytes[n + lengths[i]] = '\n';
		n += lengths[i] + 1;
	}
	return (struct text){ bytes, n };
}

static void expect_cut(struct help_read all, const size_t *lengths, size_t count)
{
	size_t *cut = memory_new(count * sizeof *cut), overlong = 0;
	struct text wanted;

	for (size_t i = 0; i < count; i++) {
		cut[i] = lengths[i] < INPUT_LINE_MAX ? lengths[i] : INPUT_LINE_MAX;
		overlong += lengths[i] > INPUT_LINE_MAX;
	}
	wanted = lines_of(cut, count);
	assert_int_equal(all.result, 0);
	assert_int_equal(all.n, wanted.n);
	assert_memory_equal(all.p, wanted.p, wanted.n);
	assert_int_equal(all.overlong, overlong);
	free((char *)wanted.p);
	free(cut);
	free(all.p);
}

enum { K = 1024 };

static void long_lines(void **state)
{
	static const struct {
		const char *name;
		size_t lengths[4];
	} cases[] = {
		{ "10 MB", { 3, 10000000, 5, 7 } },
		{ "just fits", { 0, 64 * K, 1, 64 * K } },
		{ "one too many", { 0, 64 * K + 1, 1, 64 * K + 1 } },
		{ "all of a block", { 256 * K - 1, 256 * K, 256 * K + 1, 0 } },
		{ "over the edge of a block", { 250 * K, 10 * K, 60 * K, 65 * K } },
		{ "two in a row at the start", { 100 * K, 100 * K, 1, 2 } },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text text = lines_of(cases[i].lengths, 4);

		print_message("  %s\n", cases[i].name);
		help_file(help_path("long"), text);
		expect_cut(help_read(help_path("long")), cases[i].lengths, 4);
		free((char *)text.p);
	}
}

static void long_line_without_end(void **state)
{
	static const size_t length = 300 * 1000;
	struct text text = lines_of(&length, 1);

	help_file(help_path("long"), text_head(text, text.n - 1));
	expect_cut(help_read(help_path("long")), &length, 1);
	free((char *)text.p);
}

/* ---- pipes */

struct writer {
	const char *fifo; /* to be opened */
	int fd;
	struct text bytes;
	size_t most; /* bytes at a time */
};

static void *write_slowly(void *argument)
{
	struct writer *writer = argument;
	size_t step = 1;

	for (; writer->bytes.n; step = step * 7 % writer->most + 1) {
		size_t n = step < writer->bytes.n ? step : writer->bytes.n;

		help_write_all(writer->fd, text_head(writer->bytes, n));
		writer->bytes = text_after(writer->bytes, n);
	}
	close(writer->fd);
	return NULL;
}

/* puts the bytes on standard input while `read` reads it */
static struct help_read read_standard(struct text bytes, size_t most)
{
	int ends[2], before = dup(STDIN_FILENO);
	struct writer writer = { .bytes = bytes, .most = most };
	struct help_read all;
	pthread_t thread;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	writer.fd = ends[1];
	assert_int_equal(pthread_create(&thread, NULL, write_slowly, &writer), 0);
	all = help_read("-");
	pthread_join(thread, NULL);
	dup2(before, STDIN_FILENO);
	close(before);
	return all;
}

static void standard_input(void **state)
{
	static const size_t lengths[] = { 10, 200, 65 * K, 3, 0, 64 * K, 64 * K + 1, 700 * K, 9 };
	struct text log = help_log(5000), text = lines_of(lengths, sizeof lengths / sizeof *lengths), packed;
	struct help_read all = read_standard(log, 300);

	assert_int_equal(all.result, 0);
	assert_int_equal(all.n, log.n);
	assert_memory_equal(all.p, log.p, log.n);
	free(all.p);

	expect_cut(read_standard(text, 5000), lengths, sizeof lengths / sizeof *lengths);

	help_pack(help_path("packed"), ARCHIVE_FILTER_XZ, log);
	packed = help_slurp(help_path("packed"));
	all = read_standard(packed, 100);
	assert_int_equal(all.result, 0);
	assert_int_equal(all.n, log.n);
	assert_memory_equal(all.p, log.p, log.n);
	free(all.p);
	free((char *)packed.p);
	free((char *)log.p);
	free((char *)text.p);
}

/* `(read line; sekisho scan -) < file` goes on where the shell left it */
static void standard_input_midway(void **state)
{
	int before = dup(STDIN_FILENO), fd;

	help_file(help_path("midway"), TEXT("first\nsecond\nthird\n"));
	fd = open(help_path("midway"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(lseek(fd, 6, SEEK_SET), 6);
	dup2(fd, STDIN_FILENO);
	help_expect("/dev/stdin", TEXT("second\nthird\n"));
	dup2(before, STDIN_FILENO);
	close(before);
	close(fd);
}

static void *write_fifo(void *argument)
{
	struct writer *writer = argument;

	writer->fd = open(writer->fifo, O_WRONLY | O_CLOEXEC);
	return write_slowly(writer);
}

static void fifo(void **state)
{
	struct writer writer = { .bytes = TEXT("a\nbc\ndef\n"), .most = 2, .fifo = help_path("fifo") };
	pthread_t thread;

	assert_int_equal(mkfifo(writer.fifo, 0600), 0);
	assert_int_equal(pthread_create(&thread, NULL, write_fifo, &writer), 0);
	help_expect(writer.fifo, TEXT("a\nbc\ndef\n"));
	pthread_join(thread, NULL);
}

/* ---- what cannot be read */

static void expect_refusal(const char *path, const char *words)
{
	struct error error = { "" };

	assert_null(input_open(path, &error));
	if (!strstr(error.text, words) || !strstr(error.text, path))
		fail_msg("'%s' names neither '%s' nor '%s'", error.text, path, words);
}

static void refusals(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", help_folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	expect_refusal(address.sun_path, "socket");
	close(fd);
	expect_refusal(help_folder, "folder");
	expect_refusal("/dev/null", "device");
	expect_refusal(help_path("away"), "No such file");
	assert_null(input_open(help_path("away"), NULL));
}

static void unreadable(void **state)
{
	bool root = geteuid() == 0;

	help_file(help_path("secret"), TEXT("a\n"));
	assert_int_equal(chmod(help_path("secret"), 0), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	expect_refusal(help_path("secret"), "denied");
	if (root)
		assert_int_equal(seteuid(0), 0);
}

static void progress(void **state)
{
	struct text log = help_log(20000), lines;
	struct error error;
	struct input *input;

	help_file(help_path("progress"), log);
	input = input_open(help_path("progress"), &error);
	assert_non_null(input);
	assert_int_equal(input_size(input), log.n);
	assert_int_equal(input_position(input), 0);
	assert_int_equal(input_next(input, &lines, &error), 1);
	assert_true(input_bytes(input) == lines.n && lines.n < log.n);
	assert_true(input_position(input) >= lines.n && input_position(input) < log.n);
	input_close(input);
	input_close(NULL);
	free((char *)log.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text),
		cmocka_unit_test(many_blocks),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(long_line_without_end),
		cmocka_unit_test(standard_input),
		cmocka_unit_test(standard_input_midway),
		cmocka_unit_test(fifo),
		cmocka_unit_test(refusals),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(progress),
	};

	return cmocka_run_group_tests_name("input", tests, help_setup, help_teardown);
}

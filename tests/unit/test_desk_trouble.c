/* SPDX-License-Identifier: Apache-2.0 */
/* The desk on a disk that is full, locked, damaged or taken away, and killed at any moment. */
#include "desk_help.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

enum { KILLS = 12, MANY = 40000 };

static void a_lock_of_somebody_else_fails_the_batch(void **state)
{
	struct desk *desk = open_desk();
	struct told told = { 0 };
	sqlite3 *other;
	int64_t began_us;

	assert_int_equal(sqlite3_open(database(), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	began_us = clock_steady();
	assert_false(write_one(desk, put_a_lock, &told));
	assert_true(clock_steady() - began_us < 10 * SECOND_US); /* it does not wait for ever */
	assert_non_null(strstr(told.why, "locked"));
	sqlite3_exec(other, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(other);
	assert_true(write_one(desk, put_a_lock, &told));
	desk_close(desk);
	assert_int_equal(count_locks(), 1);
}

static void put_much(struct desk_batch *batch)
{
	struct desk_letter next = letter;
	char id[24];

	for (int i = 0; i < MANY; i++) {
		snprintf(id, sizeof id, "4Z%016d", i);
		next.queue_id = text_of(id);
		desk_put_letter(batch, &next);
	}
}

/* no file may grow any more */
static void a_full_disk_fails_the_batch_until_there_is_room(void **state)
{
	struct desk *desk = open_desk();
	struct told told = { 0 };
	struct rlimit before, small;
	struct error error;

	signal(SIGXFSZ, SIG_IGN);
	assert_true(write_one(desk, put_a_lock, &told));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ .rlim_cur = 256 * 1024, .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_false(write_one(desk, put_much, &told));
	assert_false(write_one(desk, put_much, &told));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_non_null(strstr(told.why, "desk.db"));
	assert_non_null(strstr(told.why, "File too large"));
	assert_false(desk_warning(desk, &error)); /* nothing is damaged */
	assert_true(write_one(desk, put_everything, &told));
	desk_close(desk);
	assert_int_equal(count_locks(), 2);
}

/* from `at` on, `n` bytes of anything */
static void scribble(off_t at, size_t n)
{
	int fd = open(database(), O_WRONLY | O_CLOEXEC);
	char *bytes = memory_new(n);

	memset(bytes, 0x5a, n);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
	close(fd);
	free(bytes);
}

static off_t size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void a_damaged_file_is_set_aside_at_the_start(void **state)
{
	static const struct { const char *name; off_t at; size_t n; unsigned locks; const char *said; } cases[] = {
		{ "its beginning", 0, 4096, 0, "with the 0 rows" },
		{ "a page in its midst", 2000 * 1024, 8192, 2, "rows that could be read" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct desk *desk = open_desk();
		struct told told = { 0 };
		struct error warning = { "" };

		assert_true(write_one(desk, put_everything, &told));
		assert_true(write_one(desk, put_much, &told));
		assert_true(write_one(desk, put_a_lock, &told));
		desk_close(desk);
		scribble(cases[i].at, cases[i].n);
		desk = open_desk();
		assert_true(desk_warning(desk, &warning));
		assert_false(desk_warning(desk, &warning));
		assert_non_null(strstr(warning.text, "set aside as 'desk.db.damaged-"));
		if (!strstr(warning.text, cases[i].said))
			fail_msg("%s: %s", cases[i].name, warning.text);
		assert_int_equal(files("desk.db.damaged-", false), 1);
		assert_int_equal(count_locks(), cases[i].locks);
		assert_true(write_one(desk, put_a_lock, &told));
		desk_close(desk);
		files("", true);
	}
}

static void drop_letters(struct desk_batch *batch)
{
	desk_expire(batch, NOON + DAY_US, NOON, NOON);
	put_a_lock(batch);
}

/* everything but what is most needed is beyond reading */
static void a_file_damaged_while_it_is_used_is_set_aside_at_the_next_batch(void **state)
{
	struct desk *desk = open_desk();
	struct desk_reader *reader;
	struct told told = { 0 };
	struct error warning = { "" }, error;
	struct rows rows = { "" };

	assert_true(write_one(desk, put_everything, &told));
	assert_true(write_one(desk, put_much, &told));
	desk_close(desk);
	desk = open_desk();
	reader = open_reader();
	scribble(256 * 1024, (size_t)size_of(database()) - 256 * 1024);
	assert_false(write_one(desk, drop_letters, &told));
	assert_non_null(strstr(told.why, "malformed"));
	assert_true(write_one(desk, put_a_lock, &told));
	assert_true(desk_warning(desk, &warning));
	assert_non_null(strstr(warning.text, "set aside as 'desk.db.damaged-"));
	assert_true(desk_each_lock(reader, see_lock, &rows, &error)); /* the reader has followed */
	assert_string_equal(rows.text, "alice@example.org 7 1\ndave@example.org 8 2\n");
	desk_reader_close(reader);
	desk_close(desk);
}

static void a_file_that_was_taken_away_is_begun_anew(void **state)
{
	struct desk *desk = open_desk();
	struct desk_reader *reader = open_reader();
	struct told told = { 0 };
	struct error warning = { "" }, error;
	struct rows rows = { "" };

	assert_true(write_one(desk, put_everything, &told));
	files("desk.db", true);
	assert_true(write_one(desk, put_a_lock, &told));
	assert_true(desk_warning(desk, &warning));
	assert_non_null(strstr(warning.text, "taken away"));
	assert_true(desk_each_lock(reader, see_lock, &rows, &error));
	assert_string_equal(rows.text, "dave@example.org 8 2\n");
	desk_reader_close(reader);
	desk_close(desk);
}

/* ---- kill -9 */

struct writer {
	struct desk *desk;
	uint32_t next;
	int to;
};

static void put_next(struct writer *writer);

/* acknowledged: the parent may count on it */
static void acknowledge(void *context, const struct error *error)
{
	struct writer *writer = context;

	if (error || write(writer->to, &(char){ 'x' }, 1) != 1)
		_exit(1);
	put_next(writer);
}

static void put_next(struct writer *writer)
{
	struct desk_batch *batch = desk_batch_new(acknowledge, writer);
	struct desk_letter next = letter;
	char id[16];

	snprintf(id, sizeof id, "Q%06u", writer->next++);
	next.queue_id = text_of(id);
	desk_put_letter(batch, &next);
	desk_write(writer->desk, batch);
}

static void write_until_killed(int to)
{
	struct error error;
	struct writer writer = { .desk = desk_open(folder, &error), .to = to };
	struct pollfd ready;

	if (!writer.desk)
		_exit(2);
	put_next(&writer);
	for (ready = (struct pollfd){ .fd = desk_descriptor(writer.desk), .events = POLLIN }; poll(&ready, 1, -1) == 1;)
		desk_collect(writer.desk);
	_exit(3);
}

static uint64_t acknowledged_until_killed(unsigned wait_us)
{
	uint64_t acknowledged = 0;
	char bytes[512];
	ssize_t n;
	int pipes[2], status;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (child == 0)
		write_until_killed(pipes[1]);
	close(pipes[1]);
	acknowledged += read(pipes[0], bytes, 1) == 1; /* it has begun */
	usleep(wait_us);
	kill(child, SIGKILL);
	while ((n = read(pipes[0], bytes, sizeof bytes)) > 0)
		acknowledged += (uint64_t)n;
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	return acknowledged;
}

static void nothing_acknowledged_is_lost_by_a_kill(void **state)
{
	for (unsigned i = 0; i < KILLS; i++) {
		uint64_t acknowledged = acknowledged_until_killed(500 + i * i * 777 % 40000);
		struct desk *desk = open_desk();
		struct desk_reader *reader = open_reader();
		struct rows rows = { "" };
		struct error error = { "" };

		assert_false(desk_warning(desk, &error));
		assert_true(desk_each_letter(reader, TEXT_NONE, true, see_letter, &rows, &error));
		if (rows.count < acknowledged)
			fail_msg("%u of %llu are there", rows.count, (unsigned long long)acknowledged);
		desk_reader_close(reader);
		desk_close(desk);
		files("", true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_acknowledged_is_lost_by_a_kill), /* first: it forks */
		TEST(a_lock_of_somebody_else_fails_the_batch),
		TEST(a_full_disk_fails_the_batch_until_there_is_room),
		TEST(a_damaged_file_is_set_aside_at_the_start),
		TEST(a_file_damaged_while_it_is_used_is_set_aside_at_the_next_batch),
		TEST(a_file_that_was_taken_away_is_begun_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger where something is in the way: a full disk, a lock, damage, other versions, kill -9. */
#include "ledger_story.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static sqlite3 *lock(const char *file)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path_of(file), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static void add_many(struct ledger *ledger, const char *prefix, int count)
{
	char id[32];

	for (int i = 0; i < count; i++) {
		snprintf(id, sizeof id, "%s%d", prefix, i);
		add(ledger, NOON + i * 1000, "alice", id);
	}
}

static void make_day(const char *id)
{
	struct ledger *ledger = open_ledger();

	add(ledger, NOON, "alice", id);
	name(ledger, NOON, id, "made@x");
	ledger_close(ledger);
}

/* ---- a lock, and a disk that is full */

static void waits_for_a_locked_day_alone(void **state)
{
	struct ledger *ledger;
	sqlite3 *other;

	make_day("A0");
	other = lock(TODAY);
	ledger = open_ledger();
	add(ledger, NOON, "alice", "A1");
	name(ledger, NOON, "A1", "waits@x");
	add(ledger, NOON - DAY_US, "alice", "B1"); /* another day goes on */
	WAIT_UNTIL(ledger, now.failing && now.written == 1);
	assert_int_equal(state_of(ledger).waiting, 1);
	assert_true(text_holds(text_of(state_of(ledger).why), TEXT("locked")));
	assert_true(text_holds(text_of(state_of(ledger).why), TEXT(TODAY)));
	add(ledger, NOON, "bob", "A2");
	assert_true(ledger_forget(ledger, TEXT("bob"))); /* not before what waits is written */
	sqlite3_close(other);
	WAIT_UNTIL(ledger, now.written == 3 && now.chores == 0);
	assert_false(state_of(ledger).failing);
	assert_int_equal(state_of(ledger).lost, 0);
	ledger_close(ledger);
	expect_account("waits@x", WHEN_NONE, "alice");
	assert_true(is_known("A0") && is_known("B1"));
	assert_false(is_known("A2"));
}

static void counts_what_it_cannot_keep(void **state)
{
	struct ledger *ledger;
	sqlite3 *other;

	make_day("A0");
	other = lock(TODAY);
	ledger = open_ledger();
	add_many(ledger, "W", LEDGER_WAITING_MAX + 1234);
	WAIT_UNTIL(ledger, now.failing);
	assert_int_equal(state_of(ledger).waiting, LEDGER_WAITING_MAX);
	assert_int_equal(state_of(ledger).lost, 1234);
	ledger_close(ledger);
	sqlite3_close(other);
	assert_true(is_known("A0"));
}

static void goes_on_when_there_is_room_again(void **state)
{
	struct ledger *ledger = open_ledger();
	struct rlimit before, small;

	add(ledger, NOON, "alice", "A1");
	WAIT_UNTIL(ledger, now.written == 1);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 300 * 1000; /* the writing thread takes no signals, so this is an error like a full disk's */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	add_many(ledger, "F", 5000);
	WAIT_UNTIL(ledger, now.failing);
	assert_true(state_of(ledger).waiting > 0 && state_of(ledger).why[0]);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	WAIT_UNTIL(ledger, now.written == 5001 && !now.failing);
	ledger_close(ledger);
	assert_true(is_known("A1") && is_known("F0") && is_known("F4999"));
	assert_int_equal(number_in(TODAY, "SELECT count(*) FROM message"), 5001);
}

static void begins_a_new_file_where_one_was_deleted(void **state)
{
	struct ledger *ledger = open_ledger();

	add(ledger, NOON, "alice", "A1");
	WAIT_UNTIL(ledger, now.written == 1);
	unlink(path_of(TODAY));
	unlink(path_of(TODAY "-wal"));
	unlink(path_of(TODAY "-shm"));
	add(ledger, NOON, "alice", "A2");
	ledger_close(ledger);
	assert_true(is_known("A2"));
	assert_false(is_known("A1"));
}

/* ---- damage */

static void overwrite(const char *file, off_t from, off_t until)
{
	int fd = open(path_of(file), O_WRONLY | O_CLOEXEC);
	char junk[512];

	memset(junk, 0xa5, sizeof junk);
	for (; from < until; from += sizeof junk)
		assert_int_equal(pwrite(fd, junk, sizeof junk, from), sizeof junk);
	close(fd);
}

static void sets_a_damaged_file_aside(void **state)
{
	static const struct { const char *name; off_t from, until; bool cut; } cases[] = {
		{ "no database at all", 0, 4096, false },
		{ "all but the first page", 4096, 65536, false },
		{ "the tables' names", 1024, 4096, false },
		{ "cut off", 0, 8192, true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ledger *ledger;

		make_day("A0");
		if (cases[i].cut)
			assert_int_equal(truncate(path_of(TODAY), cases[i].until), 0);
		else
			overwrite(TODAY, cases[i].from, cases[i].until);
		ledger = open_ledger();
		add(ledger, NOON, "alice", "A1");
		WAIT_UNTIL(ledger, now.written == 1);
		if (!text_holds(text_of(state_of(ledger).why), TEXT("set aside as 'ledger-2026-11-22.db.damaged-")) ||
		    files_with(".damaged-") == 0 || state_of(ledger).failing)
			fail_msg("%s: %s", cases[i].name, state_of(ledger).why);
		ledger_expire(ledger, NOON + 100 * DAY_US); /* what was set aside goes with its day */
		WAIT_UNTIL(ledger, now.chores == 0);
		assert_int_equal(files_with(".db"), 0);
		ledger_close(ledger);
	}
}

static void finds_damage_while_it_writes(void **state)
{
	struct ledger *ledger = open_ledger();

	add_many(ledger, "A", 1000);
	WAIT_UNTIL(ledger, now.written == 1000);
	add(ledger, NOON - DAY_US, "alice", "B0");
	ledger_close(ledger);
	overwrite(TODAY, 4096 * 8, 4096 * 60); /* not what is read when it is opened */
	ledger = open_ledger();
	add_many(ledger, "N", 1000);
	WAIT_UNTIL(ledger, now.written == 1000);
	ledger_close(ledger);
	assert_true(files_with(".damaged-") > 0);
	assert_true(is_known("N0") && is_known("N999") && is_known("B0"));
	assert_false(is_known("A500"));
}

/* one day that cannot be read does not hide the others */
static void reads_on_past_a_damaged_day(void **state)
{
	struct ledger *ledger = open_ledger();
	struct ledger_reader *reader;
	struct ledger_found found;
	bool is_there = false;

	add(ledger, NOON, "alice", "A1");
	add(ledger, NOON - DAY_US, "alice", "B1");
	ledger_close(ledger);
	overwrite(TODAY, 0, 4096);
	reader = ledger_reader_open(folder, &error);
	assert_true(ledger_whose(reader, TEXT("B1"), WHEN_NONE, &is_there, &found, &error));
	assert_true(is_there);
	assert_false(ledger_whose(reader, TEXT("A1"), WHEN_NONE, &is_there, &found, &error));
	assert_true(text_holds(text_of(error.text), TEXT(TODAY)));
	ledger_reader_close(reader);
}

/* ---- versions */

static void leaves_newer_files_alone(void **state)
{
	struct ledger_reader *reader;
	struct ledger_found found;
	struct ledger *ledger;
	bool is_there;

	make_day("A0");
	run_in(TODAY, "PRAGMA user_version = 3");
	assert_null(ledger_open(folder, &keep_all, &error));
	assert_true(text_holds(text_of(error.text), TEXT("version 3")));
	reader = ledger_reader_open(folder, &error);
	assert_false(ledger_whose(reader, TEXT("A0"), WHEN_NONE, &is_there, &found, &error));
	assert_true(text_holds(text_of(error.text), TEXT("version 3")));
	ledger_reader_close(reader);
	run_in("ledger-2026-11-23.db", "VACUUM"); /* a file that was only begun is the newest now */
	ledger = open_ledger();
	add(ledger, NOON, "alice", "A1");
	add(ledger, NOON + DAY_US, "alice", "B1");
	WAIT_UNTIL(ledger, now.written == 1 && now.lost == 1);
	assert_int_equal(state_of(ledger).waiting, 0);
	ledger_close(ledger);
	assert_int_equal(number_in(TODAY, "PRAGMA user_version"), 3);
	assert_int_equal(files_with(".damaged-"), 0);
}

/* a file as the first version made it, from before segments had times */
static void make_old_day(void)
{
	make_day("A0");
	run_in(TODAY, "DROP TABLE segment; PRAGMA user_version = 1");
}

static void brings_older_files_up_to_date(void **state)
{
	struct ledger *ledger;

	make_old_day();
	expect_account("A0", WHEN_NONE, "alice"); /* by the reader */
	assert_int_equal(number_in(TODAY, "PRAGMA user_version"), 2);
	assert_int_equal(remove_folder(NULL), 0);
	assert_int_equal(make_folder(NULL), 0);
	make_old_day();
	ledger = open_ledger(); /* by the writer */
	add(ledger, NOON, "alice", "A0");
	add(ledger, NOON, "alice", "A1");
	WAIT_UNTIL(ledger, now.written == 1 && now.filled == 1);
	ledger_close(ledger);
	expect_account("A0", WHEN_NONE, "alice");
	expect_account("A1", WHEN_NONE, "alice");
	expect_account("made@x", WHEN_NONE, "alice");
	assert_int_equal(number_in(TODAY, "SELECT first_us FROM segment") == NOON, true);
}

/* ---- kill -9 */

static void write_until_killed(int pipe)
{
	struct ledger *ledger = open_ledger();
	struct ledger_state last = { 0 };

	for (int i = 0;; i++) {
		char id[32], message_id[40];

		snprintf(id, sizeof id, "K%d", i);
		snprintf(message_id, sizeof message_id, "k%d@x", i);
		add(ledger, NOON + i, "alice", id);
		name(ledger, NOON + i, id, message_id);
		if (i % 500)
			continue;
		while (state_of(ledger).waiting > 50 * 1000)
			usleep(1000);
		if (state_of(ledger).written != last.written) {
			last = state_of(ledger);
			if (write(pipe, &last, sizeof last) != sizeof last)
				_exit(1);
		}
	}
}

static void loses_nothing_written_when_killed(void **state)
{
	struct ledger_state last = { 0 }, told;
	char id[32];
	struct ledger *ledger;
	int pipes[2];
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		write_until_killed(pipes[1]);
	close(pipes[1]);
	for (int i = 0; i < 4 && read(pipes[0], &told, sizeof told) == sizeof told; i++)
		last = told;
	usleep(150 * 1000); /* somewhere in the next batch */
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	while (read(pipes[0], &told, sizeof told) == sizeof told)
		last = told;
	close(pipes[0]);
	assert_true(last.written > 0);
	for (uint64_t i = 0; i < last.written; i += 1 + last.written / 50) {
		snprintf(id, sizeof id, "K%llu", (unsigned long long)i);
		assert_true(is_known(id));
	}
	snprintf(id, sizeof id, "K%llu", (unsigned long long)last.written - 1);
	assert_true(is_known(id));
	assert_true(number_in(TODAY, "SELECT count(*) FROM message") >= (int64_t)last.written);
	assert_int_equal(number_in(TODAY, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
	ledger = open_ledger();
	add(ledger, NOON, "alice", "K0");
	add(ledger, NOON, "alice", "AFTER");
	WAIT_UNTIL(ledger, now.written == 1 && now.filled == 1);
	assert_int_equal(files_with(".damaged-"), 0);
	ledger_close(ledger);
}

/* ---- the key, and the folder */

static void keeps_its_key(void **state)
{
	struct ledger_reader *reader = ledger_reader_open(folder, &error);
	uint64_t hash = ledger_hash(reader, TEXT("friend@example.net"));
	struct stat about;

	assert_true(hash != 0 && hash != ledger_hash(reader, TEXT("friend@example.com")));
	assert_true(ledger_hash(reader, TEXT_NONE) == 0);
	ledger_reader_close(reader);
	assert_int_equal(stat(path_of("ledger.key"), &about), 0);
	assert_true(about.st_size == 16 && (about.st_mode & 0777) == 0600);
	make_day("A0");
	reader = ledger_reader_open(folder, &error);
	assert_true(ledger_hash(reader, TEXT("friend@example.net")) == hash);
	ledger_reader_close(reader);
	assert_int_equal(unlink(path_of("ledger.key")), 0); /* days can be searched without it */
	expect_account("A0", WHEN_NONE, "alice");
	expect_account("made@x", WHEN_NONE, "alice");
	assert_int_equal(truncate(path_of("ledger.key"), 15), 0);
	assert_null(ledger_open(folder, &keep_all, &error));
	assert_true(text_holds(text_of(error.text), TEXT("16 bytes")));
	assert_int_equal(files_with("key."), 0);
}

static void refuses_what_is_no_folder(void **state)
{
	assert_null(ledger_open("/nowhere/at/all", &keep_all, &error));
	assert_true(text_holds(text_of(error.text), TEXT("/nowhere/at/all")));
	assert_null(ledger_reader_open("/nowhere/at/all", &error));
	ledger_close(NULL);
	ledger_reader_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(waits_for_a_locked_day_alone, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(counts_what_it_cannot_keep, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(goes_on_when_there_is_room_again, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(begins_a_new_file_where_one_was_deleted, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(sets_a_damaged_file_aside, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(finds_damage_while_it_writes, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(reads_on_past_a_damaged_day, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(leaves_newer_files_alone, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(brings_older_files_up_to_date, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(loses_nothing_written_when_killed, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(keeps_its_key, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_folder, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

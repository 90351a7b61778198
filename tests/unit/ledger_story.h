/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the ledger share: a folder that goes away, rows to put in, and what a reader says of them. */
#ifndef SEKISHO_TESTS_LEDGER_STORY_H
#define SEKISHO_TESTS_LEDGER_STORY_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "store/ledger.h"

#define NOON ((int64_t)1795348800 * SECOND_US) /* 2026-11-22 12:00 UTC */
#define TODAY "ledger-2026-11-22.db"
#define YESTERDAY "ledger-2026-11-21.db"
enum { PATIENCE_US = 20 * 1000 * 1000 };

static const struct ledger_retention keep_all = { 90, 90, 90 };
static char folder[64];
static struct error error;

static int make_folder(void **state)
{
	snprintf(folder, sizeof folder, "/tmp/test-ledger.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk) { return remove(path); }
static int remove_folder(void **state) { return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS); }

/* good until the next call but three */
static const char *path_of(const char *name)
{
	static char paths[4][256];
	static unsigned at;

	at = (at + 1) % 4;
	snprintf(paths[at], sizeof paths[at], "%s/%s", folder, name);
	return paths[at];
}

/* how many files of the folder have this in their names */
__attribute__((unused)) static int files_with(const char *part)
{
	DIR *dir = opendir(folder);
	struct dirent *there;
	int count = 0;

	assert_non_null(dir);
	while ((there = readdir(dir)))
		count += strstr(there->d_name, part) != NULL;
	closedir(dir);
	return count;
}

static bool file_holds(const char *name, struct text wanted)
{
	int fd = open(path_of(name), O_RDONLY | O_CLOEXEC);
	struct stat about;
	bool holds;
	char *bytes;

	assert_int_equal(fstat(fd, &about), 0);
	bytes = memory_new((size_t)about.st_size + 1);
	assert_int_equal(read(fd, bytes, (size_t)about.st_size), about.st_size);
	close(fd);
	holds = text_holds((struct text){ bytes, (size_t)about.st_size }, wanted);
	free(bytes);
	return holds;
}

/* does any file of the folder hold these bytes? */
__attribute__((unused)) static bool disk_holds(const char *wanted)
{
	DIR *dir = opendir(folder);
	struct dirent *there;
	bool holds = false;

	assert_non_null(dir);
	while ((there = readdir(dir)))
		holds |= there->d_name[0] != '.' && file_holds(there->d_name, text_of(wanted));
	closedir(dir);
	return holds;
}

/* ---- writing */

static struct ledger *open_ledger(void)
{
	struct ledger *ledger = ledger_open(folder, &keep_all, &error);

	if (!ledger)
		fail_msg("%s", error.text);
	return ledger;
}

static struct ledger_row row_of(int64_t t_us, const char *account, const char *queue_id)
{
	return (struct ledger_row){ .t_us = t_us, .account = text_of(account), .queue_id = text_of(queue_id),
				    .session = TEXT_NONE, .from = TEXT_NONE, .subject = TEXT_NONE, .rcpt_count = 1 };
}

__attribute__((unused)) static void add(struct ledger *ledger, int64_t t_us, const char *account, const char *queue_id)
{
	struct ledger_row row = row_of(t_us, account, queue_id);

	ledger_add(ledger, &row);
}

__attribute__((unused)) static void name(struct ledger *ledger, int64_t t_us, const char *queue_id, const char *message_id)
{
	ledger_name(ledger, t_us, text_of(queue_id), text_of(message_id));
}

__attribute__((unused)) static struct ledger_state state_of(const struct ledger *ledger)
{
	struct ledger_state state;

	ledger_state(ledger, &state);
	return state;
}

/* until the state is as the condition says */
#define WAIT_UNTIL(ledger, condition)                                                                   \
	do {                                                                                            \
		int64_t until_us = clock_steady() + PATIENCE_US;                                        \
		for (struct ledger_state now = state_of(ledger); !(condition); now = state_of(ledger)) { \
			if (clock_steady() > until_us)                                                  \
				fail_msg("in vain: " #condition ", %s", now.why);                       \
			usleep(10 * 1000);                                                              \
		}                                                                                       \
	} while (0)

/* ---- reading */

/* the row, good until the next call; NULL: it is not there */
static const struct ledger_found *whose_near(const char *id, int64_t near_us)
{
	static struct ledger_reader *reader;
	static struct ledger_found found;
	bool is_there = false;

	ledger_reader_close(reader);
	reader = ledger_reader_open(folder, &error);
	if (!reader || !ledger_whose(reader, text_of(id), near_us, &is_there, &found, &error))
		fail_msg("%s", error.text);
	return is_there ? &found : NULL;
}

__attribute__((unused)) static bool is_known(const char *id) { return whose_near(id, WHEN_NONE) != NULL; }

__attribute__((unused)) static void expect_account(const char *id, int64_t near_us, const char *account)
{
	const struct ledger_found *found = whose_near(id, near_us);

	if (!found)
		fail_msg("'%s' is not there", id);
	else if (!text_is(found->row.account, text_of(account)))
		fail_msg("'%s' is of '%.*s', not '%s'", id, TEXT_ARG(found->row.account), account);
}

/* a number that SQL says of a file */
__attribute__((unused)) static int64_t number_in(const char *file, const char *sql)
{
	sqlite3_stmt *statement;
	int64_t number;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path_of(file), &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

__attribute__((unused)) static void run_in(const char *file, const char *sql)
{
	char *why = NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path_of(file), &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	sqlite3_close(db);
}
#endif

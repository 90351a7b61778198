/* SPDX-License-Identifier: Apache-2.0 */
#include "desk_help.h"

#include <sqlite3.h>
#include <sys/stat.h>

static void gives_back_what_it_was_told(void **state)
{
	struct desk *desk = open_desk();
	struct desk_reader *reader = open_reader();
	struct told told = { 0 };
	struct rows rows;
	uint64_t last = 99;
	struct error error;
	struct stat st;

	assert_true(desk_last_incident(reader, &last, &error));
	assert_int_equal(last, 0);
	assert_true(write_one(desk, put_everything, &told));
	assert_true(write_one(desk, put_everything, &told)); /* twice is once */
	rows = read_all(reader);
	assert_string_equal(rows.text, "4Z1xQk2Lzz 10 alice@example.org 203.0.113.7 1 waiting 38 12.50\n"
				       "ABC 10 bob@example.org unknown 1 released 38 12.50\n"
				       "7 alice@example.org contained enforce 1 1 1 24.25 [{\"signal\":\"rate\"}] 5 1\n"
				       "1 sekisho locked\n"
				       "alice@example.org 7 1\n"
				       "<> observe\n<example.org> enforce\n"
				       "1 carol(1000) incident show 7\n");
	assert_true(desk_last_incident(reader, &last, &error));
	assert_int_equal(last, 7);
	assert_int_equal(stat(database(), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(desk_warning(desk, &error));
	desk_close(desk);
	desk = open_desk(); /* and once more after a restart */
	assert_string_equal(read_all(reader).text, rows.text);
	desk_reader_close(reader);
	desk_close(desk);
}

static void tells_in_order(void **state)
{
	struct desk *desk = open_desk();
	struct told told = { 0 };
	struct mark marks[16];

	for (unsigned i = 0; i < 16; i++) {
		struct desk_batch *batch = desk_batch_new(tell, &marks[i]);

		marks[i] = (struct mark){ &told, i };
		put_a_lock(batch);
		desk_write(desk, batch);
		desk_write(desk, desk_batch_new(NULL, NULL)); /* nobody wants to know */
	}
	assert_int_equal(told.count, 0); /* not before it is asked, on this thread */
	wait_for(desk, &told, 16);
	for (unsigned i = 0; i < 16; i++)
		assert_int_equal(told.order[i], i);
	assert_int_equal(told.written, 16);
	desk_collect(desk);
	assert_int_equal(told.count, 16);
	desk_close(desk);
	desk_close(NULL);
}

static void writes_what_waits_when_it_is_closed(void **state)
{
	struct desk *desk = open_desk();
	struct desk_batch *batch = desk_batch_new(NULL, NULL);

	put_a_lock(batch);
	desk_write(desk, batch);
	desk_close(desk);
	assert_int_equal(count_locks(), 1);
}

static void widen(struct desk_batch *batch)
{
	desk_put_lock(batch, &(struct desk_lock){ letter.account, NOON + 1, 9, 3 });
	desk_put_lock(batch, &(struct desk_lock){ letter.account, NOON + 2, 10, 0 });
	desk_set_letter(batch, letter.queue_id, letter.t_us, HELD_CONDEMNED, NOON);
	desk_set_letter(batch, letter.queue_id, letter.t_us + 1, HELD_GONE, NOON); /* another one with that id */
}

static void a_lock_stays_and_is_never_narrowed(void **state)
{
	struct desk *desk = open_desk();
	struct desk_reader *reader = open_reader();
	struct told told = { 0 };
	struct rows rows = { "" };
	struct error error;

	assert_true(write_one(desk, put_everything, &told));
	assert_true(write_one(desk, widen, &told));
	assert_true(desk_each_lock(reader, see_lock, &rows, &error));
	assert_true(desk_each_letter(reader, letter.account, true, see_letter, &rows, &error));
	assert_string_equal(rows.text, "alice@example.org 7 3\n"
				       "4Z1xQk2Lzz 10 alice@example.org 203.0.113.7 1 condemned 38 12.50\n");
	desk_reader_close(reader);
	desk_close(desk);
}

static void close_it(struct desk_batch *batch)
{
	struct desk_incident closed = incident, open = incident;

	closed.state = DESK_CLOSED;
	closed.closed_us = NOON;
	open.id = 9;
	desk_put_incident(batch, &closed);
	desk_put_incident(batch, &open);
	desk_set_letter(batch, letter.queue_id, letter.t_us, HELD_DELETED, NOON);
}

static void forget_alice(struct desk_batch *batch) { desk_forget(batch, letter.account); }
static void expire_too_early(struct desk_batch *batch) { desk_expire(batch, NOON, NOON, NOON); }
static void expire(struct desk_batch *batch) { desk_expire(batch, NOON + 1000000, NOON + 1, NOON + 1); }

static void forgets_what_is_over_and_nothing_else(void **state)
{
	static const struct { const char *name; void (*change)(struct desk_batch *batch); const char *left; } cases[] = {
		{ "not closed yet", forget_alice, "L L I N K M M A" },
		{ "closed", close_it, "L L I I N K M M A" },
		{ "nothing is old", expire_too_early, "L L I I N K M M A" },
		{ "forgotten", forget_alice, "L I K M M A" },
		{ "closed again", close_it, "L I I K M M A" },
		{ "old", expire, "I K M M" },
	};
	struct desk *desk = open_desk();
	struct desk_reader *reader = open_reader();
	struct told told = { 0 };
	uint64_t last;
	struct error error;

	assert_true(write_one(desk, put_everything, &told));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rows rows[6] = { { "" } };
		char left[64] = "";

		assert_true(write_one(desk, cases[i].change, &told));
		assert_true(desk_each_letter(reader, TEXT_NONE, false, see_letter, &rows[0], &error));
		assert_true(desk_each_incident(reader, 0, TEXT_NONE, false, 10, see_incident, &rows[1], &error));
		assert_true(desk_each_note(reader, 7, see_note, &rows[2], &error));
		assert_true(desk_each_lock(reader, see_lock, &rows[3], &error));
		assert_true(desk_each_mode(reader, see_mode, &rows[4], &error));
		assert_true(desk_each_audit(reader, TEXT("7"), 10, see_audit, &rows[5], &error));
		for (int kind = 0; kind < 6; kind++)
			for (unsigned n = 0; n < rows[kind].count; n++)
				snprintf(left + strlen(left), 4, "%s%c", *left ? " " : "", "LINKMA"[kind]);
		if (strcmp(left, cases[i].left) != 0)
			fail_msg("%s: %s is left", cases[i].name, left);
	}
	assert_true(desk_last_incident(reader, &last, &error)); /* no number is given twice */
	assert_int_equal(last, 9);
	desk_reader_close(reader);
	desk_close(desk);
}

static void finds_the_incidents_that_were_asked_for(void **state)
{
	static const struct { uint64_t id; const char *account; bool open_only; uint32_t most; const char *found; } cases[] = {
		{ 0, "", false, 10, "9 7 " },
		{ 0, "", true, 10, "9 " },
		{ 0, "", false, 1, "9 " },
		{ 7, "", false, 10, "7 " },
		{ 8, "", false, 10, "" },
		{ 0, "alice@example.org", false, 10, "9 7 " },
		{ 0, "bob@example.org", false, 10, "" },
	};
	struct desk *desk = open_desk();
	struct desk_reader *reader = open_reader();
	struct told told = { 0 };
	struct error error;

	assert_true(write_one(desk, close_it, &told));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rows rows = { "" };
		char found[64] = "", *line = rows.text;

		assert_true(desk_each_incident(reader, cases[i].id, text_of(cases[i].account), cases[i].open_only, cases[i].most,
					       see_incident, &rows, &error));
		for (; *line; line = strchr(line, '\n') + 1)
			snprintf(found + strlen(found), 8, "%.*s", (int)strcspn(line, " ") + 1, line);
		assert_string_equal(found, cases[i].found);
	}
	desk_reader_close(reader);
	desk_close(desk);
}

static void too_much_at_once_fails_at_once(void **state)
{
	struct desk *desk = open_desk();
	struct told told = { 0 };
	struct mark mark = { &told, 0 };
	struct desk_batch *batch = desk_batch_new(tell, &mark);

	for (int i = 0; i <= DESK_WAITING_MAX; i++)
		desk_drop_lock(batch, TEXT("nobody"));
	desk_write(desk, batch);
	wait_for(desk, &told, 1);
	assert_int_equal(told.failed, 1);
	assert_non_null(strstr(told.why, "wait for the disk"));
	assert_true(write_one(desk, put_a_lock, &told));
	desk_close(desk);
}

/* ---- floods */

static void put_flood(struct desk_batch *batch)
{
	desk_put_flood(batch, &(struct desk_flood){ .account = TEXT("alice@example.org"), .folder = TEXT("戻ってきたメール"), .incident = 7,
						    .since_us = NOON, .until_us = NOON + DAY_US, .moved_us = WHEN_NONE, .spoofed = true,
						    .validity = 4000000000, .next_uid = 12, .seen_uid = 15, .moved = 9000 });
}

static void end_later(struct desk_batch *batch) { desk_end_flood(batch, TEXT("alice@example.org"), NOON + 2 * DAY_US); }
static void end_sooner(struct desk_batch *batch) { desk_end_flood(batch, TEXT("alice@example.org"), NOON + HOUR_US); }
static void end_now(struct desk_batch *batch) { desk_end_flood(batch, TEXT("alice@example.org"), WHEN_NONE); }
static void expire_floods_early(struct desk_batch *batch) { desk_expire(batch, 0, NOON, 0); }
static void expire_floods(struct desk_batch *batch) { desk_expire(batch, 0, NOON + 1, 0); }

static void see_flood(void *context, const struct desk_flood *flood)
{
	snprintf(context, 200, "%.*s %.*s %llu %d %lld %d %d %u %u %u %u %u", TEXT_ARG(flood->account), TEXT_ARG(flood->folder),
		 (unsigned long long)flood->incident, flood->since_us == NOON,
		 flood->until_us == WHEN_NONE ? -1LL : (long long)((flood->until_us - NOON) / HOUR_US), flood->moved_us == WHEN_NONE,
		 flood->spoofed, flood->validity, flood->next_uid, flood->seen_uid, flood->moved, flood->brought_back);
}

static void a_flood_is_remembered_as_long_as_it_comes(void **state)
{
#define ROW(hours) "alice@example.org 戻ってきたメール 7 1 " hours " 1 1 4000000000 12 15 9000 0"
	static const struct { const char *name; void (*change)(struct desk_batch *batch); const char *row, *coming; } cases[] = {
		{ "put", put_flood, ROW("24"), ROW("24") },
		{ "not longer than it was", end_later, ROW("24"), ROW("24") },
		{ "sooner", end_sooner, ROW("1"), ROW("1") },
		{ "not old", expire_floods_early, ROW("1"), ROW("1") },
		{ "it still comes", expire_floods, ROW("1"), ROW("1") },
		{ "no more", end_now, ROW("-1"), "" },
		{ "it does not begin again", end_later, ROW("-1"), "" },
		{ "old", expire_floods, "", "" },
		{ "once more", put_flood, ROW("24"), ROW("24") },
		{ "forgotten", forget_alice, "", "" },
	};
#undef ROW
	struct desk *desk = open_desk();
	struct desk_reader *reader = open_reader();
	struct told told = { 0 };
	struct error error;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char row[200] = "", coming[200] = "";

		assert_true(write_one(desk, cases[i].change, &told));
		assert_true(desk_each_flood(reader, TEXT("alice@example.org"), false, see_flood, row, &error));
		assert_true(desk_each_flood(reader, TEXT_NONE, true, see_flood, coming, &error));
		if (strcmp(row, cases[i].row) != 0 || strcmp(coming, cases[i].coming) != 0)
			fail_msg("%s: '%s', coming '%s'", cases[i].name, row, coming);
	}
	desk_reader_close(reader);
	desk_close(desk);
}

/* ---- notices, codes, care */

static const struct desk_notice told_alice = {
	.id = 3, .incident = 7, .account = { "alice@example.org", 17 }, .kind = { "locked", 6 }, .code_hash = { "beef", 4 },
	.made_us = NOON, .next_us = NOON, .sent_us = WHEN_NONE,
};

static void put_notices(struct desk_batch *batch)
{
	struct desk_notice other = told_alice;

	desk_put_notice(batch, &told_alice);
	other.id = 4;
	desk_put_notice(batch, &other); /* the owner knows already */
	other.to_operator = true;
	desk_put_notice(batch, &other);
	other = (struct desk_notice){ .id = 5, .account = TEXT("bob@example.org"), .kind = TEXT("weak"), .made_us = NOON, .next_us = NOON + 1,
				      .sent_us = WHEN_NONE };
	desk_put_notice(batch, &other);
	other.id = 6;
	desk_put_notice(batch, &other); /* without an incident each stands for itself */
}

static void send_notice(struct desk_batch *batch)
{
	struct desk_notice sent = told_alice;

	sent.state = DESK_NOTICE_SENT;
	sent.language = TEXT("ja");
	sent.ways = TEXT("[{}]");
	sent.tries = 2;
	sent.sent_us = NOON + 9;
	sent.says = TEXT("250 ok");
	desk_set_notice(batch, &sent);
}

static void expire_notices_early(struct desk_batch *batch) { desk_expire(batch, 0, NOON, 0); }
static void expire_notices(struct desk_batch *batch) { desk_expire(batch, 0, NOON + 1, 0); }

static void see_notice(void *context, const struct desk_notice *notice)
{
	char *text = context;

	snprintf(text + strlen(text), 400 - strlen(text), "%llu %llu %.*s %.*s%s %s %.*s%.*s %u|", (unsigned long long)notice->id,
		 (unsigned long long)notice->incident, (int)text_find(notice->account, '@'), notice->account.p, TEXT_ARG(notice->kind),
		 notice->to_operator ? " operator" : "", desk_notice_names[notice->state], TEXT_ARG(notice->language), TEXT_ARG(notice->says),
		 notice->tries);
}

static void a_notice_is_told_once(void **state)
{
#define ALICE "3 7 alice locked waiting  0|"
#define SENT "3 7 alice locked sent ja250 ok 2|"
#define OPERATOR "4 7 alice locked operator waiting  0|"
#define BOB "5 0 bob weak waiting  0|6 0 bob weak waiting  0|"
	static const struct { const char *name; void (*change)(struct desk_batch *batch); const char *waiting, *of; } cases[] = {
		{ "put", put_notices, ALICE OPERATOR BOB, ALICE OPERATOR },
		{ "twice is once", put_notices, ALICE OPERATOR BOB, ALICE OPERATOR },
		{ "sent", send_notice, OPERATOR BOB, SENT OPERATOR },
		{ "it stays sent", put_notices, OPERATOR BOB, SENT OPERATOR },
		{ "not old", expire_notices_early, OPERATOR BOB, SENT OPERATOR },
		{ "old; what waits is not", expire_notices, OPERATOR BOB, OPERATOR },
		{ "what waits is not forgotten", forget_alice, OPERATOR BOB, OPERATOR },
	};
	struct desk *desk = open_desk();
	struct desk_reader *reader = open_reader();
	struct told told = { 0 };
	struct error error;
	uint64_t last = 0;
	char by[400] = "";

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char waiting[400] = "", of[400] = "";

		assert_true(write_one(desk, cases[i].change, &told));
		assert_true(desk_each_notice(reader, 0, TEXT_NONE, true, 10, see_notice, waiting, &error));
		assert_true(desk_each_notice_of(reader, 7, see_notice, of, &error));
		if (strcmp(waiting, cases[i].waiting) != 0 || strcmp(of, cases[i].of) != 0)
			fail_msg("%s: '%s', of 7: '%s'", cases[i].name, waiting, of);
	}
	assert_true(desk_each_notice_by(reader, TEXT("beef"), see_notice, by, &error));
	assert_string_equal(by, OPERATOR);
	assert_true(desk_last_notice(reader, &last, &error));
	assert_int_equal(last, 6);
	desk_reader_close(reader);
	desk_close(desk);
#undef ALICE
#undef SENT
#undef OPERATOR
#undef BOB
}

static void put_code(struct desk_batch *batch)
{
	desk_put_code(batch, &(struct desk_code){ TEXT("alice@example.org"), TEXT("aa"), NOON, NOON + 10, 5, false });
	desk_put_code(batch, &(struct desk_code){ TEXT("alice@example.org"), TEXT("bb"), NOON, NOON + 20, 4, true });
	desk_put_code(batch, &(struct desk_code){ TEXT("bob@example.org"), TEXT("cc"), NOON, NOON + 10, 5, false });
	desk_drop_codes(batch, NOON + 20);
}

static void see_code(void *context, const struct desk_code *code)
{
	char *text = context;

	snprintf(text + strlen(text), 100 - strlen(text), "%.*s %.*s %u%d|", TEXT_ARG(code->account), TEXT_ARG(code->hash), code->tries_left,
		 code->used);
}

static void put_care(struct desk_batch *batch)
{
	desk_put_care(batch, &(struct desk_care){ 7, TEXT("scan"), CARE_OPEN, TEXT_NONE, WHEN_NONE, WHEN_NONE });
	desk_put_care(batch, &(struct desk_care){ 7, TEXT("passwords"), CARE_OPEN, TEXT_NONE, WHEN_NONE, WHEN_NONE });
	desk_put_care(batch, &(struct desk_care){ 7, TEXT("scan"), CARE_DONE, TEXT("carol(1000)"), NOON, NOON });
}

static void see_care(void *context, const struct desk_care *care)
{
	char *text = context;

	snprintf(text + strlen(text), 100 - strlen(text), "%.*s %s %.*s %d|", TEXT_ARG(care->item), desk_care_names[care->state],
		 TEXT_ARG(care->who), care->at_us == NOON);
}

static void codes_and_care_are_kept(void **state)
{
	struct desk *desk = open_desk();
	struct desk_reader *reader = open_reader();
	struct told told = { 0 };
	struct error error;
	char codes[100] = "", care[100] = "", open[100] = "";

	assert_true(write_one(desk, put_code, &told));
	assert_true(write_one(desk, put_care, &told));
	assert_true(desk_each_code(reader, see_code, codes, &error));
	assert_string_equal(codes, "alice@example.org bb 41|");
	assert_true(desk_each_care(reader, 7, see_care, care, &error));
	assert_string_equal(care, "passwords open  0|scan done carol(1000) 1|");
	assert_true(desk_each_care(reader, 0, see_care, open, &error));
	assert_string_equal(open, "passwords open  0|");
	desk_reader_close(reader);
	desk_close(desk);
}

/* ---- versions */

static void run_sql(const char *sql)
{
	char *why = NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(database(), &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	sqlite3_close(db);
}

/* as the first version made it: incidents did not know of brakes yet */
static const char version_1[] =
	"PRAGMA journal_mode = WAL;"
	"CREATE TABLE letters (queue_id TEXT NOT NULL, t_us INTEGER NOT NULL, account TEXT NOT NULL, ip TEXT NOT NULL,"
	" familiar INTEGER NOT NULL, state INTEGER NOT NULL, recipients INTEGER NOT NULL, bits REAL NOT NULL,"
	" changed_us INTEGER NOT NULL, PRIMARY KEY (queue_id, t_us)) WITHOUT ROWID;"
	"CREATE INDEX letters_of ON letters (account, t_us);"
	"CREATE TABLE incidents (id INTEGER PRIMARY KEY, account TEXT NOT NULL, state INTEGER NOT NULL,"
	" mode INTEGER NOT NULL, began_us INTEGER, opened_us INTEGER, closed_us INTEGER, bits REAL NOT NULL,"
	" evidence TEXT NOT NULL, refused INTEGER NOT NULL, last_refused_us INTEGER);"
	"CREATE INDEX incidents_of ON incidents (account);"
	"CREATE TABLE numbers (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE notes (incident INTEGER NOT NULL, t_us INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,"
	" UNIQUE (incident, t_us, who, what));"
	"CREATE TABLE locks (account TEXT PRIMARY KEY, t_us INTEGER NOT NULL, incident INTEGER NOT NULL,"
	" scope INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE modes (domain TEXT PRIMARY KEY, mode INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE audit (t_us INTEGER NOT NULL, who TEXT NOT NULL, verb TEXT NOT NULL, about TEXT NOT NULL,"
	" UNIQUE (t_us, who, verb, about));"
	"CREATE INDEX audit_about ON audit (about, t_us);"
	"INSERT INTO incidents VALUES (7, 'alice@example.org', 1, 2, 1795170000000000, 1795176000000000, NULL, 24.25, '[]', 5, NULL);"
	"INSERT INTO locks VALUES ('alice@example.org', 1795176000000000, 7, 1);"
	"PRAGMA user_version = 1;";

static void an_older_file_is_brought_up_to_date(void **state)
{
	struct desk *desk;
	struct desk_reader *reader;
	struct told told = { 0 };
	struct rows rows;
	struct error error = { "" };

	run_sql(version_1);
	assert_null(desk_reader_open(folder, &error)); /* that is not a reader's work */
	assert_non_null(strstr(error.text, "of version 1, and not brought up to date yet"));
	desk = open_desk();
	reader = open_reader();
	assert_false(desk_warning(desk, &error));
	rows = read_all(reader);
	assert_string_equal(rows.text, "7 alice@example.org contained enforce 0 1 1 24.25 [] 5 1\nalice@example.org 7 1\n");
	assert_true(write_one(desk, put_everything, &told));
	rows = read_all(reader);
	assert_non_null(strstr(rows.text, "7 alice@example.org contained enforce 1 1 1"));
	desk_reader_close(reader);
	desk_close(desk);
}

static void a_newer_file_is_refused_and_left_alone(void **state)
{
	struct error error = { "" };

	run_sql(version_1);
	run_sql("PRAGMA user_version = 9999;");
	assert_null(desk_open(folder, &error));
	assert_non_null(strstr(error.text, "is of version 9999, made by a newer sekisho"));
	assert_null(desk_reader_open(folder, &error));
	run_sql("PRAGMA user_version = 1;");
	desk_close(open_desk());
	assert_int_equal(count_locks(), 1);
}

static void without_a_folder_there_is_no_desk(void **state)
{
	struct error error = { "" };

	assert_null(desk_open("/nonexistent/sekisho", &error));
	assert_non_null(strstr(error.text, "No such file or directory"));
	assert_null(desk_reader_open(folder, &error));
	assert_int_equal(files("desk", false), 0); /* a reader makes nothing */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gives_back_what_it_was_told),
		TEST(tells_in_order),
		TEST(writes_what_waits_when_it_is_closed),
		TEST(a_lock_stays_and_is_never_narrowed),
		TEST(forgets_what_is_over_and_nothing_else),
		TEST(finds_the_incidents_that_were_asked_for),
		TEST(too_much_at_once_fails_at_once),
		TEST(a_flood_is_remembered_as_long_as_it_comes),
		TEST(a_notice_is_told_once),
		TEST(codes_and_care_are_kept),
		TEST(an_older_file_is_brought_up_to_date),
		TEST(a_newer_file_is_refused_and_left_alone),
		TEST(without_a_folder_there_is_no_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

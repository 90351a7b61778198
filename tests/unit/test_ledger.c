/* SPDX-License-Identifier: Apache-2.0 */
/* What the ledger takes, gives back, and lets go. Its troubles are in test_ledger_trouble.c. */
#include "ledger_story.h"

/* ---- rows */

static void gives_back_what_it_took(void **state)
{
	const struct text rcpts[] = { TEXT("friend@example.net"), TEXT("other@example.net") };
	struct ledger_row row = {
		.t_us = NOON + 123456, .account = TEXT("alice@example.jp"), .queue_id = TEXT("4nQ1Zb2mVTz1rDp"),
		.session = TEXT("1f2a.6921b2c3.a1b2.0"), .country = { 'J', 'P' }, .from = TEXT("alice@example.jp"),
		.subject = TEXT("the harvest festival"), .rcpts = rcpts, .rcpt_texts = 2, .rcpt_count = 7, .size_bytes = 123456789,
		.action = LEDGER_HELD, .familiar = 3, .from_log = true, .bits = 12.25f,
	};
	static const char *const addresses[] = { "203.0.113.9", "2001:db8::25" };

	for (size_t i = 0; i < 2; i++) {
		struct ledger *ledger = open_ledger();
		const struct ledger_found *found;
		struct ledger_reader *reader = ledger_reader_open(folder, &error);

		row.queue_id = i ? TEXT("4nQ1Zb2mVTz1rDq") : row.queue_id;
		assert_true(ip_parse(text_of(addresses[i]), &row.ip));
		ledger_add(ledger, &row);
		ledger_name(ledger, row.t_us, row.queue_id, TEXT("abc.1@example.jp"));
		ledger_close(ledger);
		found = whose_near(row.queue_id.p, WHEN_NONE);
		assert_non_null(found);
		assert_true(found->row.t_us == row.t_us && found->row.size_bytes == row.size_bytes && found->row.rcpt_count == 7);
		assert_true(text_is(found->row.account, row.account) && text_is(found->row.queue_id, row.queue_id));
		assert_true(text_is(found->row.session, row.session) && text_is(found->message_id, TEXT("abc.1@example.jp")));
		assert_true(ip_equal(&found->row.ip, &row.ip) && memcmp(found->row.country, "JP", 2) == 0);
		assert_true(found->row.action == LEDGER_HELD && found->row.familiar == 3 && found->row.from_log);
		assert_true(found->row.bits == 12.25f && found->row.from.n == 0 && found->row.rcpt_texts == 0);
		assert_true(found->from_hash == ledger_hash(reader, row.from));
		assert_true(found->subject_hash == ledger_hash(reader, row.subject));
		assert_int_equal(found->rcpt_hash_count, 2);
		assert_true(found->rcpt_hashes[0] == ledger_hash(reader, rcpts[0]));
		assert_true(found->rcpt_hashes[1] == ledger_hash(reader, rcpts[1]));
		ledger_reader_close(reader);
	}
	assert_false(disk_holds("friend@example.net"));
	assert_false(disk_holds("harvest"));
}

static void hurries_for_who_looks(void **state)
{
	struct ledger *ledger = open_ledger();

	assert_false(ledger_hurry(ledger, SECOND_US)); /* nothing waits */
	for (unsigned i = 0; i < 50; i++) {
		char id[8];

		snprintf(id, sizeof id, "B%u", i);
		add(ledger, NOON, "bob", id);
		assert_true(ledger_hurry(ledger, 20 * SECOND_US));
		assert_true(is_known(id));
	}
	ledger_name(ledger, NOON, TEXT("LATER"), TEXT("its.name@x"));
	for (unsigned i = 0; i < 400; i++) { /* what came before its time makes nobody old */
		add(ledger, NOON, "bob", "");
		ledger_hurry(ledger, 20 * SECOND_US);
	}
	add(ledger, NOON, "bob", "LATER");
	ledger_close(ledger);
	assert_true(is_known("its.name@x"));
	assert_false(is_known("LATEST"));
}

static void takes_rows_that_know_little(void **state)
{
	struct ledger *ledger = open_ledger();
	const struct ledger_found *found;

	add(ledger, NOON, "", "A1");
	add(ledger, NOON, "bob", ""); /* refused before it had an id: no two of them are the same */
	add(ledger, NOON, "bob", "");
	ledger_close(ledger);
	found = whose_near("A1", WHEN_NONE);
	assert_non_null(found);
	assert_true(found->row.account.n == 0 && !ip_known(&found->row.ip) && found->row.country[0] == 0);
	assert_true(found->from_hash == 0 && found->rcpt_hash_count == 0 && found->message_id.n == 0);
	assert_int_equal(number_in(TODAY, "SELECT count(*) FROM message"), 3);
	assert_false(is_known(""));
}

/* what strangers chose is kept as it is, up to its maximum */
static void keeps_strange_texts(void **state)
{
	static char longest[5000], longer[5001];
	const struct text ids[] = {
		{ "nul\0nul@x", 9 }, TEXT("'; DROP TABLE message; --"), TEXT("\xff\xfe\x80@x"), TEXT("%s%n@x"), TEXT("<<a>>"),
		{ longest, sizeof longest },
	};
	struct ledger *ledger = open_ledger();
	struct ledger_reader *reader;

	memset(longest, 'm', sizeof longest);
	memset(longer, 'm', sizeof longer);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		char queue_id[8];

		snprintf(queue_id, sizeof queue_id, "F%zu", i);
		add(ledger, NOON, "eve", queue_id);
		ledger_name(ledger, NOON, text_of(queue_id), ids[i]);
	}
	ledger_close(ledger);
	reader = ledger_reader_open(folder, &error);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		struct ledger_found found;
		bool is_there;

		/* brackets are the caller's to add or to leave out */
		assert_true(ledger_whose(reader, i == 4 ? TEXT("<<<a>>>") : ids[i], WHEN_NONE, &is_there, &found, &error));
		if (!is_there || found.row.queue_id.p[1] != (char)('0' + i))
			fail_msg("text %zu is not found", i);
	}
	ledger_reader_close(reader);
}

static void knows_ids_in_every_form(void **state)
{
	static const struct { const char *id; bool known; } cases[] = {
		{ "4nQ1Zb2mVTz1rDp", true },  { "B2", true },         { "m1@example.jp", true }, { "<m1@example.jp>", true },
		{ " <m1@example.jp>\r\n", true }, { "bare", true },   { "b2", false },           { "m1@example.j", false },
		{ "", false },                { "<>", false },        { "alice", false },
		{ "zzzzzzzzzzz1rDp", false }, /* a time that no day has */
	};
	struct ledger *ledger = open_ledger();

	add(ledger, NOON, "alice", "4nQ1Zb2mVTz1rDp"); /* a long id, and a time that it does not have */
	name(ledger, NOON, "4nQ1Zb2mVTz1rDp", "m1@example.jp");
	add(ledger, NOON - 3 * DAY_US, "alice", "B2");
	name(ledger, NOON - 3 * DAY_US, "B2", "bare");
	ledger_close(ledger);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (is_known(cases[i].id) != cases[i].known)
			fail_msg("'%s'", cases[i].id);
}

static void chooses_the_nearest_of_several(void **state)
{
	struct ledger *ledger = open_ledger();

	add(ledger, NOON - 2 * DAY_US, "first", "C3");
	add(ledger, NOON - 5 * HOUR_US, "second", "C3");
	add(ledger, NOON, "third", "C3");
	add(ledger, NOON + 2 * HOUR_US, "other", "C4");
	ledger_close(ledger);
	expect_account("C3", WHEN_NONE, "third");
	expect_account("C3", NOON + 30 * DAY_US, "third");
	expect_account("C3", NOON - HOUR_US, "third");
	expect_account("C3", NOON - 4 * HOUR_US, "second");
	expect_account("C3", NOON - 12 * HOUR_US - 1, "second"); /* from the end of the day before */
	expect_account("C3", NOON - DAY_US, "second");
	expect_account("C3", NOON - 2 * DAY_US + HOUR_US, "first");
	expect_account("C3", 0, "first");
	expect_account("C3", WHEN_NONE + 1, "first");
	expect_account("C3", INT64_MAX, "third");
}

/* ---- days */

static void puts_each_row_into_its_day(void **state)
{
	struct ledger *ledger = open_ledger();
	int64_t midnight = NOON + 12 * HOUR_US;

	add(ledger, midnight - 1, "alice", "D1");
	add(ledger, midnight, "alice", "D2");
	for (int i = 0; i < 8; i++) { /* more days than are open at once, back and forth */
		char id[8];

		snprintf(id, sizeof id, "E%d", i);
		add(ledger, NOON - (i % 2 ? i : 10 - i) * DAY_US, "alice", id);
	}
	add(ledger, -1, "alice", "D3");
	add(ledger, WHEN_NONE, "alice", "D4");
	add(ledger, INT64_MAX, "alice", "D5");
	WAIT_UNTIL(ledger, now.written == 10);
	assert_int_equal(state_of(ledger).lost, 3);
	ledger_close(ledger);
	assert_int_equal(number_in(TODAY, "SELECT count(*) FROM message"), 1);
	assert_int_equal(number_in("ledger-2026-11-23.db", "SELECT count(*) FROM message"), 1);
	for (int i = 0; i < 8; i++) {
		char id[8];

		snprintf(id, sizeof id, "E%d", i);
		assert_true(is_known(id));
	}
}

static void makes_files_for_nobody_else(void **state)
{
	mode_t before = umask(0);
	struct ledger *ledger = open_ledger();
	struct stat about;
	DIR *dir = opendir(folder);
	struct dirent *there;

	add(ledger, NOON, "alice", "A1");
	WAIT_UNTIL(ledger, now.written == 1);
	while ((there = readdir(dir))) {
		if (there->d_name[0] == '.')
			continue;
		assert_int_equal(stat(path_of(there->d_name), &about), 0);
		if ((about.st_mode & 0777) != 0600)
			fail_msg("%s: %o", there->d_name, about.st_mode);
	}
	assert_int_equal(files_with(TODAY), 3);
	closedir(dir);
	umask(before);
	ledger_close(ledger);
}

/* row numbers go on over the end of a segment */
static void goes_on_in_the_next_segment(void **state)
{
	struct ledger *ledger = open_ledger();
	char id[16], sql[200];

	add(ledger, NOON, "alice", "S0");
	ledger_close(ledger);
	snprintf(sql, sizeof sql, "UPDATE message SET row = %d; UPDATE ids SET row = %d", LEDGER_SEGMENT - 5, LEDGER_SEGMENT - 5);
	run_in(TODAY, sql);
	ledger = open_ledger();
	for (int i = 1; i < 10; i++) {
		snprintf(id, sizeof id, "S%d", i);
		add(ledger, NOON + i * SECOND_US, "alice", id);
	}
	add(ledger, NOON + SECOND_US, "alice", "S0");
	ledger_close(ledger);
	assert_int_equal(number_in(TODAY, "SELECT count(*) FROM segment"), 2);
	assert_int_equal(number_in(TODAY, "SELECT count(*) FROM message"), 10);
	for (int i = 0; i < 10; i++) {
		snprintf(id, sizeof id, "S%d", i);
		assert_true(is_known(id));
	}
}

/* ---- names, and rows that are told again */

static void names_find_their_rows(void **state)
{
	struct ledger *ledger = open_ledger();

	name(ledger, NOON, "A1", "ahead@x"); /* of the same batch, but earlier */
	name(ledger, NOON, "A2", "early@x");
	name(ledger, NOON, "FOREIGN", "foreign@x");
	add(ledger, NOON, "alice", "A1");
	add(ledger, NOON, "alice", "A3");
	WAIT_UNTIL(ledger, now.written == 2);
	add(ledger, NOON, "alice", "A2"); /* a batch later than its name */
	name(ledger, NOON, "A3", "late@x");
	name(ledger, NOON, "A3", "never@x"); /* the first stays */
	name(ledger, NOON + 2 * HOUR_US, "A3", "never@x");
	WAIT_UNTIL(ledger, now.written == 3);
	add(ledger, NOON, "alice", "A4");
	ledger_close(ledger);
	ledger = open_ledger(); /* what it remembers is gone */
	name(ledger, NOON + SECOND_US, "A4", "restarted@x");
	ledger_close(ledger);
	assert_true(is_known("ahead@x") && is_known("early@x") && is_known("late@x") && is_known("restarted@x"));
	assert_false(is_known("foreign@x") || is_known("never@x"));
}

static void names_of_others_make_no_file(void **state)
{
	struct ledger *ledger = open_ledger();

	name(ledger, NOON, "FOREIGN", "foreign@x");
	ledger_close(ledger);
	assert_int_equal(files_with(".db"), 0);
}

static int64_t rows_of(const char *file)
{
	return files_with(file) ? number_in(file, "SELECT count(*) FROM message") : 0;
}

static void writes_nothing_twice(void **state)
{
	static const struct { int64_t t_us; const char *account, *id; bool again; } rows[] = {
		{ NOON, "alice", "A1", false },
		{ NOON + SECOND_US, "alice", "A1", true },
		{ NOON - HOUR_US, "alice", "A1", true },
		{ NOON + HOUR_US + 1, "alice", "A1", false }, /* used again */
		{ NOON, "bob", "A1", false },                 /* the same */
		{ NOON, "alice", "A1", true },                /* … and not forgotten for it */
		{ NOON, "alice", "A2", false },
		{ NOON + 12 * HOUR_US - 1, "alice", "A3", false },
		{ NOON + 12 * HOUR_US + 1, "alice", "A3", true }, /* over midnight */
		{ NOON + 13 * HOUR_US, "alice", "A4", false },
		{ NOON + 13 * HOUR_US, "alice", "A3", false },
	};
	enum { ROWS = sizeof rows / sizeof *rows };
	struct ledger *ledger;
	int64_t count = 0;

	for (size_t i = 0; i < ROWS; i++) { /* each by a ledger that remembers none of the others */
		ledger = open_ledger();
		add(ledger, rows[i].t_us, rows[i].account, rows[i].id);
		ledger_close(ledger);
		count += !rows[i].again;
		if (rows_of(TODAY) + rows_of("ledger-2026-11-23.db") != count)
			fail_msg("row %zu", i);
	}
	ledger = open_ledger();
	for (size_t i = 0; i < ROWS; i++) /* all there: told again */
		add(ledger, rows[i].t_us, rows[i].account, rows[i].id);
	for (size_t i = 0; i < ROWS; i++) /* and of its own memory */
		add(ledger, rows[i].t_us, rows[i].account, rows[i].id);
	WAIT_UNTIL(ledger, now.filled == 2 * ROWS);
	assert_int_equal(state_of(ledger).written, 0);
	ledger_close(ledger);
}

/* ---- what an account sent */

struct told {
	size_t count;
	int64_t t_us[10];
};

static void tell(void *context, const struct ledger_found *row)
{
	struct told *told = context;

	assert_true(told->count < 10);
	assert_true(text_is(row->row.account, TEXT("alice")));
	told->t_us[told->count++] = row->row.t_us;
}

static struct told told_of(const char *account, int64_t since_us, uint32_t most)
{
	struct ledger_reader *reader = ledger_reader_open(folder, &error);
	struct told told = { 0 };

	assert_true(ledger_each(reader, text_of(account), since_us, most, tell, &told, &error));
	ledger_reader_close(reader);
	return told;
}

static void tells_what_an_account_sent(void **state)
{
	struct ledger *ledger = open_ledger();
	struct told told;

	for (int i = 0; i < 6; i++) {
		char id[8];

		snprintf(id, sizeof id, "A%d", i);
		add(ledger, NOON - (5 - i) * 12 * HOUR_US, "alice", id);
		snprintf(id, sizeof id, "B%d", i);
		add(ledger, NOON - (5 - i) * 12 * HOUR_US, "bob", id);
	}
	ledger_close(ledger);
	told = told_of("alice", WHEN_NONE, 10);
	assert_int_equal(told.count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_true(told.t_us[i] == NOON - (int64_t)i * 12 * HOUR_US);
	assert_int_equal(told_of("alice", WHEN_NONE, 4).count, 4);
	assert_int_equal(told_of("alice", NOON - DAY_US, 10).count, 3);
	assert_int_equal(told_of("alice", NOON + 1, 10).count, 0);
	assert_int_equal(told_of("alic", WHEN_NONE, 10).count, 0);
	assert_int_equal(told_of("alice", WHEN_NONE, 0).count, 0);
}

/* ---- what goes */

static void forgets_an_account(void **state)
{
	enum { ROWS = 2500 }; /* more than one piece of the work */
	struct ledger *ledger = open_ledger();
	char id[16], message_id[40];

	for (int i = 0; i < ROWS; i++) {
		int64_t t_us = NOON - i % 3 * DAY_US;

		snprintf(id, sizeof id, "F%d", i);
		snprintf(message_id, sizeof message_id, "forget-me-%d@x", i);
		add(ledger, t_us, "leaving@example.jp", id);
		name(ledger, t_us, id, message_id);
	}
	add(ledger, NOON, "staying@example.jp", "G1");
	name(ledger, NOON, "G1", "stays@x");
	assert_true(ledger_forget(ledger, TEXT("leaving@example.jp")));
	assert_true(ledger_forget(ledger, TEXT("nobody@example.jp")));
	WAIT_UNTIL(ledger, now.chores == 0);
	assert_int_equal(state_of(ledger).written, ROWS + 1);
	assert_false(disk_holds("leaving@") || disk_holds("forget-me"));
	assert_false(is_known("F0") || is_known("F2499") || is_known("forget-me-7@x"));
	assert_true(is_known("G1") && is_known("stays@x"));
	assert_int_equal(number_in(TODAY, "SELECT count(*) FROM ids"), 3);
	assert_int_equal(number_in(YESTERDAY, "SELECT count(*) FROM ids"), 0);
	name(ledger, NOON, "F0", "forget-me-0@x"); /* of a row that is gone */
	add(ledger, NOON, "leaving@example.jp", "F0"); /* back again */
	ledger_close(ledger);
	expect_account("F0", WHEN_NONE, "leaving@example.jp");
}

static void lets_go_what_is_old(void **state)
{
	static const struct ledger_retention retention = { .ledger_days = 30, .address_days = 10, .recipient_days = 3 };
	static const struct { int days; bool kept, address, hashes; } cases[] = {
		{ 0, true, true, true }, { 2, true, true, true }, { 3, true, true, true },    { 4, true, true, false },
		{ 9, true, true, false }, { 11, true, false, false }, { 30, true, false, false }, { 31, false, false, false },
	};
	struct ledger *ledger = ledger_open(folder, &retention, &error);
	char id[16];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ledger_row row = row_of(NOON - cases[i].days * DAY_US, "alice", id);

		snprintf(id, sizeof id, "D%d", cases[i].days);
		row.queue_id = text_of(id);
		row.session = TEXT("an-old-session");
		row.from = TEXT("alice");
		assert_true(ip_parse(TEXT("192.0.2.1"), &row.ip));
		ledger_add(ledger, &row);
	}
	WAIT_UNTIL(ledger, now.written == sizeof cases / sizeof *cases);
	ledger_expire(ledger, NOON);
	WAIT_UNTIL(ledger, now.chores == 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct ledger_found *found;

		snprintf(id, sizeof id, "D%d", cases[i].days);
		found = whose_near(id, WHEN_NONE);
		if ((found != NULL) != cases[i].kept || (found && ip_known(&found->row.ip) != cases[i].address) ||
		    (found && (found->row.session.n != 0) != cases[i].address) ||
		    (found && (found->from_hash != 0) != cases[i].hashes))
			fail_msg("%d days", cases[i].days);
	}
	assert_int_equal(files_with("2026-10-22"), 0); /* with all that belongs to it */
	assert_false(file_holds("ledger-2026-11-11.db", TEXT("an-old-session")));
	add(ledger, NOON - 31 * DAY_US, "alice", "L1"); /* the log is behind: gone again at the next turn */
	WAIT_UNTIL(ledger, now.written == 1 + sizeof cases / sizeof *cases);
	assert_true(is_known("L1"));
	ledger_expire(ledger, NOON);
	WAIT_UNTIL(ledger, now.chores == 0);
	assert_false(is_known("L1"));
	ledger_close(ledger);
}

/* ---- one reader, while days come and go */

static bool reader_knows(struct ledger_reader *reader, const char *id)
{
	struct ledger_found found;
	bool is_there;

	if (!ledger_whose(reader, text_of(id), WHEN_NONE, &is_there, &found, &error))
		fail_msg("%s", error.text);
	return is_there;
}

static void reader_sees_what_is_new(void **state)
{
	struct ledger_reader *reader = ledger_reader_open(folder, &error);
	struct ledger *ledger = open_ledger();
	char id[16];

	assert_false(reader_knows(reader, "N0"));
	for (int i = 0; i < 4; i++) {
		snprintf(id, sizeof id, "N%d", i);
		add(ledger, NOON - i / 2 * DAY_US, "alice", id);
		WAIT_UNTIL(ledger, now.written == (uint64_t)i + 1);
		assert_true(reader_knows(reader, id));
	}
	ledger_close(ledger);
	assert_int_equal(unlink(path_of(YESTERDAY)), 0);
	assert_false(reader_knows(reader, "N3"));
	assert_true(reader_knows(reader, "N0"));
	assert_int_equal(unlink(path_of(TODAY)), 0); /* another file under a name that it knows */
	unlink(path_of(TODAY "-wal"));
	ledger = open_ledger();
	add(ledger, NOON, "alice", "N9");
	ledger_close(ledger);
	assert_false(reader_knows(reader, "N0"));
	assert_true(reader_knows(reader, "N9"));
	ledger_reader_close(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(gives_back_what_it_took, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(hurries_for_who_looks, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(takes_rows_that_know_little, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(keeps_strange_texts, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(knows_ids_in_every_form, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(chooses_the_nearest_of_several, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(puts_each_row_into_its_day, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(makes_files_for_nobody_else, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(goes_on_in_the_next_segment, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(names_find_their_rows, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(names_of_others_make_no_file, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(writes_nothing_twice, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(tells_what_an_account_sent, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(forgets_an_account, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(lets_go_what_is_old, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(reader_sees_what_is_new, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

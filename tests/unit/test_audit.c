/* SPDX-License-Identifier: Apache-2.0 */
/* The audit of stored passwords, on a passwd-file: what it finds, what it writes, and that it goes on where it was. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/program.h"
#include "passdb/audit.h"
#include "passdb/audit_file.h"
#include "password/hash.h"
#include "password/likely.h"

enum { YEAR = 2026, FILE_MAX = 65536 };
#define LONG_US ((int64_t)60 * 1000000)

static const char *const company[] = { "Nippon Trading", NULL };

struct rig {
	char folder[64], users[96], former[96], results[96];
	struct passdb_settings settings;
	struct passdb *passdb;
	struct audit_order order;
	struct audit_progress progress;
	struct audit_results found;
	struct error error;
};

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void read_file(const char *path, char text[FILE_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, FILE_MAX - 1);

	assert_true(n >= 0);
	text[n] = '\0';
	close(fd);
}

static int begin(void **state)
{
	static struct rig rig;

	rig = (struct rig){ .folder = "/tmp/sekisho-audit-XXXXXX" };
	assert_non_null(mkdtemp(rig.folder));
	snprintf(rig.users, sizeof rig.users, "%s/users", rig.folder);
	snprintf(rig.former, sizeof rig.former, "%s/former", rig.folder);
	snprintf(rig.results, sizeof rig.results, "%s/former/audit", rig.folder);
	rig.settings = (struct passdb_settings){ .backend = "passwd-file", .scheme = "BLF-CRYPT", .cost = 4, .former_folder = rig.former,
						 .file = rig.users, .entry = "%u", .patience_s = 1, .random_length = 15 };
	write_file(rig.users, "");
	rig.passdb = passdb_open(&rig.settings, &rig.error);
	assert_non_null(rig.passdb);
	rig.order = (struct audit_order){ .cores = 2, .tries = 100, .time_us = LONG_US, .names = company, .year = YEAR };
	*state = &rig;
	return 0;
}

static int end(void **state)
{
	struct rig *rig = *state;
	const char *const words[] = { "/bin/rm", "-rf", rig->folder, NULL };

	audit_results_done(&rig->found);
	passdb_close(rig->passdb);
	return program_run(&(struct program){ .words = words, .input = -1, .output = -1, .stop = -1, .patience_us = 20000000 }, &rig->error) ? 0 : -1;
}

/* ---- accounts, and what comes of them */

static void add(const struct rig *rig, const char *account, const char *password, const char *scheme, unsigned long cost)
{
	char stored[PASSWORD_HASH_MAX], line[1024];
	struct error error = { "" };
	int fd = open(rig->users, O_WRONLY | O_APPEND | O_CLOEXEC), n;

	if (!password_hash(password_scheme_find(text_of(scheme)), text_of(password), cost, stored, &error))
		fail_msg("%s", error.text);
	n = snprintf(line, sizeof line, "%s:%s:::\n", account, stored);
	assert_true(fd >= 0 && write(fd, line, (size_t)n) == n);
	close(fd);
}

static void add_stored(const struct rig *rig, const char *account, const char *stored)
{
	char line[1024];
	int fd = open(rig->users, O_WRONLY | O_APPEND | O_CLOEXEC), n = snprintf(line, sizeof line, "%s:%s:::\n", account, stored);

	assert_true(fd >= 0 && write(fd, line, (size_t)n) == n);
	close(fd);
}

static void audit(struct rig *rig)
{
	static atomic_bool never;

	rig->progress = (struct audit_progress){ 0 };
	if (!audit_run(rig->passdb, rig->results, &rig->order, &rig->progress, &never, &rig->error))
		fail_msg("%s", rig->error.text);
	audit_results_done(&rig->found);
	assert_true(audit_results_read(&rig->found, rig->results, &rig->error));
}

static const struct audit_result *of(const struct rig *rig, const char *account)
{
	const struct audit_result *result = audit_results_find(&rig->found, account);

	if (!result)
		fail_msg("nothing is known of %s", account);
	return result;
}

static void expect_guessable(const struct rig *rig, const char *account, enum password_fault fault)
{
	const struct audit_result *result = of(rig, account);

	if (result->state != AUDIT_GUESSABLE || result->fault != fault)
		fail_msg("%s: %s, %s", account, audit_state_names[result->state], password_fault_names[result->fault]);
	assert_int_equal(result->tried, 0);
}

/* ---- stories */

static void what_can_be_guessed_is_found_in_every_scheme(void **state)
{
	static const struct {
		const char *account, *password, *scheme;
		unsigned long cost;
		enum password_fault fault;
	} table[] = {
		{ "a-row@example.jp", "1234qwer", "BLF-CRYPT", 4, PASSWORD_ROW },
		{ "taro@example.jp", "taro123", "SHA512-CRYPT", 1000, PASSWORD_OF_ADDRESS },
		{ "hanako@example.jp", "Nippon2026", "SHA256-CRYPT", 1000, PASSWORD_OF_NAMES },
		{ "jiro@example.jp", "example2026", "CRYPT", 1, PASSWORD_OF_ADDRESS },
		{ "saburo@example.jp", "123456", "BLF-CRYPT", 4, PASSWORD_ONLY_DIGITS },
		{ "shiro@example.jp", "password", "BLF-CRYPT", 4, PASSWORD_WORD },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		add(rig, table[i].account, table[i].password, table[i].scheme, table[i].cost);
	add(rig, "good@example.jp", "vT9-kmQ2.xw4Lr", "BLF-CRYPT", 4);
	add_stored(rig, "clear@example.jp", "{PLAIN}clear1234");
	add_stored(rig, "old@example.jp", "{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69"); /* secret */
	add_stored(rig, "none@example.jp", "{OTP}0123");
	add_stored(rig, "off@example.jp", "{CRYPT}!sekisho!{PLAIN}off123");
	audit(rig);
	assert_int_equal(rig->progress.phase, AUDIT_FINISHED);
	assert_int_equal(rig->found.count, 11);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		expect_guessable(rig, table[i].account, table[i].fault);
	assert_int_equal(of(rig, "good@example.jp")->state, AUDIT_OPEN);
	assert_int_equal(of(rig, "good@example.jp")->tried, 100);
	assert_int_equal(of(rig, "good@example.jp")->flags, 0);
	expect_guessable(rig, "clear@example.jp", PASSWORD_OF_ADDRESS);
	assert_int_equal(of(rig, "clear@example.jp")->flags, AUDIT_CLEAR);
	assert_int_equal(of(rig, "old@example.jp")->flags, AUDIT_OLD_SCHEME);
	assert_int_equal(of(rig, "none@example.jp")->state, AUDIT_UNKNOWN);
	expect_guessable(rig, "off@example.jp", PASSWORD_OF_ADDRESS);
	assert_int_equal(rig->progress.accounts, 11);
	assert_int_equal(rig->progress.guessable, 8);
	assert_int_equal(rig->progress.settled, 11);
	assert_int_equal(rig->progress.depth, 100);
}

static void the_same_password_twice_is_shared(void **state)
{
	struct rig *rig = *state;

	add(rig, "a@example.jp", "123456", "BLF-CRYPT", 4);
	add(rig, "b@example.jp", "123456", "SHA256-CRYPT", 1000);
	add(rig, "c@example.jp", "password", "BLF-CRYPT", 4);
	add_stored(rig, "d@example.jp", "{SHA}/DKjSuMvDpQSDQyDGZGVhMpVkGU=");
	add_stored(rig, "e@example.jp", "{SHA}/DKjSuMvDpQSDQyDGZGVhMpVkGU=");
	add(rig, "f@example.jp", "vT9-kmQ2.xw4Lr", "BLF-CRYPT", 4);
	audit(rig);
	assert_int_equal(of(rig, "a@example.jp")->flags, AUDIT_SHARED);
	assert_int_equal(of(rig, "b@example.jp")->flags, AUDIT_SHARED);
	assert_int_equal(of(rig, "c@example.jp")->flags, 0);
	assert_int_equal(of(rig, "d@example.jp")->flags, AUDIT_SHARED | AUDIT_OLD_SCHEME);
	assert_int_equal(of(rig, "e@example.jp")->flags, AUDIT_SHARED | AUDIT_OLD_SCHEME);
	assert_int_equal(of(rig, "f@example.jp")->flags, 0);
	audit(rig);
	assert_int_equal(of(rig, "a@example.jp")->flags, AUDIT_SHARED);
}

static void it_goes_on_where_it_was(void **state)
{
	struct rig *rig = *state;

	add(rig, "good@example.jp", "vT9-kmQ2.xw4Lr", "BLF-CRYPT", 4);
	add(rig, "taro@example.jp", "taro123", "BLF-CRYPT", 4);
	rig->order.tries = 10;
	audit(rig);
	assert_int_equal(rig->progress.depth, 10);
	expect_guessable(rig, "taro@example.jp", PASSWORD_OF_ADDRESS);
	rig->order.tries = 30;
	audit(rig);
	assert_int_equal(rig->progress.tries, 20); /* of the one that is open alone */
	assert_int_equal(of(rig, "good@example.jp")->tried, 30);
	expect_guessable(rig, "taro@example.jp", PASSWORD_OF_ADDRESS);
	audit(rig);
	assert_int_equal(rig->progress.tries, 0);
	assert_int_equal(rig->progress.guessable, 1);
	/* a new password, another list, another year: from the beginning */
	write_file(rig->users, "");
	add(rig, "good@example.jp", "vT9-kmQ2.xw4Lr", "BLF-CRYPT", 4);
	add(rig, "taro@example.jp", "Lr4wx.2Qmk-9Tv", "BLF-CRYPT", 4);
	audit(rig);
	assert_int_equal(rig->progress.tries, 60);
	assert_int_equal(of(rig, "taro@example.jp")->state, AUDIT_OPEN);
	rig->order.year++;
	audit(rig);
	assert_int_equal(rig->progress.tries, 60);
}

static void who_is_asked_for_alone_is_tried_alone(void **state)
{
	struct rig *rig = *state;

	add(rig, "taro@example.jp", "taro123", "BLF-CRYPT", 4);
	add(rig, "taro@example.com", "taro123", "BLF-CRYPT", 4);
	rig->order.domain = "example.com";
	audit(rig);
	assert_int_equal(rig->found.count, 1);
	expect_guessable(rig, "taro@example.com", PASSWORD_OF_ADDRESS);
	rig->order.domain = NULL;
	rig->order.account = "taro@example.jp";
	audit(rig);
	assert_int_equal(rig->found.count, 2); /* what was known of others stays */
	rig->order.account = "ghost@example.jp";
	assert_false(audit_run(rig->passdb, rig->results, &rig->order, &rig->progress, &(atomic_bool){ false }, &rig->error));
	assert_int_equal(rig->progress.phase, AUDIT_BROKEN);
	rig->order.account = NULL;
	write_file(rig->users, "");
	audit(rig);
	assert_int_equal(rig->found.count, 0); /* who is gone goes */
}

static void it_stops_in_time_and_when_told(void **state)
{
	static atomic_bool now = true;
	struct rig *rig = *state;

	for (unsigned i = 0; i < 20; i++) {
		char account[32];

		snprintf(account, sizeof account, "user%02u@example.jp", i);
		add(rig, account, "vT9-kmQ2.xw4Lr", "BLF-CRYPT", 7);
	}
	rig->order.tries = 0;
	rig->order.time_us = 300000;
	audit(rig);
	assert_int_equal(rig->progress.phase, AUDIT_TIME_OVER);
	assert_true(rig->progress.worked_us < 5000000 && rig->progress.tries > 0 && rig->progress.depth < LIKELY_MAX);
	rig->progress = (struct audit_progress){ 0 };
	assert_true(audit_run(rig->passdb, rig->results, &rig->order, &rig->progress, &now, &rig->error));
	assert_int_equal(rig->progress.phase, AUDIT_STOPPED);
}

/* the first ten of everybody before more of anybody */
static void all_have_their_first_words_tried_first(void **state)
{
	struct rig *rig = *state;
	unsigned least = LIKELY_MAX, most = 0;

	for (unsigned i = 0; i < 8; i++) {
		char account[32];

		snprintf(account, sizeof account, "user%02u@example.jp", i);
		add(rig, account, "vT9-kmQ2.xw4Lr", "BLF-CRYPT", 8);
	}
	rig->order.tries = 0;
	rig->order.time_us = 2500000;
	audit(rig);
	for (size_t i = 0; i < rig->found.count; i++) {
		unsigned tried = rig->found.items[i].result.tried;

		least = tried < least ? tried : least;
		most = tried > most ? tried : most;
	}
	assert_true(most <= (least < 10 ? 10 : least < 30 ? 30 : least + 100));
}

/* quick ones do not get their whole list before slow ones, or later ones, got ten words */
static void wide_comes_before_deep(void **state)
{
	struct rig *rig = *state;
	unsigned least = LIKELY_MAX, most = 0;
	char account[32];

	for (unsigned i = 0; i < 300; i++) {
		snprintf(account, sizeof account, "user%03u@example.jp", i);
		if (i % 30 == 29)
			add(rig, account, "vT9-kmQ2.xw4Lr", "BLF-CRYPT", 5);
		else
			add_stored(rig, account, "{PLAIN.HEX}7654392d6b6d51322e787734");
	}
	rig->order.tries = 0;
	rig->order.time_us = 1500000;
	audit(rig);
	for (size_t i = 0; i < rig->found.count; i++) {
		unsigned tried = rig->found.items[i].result.tried;

		least = tried < least ? tried : least;
		most = tried > most ? tried : most;
	}
	assert_int_equal(rig->progress.depth, least);
	assert_true(least >= 10 || most <= 10);
}

static void what_is_not_tried_is_called_by_its_name(void **state)
{
	static const struct {
		const char *account, *stored;
		enum audit_state state;
	} table[] = {
		{ "sha", "{SHA512-CRYPT}$6$rounds=999999999$saltsalt$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", AUDIT_TOO_SLOW },
		{ "bcrypt", "{BLF-CRYPT}$2y$31$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", AUDIT_TOO_SLOW },
		{ "argon", "{ARGON2ID}$argon2id$v=19$m=4194304,t=100,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", AUDIT_TOO_SLOW },
		{ "short", "{BLF-CRYPT}$2y$05$short", AUDIT_DAMAGED },
		{ "nothing", "{BLF-CRYPT}", AUDIT_DAMAGED },
		{ "salt", "{SSHA}", AUDIT_DAMAGED },
		{ "letters", "{SSHA}!!!notbase64", AUDIT_DAMAGED },
		{ "empty", "", AUDIT_DAMAGED },
		{ "rounds", "{PBKDF2}$1$AAAA$5000$bbbb", AUDIT_DAMAGED },
		{ "other", "{WHIRLPOOL}abcdef", AUDIT_UNKNOWN },
		{ "hex", "{PLAIN.HEX}3132333471776572", AUDIT_GUESSABLE },
		{ "base", "{PLAIN.b64}MTIzNHF3ZXI=", AUDIT_GUESSABLE },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		add_stored(rig, table[i].account, table[i].stored);
	rig->order.tries = 0;
	audit(rig);
	assert_int_equal(rig->progress.phase, AUDIT_FINISHED);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (of(rig, table[i].account)->state != table[i].state)
			fail_msg("%s: %s", table[i].account, audit_state_names[of(rig, table[i].account)->state]);
}

static void nothing_of_a_find_is_written(void **state)
{
	struct rig *rig = *state;
	char text[FILE_MAX], before[FILE_MAX];
	const char *line;
	struct stat st;

	add(rig, "taro@example.jp", "1234qwer", "BLF-CRYPT", 4);
	audit(rig);
	read_file(rig->results, text);
	read_file(rig->users, before);
	assert_null(strstr(text, "1234qwer"));
	assert_null(strstr(text, "$2y$"));
	line = strstr(text, "<taro@example.jp> guessable row - 0 "); /* not how many were tried */
	assert_non_null(line);
	assert_int_equal(stat(rig->results, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void a_torn_file_is_read_as_far_as_it_goes(void **state)
{
	static const char *const bad[] = { "", "x", "<a> open - - 5000 - 0000000000000000", "<a> open - x 0 - 0000000000000000", "<> open - - 0 - 0000000000000000",
					   "<a> none - - 0 - 0000000000000000", "<a> open no - 0 - 0000000000000000", "<a> open - - 0 12 0000000000000000",
					   "<a> open - - 0 - 00000000", "<a> open - - 0 - 0000000000000000 ", "<a%00> open - - 0 - 0000000000000000",
					   "<a>  open - - 0 - 0000000000000000" };
	struct rig *rig = *state;
	struct audit_result result;
	char account[PASSDB_ACCOUNT_MAX + 1];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (audit_result_parse(text_of(bad[i]), account, &result))
			fail_msg("'%s' is taken", bad[i]);
	write_file(rig->results, "<a> open - - 30 - 00000000000000aa\nnonsense\n"
				 "<b> guessable word sco 0 0123456789abcdef0123456789abcdef 0000000000000001\n"
				 "<a> open - - 100 - 00000000000000aa\n<a> open - - 200 - 0000");
	assert_true(audit_results_read(&rig->found, rig->results, &rig->error));
	assert_int_equal(rig->found.count, 2);
	assert_int_equal(of(rig, "a")->tried, 100);
	assert_int_equal(of(rig, "a")->version, 0xaa);
	assert_int_equal(of(rig, "b")->flags, AUDIT_SHARED | AUDIT_CLEAR | AUDIT_OLD_SCHEME);
	assert_int_equal(of(rig, "b")->fault, PASSWORD_WORD);
	assert_string_equal(of(rig, "b")->print, "0123456789abcdef0123456789abcdef");
	assert_null(audit_results_find(&rig->found, "c"));
}

static void only_one_at_a_time(void **state)
{
	struct rig *rig = *state;
	struct audit_file file;

	assert_true(audit_file_lock(&file, rig->results, &rig->error));
	assert_false(audit_run(rig->passdb, rig->results, &rig->order, &rig->progress, &(atomic_bool){ false }, &rig->error));
	assert_string_equal(rig->progress.error, "another audit is running");
	audit_file_close(&file);
	audit(rig);
}

static void the_depth_is_a_rounds(void **state)
{
	static const unsigned table[][2] = { { 0, LIKELY_MAX }, { 1, 10 }, { 10, 10 }, { 11, 30 }, { 30, 30 }, { 31, 100 }, { 100, 100 },
					     { 101, 200 }, { 999, 1000 }, { 4095, LIKELY_MAX }, { 4096, LIKELY_MAX }, { 9999, LIKELY_MAX } };

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(audit_depth(table[i][0]), table[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_can_be_guessed_is_found_in_every_scheme, begin, end),
		cmocka_unit_test_setup_teardown(the_same_password_twice_is_shared, begin, end),
		cmocka_unit_test_setup_teardown(it_goes_on_where_it_was, begin, end),
		cmocka_unit_test_setup_teardown(who_is_asked_for_alone_is_tried_alone, begin, end),
		cmocka_unit_test_setup_teardown(it_stops_in_time_and_when_told, begin, end),
		cmocka_unit_test_setup_teardown(all_have_their_first_words_tried_first, begin, end),
		cmocka_unit_test_setup_teardown(wide_comes_before_deep, begin, end),
		cmocka_unit_test_setup_teardown(what_is_not_tried_is_called_by_its_name, begin, end),
		cmocka_unit_test_setup_teardown(nothing_of_a_find_is_written, begin, end),
		cmocka_unit_test_setup_teardown(a_torn_file_is_read_as_far_as_it_goes, begin, end),
		cmocka_unit_test_setup_teardown(only_one_at_a_time, begin, end),
		cmocka_unit_test(the_depth_is_a_rounds),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}

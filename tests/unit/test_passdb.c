/* SPDX-License-Identifier: Apache-2.0 */
/* What can be done to a password, on a passwd-file: each twice, in any order, and interrupted between its steps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/program.h"
#include "passdb/former.h"
#include "passdb/passwd_file.h"
#include "password/hash.h"

#define TARO "taro@example.jp"
#define HANAKO "hanako@example.jp"
#define USERS "# remark\n" HANAKO ":{PLAIN}first:1:1::/h\n" TARO ":{PLAIN}second:1:1::/t:/bin/sh:a=b:c\r\n" TARO ":{PLAIN}third:::\nbare\n"

struct rig {
	char folder[64], users[96], former[96];
	struct passdb_settings settings;
	struct passdb *passdb;
	struct error error;
	char print[PASSDB_PRINT_MAX];
};

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static const char *users_of(const struct rig *rig)
{
	static char bytes[8192];
	int fd = open(rig->users, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, bytes, sizeof bytes - 1);

	assert_true(n >= 0);
	bytes[n] = '\0';
	close(fd);
	return bytes;
}

static void again(struct rig *rig)
{
	passdb_close(rig->passdb);
	rig->passdb = passdb_open(&rig->settings, &rig->error);
	if (!rig->passdb)
		fail_msg("%s", rig->error.text);
}

static int begin(void **state)
{
	static struct rig rig;

	rig = (struct rig){ .folder = "/tmp/sekisho-passdb-XXXXXX" };
	assert_non_null(mkdtemp(rig.folder));
	snprintf(rig.users, sizeof rig.users, "%s/users", rig.folder);
	snprintf(rig.former, sizeof rig.former, "%s/former", rig.folder);
	rig.settings = (struct passdb_settings){ .backend = "passwd-file", .scheme = "SHA256-CRYPT", .cost = 1000, .former_folder = rig.former,
						 .file = rig.users, .entry = "%u", .patience_s = 1, .random_length = 15 };
	write_file(rig.users, USERS);
	again(&rig);
	*state = &rig;
	return 0;
}

static int end(void **state)
{
	struct rig *rig = *state;
	const char *const words[] = { "/bin/rm", "-rf", rig->folder, NULL };

	passdb_close(rig->passdb);
	return program_run(&(struct program){ .words = words, .input = -1, .output = -1, .stop = -1, .patience_us = 20000000 }, &rig->error) ? 0 : -1;
}

static void expect(struct rig *rig, enum passdb_result wanted, enum passdb_result came)
{
	if (wanted != came)
		fail_msg("%d came, not %d: %s", came, wanted, rig->error.text);
}

static bool opens(const struct rig *rig, const char *account, const char *password)
{
	struct passwd_line line;

	return passwd_find(text_of(users_of(rig)), text_of(account), &line) &&
	       password_matches(text_of(password), line.password, NULL) == PASSWORD_RIGHT;
}

/* ---- stories */

static void only_the_field_is_changed(void **state)
{
	struct rig *rig = *state;
	const char *after;

	expect(rig, PASSDB_DONE, passdb_change(rig->passdb, TARO, "new", rig->print, &rig->error));
	assert_int_equal(strlen(rig->print), PASSDB_PRINT_MAX - 1);
	assert_true(opens(rig, TARO, "new") && opens(rig, HANAKO, "first"));
	after = users_of(rig);
	assert_memory_equal(after, "# remark\n" HANAKO ":{PLAIN}first:1:1::/h\n" TARO ":{SHA256-CRYPT}$5$rounds=1000$", 85);
	assert_non_null(strstr(after, ":1:1::/t:/bin/sh:a=b:c\r\n" TARO ":{PLAIN}third:::\nbare\n"));
	expect(rig, PASSDB_ABSENT, passdb_change(rig->passdb, "ghost", "new", rig->print, &rig->error));
	expect(rig, PASSDB_FAILED, passdb_change(rig->passdb, "bare", "new", rig->print, &rig->error));
	expect(rig, PASSDB_NOT, passdb_change(rig->passdb, "# remark", "new", rig->print, &rig->error));
	expect(rig, PASSDB_NOT, passdb_change(rig->passdb, TARO, "", rig->print, &rig->error));
	expect(rig, PASSDB_NOT, passdb_change(rig->passdb, TARO, "a\nb", rig->print, &rig->error));
}

static void its_time_only_grows(void **state)
{
	struct rig *rig = *state;
	struct stat before, after;

	for (unsigned i = 0; i < 5; i++) {
		stat(rig->users, &before);
		expect(rig, PASSDB_DONE, passdb_change(rig->passdb, TARO, "new", rig->print, &rig->error));
		stat(rig->users, &after);
		assert_true(after.st_mtim.tv_sec > before.st_mtim.tv_sec && after.st_mode == before.st_mode);
	}
}

static void a_scramble_can_be_taken_back(void **state)
{
	struct rig *rig = *state;
	char print[PASSDB_PRINT_MAX], first[PASSDB_PRINT_MAX];

	expect(rig, PASSDB_NOT, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
	expect(rig, PASSDB_DONE, passdb_fingerprint(rig->passdb, TARO, first, &rig->error));
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, print, &rig->error));
	assert_false(opens(rig, TARO, "second"));
	again(rig);
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	assert_string_equal(rig->print, print);
	assert_string_not_equal(first, print);
	for (unsigned i = 0; i < 2; i++) {
		expect(rig, PASSDB_DONE, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
		assert_string_equal(rig->print, first);
		assert_string_equal(users_of(rig), USERS);
	}
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	assert_string_not_equal(rig->print, print);
	expect(rig, PASSDB_DONE, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
	assert_string_equal(users_of(rig), USERS);
}

static void what_was_changed_since_stays(void **state)
{
	struct rig *rig = *state;

	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	expect(rig, PASSDB_DONE, passdb_change(rig->passdb, TARO, "new", rig->print, &rig->error));
	expect(rig, PASSDB_NOT, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
	assert_true(opens(rig, TARO, "new"));
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	write_file(rig->users, TARO ":{PLAIN}by hand:\n");
	expect(rig, PASSDB_NOT, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
	assert_true(opens(rig, TARO, "by hand"));
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	expect(rig, PASSDB_DONE, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
	assert_true(opens(rig, TARO, "by hand"));
}

/* killed once the former password was kept, before the scramble was stored; and after it, before it was answered */
static void a_kill_between_two_steps_does_no_harm(void **state)
{
	static const char *const sets[] = { USERS, TARO ":{PLAIN}scrambled:\n" };
	struct rig *rig = *state;
	struct former former;
	struct former_kept kept = { .stored = "{PLAIN}second" };

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		assert_true(former_open(&former, rig->former, &rig->error));
		former_print(&former, "{PLAIN}scrambled", kept.scrambled);
		assert_true(former_keep(&former, TARO, &kept, &rig->error));
		former_close(&former);
		write_file(rig->users, sets[i]);
		expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
		assert_false(opens(rig, TARO, "second"));
		expect(rig, PASSDB_DONE, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
		assert_true(opens(rig, TARO, "second"));
	}
}

static void disabled_is_disabled_whatever_is_stored(void **state)
{
	struct rig *rig = *state;
	char print[PASSDB_PRINT_MAX];

	expect(rig, PASSDB_DONE, passdb_fingerprint(rig->passdb, TARO, print, &rig->error));
	for (unsigned i = 0; i < 2; i++) {
		expect(rig, PASSDB_DONE, passdb_disable(rig->passdb, TARO, &rig->error));
		assert_non_null(strstr(users_of(rig), TARO ":{CRYPT}!sekisho!{PLAIN}second:1:1"));
		assert_false(opens(rig, TARO, "second"));
	}
	expect(rig, PASSDB_DONE, passdb_fingerprint(rig->passdb, TARO, rig->print, &rig->error));
	assert_string_equal(rig->print, print);
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	assert_non_null(strstr(users_of(rig), TARO ":{CRYPT}!sekisho!{SHA256-CRYPT}"));
	expect(rig, PASSDB_DONE, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
	assert_non_null(strstr(users_of(rig), TARO ":{CRYPT}!sekisho!{PLAIN}second:1:1"));
	for (unsigned i = 0; i < 2; i++)
		expect(rig, PASSDB_DONE, passdb_enable(rig->passdb, TARO, &rig->error));
	assert_string_equal(users_of(rig), USERS);
	expect(rig, PASSDB_ABSENT, passdb_disable(rig->passdb, "ghost", &rig->error));
}

static void add_name(void *context, const char *account)
{
	char *names = context;
	size_t n = strlen(names);

	snprintf(names + n, 256 - n, "%s ", account);
}

static void deleted_is_gone_with_what_was_kept(void **state)
{
	struct rig *rig = *state;
	char names[256] = "";

	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, HANAKO, rig->print, &rig->error));
	expect(rig, PASSDB_DONE, passdb_delete(rig->passdb, HANAKO, &rig->error));
	expect(rig, PASSDB_ABSENT, passdb_delete(rig->passdb, HANAKO, &rig->error));
	expect(rig, PASSDB_DONE, passdb_delete(rig->passdb, TARO, &rig->error)); /* it has two lines */
	assert_string_equal(users_of(rig), "# remark\nbare\n");
	write_file(rig->users, USERS "-rf:x\na b:x\n");
	expect(rig, PASSDB_NOT, passdb_restore(rig->passdb, HANAKO, rig->print, &rig->error));
	expect(rig, PASSDB_DONE, passdb_list(rig->passdb, add_name, names, &rig->error));
	assert_string_equal(names, HANAKO " " TARO " " TARO " bare ");
}

static void each_domain_may_have_a_file(void **state)
{
	struct rig *rig = *state;
	char folder[128], names[256] = "";

	snprintf(folder, sizeof folder, "%s/example.jp", rig->folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	snprintf(folder, sizeof folder, "%s/%%d/users", rig->folder);
	rig->settings.file = folder;
	rig->settings.entry = "%n";
	again(rig);
	snprintf(rig->users, sizeof rig->users, "%s/example.jp/users", rig->folder);
	write_file(rig->users, "taro:{PLAIN}second\n");
	expect(rig, PASSDB_DONE, passdb_change(rig->passdb, TARO, "new", rig->print, &rig->error));
	assert_true(opens(rig, "taro", "new"));
	expect(rig, PASSDB_ABSENT, passdb_change(rig->passdb, "taro@example.com", "new", rig->print, &rig->error));
	expect(rig, PASSDB_ABSENT, passdb_change(rig->passdb, HANAKO, "new", rig->print, &rig->error));
	expect(rig, PASSDB_NOT, passdb_list(rig->passdb, add_name, names, &rig->error));
}

static void what_is_kept_grows_old(void **state)
{
	struct rig *rig = *state;
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = time(NULL) - (PASSDB_FORMER_DAYS + 1) * 86400 } };
	struct former former;
	struct former_kept kept = { .stored = "x" };
	char name[PASSDB_PRINT_MAX];

	assert_true(former_open(&former, rig->former, &rig->error));
	former_print(&former, "account\n" TARO, name);
	assert_true(former_keep(&former, TARO, &kept, &rig->error));
	assert_int_equal(utimensat(former.folder, name, times, 0), 0);
	assert_int_equal(former_find(&former, TARO, &kept, &rig->error), PASSDB_ABSENT);
	former_close(&former);
	assert_true(former_open(&former, rig->former, &rig->error));
	assert_int_equal(faccessat(former.folder, name, F_OK, 0), -1);
	former_close(&former);
}

static void what_was_kept_may_be_damaged(void **state)
{
	static const char *const texts[] = { "", "1 ", "1 0123\nx\n", "2 0123456789abcdef0123456789abcdef\nx\n",
					     "1 0123456789abcdef0123456789abcdef\nx", "1 0123456789abcdef0123456789abcdef\nx\ny\n" };
	struct rig *rig = *state;
	struct former former;
	char name[PASSDB_PRINT_MAX], path[160];

	assert_true(former_open(&former, rig->former, &rig->error));
	former_print(&former, "account\n" TARO, name);
	former_close(&former);
	snprintf(path, sizeof path, "%s/%s", rig->former, name);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		write_file(path, texts[i]);
		expect(rig, PASSDB_FAILED, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
		assert_non_null(strstr(rig->error.text, "damaged"));
	}
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	expect(rig, PASSDB_DONE, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
	assert_string_equal(users_of(rig), USERS);
}

static void it_opens_only_what_is_sound(void **state)
{
	struct rig *rig = *state;
	char key[128];

	rig->settings.backend = "nosuch";
	assert_null(passdb_open(&rig->settings, &rig->error));
	assert_non_null(strstr(rig->error.text, "backend"));
	rig->settings.backend = "passwd-file";
	rig->settings.scheme = "PLAIN";
	assert_null(passdb_open(&rig->settings, &rig->error));
	assert_non_null(strstr(rig->error.text, "scheme"));
	rig->settings.scheme = "BCRYPT";
	rig->settings.file = NULL;
	assert_null(passdb_open(&rig->settings, &rig->error));
	assert_non_null(strstr(rig->error.text, "file"));
	rig->settings.file = rig->users;
	chmod(rig->former, 0750);
	assert_null(passdb_open(&rig->settings, &rig->error));
	assert_non_null(strstr(rig->error.text, "chmod 0700"));
	chmod(rig->former, 0700);
	snprintf(key, sizeof key, "%s/key", rig->former);
	write_file(key, "short");
	assert_null(passdb_open(&rig->settings, &rig->error));
	assert_non_null(strstr(rig->error.text, "key"));
}

/* ---- former passwords */

static void past_path(struct rig *rig, char path[160])
{
	struct former former;
	char name[PASSDB_PRINT_MAX];

	assert_true(former_open(&former, rig->former, &rig->error));
	former_print(&former, "account\n" TARO, name);
	former_close(&former);
	snprintf(path, 160, "%s/%s.past", rig->former, name);
}

static void renew(struct rig *rig, enum passdb_result wanted, const char *password)
{
	expect(rig, wanted, passdb_renew(rig->passdb, TARO, password, rig->print, &rig->error));
	if (wanted == PASSDB_FORMER)
		assert_string_equal(rig->error.text, "it was the password of this account before");
	if (wanted == PASSDB_DONE)
		assert_true(opens(rig, TARO, password));
	else
		assert_string_equal(rig->print, "");
}

static void what_was_the_password_is_not_taken_again(void **state)
{
	struct rig *rig = *state;

	renew(rig, PASSDB_FORMER, "second");
	assert_string_equal(users_of(rig), USERS);
	renew(rig, PASSDB_DONE, "new 1");
	assert_int_equal(strlen(rig->print), PASSDB_PRINT_MAX - 1);
	renew(rig, PASSDB_FORMER, "new 1"); /* asked twice */
	renew(rig, PASSDB_FORMER, "second");
	renew(rig, PASSDB_DONE, "new 2");
	renew(rig, PASSDB_DONE, "new 3");
	again(rig);
	for (unsigned i = 0; i < 2; i++) {
		renew(rig, PASSDB_FORMER, "second");
		renew(rig, PASSDB_FORMER, "new 1");
		renew(rig, PASSDB_FORMER, "new 2");
		renew(rig, PASSDB_FORMER, "new 3");
	}
	assert_true(opens(rig, TARO, "new 3") && opens(rig, HANAKO, "first"));
	renew(rig, PASSDB_DONE, "new 4"); /* three are kept beside the one that is stored */
	renew(rig, PASSDB_FORMER, "new 1");
	renew(rig, PASSDB_DONE, "second");
	expect(rig, PASSDB_ABSENT, passdb_renew(rig->passdb, "ghost", "new", rig->print, &rig->error));
	expect(rig, PASSDB_FAILED, passdb_renew(rig->passdb, "bare", "new", rig->print, &rig->error));
	expect(rig, PASSDB_NOT, passdb_renew(rig->passdb, "# remark", "new", rig->print, &rig->error));
	renew(rig, PASSDB_NOT, "");
	renew(rig, PASSDB_NOT, "a\nb");
}

/* the one that leaked: also of an account that is disabled, and after what was kept for a restore is gone */
static void what_was_scrambled_is_not_taken_again(void **state)
{
	struct rig *rig = *state;
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = time(NULL) - (PASSDB_FORMER_DAYS + 1) * 86400 } };
	char path[160];

	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	renew(rig, PASSDB_FORMER, "second");
	expect(rig, PASSDB_DONE, passdb_disable(rig->passdb, TARO, &rig->error));
	renew(rig, PASSDB_FORMER, "second");
	expect(rig, PASSDB_DONE, passdb_enable(rig->passdb, TARO, &rig->error));
	past_path(rig, path);
	path[strlen(path) - strlen(".past")] = '\0';
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	again(rig);
	assert_int_equal(access(path, F_OK), -1);
	renew(rig, PASSDB_FORMER, "second");
	renew(rig, PASSDB_DONE, "new");
	renew(rig, PASSDB_FORMER, "second");
	expect(rig, PASSDB_NOT, passdb_restore(rig->passdb, TARO, rig->print, &rig->error));
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	write_file(rig->users, TARO ":{PLAIN}by hand:\n");
	renew(rig, PASSDB_FORMER, "second");
	renew(rig, PASSDB_FORMER, "new");
	renew(rig, PASSDB_FORMER, "by hand");
	renew(rig, PASSDB_DONE, "newer");
	renew(rig, PASSDB_FORMER, "new");
}

static void who_forces_may(void **state)
{
	struct rig *rig = *state;

	renew(rig, PASSDB_DONE, "new");
	rig->error.text[0] = '\0';
	expect(rig, PASSDB_DONE, passdb_change(rig->passdb, TARO, "second", rig->print, &rig->error));
	assert_string_equal(rig->error.text, "");
	assert_true(opens(rig, TARO, "second"));
	renew(rig, PASSDB_FORMER, "new"); /* it is noted all the same */
}

static void hashes_alone_are_kept(void **state)
{
	struct rig *rig = *state;
	char path[160], bytes[FORMER_PAST_FILE_MAX] = "";
	struct former_past past;
	int fd;

	renew(rig, PASSDB_DONE, "new");
	expect(rig, PASSDB_DONE, passdb_scramble(rig->passdb, TARO, rig->print, &rig->error));
	write_file(rig->users, TARO ":{CLEARTEXT}second:\n");
	renew(rig, PASSDB_DONE, "newer");
	past_path(rig, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && read(fd, bytes, sizeof bytes - 1) > 0);
	close(fd);
	assert_null(strstr(bytes, "second"));
	assert_true(former_past_parse(text_of(bytes), &past));
	assert_int_equal(past.count, 2); /* one that comes again is one */
	for (size_t i = 0; i < past.count; i++)
		assert_memory_equal(past.stored[i], "{SHA256-CRYPT}$5$", 17);
}

static void schemes_may_be_unknown_or_become_others(void **state)
{
	struct rig *rig = *state;

	write_file(rig->users, TARO ":{DIGEST-MD5}0123456789abcdef0123456789abcdef:\n");
	renew(rig, PASSDB_DONE, "any");
	write_file(rig->users, TARO "::\n");
	renew(rig, PASSDB_DONE, "other");
	rig->settings.default_scheme = "PLAIN-MD5";
	again(rig);
	write_file(rig->users, TARO ":" "a9f0e61a137d86aa9db53465e0801612" ":\n"); /* md5 of the word second */
	renew(rig, PASSDB_FORMER, "second");
	renew(rig, PASSDB_DONE, "new");
	rig->settings.default_scheme = "CRYPT";
	again(rig);
	renew(rig, PASSDB_FORMER, "second");
}

static void what_is_damaged_is_said_and_may_be_forced(void **state)
{
	struct rig *rig = *state;
	char path[160];

	past_path(rig, path);
	write_file(path, "1\n");
	renew(rig, PASSDB_FAILED, "new");
	assert_string_equal(rig->error.text, "the hashes of former passwords are damaged");
	assert_string_equal(users_of(rig), USERS);
	expect(rig, PASSDB_DONE, passdb_change(rig->passdb, TARO, "new", rig->print, &rig->error));
	assert_string_equal(rig->error.text, "the hashes of former passwords are damaged");
	renew(rig, PASSDB_FORMER, "second"); /* it is written anew */
	renew(rig, PASSDB_DONE, "newer");
	path[strlen(path) - strlen(".past")] = '\0';
	write_file(path, "1\n");
	renew(rig, PASSDB_FAILED, "newest");
	assert_string_equal(rig->error.text, "what was stored before is damaged");
	expect(rig, PASSDB_DONE, passdb_change(rig->passdb, TARO, "newest", rig->print, &rig->error));
	renew(rig, PASSDB_FORMER, "newer");
	renew(rig, PASSDB_DONE, "last");
}

static void what_is_noted_grows_old_and_goes_with_the_account(void **state)
{
	struct rig *rig = *state;
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = time(NULL) - (PASSDB_PAST_DAYS + 1) * 86400 } };
	char path[160];

	past_path(rig, path);
	renew(rig, PASSDB_DONE, "new");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	renew(rig, PASSDB_FORMER, "new");
	renew(rig, PASSDB_DONE, "second"); /* a year has passed */
	renew(rig, PASSDB_FORMER, "new");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	again(rig);
	assert_int_equal(access(path, F_OK), -1);
	renew(rig, PASSDB_DONE, "new");
	assert_int_equal(access(path, F_OK), 0);
	expect(rig, PASSDB_DONE, passdb_delete(rig->passdb, TARO, &rig->error));
	assert_int_equal(access(path, F_OK), -1);
}

/* ---- lines */

static void lines_are_read_as_dovecot_does(void **state)
{
	static const struct {
		struct text file, name, password;
		bool found, has_password;
	} table[] = {
		{ TEXT("a:b"), TEXT("a"), TEXT("b"), true, true },
		{ TEXT("a:b:c"), TEXT("a"), TEXT("b"), true, true },
		{ TEXT("a:b\r\n"), TEXT("a"), TEXT("b"), true, true },
		{ TEXT("a::c"), TEXT("a"), TEXT(""), true, true },
		{ TEXT("a"), TEXT("a"), TEXT(""), true, false },
		{ TEXT("\n\n#a:x\n:a:x\na:b\na:c\n"), TEXT("a"), TEXT("b"), true, true },
		{ TEXT("aa:b\nA:b\n"), TEXT("a"), TEXT(""), false, false },
		{ TEXT(""), TEXT(""), TEXT(""), false, false },
		{ TEXT("a\0:b"), TEXT("a"), TEXT(""), false, false },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct passwd_line line = { 0 };

		assert_int_equal(passwd_find(table[i].file, table[i].name, &line), table[i].found);
		if (!table[i].found)
			continue;
		assert_int_equal(line.has_password, table[i].has_password);
		assert_true(text_is(line.password, table[i].password));
	}
	assert_true(passwd_may_hold(TEXT("{SHA512-CRYPT}$6$a$b")) && passwd_may_hold(TEXT("")));
	assert_false(passwd_may_hold(TEXT("a:b")) || passwd_may_hold(TEXT("a\nb")) || passwd_may_hold(TEXT("a\0b")));
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(only_the_field_is_changed),
		STORY(its_time_only_grows),
		STORY(a_scramble_can_be_taken_back),
		STORY(what_was_changed_since_stays),
		STORY(a_kill_between_two_steps_does_no_harm),
		STORY(disabled_is_disabled_whatever_is_stored),
		STORY(deleted_is_gone_with_what_was_kept),
		STORY(each_domain_may_have_a_file),
		STORY(what_is_kept_grows_old),
		STORY(what_was_kept_may_be_damaged),
		STORY(it_opens_only_what_is_sound),
		STORY(what_was_the_password_is_not_taken_again),
		STORY(what_was_scrambled_is_not_taken_again),
		STORY(who_forces_may),
		STORY(hashes_alone_are_kept),
		STORY(schemes_may_be_unknown_or_become_others),
		STORY(what_is_damaged_is_said_and_may_be_forced),
		STORY(what_is_noted_grows_old_and_goes_with_the_account),
		cmocka_unit_test(lines_are_read_as_dovecot_does),
	};

	assert_true(sodium_init() >= 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

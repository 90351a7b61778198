/* SPDX-License-Identifier: Apache-2.0 */
/* What sekisho-passdb takes from those who ask, and from its own settings. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "passdb/account.h"
#include "passdb/request.h"
#include "passdb/settings.h"

/* ---- requests */

static void only_sound_requests_are_taken(void **state)
{
	static const struct {
		struct text line;
		enum asked_verb verb;
		const char *account, *password, *fault;
	} table[] = {
		{ TEXT("fingerprint <taro@example.jp>"), ASKED_FINGERPRINT, "taro@example.jp", "", NULL },
		{ TEXT("scramble <taro>"), ASKED_SCRAMBLE, "taro", "", NULL },
		{ TEXT("restore <%E5%A4%AA@example.jp>"), ASKED_RESTORE, "太@example.jp", "", NULL },
		{ TEXT("change <a+b@c> <a%20%3C%25%C3%A9%3E>"), ASKED_CHANGE, "a+b@c", "a <%é>", NULL },
		{ TEXT("renew <a+b@c> <a%20%3C%25%C3%A9%3E>"), ASKED_RENEW, "a+b@c", "a <%é>", NULL },
		{ TEXT("disable <%61>"), ASKED_DISABLE, "a", "", NULL },
		{ TEXT("enable <a=b&c;d>"), ASKED_ENABLE, "a=b&c;d", "", NULL },
		{ TEXT("delete <a>"), ASKED_DELETE, "a", "", NULL },
		{ TEXT("list"), ASKED_LIST, "", "", NULL },
		{ TEXT("ping"), ASKED_PING, "", "", NULL },
		{ TEXT("audit-start 2 3600 0 <> <>"), ASKED_AUDIT_START, "", "", NULL },
		{ TEXT("audit-start 64 2592000 4096 <example.jp> <taro@example.jp>"), ASKED_AUDIT_START, "taro@example.jp", "", NULL },
		{ TEXT("audit-state"), ASKED_AUDIT_STATE, "", "", NULL },
		{ TEXT("audit-results"), ASKED_AUDIT_RESULTS, "", "", NULL },
		{ TEXT("audit-stop"), ASKED_AUDIT_STOP, "", "", NULL },
		{ TEXT("audit-start"), ASKED_FAULTY, "", "", "no verb" },
		{ TEXT("audit-state <a>"), ASKED_FAULTY, "", "", "no verb" },
		{ TEXT("audit-start 0 3600 0 <> <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 65 3600 0 <> <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 2 0 0 <> <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 2 2592001 0 <> <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 2 3600 4097 <> <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 2 3600 -1 <> <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 2 3600 0 <a@b> <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 2 3600 0 <--help> <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 2 3600 0 <>"), ASKED_FAULTY, "", "", "no such audit" },
		{ TEXT("audit-start 2 3600 0 <> <-a>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("audit-start 2 3600 0 <> <> "), ASKED_FAULTY, "", "", "no account" },
		{ TEXT(""), ASKED_FAULTY, "", "", "no verb" },
		{ TEXT("list "), ASKED_FAULTY, "", "", "no verb" },
		{ TEXT("scramble"), ASKED_FAULTY, "", "", "no verb" },
		{ TEXT("Scramble <a>"), ASKED_FAULTY, "", "", "no verb" },
		{ TEXT("scramble "), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble a"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a> "), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a> <b>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble  <a>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a%>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a%4>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a%4g>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a%c3%a9>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a%00>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a\xc3\xa9>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("scramble <a<b>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("change <a>"), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("change <a> "), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("change <a> <>"), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("change <a> <b%0A>"), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("change <a> <b%FF>"), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("change <a> <b> <c>"), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("change <-a> <b>"), ASKED_FAULTY, "", "", "no account" },
		{ TEXT("renew"), ASKED_FAULTY, "", "", "no verb" },
		{ TEXT("renew <a>"), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("renew <a> <>"), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("renew <a> <b> <c>"), ASKED_FAULTY, "", "", "no password" },
		{ TEXT("renew <-a> <b>"), ASKED_FAULTY, "", "", "no account" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct asked asked;

		asked_parse(table[i].line, &asked);
		if (asked.verb != table[i].verb)
			fail_msg("'%s' is taken as %d", table[i].line.p, (int)asked.verb);
		assert_string_equal(asked.account, table[i].account);
		assert_string_equal(asked.password, table[i].password);
		if (table[i].fault)
			assert_string_equal(asked.fault, table[i].fault);
	}
}

static void names_have_limits(void **state)
{
	static const struct {
		struct text account;
		bool sound;
	} table[] = {
		{ TEXT("taro@example.jp"), true }, { TEXT("taro"), true },	     { TEXT("a.b-c_d+e@x-y.z"), true }, { TEXT("太郎@例え.jp"), true },
		{ TEXT("$(id)@x"), true },	   { TEXT(""), false },		     { TEXT("@"), false },		{ TEXT("a@"), false },
		{ TEXT("@a"), false },		   { TEXT("a@b@c"), false },	     { TEXT("-a"), false },		{ TEXT("a@-b"), false },
		{ TEXT("."), false },		   { TEXT(".."), false },	     { TEXT("a@.."), false },		{ TEXT("#a"), false },
		{ TEXT("a b"), false },		   { TEXT("a\tb"), false },	     { TEXT("a\0b"), false },		{ TEXT("a:b"), false },
		{ TEXT("a/b"), false },		   { TEXT("a\\b"), false },	     { TEXT("a%b"), false },		{ TEXT("a'b"), false },
		{ TEXT("a\"b"), false },	   { TEXT("a`b"), false },	     { TEXT("a\x7f"), false },		{ TEXT("a\xff"), false },
		{ TEXT("a\xc3"), false },	   { TEXT("a\xc0\xaf"), false },     { TEXT("a\xed\xa0\x80"), false },	{ TEXT("a\xc2\xa0"), false },
		{ TEXT("a\xe3\x80\x80"), false },  { TEXT("a\xe2\x80\x8b"), false }, { TEXT("a\xc2\x85"), false },	{ TEXT("a\xf4\x90\x80\x80"), false },
	};
	char longest[PASSDB_ACCOUNT_MAX + 1];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (account_is_sound(table[i].account) != table[i].sound)
			fail_msg("'%s' is taken for %s", table[i].account.p, table[i].sound ? "unsound" : "sound");
	memset(longest, 'a', sizeof longest);
	assert_true(account_is_sound((struct text){ longest, PASSDB_ACCOUNT_MAX }));
	assert_false(account_is_sound((struct text){ longest, PASSDB_ACCOUNT_MAX + 1 }));
}

static void patterns_are_filled_in(void **state)
{
	static const struct {
		const char *pattern, *account, *wanted; /* NULL: cannot be */
	} table[] = {
		{ "%u", "taro@example.jp", "taro@example.jp" }, { "/x/%d/%n", "taro@example.jp", "/x/example.jp/taro" },
		{ "100%%", "taro", "100%" },			{ "%n", "taro", "taro" },
		{ "%d", "taro", NULL },				{ "%x", "taro", NULL },
		{ "%", "taro", NULL },				{ "", "taro", "" },
		{ "--mail=%u --", "a@b", "--mail=a@b --" },	{ "0123456789%u", "0123456789", NULL },
	};
	char to[20];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_int_equal(account_expand(table[i].pattern, text_of(table[i].account), to, sizeof to), table[i].wanted != NULL);
		if (table[i].wanted)
			assert_string_equal(to, table[i].wanted);
	}
}

/* ---- settings */

static char path[64];

static void write_settings(const char *text, unsigned mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void settings_are_believed_only_where_they_are_sound(void **state)
{
	static const struct {
		const char *text;
		unsigned mode;
		const char *why; /* a part of it; NULL: sound */
	} table[] = {
		{ "user = 0\nbackend = passwd-file\n", 0600, NULL },
		{ "user = 0\nbackend = passwd-file\n", 0400, NULL },
		{ "user = 0\nbackend = passwd-file\n", 0640, "chmod 0600" },
		{ "user = 0\nbackend = passwd-file\n", 0604, "chmod 0600" },
		{ "user = 0\nbackend = passwd-file\n", 0620, "nobody else can write" },
		{ "user = 0\n", 0600, "'backend' is missing" },
		{ "user = no such one\nbackend = x\n", 0600, "line 1: there is no user 'no such one'" },
		{ "# x\n\nbackend = x\nbackend = y\n", 0600, "line 4: 'backend' is named twice" },
		{ "backend =\n", 0600, "line 1: 'backend' is empty" },
		{ "backend\n", 0600, "line 1 is no 'name = value'" },
		{ "shell = /bin/sh\n", 0600, "no setting is named 'shell'" },
		{ "file = users\n", 0600, "no absolute path" },
		{ "patience = 0\n", 0600, "number from 1 to 300" },
		{ "patience = 301\n", 0600, "number from 1 to 300" },
		{ "random_length = 11\n", 0600, "number from 12 to 64" },
		{ "cost = -1\n", 0600, "number from 0" },
		{ "change_command = sh -c x\n", 0600, "no absolute path" },
		{ "change_command =\n", 0600, "no absolute path" },
		{ "user = 0\nbackend = command\nchange_command = /bin/true\nchange_command =\nchange_command = a b\n", 0600, NULL },
		{ "user = 0\nbackend = command\nchange_command = /nowhere/x\n", 0600, "/nowhere/x" },
		{ "user = 0\nbackend = command\nchange_command = /tmp\n", 0600, "must be a program" },
		{ "user = 0\nbackend = x\nsecret_in = words\n", 0600, "neither stdin nor environment" },
		{ "user = 0\nbackend = x\nsecret_name = a=b\n", 0600, "no name of a variable" },
	};
	struct passdb_settings settings;
	struct error error;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		write_settings(table[i].text, table[i].mode);
		assert_int_equal(passdb_settings_read(&settings, path, &error), !table[i].why);
		if (!table[i].why)
			passdb_settings_done(&settings);
		else if (!strstr(error.text, table[i].why) || !strstr(error.text, path))
			fail_msg("'%s' does not say '%s'", error.text, table[i].why);
	}
	assert_false(passdb_settings_read(&settings, "/nowhere/passdb.conf", &error));
}

static void what_is_refused_is_not_quoted(void **state)
{
	static const char *const texts[] = { "backend = sql\nhunter2", "bind_password = hunter2\nbind_password = hunter2\n",
					     "cost = hunter2\n", "connect = password=hunter2\n=\n", "user = 0\nbackend = x\nsecret_in = hunter2\n" };
	struct passdb_settings settings;
	struct error error;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		write_settings(texts[i], 0600);
		assert_false(passdb_settings_read(&settings, path, &error));
		assert_null(strstr(error.text, "hunter2"));
	}
}

static void what_was_not_named_is_usual(void **state)
{
	struct passdb_settings settings;
	struct error error;

	write_settings("backend = command\nuser = 0\nchange_command = /bin/true\nchange_command = --mail=%u\nchange_command =\n", 0600);
	assert_true(passdb_settings_read(&settings, path, &error));
	assert_string_equal(settings.scheme, "SHA512-CRYPT");
	assert_string_equal(settings.former_folder, "/var/lib/sekisho-passdb");
	assert_string_equal(settings.secret_in, "stdin");
	assert_string_equal(settings.secret_name, "PASSWORD");
	assert_string_equal(settings.entry, "%u");
	assert_int_equal(settings.patience_s, 30);
	assert_int_equal(settings.random_length, 15);
	assert_string_equal(settings.change_command.words[1], "--mail=%u");
	assert_string_equal(settings.change_command.words[2], "");
	assert_null(settings.change_command.words[3]);
	passdb_settings_done(&settings);
}

static void commands_have_so_many_words(void **state)
{
	char text[4096] = "user = 0\nbackend = command\n";
	struct passdb_settings settings;
	struct error error;
	size_t n = strlen(text);

	for (unsigned i = 0; i < PASSDB_WORDS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "change_command = /bin/true\n");
	write_settings(text, 0600);
	assert_true(passdb_settings_read(&settings, path, &error));
	passdb_settings_done(&settings);
	snprintf(text + n, sizeof text - n, "change_command = x\n");
	write_settings(text, 0600);
	assert_false(passdb_settings_read(&settings, path, &error));
	assert_non_null(strstr(error.text, "more than 32 words"));
}

/* with the user of this test, and a program that is here */
static void take_sample(const char *name)
{
	char file[512], line[1024];
	FILE *sample, *to;

	snprintf(file, sizeof file, "%s/share/passdb/%s", getenv("SEKISHO_SOURCE"), name);
	assert_non_null(sample = fopen(file, "re"));
	write_settings("", 0600);
	assert_non_null(to = fopen(path, "we"));
	while (fgets(line, sizeof line, sample)) {
		struct text text = text_of(line);

		if (text_starts(text, TEXT("user =")))
			fputs("user = 0\n", to);
		else if (text_holds(text, TEXT("_command = /")))
			fprintf(to, "%.*s= /bin/true\n", (int)text_find(text, '='), line);
		else
			fputs(line, to);
	}
	fclose(sample);
	fclose(to);
}

static void the_samples_are_sound(void **state)
{
	static const char *const names[] = { "cpanel.conf", "directadmin.conf", "ispconfig.conf", "plesk.conf", "virtualmin.conf" };
	struct passdb_settings settings;
	struct error error;
	char word[256];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		take_sample(names[i]);
		if (!passdb_settings_read(&settings, path, &error))
			fail_msg("%s: %s", names[i], error.text);
		for (char **each = settings.change_command.words; *each; each++)
			assert_true(account_expand(*each, TEXT("taro@example.jp"), word, sizeof word));
		passdb_settings_done(&settings);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_sound_requests_are_taken),
		cmocka_unit_test(names_have_limits),
		cmocka_unit_test(patterns_are_filled_in),
		cmocka_unit_test(settings_are_believed_only_where_they_are_sound),
		cmocka_unit_test(what_is_refused_is_not_quoted),
		cmocka_unit_test(what_was_not_named_is_usual),
		cmocka_unit_test(commands_have_so_many_words),
		cmocka_unit_test(the_samples_are_sound),
	};
	int failed;

	snprintf(path, sizeof path, "/tmp/sekisho-passdb-conf-%ld", (long)getpid());
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}

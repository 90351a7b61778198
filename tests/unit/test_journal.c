/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the journal as lines: what journalctl prints, and a real journal written by systemd. */
#include "test_input_help.h"

#include <spawn.h>
#include <sys/wait.h>

#include "base/when.h"
#include "intake/journal.h"

#define AT "2026-11-22T10:33:40.123456+00:00 "
#define AT_US "1795343620123456"

/* ---- JSON */

static void json(void **state)
{
	static const struct {
		const char *name, *text, *wanted;
		unsigned bad;
	} cases[] = {
		{ "an entry",
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"_HOSTNAME\":\"mx1\",\"SYSLOG_IDENTIFIER\":\"postfix/smtpd\","
		  "\"_PID\":\"77\",\"MESSAGE\":\"connect from a[192.0.2.1]\"}\n",
		  AT "mx1 postfix/smtpd[77]: connect from a[192.0.2.1]\n", 0 },
		{ "no newline at the end, a second name and pid, empty lines",
		  "{\"MESSAGE\":\"a\",\"__REALTIME_TIMESTAMP\":\"" AT_US "\"}\n\r\n\n"
		  "{\"_COMM\":\"auth\",\"SYSLOG_PID\":\"8\",\"_PID\":\"9\",\"MESSAGE\":\"\",\"_SOURCE_REALTIME_TIMESTAMP\":" AT_US "}",
		  AT "- -: a\n" AT "- auth[8]: \n", 0 },
		{ "bytes, repeated fields, several times binary",
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":[103,114,252,110]}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":[\"one\",\"two\"],\"_HOSTNAME\":[\"h\"]}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":[[97,98],[99]]}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":[]}\n",
		  AT "- -: gr\xfcn\n" AT "h -: one\n" AT "- -: ab\n" AT "- -: \n", 0 },
		{ "one entry is one line",
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"_HOSTNAME\":\"h\\nx y\",\"SYSLOG_IDENTIFIER\":\"p[1]: q\\u0000\","
		  "\"_PID\":\"1]: x\",\"MESSAGE\":\"a\\n" AT "mx1 sshd: \\u0000b\\r\\t\\u001b\\u007f\xe3\x81\x82\"}\n",
		  AT "h?x?y p?1???q?: a " AT "mx1 sshd:  b    \xe3\x81\x82\n", 0 },
		{ "bad ones",
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":null}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\"}\n{\"MESSAGE\":\"no time\"}\n[1]\n{\n17\ntext\n"
		  "{\"__REALTIME_TIMESTAMP\":\"-5\",\"MESSAGE\":\"a\"}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"999999999999999999\",\"MESSAGE\":\"a\"}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":[256]}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":[1,\"a\"]}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":{\"a\":1}}\n"
		  "{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":\"good\"}\n",
		  AT "- -: good\n", 12 },
		{ "json-seq",
		  "\x1e{\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":\"a\"}\n\x1e{\"__REALTIME_TIMESTAMP\":\"" AT_US
		  "\",\"MESSAGE\":\"b\"}\n",
		  AT "- -: a\n" AT "- -: b\n", 0 },
		{ "json-sse",
		  "data: {\"__REALTIME_TIMESTAMP\":\"" AT_US "\",\"MESSAGE\":\"a\"}\n\ndata: {\"__REALTIME_TIMESTAMP\":\"" AT_US
		  "\",\"MESSAGE\":\"b\"}\n\n",
		  AT "- -: a\n" AT "- -: b\n", 0 },
		{ "another JSON is no journal", "{\"log\":\"x\"}\n{\"MESSAGE\":1}\n", "{\"log\":\"x\"}\n{\"MESSAGE\":1}\n", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct help_read all;

		print_message("  %s\n", cases[i].name);
		help_file(help_path("json"), text_of(cases[i].text));
		all = help_read(help_path("json"));
		assert_int_equal(all.result, 0);
		assert_int_equal(all.n, strlen(cases[i].wanted));
		assert_memory_equal(all.p, cases[i].wanted, all.n);
		assert_int_equal(all.bad, cases[i].bad);
		free(all.p);
	}
}

/* ---- export */

#define SIZE(low) low "\0\0\0\0\0\0"
#define BYTES(literal) { literal, sizeof literal - 1 }

static void export(void **state)
{
	static const struct {
		const char *name;
		struct text text;
		const char *wanted;
		unsigned bad;
	} cases[] = {
		{ "two entries, the second without its empty line",
		  BYTES("__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=" AT_US "\n_HOSTNAME=mx1\nSYSLOG_IDENTIFIER=exim\n"
			"SYSLOG_PID=3\nMESSAGE=a=b\n\n__CURSOR=s\n__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE=c\n"),
		  AT "mx1 exim[3]: a=b\n" AT "- -: c\n", 0 },
		{ "binary, with what looks like entries in it",
		  BYTES("__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE\n" SIZE("\x11\0") "a\n\n__CURSOR=x\n\n\0b\n_HOSTNAME=h\n\n"),
		  AT "h -: a  __CURSOR=x   b\n", 0 },
		{ "several empty lines, an empty value, an empty binary one",
		  BYTES("__CURSOR=1\n\n\n\n__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE=\n\n\n__REALTIME_TIMESTAMP=" AT_US
			"\nMESSAGE\n" SIZE("\0\0") "\n\n"),
		  AT "- -: \n" AT "- -: \n", 1 },
		{ "first of repeated fields", BYTES("__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE=a\nMESSAGE=b\n\n"), AT "- -: a\n", 0 },
		{ "a line that is no field", BYTES("__REALTIME_TIMESTAMP=" AT_US "\nthis is text\nMESSAGE=a\n\n"
						   "__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE=b\n\n"),
		  AT "- -: b\n", 1 },
		{ "cut off in a binary field", BYTES("__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE\n" SIZE("\x08\0") "abc"), "", 1 },
		{ "cut off in a length", BYTES("__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE\n\x08\0"), "", 1 },
		{ "cut off in a text", BYTES("__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE=x\nOTHER=ab"), "", 1 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct help_read all;

		print_message("  %s\n", cases[i].name);
		help_pack(help_path("export"), ARCHIVE_FILTER_GZIP, cases[i].text);
		all = help_read(help_path("export"));
		assert_int_equal(all.result, 0);
		assert_int_equal(all.n, strlen(cases[i].wanted));
		assert_memory_equal(all.p, cases[i].wanted, all.n);
		assert_int_equal(all.bad, cases[i].bad);
		free(all.p);
	}
}

static void impossible_length(void **state)
{
	static const struct text text = BYTES("__REALTIME_TIMESTAMP=" AT_US "\nMESSAGE=a\n\n__CURSOR=1\nX\n\xff\xff\xff\xff\xff\xff\xff\xff"
					      "abc\n\n__REALTIME_TIMESTAMP=1\nMESSAGE=b\n\n");
	struct help_read all;

	help_file(help_path("length"), text);
	all = help_read(help_path("length"));
	assert_int_equal(all.result, -1);
	assert_non_null(strstr(all.error.text, "damaged"));
	assert_int_equal(all.n, strlen(AT "- -: a\n"));
	free(all.p);
}

/* ---- limits: a field of `bytes`, in text, binary and JSON; `fields` more of them */

static struct text big_entry(const char *form, size_t bytes, size_t fields)
{
	bool is_json = strcmp(form, "json") == 0, binary = strcmp(form, "binary") == 0;
	char *text = memory_new(2 * bytes + 64 * fields + 1024);
	size_t n = (size_t)snprintf(text, 1024, is_json ? "{\"__REALTIME_TIMESTAMP\":\"%s\"" : "__REALTIME_TIMESTAMP=%s\n", AT_US);

	for (size_t i = 0; i < fields; i++)
		n += (size_t)snprintf(text + n, 64, is_json ? ",\"F%zu\":\"\"" : "F%zu=\n", i);
	n += (size_t)snprintf(text + n, 64, is_json ? ",\"MESSAGE\":\"" : binary ? "MESSAGE\n" : "MESSAGE=");
	for (int i = 0; binary && i < 8; i++)
		text[n++] = (char)(bytes >> 8 * i & 0xff);
	memset(text + n, 'x', bytes);
	n += bytes;
	n += (size_t)snprintf(text + n, 256, is_json ? "\"}\n{\"__REALTIME_TIMESTAMP\":\"%s\",\"MESSAGE\":\"next\"}\n" :
			      "\n\n__REALTIME_TIMESTAMP=%s\nMESSAGE=next\n\n", AT_US);
	return (struct text){ text, n };
}

static void limits(void **state)
{
	enum { HEAD = sizeof AT "- -: " - 1, NEXT = HEAD + 5 };
	static const struct {
		size_t bytes, fields;
		size_t line; /* bytes of its line without the '\n', 0 for none */
	} cases[] = {
		{ 1000, 997, HEAD + 1000 },  { 1000, 1000, 0 },         { JOURNAL_FIELD_MAX + 9, 1, INPUT_LINE_MAX },
		{ 300000, 0, INPUT_LINE_MAX }, { 1040000, 0, INPUT_LINE_MAX }, { 1060000, 0, 0 }, { 5000000, 0, 0 },
	};
	static const char *const forms[] = { "json", "text", "binary" };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t f = 0; f < 3; f++) {
			struct text text = big_entry(forms[f], cases[i].bytes, cases[i].fields);
			struct help_read all;

			print_message("  %s, %zu bytes, %zu fields\n", forms[f], cases[i].bytes, cases[i].fields);
			help_file(help_path("big"), text);
			all = help_read(help_path("big"));
			assert_int_equal(all.result, 0);
			assert_int_equal(all.n, NEXT + (cases[i].line ? cases[i].line + 1 : 0));
			assert_memory_equal(all.p + all.n - NEXT, AT "- -: next\n", NEXT);
			assert_int_equal(all.bad, cases[i].line == 0);
			assert_int_equal(all.overlong, cases[i].line == INPUT_LINE_MAX);
			free(all.p);
			free((char *)text.p);
		}
}

static void many_entries(void **state)
{
	static const char entry[] = "__CURSOR=1\n__REALTIME_TIMESTAMP=" AT_US "\n_HOSTNAME=mx1\nSYSLOG_IDENTIFIER=exim\nMESSAGE=a\n\n";
	static const char line[] = AT "mx1 exim: a\n";
	enum { COUNT = 20000 };
	struct help_read all;
	int fd = open(help_path("entries"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	for (int i = 0; i < COUNT; i++)
		help_write_all(fd, text_of(entry));
	close(fd);
	all = help_read(help_path("entries"));
	assert_int_equal(all.result, 0);
	assert_int_equal(all.n, COUNT * strlen(line));
	for (size_t i = 0; i < COUNT; i++)
		assert_memory_equal(all.p + i * strlen(line), line, strlen(line));
	free(all.p);
}

/* ---- a real journal */

static const char remote[] = "/lib/systemd/systemd-journal-remote";

static void put_entry(int fd, int64_t t_us, const char *facility, const char *unit, struct text message)
{
	char text[512];
	int n = snprintf(text, sizeof text,
			 "__REALTIME_TIMESTAMP=%lld\n__MONOTONIC_TIMESTAMP=%lld\n_BOOT_ID=c5a4f4f5e5d34c9e8b1c0a6f7b1d2e3f\n"
			 "SYSLOG_FACILITY=%s\n_SYSTEMD_UNIT=%s\nSYSLOG_IDENTIFIER=postfix/smtpd\n_PID=77\n_HOSTNAME=mx1\nMESSAGE\n",
			 (long long)t_us, (long long)t_us, facility, unit);
	char length[8] = { (char)(message.n & 0xff), (char)(message.n >> 8) };

	help_write_all(fd, (struct text){ text, (size_t)n });
	help_write_all(fd, (struct text){ length, sizeof length });
	help_write_all(fd, message);
	help_write_all(fd, TEXT("\n\n"));
}

static void make_journal(const char *export_path, const char *journal_path)
{
	char *const arguments[] = { (char *)remote, (char *)"-o", (char *)journal_path, (char *)export_path, NULL };
	int fd = open(export_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), status;
	char *long_message = memory_zero(60000, 1);
	posix_spawn_file_actions_t quiet;
	pid_t pid;

	memset(long_message, 'x', 60000);
	put_entry(fd, 1795343620123456, "2", "postfix@-.service", TEXT("first\n" AT "mx1 x: injected"));
	put_entry(fd, 1795343621000000, "3", "cron.service", TEXT("not mail"));
	put_entry(fd, 1795343622000000, "3", "dovecot.service", TEXT("to standard output"));
	put_entry(fd, 1795343623000000, "2", "own.service", (struct text){ long_message, 60000 });
	free(long_message);
	close(fd);
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	assert_int_equal(posix_spawn(&pid, remote, &quiet, NULL, arguments, (char *[]){ NULL }), 0);
	posix_spawn_file_actions_destroy(&quiet);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void expect_journal(const char *path, int64_t since_us, bool from_second)
{
	static const char first[] = AT "mx1 postfix/smtpd[77]: first " AT "mx1 x: injected\n";
	static const char second[] = "2026-11-22T10:33:42.000000+00:00 mx1 postfix/smtpd[77]: to standard output\n";
	struct error error = { "" };
	struct help_read all = help_read_input(input_open_journal(path, since_us, &error), &error);
	size_t skip = from_second ? 0 : strlen(first);

	if (all.result != 0)
		fail_msg("%s", all.error.text);
	assert_int_equal(all.n, skip + strlen(second) + strlen(AT "mx1 postfix/smtpd[77]: ") + 60000 + 1);
	assert_memory_equal(all.p, first, skip);
	assert_memory_equal(all.p + skip, second, strlen(second));
	assert_int_equal(all.bad, 0);
	free(all.p);
}

static void real_journal(void **state)
{
	struct help_read all;

	if (access(remote, X_OK) != 0) {
		print_message("  left out: there is no %s (package systemd-journal-remote)\n", remote);
		skip();
	}
	assert_int_equal(mkdir(help_path("journal"), 0755), 0);
	make_journal(help_path("export"), help_path("journal/remote.journal"));
	expect_journal(help_path("journal"), WHEN_NONE, false);
	expect_journal(help_path("journal/remote.journal"), WHEN_NONE, false);
	expect_journal(help_path("journal"), 1795343620123456, false);
	expect_journal(help_path("journal"), 1795343620123457, true);
	expect_journal(help_path("journal"), -1, false);

	all = help_read(help_path("journal/remote.journal"));
	assert_int_equal(all.result, 0);
	assert_true(all.n > 60000);
	free(all.p);
}

static void no_journal(void **state)
{
	struct error error = { "" };

	assert_int_equal(mkdir(help_path("no-journal"), 0755), 0);
	assert_null(input_open_journal(help_path("no-journal"), WHEN_NONE, &error));
	assert_non_null(strstr(error.text, "no journal"));
	assert_null(input_open_journal(help_path("away"), WHEN_NONE, &error));
	assert_non_null(strstr(error.text, "No such file"));
	help_file(help_path("broken.journal"), TEXT("LPKSHHRH and then nothing of the kind"));
	assert_null(input_open(help_path("broken.journal"), &error));
	assert_non_null(strstr(error.text, "broken.journal"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json),
		cmocka_unit_test(export),
		cmocka_unit_test(impossible_length),
		cmocka_unit_test(limits),
		cmocka_unit_test(many_entries),
		cmocka_unit_test(real_journal),
		cmocka_unit_test(no_journal),
	};

	return cmocka_run_group_tests_name("journal", tests, help_setup, help_teardown);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "intake/mailbox.h"
#include "intake/mails.h"

#define SEPARATOR "From a@example.com Sun Nov 22 00:00:00 2026\n"

static char folder[] = "/tmp/sekisho-mailbox-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static const char *written(const char *name, struct text bytes)
{
	FILE *to = fopen(path_of(name), "w");

	assert_non_null(to);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, to), bytes.n);
	fclose(to);
	return path_of(name);
}

static void finds_the_mails_of_a_file(void **state)
{
	static const struct { const char *name, *file; const char *mails[4]; } cases[] = {
		{ "a mail alone", "A: b\n\nhi\n", { "A: b\n\nhi\n" } },
		{ "with a line that looks like a separator", "A: b\n\n" SEPARATOR "C: d\n", { "A: b\n\n" SEPARATOR "C: d\n" } },
		{ "an mbox of one", SEPARATOR "A: b\n\nhi\n", { SEPARATOR "A: b\n\nhi\n" } },
		{ "an mbox of two", SEPARATOR "A: b\n\nhi\n\n" SEPARATOR "C: d\n", { SEPARATOR "A: b\n\nhi\n\n", SEPARATOR "C: d\n" } },
		{ "no empty line, but a boundary that closes", SEPARATOR "A: b\n\n--x--\n" SEPARATOR "C: d\n", { SEPARATOR "A: b\n\n--x--\n", SEPARATOR "C: d\n" } },
		{ "no empty line", SEPARATOR "A: b\n\nhi\n" SEPARATOR "C: d\n", { SEPARATOR "A: b\n\nhi\n" SEPARATOR "C: d\n" } },
		{ "no field behind it", SEPARATOR "A: b\n\nhi\n\n" SEPARATOR "words\n", { SEPARATOR "A: b\n\nhi\n\n" SEPARATOR "words\n" } },
		{ "no date in it", SEPARATOR "A: b\n\nFrom here on\nC: d\n", { SEPARATOR "A: b\n\nFrom here on\nC: d\n" } },
		{ "quoted", SEPARATOR "A: b\n\n>From here\n>>From there\n> From\n", { SEPARATOR "A: b\n\nFrom here\n>From there\n> From\n" } },
		{ "zones and Thunderbird's dash", "From - Sun Nov 22 00:00:00 2026\nA: b\n\nFrom c Sun Nov 22 00:00:00 +0900 2026\nC: d\n",
		  { "From - Sun Nov 22 00:00:00 2026\nA: b\n\n", "From c Sun Nov 22 00:00:00 +0900 2026\nC: d\n" } },
		{ "CRLF", "From a Sun Nov 22 00:00:00 2026\r\nA: b\r\n\r\nFrom c Sun Nov 22 00:00:00 2026\r\nC: d\r\n",
		  { "From a Sun Nov 22 00:00:00 2026\r\nA: b\r\n\r\n", "From c Sun Nov 22 00:00:00 2026\r\nC: d\r\n" } },
		{ "an old Mac's", "From a Sun Nov 22 00:00:00 2026\rA: b\r\rFrom c Sun Nov 22 00:00:00 2026\rC: d\r",
		  { "From a Sun Nov 22 00:00:00 2026\nA: b\n\n", "From c Sun Nov 22 00:00:00 2026\nC: d\n" } },
		{ "nothing", "", { "" } },
	};
	struct mailbox *mailbox = mailbox_new();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error error;
		struct text mail;
		uint64_t number;
		size_t count = 0;

		assert_true(mailbox_open(mailbox, written("file", text_of(cases[i].file)), false, &error));
		for (; mailbox_next(mailbox, &mail, &number, &error) > 0; count++) {
			if (!cases[i].mails[count] || !text_is(mail, text_of(cases[i].mails[count])))
				fail_msg("%s, mail %zu: '%.*s'", cases[i].name, count + 1, TEXT_ARG(mail));
			assert_int_equal(number, cases[i].mails[1] ? count + 1 : 0);
		}
		assert_null(cases[i].mails[count]);
	}
	mailbox_free(mailbox);
}

static void reads_a_mail_of_a_maildir_as_one(void **state)
{
	struct mailbox *mailbox = mailbox_new();
	struct error error;
	struct text mail;
	uint64_t number;

	assert_true(mailbox_open(mailbox, written("file", TEXT(SEPARATOR "A: b\n\n" SEPARATOR "C: d\n")), true, &error));
	assert_int_equal(mailbox_next(mailbox, &mail, &number, &error), 1);
	assert_int_equal(mail.n, 2 * strlen(SEPARATOR) + 11);
	assert_int_equal(mailbox_next(mailbox, &mail, &number, &error), 0);
	mailbox_free(mailbox);
}

/* a mail that is too large does not hide what is behind it */
static void goes_on_behind_a_large_mail(void **state)
{
	size_t large = 3 * (size_t)MAILBOX_MAIL_MAX, n = 0;
	char *file = memory_new(large + 1000);
	struct mailbox *mailbox = mailbox_new();
	struct error error;
	struct text mail;
	uint64_t number;

	n = (size_t)snprintf(file, large, SEPARATOR "A: b\n\n");
	memset(file + n, 'x', large - n);
	n = large + (size_t)snprintf(file + large, 1000, "\n\n" SEPARATOR "C: d\n");
	assert_true(mailbox_open(mailbox, written("file", (struct text){ file, n }), false, &error));
	assert_int_equal(mailbox_next(mailbox, &mail, &number, &error), 1);
	assert_true(mail.n >= MAILBOX_MAIL_MAX);
	assert_int_equal(mailbox_next(mailbox, &mail, &number, &error), 1);
	assert_true(text_is(mail, TEXT(SEPARATOR "C: d\n")));
	assert_int_equal(number, 2);
	assert_int_equal(mailbox_next(mailbox, &mail, &number, &error), 0);
	mailbox_free(mailbox);
	free(file);
}

/* ---- folders */

static char told[2000];

static bool note(void *context, const struct mail *mail)
{
	size_t n = strlen(told);

	snprintf(told + n, sizeof told - n, "%s%s ", mail->file + strlen(folder), mail->fault ? "!" : "");
	return strcmp(mail->file + strlen(folder), context) != 0;
}

static void walks(const char *argument, const char *stop, const char *wanted)
{
	struct mails *mails = mails_new(note, (void *)stop);

	*told = '\0';
	assert_int_equal(mails_read(mails, argument), !*stop);
	assert_string_equal(told, wanted);
	mails_free(mails);
}

static void measures(const char *argument, uint64_t wanted)
{
	struct mails *mails = mails_new(note, NULL);

	assert_int_equal(mails_bytes(mails, argument), wanted);
	mails_free(mails);
}

static void walks_through_folders(void **state)
{
	static const char *const folders[] = { "d", "d/sub", "d/.hidden", "m", "m/cur", "m/new", "m/tmp", "m/.Sent", "m/.Sent/cur", "m/.Sent/new" };
	static const char *const files[] = { "d/b", "d/a", "d/sub/c", "d/.x", "d/.hidden/y", "m/dovecot.index", "m/cur/2:2,S", "m/cur/1:2,", "m/new/3", "m/tmp/4",
					     "m/.Sent/cur/5", "m/.Sent/maildirfolder" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		assert_int_equal(mkdir(path_of(folders[i]), 0700), 0);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		written(files[i], TEXT("A: b\n\n"));
	assert_int_equal(symlink("/etc/passwd", path_of("d/link")), 0);
	measures(path_of("m"), 24);
	measures(path_of("none"), 0);
	walks(path_of("d"), "", "/d/a /d/b /d/sub/c ");
	walks(path_of("m"), "", "/m/.Sent/cur/5 /m/cur/1:2, /m/cur/2:2,S /m/new/3 ");
	walks(path_of("m/cur"), "", "/m/cur/1:2, /m/cur/2:2,S ");
	walks(path_of("d/.x"), "", "/d/.x ");
	walks(path_of("none"), "", "/none! ");
	walks(path_of("m"), "/m/cur/1:2,", "/m/.Sent/cur/5 /m/cur/1:2, ");
}

static int begin(void **state) { return mkdtemp(folder) ? 0 : 1; }

static int end(void **state)
{
	char command[PATH_MAX + 32];
	pid_t child = fork();

	snprintf(command, sizeof command, "%s", folder);
	if (child == 0) {
		execlp("rm", "rm", "-rf", command, (char *)NULL);
		_exit(1);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_mails_of_a_file), cmocka_unit_test(reads_a_mail_of_a_maildir_as_one),
		cmocka_unit_test(goes_on_behind_a_large_mail), cmocka_unit_test(walks_through_folders),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

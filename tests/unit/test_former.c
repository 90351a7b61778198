/* SPDX-License-Identifier: Apache-2.0 */
/* Former passwords: what is kept of them, and whether a new one is among them. What renewals make of it is in test_passdb.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"
#include "passdb/compare.h"

#define PASSWORD TEXT("correct-horse.7")
#define PATIENCE_US ((int64_t)20 * 1000000)
/* bcrypt with a cost that takes weeks */
#define ENDLESS TEXT("{BLF-CRYPT}$2y$31$abcdefghijklmnopqrstuuN1Ba0WDq0l6PzTpFLSlZ4s1gWZdPGlO")

static void add(struct former_past *past, const char *each)
{
	for (; *each; each++)
		former_past_put(past, (struct text){ each, 1 });
}

static void the_newest_stand_first_and_once(void **state)
{
	static const struct {
		const char *put, *first;
	} table[] = {
		{ "", "" },	{ "a", "a" },	    { "ab", "ba" },	  { "aa", "a" },	  { "abca", "acb" },
		{ "abcb", "bca" }, { "abcde", "edcba" }, { "abcdef", "fedcb" }, { "abcdea", "aedcb" }, { "abcdefa", "afedc" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct former_past past = { 0 };

		add(&past, table[i].put);
		assert_int_equal(past.count, strlen(table[i].first));
		for (size_t n = 0; n < past.count; n++)
			assert_true(past.stored[n][0] == table[i].first[n] && !past.stored[n][1]);
	}
}

static void files_are_sound_or_damaged(void **state)
{
	static const struct {
		struct text text;
		size_t count; /* 0: damaged */
	} table[] = {
		{ TEXT("1\n{A}b\n"), 1 },	 { TEXT("1\na\nb\nc\n"), 3 },	{ TEXT(""), 0 },	{ TEXT("1\n"), 0 },
		{ TEXT("1\na\nb\nc\nd\n"), 0 }, { TEXT("1\na\nb"), 0 },	{ TEXT("1\n\na\n"), 0 }, { TEXT("2\na\n"), 0 },
		{ TEXT("1 x\na\n"), 0 },	 { TEXT("1\na\0b\n"), 0 },	{ TEXT("\n1\na\n"), 0 }, { TEXT("a\n"), 0 },
	};
	char longest[PASSWORD_HASH_MAX + 4];
	struct former_past past;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		bool sound = former_past_parse(table[i].text, &past);

		if (sound != (table[i].count > 0) || (sound && past.count != table[i].count))
			fail_msg("'%s' has %zu", table[i].text.p, past.count);
	}
	memset(longest, 'a', sizeof longest);
	memcpy(longest, "1\n", 2);
	longest[PASSWORD_HASH_MAX + 1] = '\n';
	assert_true(former_past_parse((struct text){ longest, PASSWORD_HASH_MAX + 2 }, &past));
	longest[PASSWORD_HASH_MAX + 1] = 'a';
	longest[PASSWORD_HASH_MAX + 2] = '\n';
	assert_false(former_past_parse((struct text){ longest, PASSWORD_HASH_MAX + 3 }, &past));
}

/* ---- comparing */

static bool doveadm_makes(const char *scheme, char stored[PASSWORD_HASH_MAX])
{
	const char *const words[] = { "/usr/bin/doveadm", "-O", "pw", "-s", scheme, "-p", PASSWORD.p, NULL };
	int output = memfd_create("doveadm", MFD_CLOEXEC);
	struct error error;
	bool done = program_run(&(struct program){ .words = words, .input = -1, .output = output, .stop = -1, .patience_us = PATIENCE_US }, &error);
	ssize_t n = pread(output, stored, PASSWORD_HASH_MAX - 1, 0);

	stored[n > 0 ? strcspn(stored, "\n") : 0] = '\0';
	close(output);
	return done;
}

static bool is_former(struct text password, const struct former_past *past)
{
	bool found = false;
	struct error error;

	if (!compare_with_past(password, past, NULL, PATIENCE_US, &found, &error))
		fail_msg("%s", error.text);
	return found;
}

/* each that an audit can try, at each place */
static void hashes_of_all_schemes_are_compared(void **state)
{
	for (size_t i = 0; i < password_scheme_count; i++)
		for (size_t place = 0; place < FORMER_COMPARED_MAX; place += FORMER_COMPARED_MAX - 1) {
			struct former_past past = { .count = FORMER_COMPARED_MAX };

			for (size_t n = 0; n < past.count; n++)
				text_copy(past.stored[n], PASSWORD_HASH_MAX, TEXT("{SSHA}3FgIRaQ0sU7yGgEAvnJ8tRmuuGZzYWx0"));
			memset(past.stored[place], 0, PASSWORD_HASH_MAX);
			if (strcmp(password_schemes[i].name, "PLAIN-TRUNC") == 0)
				continue; /* which doveadm makes without the length that Dovecot reads */
			assert_true(doveadm_makes(password_schemes[i].name, past.stored[place]));
			if (!is_former(PASSWORD, &past))
				fail_msg("a former password of %s is taken", password_schemes[i].name);
			assert_false(is_former(TEXT("other-horse.7"), &past));
		}
}

static void what_cannot_be_known_is_passed_over(void **state)
{
	struct former_past past = { 0 };

	assert_false(is_former(PASSWORD, &past));
	former_past_put(&past, TEXT("{OTP}xyz"));
	former_past_put(&past, TEXT("{DIGEST-MD5}0123456789abcdef"));
	former_past_put(&past, TEXT("no scheme"));
	former_past_put(&past, TEXT("{SHA512-CRYPT}"));
	former_past_put(&past, TEXT("{"));
	assert_false(is_former(PASSWORD, &past));
}

/* and nothing is left of whoever compared */
static void it_ends_in_time(void **state)
{
	struct former_past past = { 0 };
	struct error error = { "" };
	bool found = false;
	int64_t began_us = clock_steady(), took_us;

	former_past_put(&past, ENDLESS); /* is not begun with */
	assert_true(compare_with_past(PASSWORD, &past, NULL, 1000000, &found, &error));
	for (unsigned i = 0; i < FORMER_COMPARED_MAX; i++) {
		char slowest[PASSWORD_HASH_MAX];

		snprintf(slowest, sizeof slowest, "{BLF-CRYPT}$2y$14$abcdefghijklmnopqrstuuN1Ba0WDq0l6PzTpFLSlZ4s1gWZdPGl%u", i);
		former_past_put(&past, text_of(slowest));
	}
	began_us = clock_steady();
	assert_int_equal(password_matches(PASSWORD, TEXT("{BLF-CRYPT}$2y$05$abcdefghijklmnopqrstuuN1Ba0WDq0l6PzTpFLSlZ4s1gWZdPGlO"), NULL), PASSWORD_WRONG);
	assert_false(compare_with_past(PASSWORD, &past, NULL, 1000000, &found, &error));
	took_us = clock_steady() - began_us;
	assert_string_equal(error.text, "comparing with former passwords took more than 1 s");
	assert_true(took_us >= 1000000 && took_us < 20000000);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_false(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_stand_first_and_once),
		cmocka_unit_test(files_are_sound_or_damaged),
		cmocka_unit_test(hashes_of_all_schemes_are_compared),
		cmocka_unit_test(what_cannot_be_known_is_passed_over),
		cmocka_unit_test(it_ends_in_time),
	};

	assert_true(sodium_init() >= 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes of passwords: each that is made is one that Dovecot's doveadm takes, each that doveadm makes is known. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/program.h"
#include "password/hash.h"

#define DOVEADM "/usr/bin/doveadm"
#define PATIENCE_US ((int64_t)60 * 1000000)

static const char *const passwords[] = { "correct-horse.7", "パスワード 八文字", "a\"b'c\\d $e%f{g}:h" };

enum { PASSWORDS = sizeof passwords / sizeof *passwords };

static bool doveadm(const char *const *words, char said[PASSWORD_HASH_MAX])
{
	int output = memfd_create("doveadm", MFD_CLOEXEC);
	struct program program = { .words = words, .input = -1, .output = output, .stop = -1, .patience_us = PATIENCE_US };
	struct error error;
	bool done = program_run(&program, &error);
	ssize_t n = pread(output, said, PASSWORD_HASH_MAX - 1, 0);

	said[n > 0 ? strcspn(said, "\n") : 0] = '\0';
	close(output);
	return done;
}

static bool doveadm_takes(const char *stored, const char *password)
{
	const char *const words[] = { DOVEADM, "-O", "pw", "-t", stored, "-p", password, NULL };
	char said[PASSWORD_HASH_MAX] = "";

	return doveadm(words, said);
}

static bool doveadm_makes(const char *scheme, const char *password, char stored[PASSWORD_HASH_MAX])
{
	const char *const words[] = { DOVEADM, "-O", "pw", "-s", scheme, "-p", password, NULL };

	memset(stored, 0, PASSWORD_HASH_MAX);
	return doveadm(words, stored);
}

static enum password_match match(const char *password, const char *stored)
{
	return password_matches(text_of(password), text_of(stored), NULL);
}

/* ---- beside Dovecot */

static void what_is_made_is_taken_by_dovecot(void **state)
{
	char stored[PASSWORD_HASH_MAX], again[PASSWORD_HASH_MAX];
	struct error error;

	for (size_t i = 0; i < password_scheme_count; i++)
		for (size_t p = 0; password_schemes[i].make && p < PASSWORDS; p++) {
			assert_true(password_hash(&password_schemes[i], text_of(passwords[p]), 0, stored, &error));
			if (!doveadm_takes(stored, passwords[p]))
				fail_msg("Dovecot does not take '%s'", stored);
			assert_false(doveadm_takes(stored, "something else"));
			assert_int_equal(match(passwords[p], stored), PASSWORD_RIGHT);
			assert_int_equal(match("something else", stored), PASSWORD_WRONG);
			assert_true(password_hash(&password_schemes[i], text_of(passwords[p]), 0, again, &error));
			assert_string_not_equal(stored, again);
		}
}

static void what_dovecot_makes_is_known(void **state)
{
	char stored[PASSWORD_HASH_MAX];

	for (size_t i = 0; i < password_scheme_count; i++)
		for (size_t p = 0; p < PASSWORDS; p++) {
			if (!doveadm_makes(password_schemes[i].name, passwords[p], stored))
				fail_msg("Dovecot makes no %s", password_schemes[i].name);
			if (match(passwords[p], stored) != PASSWORD_RIGHT)
				fail_msg("'%s' is not known", stored);
			assert_int_equal(match("something else", stored), PASSWORD_WRONG);
		}
}

static void encodings_are_told_from_the_hash(void **state)
{
	static const char *const names[] = { "SHA256.HEX", "SHA256.B64", "SSHA512.HEX", "SSHA.HEX", "SHA1.B64", "SMD5.HEX", "PLAIN-MD5.B64" };
	char stored[PASSWORD_HASH_MAX];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_true(doveadm_makes(names[i], "secret", stored));
		assert_int_equal(match("secret", stored), PASSWORD_RIGHT);
		assert_int_equal(match("secreT", stored), PASSWORD_WRONG);
	}
}

static void costs_are_those_that_were_asked_for(void **state)
{
	static const struct {
		const char *scheme;
		unsigned long cost;
		const char *begin; /* NULL: cannot be had */
	} table[] = {
		{ "SHA512-CRYPT", 0, "{SHA512-CRYPT}$6$" },
		{ "SHA512-CRYPT", 70000, "{SHA512-CRYPT}$6$rounds=70000$" },
		{ "SHA256-CRYPT", 60000, "{SHA256-CRYPT}$5$rounds=60000$" },
		{ "BLF-CRYPT", 0, "{BLF-CRYPT}$2y$10$" },
		{ "BLF-CRYPT", 6, "{BLF-CRYPT}$2y$06$" },
		{ "BLF-CRYPT", 40, NULL },
		{ "ARGON2ID", 0, "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$" },
		{ "ARGON2ID", 5, "{ARGON2ID}$argon2id$v=19$m=65536,t=5,p=1$" },
		{ "ARGON2I", 0, "{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$" },
		{ "ARGON2I", 1, NULL },
		{ "CRYPT", 0, "{CRYPT}$y$j9T$" },
		{ "CRYPT", 99, NULL },
	};
	char stored[PASSWORD_HASH_MAX];
	struct error error;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		bool made = password_hash(password_scheme_find(text_of(table[i].scheme)), TEXT("secret"), table[i].cost, stored, &error);

		assert_int_equal(made, table[i].begin != NULL);
		if (made)
			assert_memory_equal(stored, table[i].begin, strlen(table[i].begin));
		else
			assert_non_null(strstr(error.text, "cannot be had"));
	}
}

/* ---- names, and what is none */

static void names_are_found_in_any_case(void **state)
{
	static const struct {
		const char *name, *found;
	} table[] = {
		{ "SHA512-CRYPT", "SHA512-CRYPT" }, { "sha512-crypt", "SHA512-CRYPT" }, { "bcrypt", "BLF-CRYPT" },
		{ "Ssha.hex", "SSHA" },		    { "SHA256.BASE64", "SHA256" },     { "SSHA.", NULL },
		{ "", NULL },			    { "SHA512-CRYPTO", NULL },	       { "DIGEST-MD5", NULL },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct password_scheme *found = password_scheme_find(text_of(table[i].name));

		if (table[i].found)
			assert_string_equal(found->name, table[i].found);
		else
			assert_null(found);
	}
}

static void what_is_stored_may_be_anything(void **state)
{
	static const struct {
		struct text stored;
		enum password_match wanted;
	} table[] = {
		{ TEXT(""), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("secret"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{}secret"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{PLAIN"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{NOSUCH}secret"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{PLAIN}secret"), PASSWORD_RIGHT },
		{ TEXT("{PLAIN}secret\0"), PASSWORD_WRONG },
		{ TEXT("{PLAIN}"), PASSWORD_WRONG },
		{ TEXT("{CRYPT}"), PASSWORD_WRONG },
		{ TEXT("{CRYPT}*0"), PASSWORD_WRONG },
		{ TEXT("{CRYPT}x"), PASSWORD_WRONG },
		{ TEXT("{CRYPT}!sekisho!{PLAIN}secret"), PASSWORD_WRONG },
		{ TEXT("{SHA256}"), PASSWORD_WRONG },
		{ TEXT("{SHA256}K7gNU3sdo"), PASSWORD_WRONG },
		{ TEXT("{SSHA512}===="), PASSWORD_WRONG },
		{ TEXT("{PBKDF2}$1$salt$0$a8687f0eb9070e1e3710ab5da39b8aa9adeb9f25"), PASSWORD_WRONG },
		{ TEXT("{PBKDF2}$1$salt$5000$"), PASSWORD_WRONG },
		{ TEXT("{PBKDF2}$1$"), PASSWORD_WRONG },
		{ TEXT("{SCRAM-SHA-256}4096,NdexMYEnrPflQPHzoq6OMg=="), PASSWORD_WRONG },
		{ TEXT("{SCRAM-SHA-1}99999999999,TkRleA==,TkRleA==,TkRleA=="), PASSWORD_WRONG },
		{ TEXT("{ARGON2ID}$argon2id$v=19$m=65536"), PASSWORD_WRONG },
		{ TEXT("{CRAM-MD5}zz"), PASSWORD_WRONG },
	};
	char longest[PASSWORD_HASH_MAX + 1];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(password_matches(TEXT("secret"), table[i].stored, NULL), table[i].wanted);
	memset(longest, 'a', sizeof longest);
	memcpy(longest, "{PLAIN}", 7);
	assert_int_equal(password_matches(TEXT("secret"), (struct text){ longest, sizeof longest }, NULL), PASSWORD_WRONG);
	assert_int_equal(password_matches(TEXT("secret"), TEXT("secret"), password_scheme_find(TEXT("PLAIN"))), PASSWORD_RIGHT);
}

static void what_cannot_be_hashed_is_refused(void **state)
{
	char stored[PASSWORD_HASH_MAX], longest[PASSWORD_MAX + 2];
	struct error error;

	memset(longest, 'a', sizeof longest);
	assert_false(password_hash(password_scheme_find(TEXT("SSHA")), TEXT("secret"), 0, stored, &error));
	assert_non_null(strstr(error.text, "SSHA"));
	assert_false(password_hash(password_scheme_find(TEXT("CRYPT")), (struct text){ longest, PASSWORD_MAX + 1 }, 0, stored, &error));
	assert_false(password_hash(password_scheme_find(TEXT("CRYPT")), TEXT("se\0cret"), 0, stored, &error));
	assert_false(password_hash(password_scheme_find(TEXT("BLF-CRYPT")), (struct text){ longest, 73 }, 0, stored, &error));
	assert_true(password_hash(password_scheme_find(TEXT("BLF-CRYPT")), (struct text){ longest, 72 }, 4, stored, &error));
	assert_true(password_hash(password_scheme_find(TEXT("CRYPT")), (struct text){ longest, PASSWORD_MAX }, 1, stored, &error));
	assert_int_equal(password_matches((struct text){ longest, PASSWORD_MAX }, text_of(stored), NULL), PASSWORD_RIGHT);
	assert_int_equal(password_matches((struct text){ longest, PASSWORD_MAX - 1 }, text_of(stored), NULL), PASSWORD_WRONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_made_is_taken_by_dovecot),
		cmocka_unit_test(what_dovecot_makes_is_known),
		cmocka_unit_test(encodings_are_told_from_the_hash),
		cmocka_unit_test(costs_are_those_that_were_asked_for),
		cmocka_unit_test(names_are_found_in_any_case),
		cmocka_unit_test(what_is_stored_may_be_anything),
		cmocka_unit_test(what_cannot_be_hashed_is_refused),
	};

	assert_true(sodium_init() >= 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

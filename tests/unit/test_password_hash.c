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
			if (strcmp(password_schemes[i].name, "PLAIN-TRUNC") == 0)
				continue; /* which it makes without the length that it wants to read */
			if (match(passwords[p], stored) != PASSWORD_RIGHT)
				fail_msg("'%s' is not known", stored);
			assert_int_equal(match("something else", stored), PASSWORD_WRONG);
		}
}

/* every scheme in both encodings, as doveadm writes them; it writes PLAIN-TRUNC without the length that it reads */
static void encodings_are_taken_off(void **state)
{
	static const char *const encodings[] = { "HEX", "B64" };
	char stored[PASSWORD_HASH_MAX], name[64];

	for (size_t i = 0; i < password_scheme_count * 2; i++) {
		snprintf(name, sizeof name, "%s.%s", password_schemes[i / 2].name, encodings[i % 2]);
		if (strcmp(password_schemes[i / 2].name, "PLAIN-TRUNC") == 0)
			continue;
		assert_true(doveadm_makes(name, "secret", stored));
		if (match("secret", stored) != PASSWORD_RIGHT)
			fail_msg("'%s' is not known", stored);
		assert_int_equal(match("secreT", stored), PASSWORD_WRONG);
	}
}

static void what_dovecot_takes_is_taken_and_nothing_else(void **state)
{
	static const char *const table[] = {
		"{PLAIN.HEX}3132333471776572", "{plain.Hex}3132333471776572", "{PLAIN.b64}MTIzNHF3ZXI=", "{PLAIN.B64}MTIzNHF3ZXI=",
		"{PLAIN.base64}MTIzNHF3ZXI=", "{CLEAR.HEX}3132333471776572", "{CLEARTEXT.b64}MTIzNHF3ZXI=", "{PLAIN.HEX}313233347177657",
		"{PLAIN.HEX}1234qwer", "{PLAIN}3132333471776572", "{PLAIN.FOO}1234qwer", "{PLAIN.}1234qwer", "{PLAIN-TRUNC}8-1234qwer",
		"{PLAIN-TRUNC}4-1234", "{PLAIN-TRUNC}4-1235", "{PLAIN-TRUNC}5-1234", "{PLAIN-TRUNC}12-1234qwer", "{PLAIN-TRUNC}1234qwer",
		"{PLAIN-TRUNC.HEX}342d31323334", "{SHA}GUheNpxpH6js4fq8imzqv7Vma3k=", "{SHA}19485e369c691fa8ece1fabc8a6ceabfb5666b79",
		"{SHA.b64}19485e369c691fa8ece1fabc8a6ceabfb5666b79", "{SHA.HEX}GUheNpxpH6js4fq8imzqv7Vma3k=",
		"{SSHA}GUheNpxpH6js4fq8imzqv7Vma3k=", "{SSHA}66a6a9b426cb0b63e9cac0872a07a7461486c4d653414c54",
		"{SSHA.HEX}66a6a9b426cb0b63e9cac0872a07a7461486c4d653414c54", "{MD5}62c8ad0a15d9d1ca38d5dee762a16e01",
		"{MD5.HEX}62c8ad0a15d9d1ca38d5dee762a16e01", "{LDAP-MD5}62c8ad0a15d9d1ca38d5dee762a16e01", "{PLAIN-MD5}YsitChXZ0co41d7nYqFuAQ==",
		"{PLAIN-MD4}87f33380c69ce1fc705c311279a6e617", "{PLAIN}", "{SSHA}", "{SSHA}!!!notbase64", "{BLF-CRYPT}", "{BLF-CRYPT}$2y$05$short",
		"{PBKDF2}$1$AAAA$5000$bbbb", "{SCRAM-SHA-256}4096,AAAA,BBBB,CCCC",
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (doveadm_takes(table[i], "1234qwer") != (match("1234qwer", table[i]) == PASSWORD_RIGHT))
			fail_msg("Dovecot thinks otherwise of '%s'", table[i]);
}

/* before anything is tried: what is none is told from what would take too long */
static void what_a_try_costs_is_read_before(void **state)
{
#define A22 "aaaaaaaaaaaaaaaaaaaaaa"
#define A43 A22 "aaaaaaaaaaaaaaaaaaaaa"
#define A53 A43 "aaaaaaaaaa"
#define A86 A43 A43
	static const struct {
		const char *stored;
		enum password_state wanted;
	} table[] = {
		{ "{SHA512-CRYPT}$6$rounds=999999999$saltsalt$" A86, PASSWORD_TOO_SLOW },
		{ "{SHA512-CRYPT}$6$rounds=1000001$saltsalt$" A86, PASSWORD_TOO_SLOW },
		{ "{SHA512-CRYPT}$6$rounds=1000000$saltsalt$" A86, PASSWORD_READY },
		{ "{CRYPT}$6$saltsalt$" A86, PASSWORD_READY },
		{ "{CRYPT}$6$saltsalt$" A53, PASSWORD_DAMAGED },
		{ "{CRYPT}$6$rounds=$saltsalt$" A86, PASSWORD_DAMAGED },
		{ "{SHA256-CRYPT}$5$rounds=99999999999$saltsalt$" A43, PASSWORD_DAMAGED },
		{ "{SHA256-CRYPT}$5$rounds=99999999$saltsalt$" A43, PASSWORD_TOO_SLOW },
		{ "{SHA256-CRYPT}$5$saltsalt$" A43, PASSWORD_READY },
		{ "{BLF-CRYPT}$2y$31$" A53, PASSWORD_TOO_SLOW },
		{ "{BLF-CRYPT}$2y$15$" A53, PASSWORD_TOO_SLOW },
		{ "{BLF-CRYPT}$2y$14$" A53, PASSWORD_READY },
		{ "{BLF-CRYPT}$2y$32$" A53, PASSWORD_DAMAGED },
		{ "{BLF-CRYPT}$2y$05$short", PASSWORD_DAMAGED },
		{ "{BLF-CRYPT}", PASSWORD_DAMAGED },
		{ "{ARGON2ID}$argon2id$v=19$m=4194304,t=100,p=1$c2FsdHNhbHQ$" A43, PASSWORD_TOO_SLOW },
		{ "{ARGON2ID}$argon2id$v=19$m=4294967295,t=4294967295,p=1$c2FsdHNhbHQ$" A43, PASSWORD_TOO_SLOW },
		{ "{ARGON2ID}$argon2id$v=19$m=262145,t=1,p=1$c2FsdHNhbHQ$" A43, PASSWORD_TOO_SLOW },
		{ "{ARGON2ID}$argon2id$v=19$m=262144,t=4,p=1$c2FsdHNhbHQ$" A43, PASSWORD_READY },
		{ "{ARGON2ID}$argon2id$v=19$m=65536,t=17,p=1$c2FsdHNhbHQ$" A43, PASSWORD_TOO_SLOW },
		{ "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$" A43, PASSWORD_READY },
		{ "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$", PASSWORD_DAMAGED },
		{ "{ARGON2I.HEX}246172676f6e3269", PASSWORD_DAMAGED },
		{ "{CRYPT}$y$j9T$saltsalt$" A43, PASSWORD_READY },
		{ "{CRYPT}$y$jDT$saltsalt$" A43, PASSWORD_READY },  /* 256 MiB */
		{ "{CRYPT}$y$jET$saltsalt$" A43, PASSWORD_TOO_SLOW }, /* twice that */
		{ "{CRYPT}$y$jPT$saltsalt$" A43, PASSWORD_TOO_SLOW },
		{ "{CRYPT}$y$j9T1zz$saltsalt$" A43, PASSWORD_DAMAGED },
		{ "{CRYPT}$y$j$saltsalt$" A43, PASSWORD_DAMAGED },
		{ "{CRYPT}$7$C6..../....saltsalt$" A43, PASSWORD_READY },
		{ "{CRYPT}$7$J6..../....saltsalt$" A43, PASSWORD_TOO_SLOW },
		{ "{CRYPT}$7$C6....zzzzzsaltsalt$" A43, PASSWORD_TOO_SLOW },
		{ "{CRYPT}$sha1$4000000$salt$aaaaaaaaaaaaaaaaaaaaaaaaaaaa", PASSWORD_TOO_SLOW },
		{ "{CRYPT}$md5,rounds=99999999$salt$$" A22, PASSWORD_TOO_SLOW },
		{ "{CRYPT}_zzzzsaltaaaaaaaaaaa", PASSWORD_TOO_SLOW },
		{ "{DES-CRYPT}E6HPxz7fSTYzI", PASSWORD_READY },
		{ "{DES-CRYPT}E6HPxz7fSTYz!", PASSWORD_DAMAGED },
		{ "{PBKDF2}$1$salt$4000000000$a8687f0eb9070e1e3710ab5da39b8aa9adeb9f25", PASSWORD_TOO_SLOW },
		{ "{PBKDF2}$1$salt$5000$a8687f0eb9070e1e3710ab5da39b8aa9adeb9f25", PASSWORD_READY },
		{ "{PBKDF2}$1$AAAA$5000$bbbb", PASSWORD_DAMAGED },
		{ "{SCRAM-SHA-1}2000000,eQbIIiNFmUoNfhCf076rDQ==,TgO8mkzjiangRS3IveCuyzpUST8=,BXFjo1tjsdftHFkAHqA7EPZDgN4=", PASSWORD_TOO_SLOW },
		{ "{SCRAM-SHA-256}4096,AAAA,BBBB,CCCC", PASSWORD_DAMAGED },
		{ "{SSHA}", PASSWORD_DAMAGED },
		{ "{SSHA}!!!notbase64", PASSWORD_DAMAGED },
		{ "{SSHA}GUheNpxpH6js4fq8imzqv7Vma3k=", PASSWORD_DAMAGED }, /* without its salt */
		{ "{DIGEST-MD5}811c779fd8d3a43c5bf9c4a420692a6a", PASSWORD_UNKNOWN_SCHEME },
	};
	struct password_stored read;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		enum password_state found = password_read(text_of(table[i].stored), NULL, &read);

		if (found != table[i].wanted)
			fail_msg("'%s': %d, wanted %d", table[i].stored, found, table[i].wanted);
		if (found != PASSWORD_READY)
			assert_int_equal(match("1234qwer", table[i].stored), PASSWORD_NOT_TRIED);
	}
}

/* by what is made anew: no cost that a server may use is refused, and no sound hash is called damaged */
static void usual_costs_are_tried(void **state)
{
	static const struct {
		const char *scheme;
		unsigned long cost;
	} table[] = { { "BLF-CRYPT", 4 }, { "BLF-CRYPT", 12 }, { "SHA512-CRYPT", 656000 }, { "SHA256-CRYPT", 535000 },
		      { "CRYPT", 1 }, { "CRYPT", 5 }, { "CRYPT", 8 }, { "ARGON2ID", 2 }, { "ARGON2ID", 4 }, { "ARGON2I", 4 } };
	char stored[PASSWORD_HASH_MAX];
	struct password_stored read;
	struct error error;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_true(password_hash(password_scheme_find(text_of(table[i].scheme)), TEXT("secret"), table[i].cost, stored, &error));
		if (password_read(text_of(stored), NULL, &read) != PASSWORD_READY)
			fail_msg("%s of %lu is not tried", table[i].scheme, table[i].cost);
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
		enum password_state wanted;
	} table[] = {
		{ TEXT(""), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("secret"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{}secret"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{PLAIN"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{NOSUCH}secret"), PASSWORD_UNKNOWN_SCHEME },
		{ TEXT("{PLAIN}secret"), PASSWORD_READY },
		{ TEXT("{PLAIN}secret\0"), PASSWORD_DAMAGED },
		{ TEXT("{PLAIN}"), PASSWORD_DAMAGED },
		{ TEXT("{CRYPT}"), PASSWORD_DAMAGED },
		{ TEXT("{CRYPT}*0"), PASSWORD_DAMAGED },
		{ TEXT("{CRYPT}x"), PASSWORD_DAMAGED },
		{ TEXT("{CRYPT}!sekisho!{PLAIN}secret"), PASSWORD_DAMAGED },
		{ TEXT("{SHA256}"), PASSWORD_DAMAGED },
		{ TEXT("{SHA256}K7gNU3sdo"), PASSWORD_DAMAGED },
		{ TEXT("{SSHA512}===="), PASSWORD_DAMAGED },
		{ TEXT("{PBKDF2}$1$salt$0$a8687f0eb9070e1e3710ab5da39b8aa9adeb9f25"), PASSWORD_DAMAGED },
		{ TEXT("{PBKDF2}$1$salt$5000$"), PASSWORD_DAMAGED },
		{ TEXT("{PBKDF2}$1$"), PASSWORD_DAMAGED },
		{ TEXT("{SCRAM-SHA-256}4096,NdexMYEnrPflQPHzoq6OMg=="), PASSWORD_DAMAGED },
		{ TEXT("{SCRAM-SHA-1}99999999999,TkRleA==,TkRleA==,TkRleA=="), PASSWORD_DAMAGED },
		{ TEXT("{ARGON2ID}$argon2id$v=19$m=65536"), PASSWORD_DAMAGED },
		{ TEXT("{CRAM-MD5}zz"), PASSWORD_DAMAGED },
	};
	char longest[PASSWORD_HASH_MAX + 1];
	struct password_stored read;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		enum password_match wanted = table[i].wanted == PASSWORD_READY ? PASSWORD_RIGHT : PASSWORD_NOT_TRIED;

		assert_int_equal(password_read(table[i].stored, NULL, &read), table[i].wanted);
		assert_int_equal(password_matches(TEXT("secret"), table[i].stored, NULL), wanted);
	}
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
		cmocka_unit_test(encodings_are_taken_off),
		cmocka_unit_test(what_dovecot_takes_is_taken_and_nothing_else),
		cmocka_unit_test(what_a_try_costs_is_read_before),
		cmocka_unit_test(usual_costs_are_tried),
		cmocka_unit_test(costs_are_those_that_were_asked_for),
		cmocka_unit_test(names_are_found_in_any_case),
		cmocka_unit_test(what_is_stored_may_be_anything),
		cmocka_unit_test(what_cannot_be_hashed_is_refused),
	};

	assert_true(sodium_init() >= 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

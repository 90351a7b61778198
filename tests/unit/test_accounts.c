/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/table.h"
#include "event/accounts.h"

#define COUNT(table) (sizeof table / sizeof *table)
#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A315 A63 A63 A63 A63 A63

enum { MANY = 100000 };

static const struct { const char *name, *domain; struct text login; const char *wanted; } forms[] = {
	{ "lower case", NULL, TEXT("Alice@Example.ORG"), "alice@example.org" },
	{ "no domain, none to add", NULL, TEXT("Alice"), "alice" },
	{ "no domain, an empty one to add", "", TEXT("alice"), "alice" },
	{ "no domain", "example.org", TEXT("Alice"), "alice@example.org" },
	{ "no domain, the default one in capitals", "Example.ORG", TEXT("alice"), "alice@example.org" },
	{ "another domain stays", "example.org", TEXT("alice@example.com"), "alice@example.com" },
	{ "letters beyond ASCII stay", NULL, TEXT("\xc3\x84rger@example.org"), "\xc3\x84rger@example.org" },
	{ "the marks around A and Z stay", NULL, TEXT("@[`{AZ"), "@[`{az" },
	{ "one byte", NULL, TEXT("a"), "a" },
	{ "as long as can be", NULL, TEXT(A315 "aaaa"), A315 "aaaa" },
	{ "too long", NULL, TEXT(A315 "aaaaa"), "" },
	{ "too long with its domain", "example.org", TEXT(A315), "" },
	{ "nothing", "example.org", TEXT(""), "" },
	{ "a blank, for a server let it in", NULL, TEXT("Alice Smith"), "alice smith" },
	{ "a tab", NULL, TEXT("alice\t"), "alice?" },
	{ "a line of its own", NULL, TEXT("alice\nbob"), "alice?bob" },
	{ "a NUL", NULL, { "alice\0bob", 9 }, "alice?bob" },
	{ "nothing but a NUL", NULL, { "\0", 1 }, "?" },
	{ "DEL", NULL, TEXT("alice\x7f"), "alice?" },
	{ "brackets", NULL, TEXT("<alice>"), "<alice>" },
	{ "an escape sequence", NULL, TEXT("\x1b[2Jalice"), "?[2jalice" },
};

static void has_one_normal_form(void **state)
{
	char to[ACCOUNT_NAME_MAX];

	for (size_t i = 0; i < COUNT(forms); i++) {
		struct accounts *accounts = accounts_new(forms[i].domain);
		struct text came = accounts_normal(accounts, forms[i].login, to);

		if (!text_is(came, text_of(forms[i].wanted)))
			print_error("%s: came '%.*s'\n", forms[i].name, TEXT_ARG(came));
		assert_true(text_is(came, text_of(forms[i].wanted)));
		accounts_free(accounts);
	}
}

static void adds_what_can_be_an_account(void **state)
{
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct accounts *accounts = accounts_new(forms[i].domain);
		uint64_t key = 4711, again = 4711;
		bool is_one = forms[i].wanted[0] != '\0';

		assert_int_equal(accounts_find(accounts, forms[i].login, &key), 0);
		assert_int_equal(key != 0, is_one);
		assert_int_equal(accounts_add(accounts, forms[i].login, &again), is_one);
		assert_int_equal(key, again);
		assert_int_equal(accounts_count(accounts), is_one);
		assert_true(text_is(accounts_name(accounts, is_one), text_of(forms[i].wanted)));
		assert_int_equal(accounts_find(accounts, forms[i].login, &again), is_one);
		accounts_free(accounts);
	}
}

static void spellings_are_one_account(void **state)
{
	struct accounts *accounts = accounts_new("example.org");
	uint64_t key, other;
	uint32_t alice = accounts_add(accounts, TEXT("alice"), &key);

	assert_int_equal(accounts_add(accounts, TEXT("ALICE@EXAMPLE.ORG"), &other), alice);
	assert_int_equal(key, other);
	assert_int_not_equal(accounts_add(accounts, TEXT("alice@example.com"), &other), alice);
	assert_int_not_equal(key, other);
	assert_int_equal(accounts_count(accounts), 2);
	assert_int_equal(accounts_find(accounts, TEXT("bob"), &other), 0);
	assert_int_equal(accounts_count(accounts), 2);
	accounts_free(accounts);
}

static void keeps_a_hundred_thousand_names(void **state)
{
	struct accounts *accounts = accounts_new("example.org");
	struct table keys = { 0 };
	char login[64];
	const char *first;
	uint64_t key;
	bool made;

	for (uint32_t i = 1; i <= MANY; i++) {
		int n = snprintf(login, sizeof login, "user%u", i);

		assert_int_equal(accounts_add(accounts, (struct text){ login, (size_t)n }, &key), i);
		table_put(&keys, key, i, &made);
		assert_true(made);
		if (i == 1)
			first = accounts_name(accounts, 1).p;
	}
	assert_ptr_equal(accounts_name(accounts, 1).p, first); /* names never move */
	for (uint32_t i = 1; i <= MANY; i++) {
		int n = snprintf(login, sizeof login, "USER%u@Example.org", i);

		assert_int_equal(accounts_find(accounts, (struct text){ login, (size_t)n }, &key), i);
		assert_int_equal(*table_find(&keys, key), i);
		n = snprintf(login, sizeof login, "user%u@example.org", i);
		assert_true(text_is(accounts_name(accounts, i), (struct text){ login, (size_t)n }));
	}
	assert_int_equal(accounts_count(accounts), MANY);
	assert_in_range(accounts_bytes(accounts), MANY * 20, MANY * 100);
	table_done(&keys);
	accounts_free(accounts);
}

/* names of all lengths, so that they end at every place of a block */
static void names_do_not_run_into_one_another(void **state)
{
	struct accounts *accounts = accounts_new(NULL);
	char name[ACCOUNT_NAME_MAX];
	uint64_t key;

	memset(name, 'x', sizeof name);
	for (uint32_t i = 0; i < MANY / 4; i++) {
		size_t n = 8 + i % (ACCOUNT_NAME_MAX - 8);

		snprintf(name, 8, "%07u", i);
		name[7] = 'x';
		assert_int_equal(accounts_add(accounts, (struct text){ name, n }, &key), i + 1);
		assert_int_equal(accounts_find(accounts, (struct text){ name, n - 1 }, &key), 0);
	}
	for (uint32_t i = 0; i < MANY / 4; i++) {
		snprintf(name, 8, "%07u", i);
		name[7] = 'x';
		assert_true(text_is(accounts_name(accounts, i + 1), (struct text){ name, 8 + i % (ACCOUNT_NAME_MAX - 8) }));
	}
	accounts_free(accounts);
}

static void nobody_has_no_name(void **state)
{
	struct accounts *accounts = accounts_new(NULL);

	assert_int_equal(accounts_name(accounts, 0).n, 0);
	assert_int_equal(accounts_count(accounts), 0);
	accounts_free(accounts);
	accounts_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_one_normal_form),
		cmocka_unit_test(adds_what_can_be_an_account),
		cmocka_unit_test(spellings_are_one_account),
		cmocka_unit_test(keeps_a_hundred_thousand_names),
		cmocka_unit_test(names_do_not_run_into_one_another),
		cmocka_unit_test(nobody_has_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

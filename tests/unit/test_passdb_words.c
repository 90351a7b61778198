/* SPDX-License-Identifier: Apache-2.0 */
/* The small languages of the back ends with servers: how a database is reached, an LDAP filter, what a server says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "passdb/filter.h"
#include "passdb/pairs.h"
#include "passdb/said.h"

static bool note(void *context, struct text name, const char *value, struct error *error)
{
	char *to = context;
	size_t n = strlen(to);

	snprintf(to + n, 256 - n, "%.*s<%s>", TEXT_ARG(name), value);
	return true;
}

static void pairs_are_read(void **state)
{
	static const struct {
		const char *from, *read, *why;
	} table[] = {
		{ "host=a user=b", "host<a>user<b>", NULL },
		{ " host = a\tuser='b c' ", "host<a>user<b c>", NULL },
		{ "password='it\\'s \\\\ so' dbname=x", "password<it's \\ so>dbname<x>", NULL },
		{ "password=a'b dbname=", "password<a'b>dbname<>", NULL },
		{ "password=a\\ b", "password<a b>", NULL },
		{ "", "", NULL },
		{ "host", NULL, "a name without =" },
		{ "host=a secret", NULL, "a name without =" },
		{ "=a", NULL, "a = without a name" },
		{ "host=a secret b=c", NULL, "what stands before a = is no name" },
		{ "password='secret", NULL, "a quote without its end" },
		{ "password='secret'x=1", NULL, "no blank behind a quote" },
		{ "password=secret\\", NULL, "a \\ at the end" },
	};
	struct error error;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char read[256] = "";
		bool done = pairs_read(text_of(table[i].from), note, read, &error);

		assert_int_equal(done, table[i].read != NULL);
		assert_string_equal(done ? read : error.text, done ? table[i].read : table[i].why);
	}
}

static void what_is_put_into_a_filter_is_a_value(void **state)
{
	static const struct {
		const char *pattern, *account, *filter;
	} table[] = {
		{ "(mail=%u)", "anna@example.org", "(mail=anna@example.org)" },
		{ "(&(uid=%n)(o=%d))", "anna@example.org", "(&(uid=anna)(o=example.org))" },
		{ "(&(uid=%n)(o=%d))", "anna", "(&(uid=anna)(o=))" },
		{ "(mail=%u)", "*", "(mail=\\2a)" },
		{ "(mail=%u)", "a)(uid=*", "(mail=a\\29\\28uid\\3d\\2a)" },
		{ "(mail=%u)", "a\\b&c|d!e", "(mail=a\\5cb\\26c\\7cd\\21e)" },
		{ "(mail=%u)", "\xe5\xa4\xaa@x", "(mail=\\e5\\a4\\aa@x)" },
		{ "(&(x=100%%)(mail=%u))", "a", "(&(x=100%)(mail=a))" },
	};
	char filter[FILTER_MAX];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_true(filter_check(table[i].pattern, NULL));
		assert_true(filter_of(table[i].pattern, text_of(table[i].account), filter));
		assert_string_equal(filter, table[i].filter);
	}
	assert_true(filter_of("(mail=%u)", (struct text){ "a\0b", 3 }, filter));
	assert_string_equal(filter, "(mail=a\\00b)");
	assert_true(filter_of_all("(&(objectClass=person)(mail=%u)(o=%d))", filter));
	assert_string_equal(filter, "(&(objectClass=person)(mail=*)(o=*))");
}

static void a_filter_names_one_account(void **state)
{
	static char wide[FILTER_MAX + 8];
	static const struct {
		const char *pattern, *why;
	} table[] = {
		{ "(objectClass=*)", "setting 'filter': has no %u (nor %n), the account that is looked for" },
		{ "(o=%d)", "setting 'filter': has no %u (nor %n), the account that is looked for" },
		{ "(x=%%u)", "setting 'filter': has no %u (nor %n), the account that is looked for" },
		{ "(mail=%s)", "setting 'filter': a % stands before u, n, d or another %" },
		{ "(mail=%u)%", "setting 'filter': a % stands before u, n, d or another %" },
		{ wide, "setting 'filter': is too long" },
	};
	char filter[FILTER_MAX];
	struct error error;

	memset(wide, 'x', sizeof wide - 1);
	memcpy(wide, "%u", 2);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_false(filter_check(table[i].pattern, &error));
		assert_string_equal(error.text, table[i].why);
	}
	wide[FILTER_MAX - 3] = '\0';
	assert_true(filter_check(wide, NULL));
	assert_false(filter_of(wide, TEXT("anna@example.org"), filter));
}

static void what_a_server_says_is_a_line_without_secrets(void **state)
{
	static char wide[SAID_MAX * 2];
	static const struct {
		const char *message, *secret, *line;
	} table[] = {
		{ "relation \"u\" does not exist\nLINE 1: SELECT\n", NULL, "relation \"u\" does not exist LINE 1: SELECT" },
		{ "\r\n\t \x1b[31mred\x7f", "", "[31mred" },
		{ "kein \xc3\xa4 \xff\xfe", NULL, "kein \xc3\xa4 ??" },
		{ "cut \xe5\xa4", NULL, "cut ??" },
		{ "\xc2\x9b" "31m", NULL, "31m" },
		{ "invalid input: \"{SSHA}0123456789abcdef\"", "{SSHA}0123456789abcdef",
		  "(what it says is not shown: it quotes what is secret)" },
		{ "invalid input: 56789abcdefg", "{SSHA}0123456789abcdefghij", "(what it says is not shown: it quotes what is secret)" },
		{ "login of kiwi", "kiwi", "(what it says is not shown: it quotes what is secret)" },
		{ "column \"SHA\"", "{SSHA}0123456789abcdef", "column \"SHA\"" },
	};
	char line[SAID_MAX];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		said(line, table[i].message, table[i].secret);
		assert_string_equal(line, table[i].line);
	}
	memset(wide, 'x', sizeof wide - 1);
	memcpy(wide + SAID_MAX - 2, "\xe5\xa4\xaa", 3);
	said(line, wide, NULL);
	assert_int_equal(strlen(line), SAID_MAX - 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_read),
		cmocka_unit_test(what_is_put_into_a_filter_is_a_value),
		cmocka_unit_test(a_filter_names_one_account),
		cmocka_unit_test(what_a_server_says_is_a_line_without_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

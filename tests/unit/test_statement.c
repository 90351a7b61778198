/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "passdb/statement.h"

#define LITE STATEMENT_SQLITE
#define POST STATEMENT_POSTGRESQL
#define MARIA STATEMENT_MYSQL
#define GET STATEMENT_GET
#define SET STATEMENT_SET
#define DELETE STATEMENT_DELETE
#define LIST STATEMENT_LIST

struct row {
	enum statement_dialect dialect;
	enum statement_verb verb;
	const char *from;
	const char *text;   /* what the database gets */
	const char *places; /* a letter for each value: a l d p */
};

static void check(const struct row *row)
{
	struct statement statement;
	struct error error = { "" };
	char places[STATEMENT_PLACES_MAX + 1] = "";

	if (!statement_read(&statement, row->dialect, row->verb, text_of(row->from), &error))
		fail_msg("%s: %s", row->from, error.text);
	for (size_t i = 0; i < statement.count; i++)
		places[i] = "aldp"[statement.places[i]];
	assert_string_equal(statement.text, row->text);
	assert_string_equal(places, row->places);
}

static void a_parameter_becomes_a_place(void **state)
{
	static const struct row table[] = {
		{ LITE, GET, "SELECT p FROM u WHERE a = :account", "SELECT p FROM u WHERE a = ?", "a" },
		{ MARIA, GET, "SELECT p FROM u WHERE a=:local AND d=:domain", "SELECT p FROM u WHERE a=? AND d=?", "ld" },
		{ POST, SET, "UPDATE u SET p = :password WHERE a = :account", "UPDATE u SET p = $1 WHERE a = $2", "pa" },
		{ POST, SET, "UPDATE u SET p=:password WHERE a=:account OR b=:account", "UPDATE u SET p=$1 WHERE a=$2 OR b=$3", "paa" },
		{ POST, GET, "SELECT p FROM u WHERE a = :account::citext", "SELECT p FROM u WHERE a = $1::citext", "a" },
		{ POST, GET, "SELECT p::text FROM u WHERE a = :account", "SELECT p::text FROM u WHERE a = $1", "a" },
		{ POST, GET, "SELECT p[1:2] FROM u WHERE a=(:account)", "SELECT p[1:2] FROM u WHERE a=($1)", "a" },
		{ MARIA, DELETE, "DELETE FROM u WHERE (@x := a) = :account", "DELETE FROM u WHERE (@x := a) = ?", "a" },
		{ POST, GET, "SELECT p FROM u WHERE tags ? 'x' AND a=:account", "SELECT p FROM u WHERE tags ? 'x' AND a=$1", "a" },
		{ POST, GET, "SELECT p FROM u WHERE a=b:account", "SELECT p FROM u WHERE a=b $1", "a" },
		{ MARIA, GET, "SELECT 1--:account", "SELECT 1--?", "a" },
		{ LITE, LIST, "SELECT a FROM u", "SELECT a FROM u", "" },
		{ LITE, LIST, " SELECT a FROM u ; -- all", "SELECT a FROM u   -- all", "" },
		{ LITE, LIST, "SELECT a FROM u; ;", "SELECT a FROM u   ", "" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		check(&table[i]);
}

static void quotes_and_comments_are_not_looked_into(void **state)
{
	static const struct row table[] = {
		{ LITE, GET, "SELECT ':account' FROM u WHERE a=:account", "SELECT ':account' FROM u WHERE a=?", "a" },
		{ LITE, GET, "SELECT 'it''s :password' FROM u WHERE a=:account", "SELECT 'it''s :password' FROM u WHERE a=?", "a" },
		{ LITE, GET, "SELECT \":x\",[:y],`:z` FROM u WHERE a=:account", "SELECT \":x\",[:y],`:z` FROM u WHERE a=?", "a" },
		{ LITE, GET, "SELECT '\\' FROM u WHERE a=:account", "SELECT '\\' FROM u WHERE a=?", "a" },
		{ MARIA, GET, "SELECT '\\' :x' FROM u WHERE a=:account", "SELECT '\\' :x' FROM u WHERE a=?", "a" },
		{ MARIA, GET, "SELECT \"\\\" ?\" FROM u WHERE a=:account", "SELECT \"\\\" ?\" FROM u WHERE a=?", "a" },
		{ POST, GET, "SELECT '\\' FROM u WHERE a=:account", "SELECT '\\' FROM u WHERE a=$1", "a" },
		{ POST, GET, "SELECT E'\\' :x' FROM u WHERE a=:account", "SELECT E'\\' :x' FROM u WHERE a=$1", "a" },
		{ POST, GET, "SELECT e'a''\\' :x' FROM u WHERE a=:account", "SELECT e'a''\\' :x' FROM u WHERE a=$1", "a" },
		{ POST, GET, "SELECT $$:x'$$ FROM u WHERE a=:account", "SELECT $$:x'$$ FROM u WHERE a=$1", "a" },
		{ POST, GET, "SELECT $t$:x $$ $t$ FROM u WHERE a=:account", "SELECT $t$:x $$ $t$ FROM u WHERE a=$1", "a" },
		{ POST, GET, "SELECT a$1 FROM u WHERE a=:account", "SELECT a$1 FROM u WHERE a=$1", "a" },
		{ POST, GET, "SELECT 1 /* :x /* :y */ :z */ WHERE a=:account", "SELECT 1 /* :x /* :y */ :z */ WHERE a=$1", "a" },
		{ LITE, GET, "SELECT 1 /* /* :y */ WHERE a=:account", "SELECT 1 /* /* :y */ WHERE a=?", "a" },
		{ LITE, GET, "SELECT 1 -- :x '\nWHERE a=:account", "SELECT 1 -- :x '\nWHERE a=?", "a" },
		{ MARIA, GET, "SELECT 1 # :x '\nWHERE a=:account", "SELECT 1 # :x '\nWHERE a=?", "a" },
		{ POST, GET, "SELECT j #> :account", "SELECT j #> $1", "a" },
		{ POST, GET, "SELECT @ 1 # 2 WHERE a=:account", "SELECT @ 1 # 2 WHERE a=$1", "a" },
		{ MARIA, GET, "SELECT @a, @@version WHERE a=:account", "SELECT @a, @@version WHERE a=?", "a" },
		{ POST, GET, "SELECT 名 FROM 表 WHERE a=:account", "SELECT 名 FROM 表 WHERE a=$1", "a" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		check(&table[i]);
}

static void what_cannot_be_safe_is_refused(void **state)
{
	static const struct {
		enum statement_dialect dialect;
		enum statement_verb verb;
		const char *from, *why;
	} table[] = {
		{ LITE, GET, "", "setting 'get': is empty" },
		{ LITE, GET, "SELECT p FROM u", "setting 'get': has no :account (nor :local) outside quotes and comments" },
		{ LITE, GET, "SELECT p FROM u WHERE a=':account'", "setting 'get': has no :account (nor :local) outside quotes and comments" },
		{ LITE, GET, "SELECT p FROM u -- WHERE a=:account", "setting 'get': has no :account (nor :local) outside quotes and comments" },
		{ LITE, GET, "SELECT p FROM u WHERE d=:domain", "setting 'get': has no :account (nor :local) outside quotes and comments" },
		{ LITE, GET, "SELECT :password FROM u WHERE a=:account", "setting 'get': may not have :password" },
		{ LITE, SET, "UPDATE u SET p=':password' WHERE a=:account", "setting 'set': has no :password outside quotes and comments" },
		{ LITE, SET, "UPDATE u SET p=:password", "setting 'set': has no :account (nor :local) outside quotes and comments" },
		{ LITE, DELETE, "DELETE FROM u", "setting 'delete': has no :account (nor :local) outside quotes and comments" },
		{ LITE, LIST, "SELECT a FROM u WHERE d=:domain", "setting 'list': takes no parameters" },
		{ LITE, GET, "SELECT p FROM u WHERE a=:accounts",
		  "setting 'get': ':accounts' is none of :account, :local, :domain, :password" },
		{ LITE, GET, "SELECT p FROM u WHERE a=:Account",
		  "setting 'get': ':Account' is none of :account, :local, :domain, :password" },
		{ LITE, GET, "SELECT 'p FROM u WHERE a=:account", "setting 'get': has a quote without its end" },
		{ MARIA, GET, "SELECT 'p\\' FROM u WHERE a=:account", "setting 'get': has a quote without its end" },
		{ POST, GET, "SELECT $t$ FROM u WHERE a=:account $T$", "setting 'get': has a quote without its end" },
		{ POST, GET, "SELECT 1 /* /* */ WHERE a=:account", "setting 'get': has a comment without its end" },
		{ LITE, GET, "SELECT 1 /*/ WHERE a=:account", "setting 'get': has a comment without its end" },
		{ LITE, GET, "SELECT p FROM u WHERE a=:account; DROP TABLE u", "setting 'get': is more than one statement" },
		{ LITE, GET, "SELECT p FROM u; :account", "setting 'get': is more than one statement" },
		{ LITE, GET, "SELECT p FROM u WHERE a=?", "setting 'get': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ LITE, GET, "SELECT p FROM u WHERE a=@a", "setting 'get': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ LITE, GET, "SELECT p FROM u WHERE a=@1", "setting 'get': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ LITE, GET, "SELECT p FROM u WHERE @::a", "setting 'get': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ LITE, GET, "SELECT p FROM u WHERE a=#a", "setting 'get': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ LITE, GET, "SELECT p FROM u WHERE #::a", "setting 'get': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ LITE, LIST, "SELECT #a FROM u", "setting 'list': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ LITE, GET, "SELECT p FROM u WHERE a=:1", "setting 'get': has a parameter without a name" },
		{ MARIA, GET, "SELECT p FROM u WHERE a=?", "setting 'get': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ POST, GET, "SELECT p FROM u WHERE a=$1", "setting 'get': has a parameter of the database's own kind: use :account, :local, :domain, :password" },
		{ MARIA, GET, "SELECT /*!50000 p */ FROM u WHERE a=:account", "setting 'get': has an executable comment" },
		{ MARIA, GET, "SELECT /*M! p */ FROM u WHERE a=:account", "setting 'get': has an executable comment" },
	};
	struct statement statement = { .text = "as it was" };
	struct error error;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_false(statement_read(&statement, table[i].dialect, table[i].verb, text_of(table[i].from), &error));
		assert_string_equal(error.text, table[i].why);
		assert_string_equal(statement.text, "as it was");
	}
}

static void bytes_and_lengths_have_limits(void **state)
{
	static char from[STATEMENT_MAX + 64];
	struct statement statement;
	struct error error;
	size_t n = 0;

	assert_false(statement_read(&statement, LITE, GET, (struct text){ "SELECT :account \0 x", 19 }, &error));
	assert_string_equal(error.text, "setting 'get': has a byte 0");
	assert_false(statement_read(&statement, LITE, GET, (struct text){ "SELECT :account -- \0 x", 22 }, &error));
	assert_string_equal(error.text, "setting 'get': has a byte 0");
	memset(from, 'x', sizeof from - 1);
	memcpy(from, "SELECT :account ", 16);
	assert_false(statement_read(&statement, LITE, GET, text_of(from), &error));
	assert_string_equal(error.text, "setting 'get': is too long");
	for (size_t i = 0; i <= STATEMENT_PLACES_MAX; i++)
		n += (size_t)snprintf(from + n, sizeof from - n, ":account ");
	assert_false(statement_read(&statement, LITE, GET, text_of(from), &error));
	assert_string_equal(error.text, "setting 'get': has too many parameters");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_parameter_becomes_a_place),
		cmocka_unit_test(quotes_and_comments_are_not_looked_into),
		cmocka_unit_test(what_cannot_be_safe_is_refused),
		cmocka_unit_test(bytes_and_lengths_have_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

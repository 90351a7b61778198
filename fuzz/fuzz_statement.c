/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an operator's statement: the first chooses database and setting. What is taken is never longer, and reading what came
 * out finds no parameter any more. SQLite's own parser must count the same placeholders, and find nothing behind the statement. */
#include <assert.h>
#include <sqlite3.h>

#include "passdb/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sqlite3 *database(void)
{
	static sqlite3 *opened;

	if (!opened) {
		assert(sqlite3_open(":memory:", &opened) == SQLITE_OK);
		assert(sqlite3_exec(opened, "CREATE TABLE u (a, l, d, p)", NULL, NULL, NULL) == SQLITE_OK);
	}
	return opened;
}

static void agree(const struct statement *statement)
{
	sqlite3_stmt *prepared = NULL, *more = NULL;
	const char *tail = "";

	if (sqlite3_prepare_v2(database(), statement->text, -1, &prepared, &tail) == SQLITE_OK && prepared) {
		assert(sqlite3_bind_parameter_count(prepared) == (int)statement->count);
		assert(sqlite3_prepare_v2(database(), tail, -1, &more, NULL) == SQLITE_OK && !more);
	}
	sqlite3_finalize(prepared);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct statement statement = { .text = "" }, again;
	struct text from;
	enum statement_dialect dialect;
	struct error error = { "" };

	if (!size)
		return 0;
	dialect = data[0] / STATEMENT_VERBS % 3;
	from = (struct text){ (const char *)data + 1, size - 1 };
	if (!statement_read(&statement, dialect, data[0] % STATEMENT_VERBS, from, &error)) {
		assert(error.text[0] && !statement.text[0]);
		return 0;
	}
	assert(strlen(statement.text) <= from.n && statement.count <= STATEMENT_PLACES_MAX);
	if (statement.count)
		assert(!statement_read(&again, dialect, STATEMENT_LIST, text_of(statement.text), NULL));
	if (dialect == STATEMENT_SQLITE)
		agree(&statement);
	return 0;
}

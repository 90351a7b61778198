/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's own statements (`get`, `set`, `delete`, `list`, `contacts` of passdb.conf) as a database takes them: each :account, :local
 * (before the @), :domain (behind it) and :password becomes a parameter of the database's own kind, a new one each time, so that
 * no text is ever put into SQL. What stands in quotes and comments is not looked into; a :: of PostgreSQL, a := of MySQL and the
 * a[1:2] of an array stay what they are. Refused, by the setting's name: what is not one statement, another kind of parameter, a
 * quote or a comment without its end, an executable comment of MySQL, and a statement that lacks what makes it safe: `get`, `set`
 * and `delete` need :account or :local, `set` needs :password, which the others may not have, `list` and `contacts` take nothing. */
#ifndef SEKISHO_PASSDB_STATEMENT_H
#define SEKISHO_PASSDB_STATEMENT_H
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum { STATEMENT_MAX = 4096, STATEMENT_PLACES_MAX = 32 };

enum statement_dialect { STATEMENT_SQLITE, STATEMENT_POSTGRESQL, STATEMENT_MYSQL };
enum statement_verb { STATEMENT_GET, STATEMENT_SET, STATEMENT_DELETE, STATEMENT_LIST, STATEMENT_CONTACTS, STATEMENT_VERBS };
enum statement_value { STATEMENT_ACCOUNT, STATEMENT_LOCAL, STATEMENT_DOMAIN, STATEMENT_PASSWORD, STATEMENT_VALUES };

struct statement {
	const char *setting;      /* "get", … */
	char text[STATEMENT_MAX]; /* "" where there is none */
	size_t count;             /* of its parameters */
	enum statement_value places[STATEMENT_PLACES_MAX]; /* which value each of them takes, in order */
};

bool statement_read(struct statement *statement, enum statement_dialect dialect, enum statement_verb verb, struct text from,
		    struct error *error) __attribute__((warn_unused_result));
#endif

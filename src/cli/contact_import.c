/* SPDX-License-Identifier: Apache-2.0 */
/* Many contacts at once, from CSV, from a statement on an SQLite file, or from a database server. Rows that are wrong are named by their
 * line or number, the others are taken. */
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/table.h"
#include "cli/contact.h"
#include "cli/contact_database.h"
#include "notice/csv.h"

enum column { COLUMN_ACCOUNT, COLUMN_MAIL, COLUMN_NAME, COLUMN_LANGUAGE, COLUMN_PHRASE, COLUMN_ALIASES, COLUMNS };
static const char *const names[COLUMNS] = { "account", "mail", "name", "language", "phrase", "aliases" };

struct import {
	struct contact_command *command;
	struct contacts *contacts;
	const char *file;
	int64_t now_us;
	size_t in_transaction;
	struct table seen; /* by hashes of the accounts' names -> nothing */
};

struct text contact_account(const struct contact_command *command, struct text name, char to[ACCOUNT_NAME_MAX])
{
	size_t n = 0;

	if (name.n && name.p[0] == '@') { /* of a domain */
		if (name.n >= ACCOUNT_NAME_MAX)
			return TEXT_NONE;
		for (; n < name.n; n++)
			to[n] = (char)tolower((unsigned char)name.p[n]);
		return (struct text){ to, n };
	}
	return accounts_normal(command->accounts, name, to);
}

bool contact_take_addresses(struct text list, char to[CONTACT_ADDRESSES_MAX][CONTACT_ADDRESS_MAX], size_t *count, struct error *error)
{
	while (list.n) {
		size_t n = 0;
		struct text one;

		while (n < list.n && !strchr("; ,\t\n", list.p[n]))
			n++;
		one = text_head(list, n);
		list = text_after(list, n < list.n ? n + 1 : n);
		if (!one.n)
			continue;
		if (one.n >= CONTACT_ADDRESS_MAX)
			return error_set(error, _("an address is longer than %d bytes"), CONTACT_ADDRESS_MAX - 1);
		if (*count == CONTACT_ADDRESSES_MAX)
			return error_set(error, _("there are more than %d addresses"), CONTACT_ADDRESSES_MAX);
		text_copy(to[(*count)++], CONTACT_ADDRESS_MAX, one);
	}
	return true;
}

/* ---- a row */

static bool take_text(char *to, size_t size, struct text value, const char *column, struct error *error)
{
	if (value.n >= size)
		return error_set(error, _("column '%s': is longer than %zu bytes"), column, size - 1);
	text_copy(to, size, value);
	return true;
}

static const char *source_of(const struct contact_command *command)
{
	return command->sqlite ? "sqlite" : command->database ? "database" : "csv";
}

static bool take_row(const struct import *import, const struct text values[COLUMNS], struct contact *contact, struct error *error)
{
	char room[ACCOUNT_NAME_MAX];
	struct text account = contact_account(import->command, values[COLUMN_ACCOUNT], room);

	*contact = (struct contact){ .changed_us = import->now_us };
	if (!account.n)
		return error_set(error, _("column 'account': '%.*s' is no account"), (int)(values[COLUMN_ACCOUNT].n < 80 ? values[COLUMN_ACCOUNT].n : 80),
				 values[COLUMN_ACCOUNT].p);
	text_copy(contact->account, sizeof contact->account, account);
	text_copy(contact->source, sizeof contact->source, text_of(source_of(import->command)));
	return contact_take_addresses(values[COLUMN_MAIL], contact->addresses, &contact->address_count, error) &&
	       contact_take_addresses(values[COLUMN_ALIASES], contact->aliases, &contact->alias_count, error) &&
	       take_text(contact->name, sizeof contact->name, values[COLUMN_NAME], "name", error) &&
	       take_text(contact->language, sizeof contact->language, values[COLUMN_LANGUAGE], "language", error) &&
	       take_text(contact->phrase, sizeof contact->phrase, values[COLUMN_PHRASE], "phrase", error) &&
	       (contact->address_count || error_set(error, "%s", _("column 'mail': is empty")));
}

static void complain(struct import *import, unsigned long at, const char *why)
{
	import->command->faults++;
	if (import->command->faults <= CONTACT_FAULTS_TOLD)
		cli_complain("%s:%lu: %s", import->file, at, why);
	else if (import->command->faults == CONTACT_FAULTS_TOLD + 1)
		cli_complain(_("%s: more rows are wrong; they are only counted"), import->file);
}

static bool turn_over(struct import *import, struct error *error)
{
	if (++import->in_transaction < CONTACTS_COMMIT)
		return true;
	import->in_transaction = 0;
	return contacts_end(import->contacts, !import->command->dry_run, error) && contacts_begin(import->contacts, error);
}

/* a text that would be cut off at its first zero is none */
static bool is_whole(const struct text values[COLUMNS], struct error *error)
{
	for (int column = 0; column < COLUMNS; column++)
		if (values[column].n && memchr(values[column].p, '\0', values[column].n))
			return error_set(error, _("column '%s': holds a zero byte"), names[column]);
	return true;
}

/* the first row of an account stands */
static bool is_first(struct import *import, const struct contact *contact, struct error *error)
{
	bool made;

	table_put(&import->seen, hash_text(HASH_FIXED, text_of(contact->account)) | 1, 0, &made);
	return made || error_set(error, _("'%s' is repeated: an earlier row has it already"), contact->account);
}

/* false where nothing more can be written */
static bool take(struct import *import, const struct text values[COLUMNS], unsigned long at, struct error *error)
{
	struct contact contact;
	struct error why = { "" };

	import->command->rows++;
	if (!is_whole(values, &why) || !take_row(import, values, &contact, &why) || !contact_check(&contact, &why) ||
	    !is_first(import, &contact, &why)) {
		complain(import, at, why.text);
		return true;
	}
	if (!contacts_put(import->contacts, &contact, true, error) || !turn_over(import, error))
		return false;
	import->command->taken++;
	return true;
}

/* ---- CSV */

static bool same_name(struct text name, const char *wanted) { return name.n == strlen(wanted) && strncasecmp(name.p, wanted, name.n) == 0; }

static bool take_heads(const struct csv *csv, int of[CSV_FIELDS_MAX], const struct import *import, struct error *error)
{
	bool has[COLUMNS] = { false };

	for (size_t i = 0; i < csv->count; i++) {
		of[i] = -1;
		for (int column = 0; column < COLUMNS; column++)
			if (same_name(csv->fields[i], names[column])) {
				if (has[column])
					return error_set(error, _("%s: there are two columns named '%s'"), import->file, names[column]);
				of[i] = column;
				has[column] = true;
			}
	}
	if (has[COLUMN_ACCOUNT] && has[COLUMN_MAIL])
		return true;
	if (import->command->database)
		return error_set(error, _("%s: the statement 'contacts' has to give columns named account and mail, and of name, language, phrase, aliases those that there are"), import->file);
	return error_set(error, _("%s:1: the first line has to name the columns: account, mail, and of name, language, phrase, aliases those that there are"), import->file);
}

/* a row of a database has no line, and is told by its number */
static unsigned long place_of(const struct import *import, const struct csv *csv)
{
	return import->command->database ? import->command->rows + 1 : csv->line;
}

static bool import_csv(struct import *import, struct csv *csv, struct error *error)
{
	int of[CSV_FIELDS_MAX];
	enum csv_result result = csv_next(csv, error);
	struct error why;

	if (result == CSV_END)
		csv->count = 0;
	if (result == CSV_FAULTY || !take_heads(csv, of, import, error))
		return false;
	size_t heads = csv->count;

	while ((result = csv_next(csv, &why)) != CSV_END) {
		struct text values[COLUMNS] = { TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE };

		if (result == CSV_RECORD && csv->count > heads) {
			error_set(&why, "%s", _("has more columns than the first line"));
			result = CSV_FAULTY;
		}
		if (result == CSV_FAULTY) {
			complain(import, place_of(import, csv), why.text);
			import->command->rows++;
			continue;
		}
		for (size_t i = 0; i < csv->count; i++)
			if (of[i] >= 0)
				values[of[i]] = csv->fields[i];
		if (!take(import, values, place_of(import, csv), error))
			return false;
	}
	return true;
}

static bool import_stream(struct import *import, FILE *from, struct error *error)
{
	struct csv *csv = memory_new(sizeof *csv);
	bool done;

	csv_begin(csv, from);
	done = import_csv(import, csv, error);
	if (done && ferror(from))
		done = error_set(error, "'%s': %s", import->file, strerror(errno));
	explicit_bzero(csv, sizeof *csv);
	free(csv);
	return done;
}

static bool import_file(struct import *import, struct error *error)
{
	FILE *from = strcmp(import->file, "-") == 0 ? stdin : fopen(import->file, "re");
	struct stat st;
	bool done;

	if (!from)
		return error_set(error, "'%s': %s", import->file, strerror(errno));
	done = fstat(fileno(from), &st) != 0 || !S_ISDIR(st.st_mode) || error_set(error, "'%s': %s", import->file, strerror(EISDIR));
	done = done && import_stream(import, from, error);
	if (from != stdin)
		fclose(from);
	return done;
}

/* ---- a database server: where its rows ended too early nothing of them stays, but what was committed on the way */

static bool import_database(struct import *import, struct error *error)
{
	struct contact_database database;
	bool done;

	if (!contact_database_open(&database, import->file, error))
		return false;
	done = import_stream(import, database.rows, error);
	return contact_database_close(&database) ? done : error_set(error, _("'%s': the database did not give all its rows"), import->file);
}

/* ---- SQLite */

static bool take_columns(sqlite3_stmt *row, int of[COLUMNS], struct error *error)
{
	for (int column = 0; column < COLUMNS; column++)
		of[column] = -1;
	for (int i = 0; i < sqlite3_column_count(row); i++)
		for (int column = 0; column < COLUMNS; column++)
			if (strcasecmp(sqlite3_column_name(row, i), names[column]) == 0) {
				if (of[column] >= 0)
					return error_set(error, _("--sql: there are two columns named '%s'"), names[column]);
				of[column] = i;
			}
	return (of[COLUMN_ACCOUNT] >= 0 && of[COLUMN_MAIL] >= 0) ||
	       error_set(error, "%s", _("--sql: the statement has to give columns named account and mail, and of name, language, phrase, aliases those that there are"));
}

static struct text value_of(sqlite3_stmt *row, int column)
{
	const char *text = column >= 0 ? (const char *)sqlite3_column_text(row, column) : NULL;

	return text ? text_trim((struct text){ text, (size_t)sqlite3_column_bytes(row, column) }) : TEXT_NONE;
}

static bool import_rows(struct import *import, sqlite3 *db, sqlite3_stmt *row, struct error *error)
{
	int of[COLUMNS], code;
	unsigned long number = 0;

	if (!take_columns(row, of, error))
		return false;
	while ((code = sqlite3_step(row)) == SQLITE_ROW) {
		struct text values[COLUMNS];

		for (int column = 0; column < COLUMNS; column++)
			values[column] = value_of(row, of[column]);
		if (!take(import, values, ++number, error))
			return false;
	}
	return code == SQLITE_DONE || error_set(error, "'%s': %s", import->file, sqlite3_errmsg(db));
}

static bool import_sqlite(struct import *import, struct error *error)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	bool done = sqlite3_open_v2(import->file, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
		    sqlite3_prepare_v2(db, import->command->sql, -1, &row, NULL) == SQLITE_OK;

	if (!done)
		error_set(error, "'%s': %s", import->file, sqlite3_errmsg(db));
	else if (!row)
		done = error_set(error, "%s", _("--sql: that is no statement"));
	else
		done = import_rows(import, db, row, error);
	sqlite3_finalize(row);
	sqlite3_close(db);
	return done;
}

/* ---- all */

static bool run(struct import *import, struct error *error)
{
	bool done = contacts_begin(import->contacts, error);

	if (!done)
		return false;
	if (import->command->database)
		done = import_database(import, error);
	else
		done = import->command->sqlite ? import_sqlite(import, error) : import_file(import, error);
	return contacts_end(import->contacts, done && !import->command->dry_run, done ? error : NULL) && done;
}

static const char *file_of(const struct contact_command *command)
{
	if (command->database)
		return command->database;
	return command->sqlite ? command->sqlite : command->words[1];
}

int contact_import(struct contact_command *command)
{
	struct import import = { .command = command, .file = file_of(command), .now_us = clock_now() };
	struct error error = { "" };
	bool done;

	import.contacts = contacts_open_to_write(command->config.state_folder, contact_who(command->who), &error);
	done = import.contacts && run(&import, &error);
	contacts_close(import.contacts);
	table_done(&import.seen);
	if (!done) {
		cli_complain("%s", error.text);
		return import.contacts ? CLI_UNREADABLE : CLI_AWAY;
	}
	return command->faults ? CLI_UNREADABLE : CLI_DONE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL by libpq, which waits for nothing here (only looking up the server's name is the resolver's affair: `hostaddr`, or
 * a socket's folder, avoid it). The server is given the time that is left with each transaction, so that it ends by itself what
 * we no longer wait for. */
#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>

#include "base/memory.h"
#include "passdb/backends.h"
#include "passdb/deadline.h"
#include "passdb/said.h"
#include "passdb/sql.h"

enum { SERVER_EARLIER_MS = 100, MESSAGE_MAX = 96 };

struct postgresql {
	char *connect;
	PGconn *connection; /* NULL: none */
	int64_t deadline;
};

/* ---- life */

/* libpq's own words would quote what it stumbles over, which may be the password */
static bool check_connect(const char *connect, struct error *error)
{
	PQconninfoOption *options;

	if (!connect)
		return error_set(error, "the setting 'connect' is missing: how PostgreSQL is reached, as \"host=… user=… dbname=…\"");
	if (!strchr(connect, '=') && !strstr(connect, "://"))
		return error_set(error, "setting 'connect': is no \"name=value …\" and no postgresql:// as PostgreSQL knows them");
	options = PQconninfoParse(connect, NULL);
	if (!options)
		return error_set(error, "setting 'connect': PostgreSQL's library cannot read it: an unknown name, or a quote is missing");
	PQconninfoFree(options);
	return true;
}

static void *postgresql_new(const struct passdb_settings *settings, struct error *error)
{
	struct postgresql *postgresql;

	if (!check_connect(settings->connect, error))
		return NULL;
	postgresql = memory_zero(1, sizeof *postgresql);
	postgresql->connect = memory_copy(settings->connect, strlen(settings->connect));
	return postgresql;
}

static void hang_up(struct postgresql *postgresql)
{
	PQfinish(postgresql->connection);
	postgresql->connection = NULL;
}

static void postgresql_free(void *state)
{
	struct postgresql *postgresql = state;

	hang_up(postgresql);
	explicit_bzero(postgresql->connect, strlen(postgresql->connect));
	free(postgresql->connect);
	free(postgresql);
}

static bool is_open(const void *state) { return ((const struct postgresql *)state)->connection; }

/* ---- what went wrong */

static enum sql_end late(struct postgresql *postgresql, struct error *error)
{
	hang_up(postgresql);
	error_set(error, "PostgreSQL does not answer in time");
	return SQL_REFUSED;
}

static enum sql_end lost(struct postgresql *postgresql, struct error *error)
{
	char line[SAID_MAX];

	said(line, PQerrorMessage(postgresql->connection), PQpass(postgresql->connection));
	error_set(error, "PostgreSQL is gone: %s", line);
	hang_up(postgresql);
	return SQL_LOST;
}

/* Whether this class of errors (the first two letters of its SQLSTATE) is about statements, rights and the server. Those about
 * values (22, 23, and whatever triggers raise) quote them. */
static bool may_be_shown(const char *sqlstate)
{
	static const char classes[][3] = { "08", "0A", "25", "26", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58" };

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strncmp(sqlstate, classes[i], 2) == 0)
			return true;
	return false;
}

/* last words of a server that shuts down, or that waited too long for us */
static bool is_farewell(const char *sqlstate)
{
	return strncmp(sqlstate, "57P", 3) == 0 || strcmp(sqlstate, "25P03") == 0;
}

static enum sql_end refused(struct postgresql *postgresql, const struct sql_call *call, const PGresult *result, struct error *error)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	char line[SAID_MAX] = "it does not like what is stored, or what is to be stored", where[MESSAGE_MAX] = "PostgreSQL";

	if (PQstatus(postgresql->connection) != CONNECTION_OK || (sqlstate && is_farewell(sqlstate)))
		return lost(postgresql, error);
	if (sqlstate && message && may_be_shown(sqlstate))
		said(line, message, call ? call->values[STATEMENT_PASSWORD].p : NULL);
	if (call)
		snprintf(where, sizeof where, "setting '%s': PostgreSQL", call->statement->setting);
	error_set(error, "%s says: %s (%.5s)", where, line, sqlstate ? sqlstate : "?");
	return SQL_REFUSED;
}

/* ---- waiting; false where time is over */

static bool wait_for(const struct postgresql *postgresql, short events)
{
	struct pollfd socket = { .fd = PQsocket(postgresql->connection), .events = events };
	int left = deadline_left_ms(postgresql->deadline);

	return left > 0 && poll(&socket, 1, left) != 0;
}

static enum sql_end connect_now(struct postgresql *postgresql, struct error *error)
{
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;
	char line[SAID_MAX];

	while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
		if (!wait_for(postgresql, next == PGRES_POLLING_READING ? POLLIN : POLLOUT))
			return late(postgresql, error);
		next = PQconnectPoll(postgresql->connection);
	}
	if (next == PGRES_POLLING_OK && PQsetnonblocking(postgresql->connection, 1) == 0)
		return SQL_DONE;
	said(line, PQerrorMessage(postgresql->connection), PQpass(postgresql->connection));
	error_set(error, "PostgreSQL cannot be reached: %s", line);
	hang_up(postgresql);
	return SQL_REFUSED;
}

/* notices would go to our standard error, and may quote rows */
static void say_nothing(void *context, const PGresult *notice) {}

static enum sql_end connect_to(struct postgresql *postgresql, struct error *error)
{
	const char *const names[] = { "dbname", "client_encoding", "fallback_application_name", NULL };
	const char *const values[] = { postgresql->connect, "UTF8", "sekisho-passdb", NULL };

	if (postgresql->connection)
		return SQL_DONE;
	postgresql->connection = PQconnectStartParams(names, values, 1);
	if (!postgresql->connection) {
		error_set(error, "PostgreSQL cannot be reached: out of memory");
		return SQL_REFUSED;
	}
	PQsetNoticeReceiver(postgresql->connection, say_nothing, NULL);
	if (PQstatus(postgresql->connection) == CONNECTION_BAD) {
		error_set(error, "PostgreSQL cannot be reached: what 'connect' says cannot be used");
		hang_up(postgresql);
		return SQL_REFUSED;
	}
	return connect_now(postgresql, error);
}

static enum sql_end send_all(struct postgresql *postgresql, struct error *error)
{
	int more;

	while ((more = PQflush(postgresql->connection)) == 1) {
		if (!wait_for(postgresql, POLLIN | POLLOUT))
			return late(postgresql, error);
		if (!PQconsumeInput(postgresql->connection))
			return lost(postgresql, error);
	}
	return more == 0 ? SQL_DONE : lost(postgresql, error);
}

/* *result is NULL when all has come */
static enum sql_end next_result(struct postgresql *postgresql, PGresult **result, struct error *error)
{
	*result = NULL;
	while (PQisBusy(postgresql->connection)) {
		if (!wait_for(postgresql, POLLIN))
			return late(postgresql, error);
		if (!PQconsumeInput(postgresql->connection))
			return lost(postgresql, error);
	}
	*result = PQgetResult(postgresql->connection);
	return SQL_DONE;
}

/* ---- one transaction */

static enum sql_end command(struct postgresql *postgresql, const char *words, struct error *error)
{
	enum sql_end end = PQsendQuery(postgresql->connection, words) ? send_all(postgresql, error) : lost(postgresql, error);
	PGresult *result;

	while (end == SQL_DONE && (end = next_result(postgresql, &result, error)) == SQL_DONE && result) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			end = refused(postgresql, NULL, result, error);
		PQclear(result);
	}
	return end;
}

static enum sql_end postgresql_begin(void *state, int64_t deadline, bool writes, struct error *error)
{
	struct postgresql *postgresql = state;
	enum sql_end end;
	char words[160];
	int left;

	postgresql->deadline = deadline;
	end = connect_to(postgresql, error);
	if (end != SQL_DONE)
		return end;
	left = deadline_left_ms(deadline) - SERVER_EARLIER_MS;
	snprintf(words, sizeof words, "BEGIN; SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = 0", left > 1 ? left : 1);
	end = command(postgresql, words, error);
	if (end == SQL_REFUSED)
		hang_up(postgresql); /* whatever it is in the middle of */
	return end;
}

static bool send_statement(PGconn *connection, const struct sql_call *call)
{
	const struct statement *statement = call->statement;
	char *copies[STATEMENT_PLACES_MAX];
	bool sent;

	for (size_t i = 0; i < statement->count; i++) {
		struct text value = call->values[statement->places[i]];

		copies[i] = memory_copy(value.p, value.n);
	}
	sent = PQsendQueryParams(connection, statement->text, (int)statement->count, NULL, (const char *const *)copies, NULL, NULL, 0);
	for (size_t i = 0; i < statement->count; i++) {
		explicit_bzero(copies[i], strlen(copies[i]));
		free(copies[i]);
	}
	return sent && PQsetSingleRowMode(connection);
}

static enum sql_end count_changed(const PGresult *result, struct sql_call *call, struct error *error)
{
	uint64_t changed;

	if (call->row)
		return sql_wrong(call, error, "gives no rows");
	if (!text_number(text_of(PQcmdTuples((PGresult *)result)), UINT64_MAX, &changed))
		return sql_wrong(call, error, "is none that changes rows");
	call->changed += changed;
	return SQL_DONE;
}

/* once: a row comes as a result of its own, and after the last an empty one */
static void give_heads(const PGresult *result, struct sql_call *call)
{
	const char *names[SQL_COLUMNS_MAX];
	int count = PQnfields(result);

	if (!call->heads || call->headed)
		return;
	call->headed = true;
	for (int i = 0; i < count; i++)
		names[i] = PQfname(result, i);
	call->heads(call, names, (size_t)count);
}

static bool give_row(const PGresult *result, int row, struct sql_call *call)
{
	struct text values[SQL_COLUMNS_MAX];
	int count = PQnfields(result);

	for (int i = 0; i < count; i++)
		values[i] = PQgetisnull(result, row, i)
				    ? (struct text){ NULL, 0 }
				    : (struct text){ PQgetvalue(result, row, i), (size_t)PQgetlength(result, row, i) };
	return call->row(call, values, (size_t)count);
}

static enum sql_end give_rows(const PGresult *result, struct sql_call *call, bool *more, struct error *error)
{
	if (!sql_takes_columns(call, (size_t)PQnfields(result)))
		return sql_wrong(call, error, sql_other_columns(call));
	give_heads(result, call);
	for (int i = 0; *more && i < PQntuples(result); i++)
		*more = give_row(result, i, call);
	return SQL_DONE;
}

static enum sql_end take_result(struct postgresql *postgresql, const PGresult *result, struct sql_call *call, bool *more,
				struct error *error)
{
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK: return count_changed(result, call, error);
	case PGRES_SINGLE_TUPLE:
	case PGRES_TUPLES_OK: return give_rows(result, call, more, error);
	case PGRES_FATAL_ERROR: return refused(postgresql, call, result, error);
	default: return sql_wrong(call, error, "is none that can be used here");
	}
}

/* what is not read to its end hangs up: nobody knows how much would still come */
static enum sql_end postgresql_run(void *state, struct sql_call *call, struct error *error)
{
	struct postgresql *postgresql = state;
	enum sql_end end = SQL_DONE;
	PGresult *result;
	bool more = true;

	end = send_statement(postgresql->connection, call) ? send_all(postgresql, error) : lost(postgresql, error);
	while (end == SQL_DONE && more && (end = next_result(postgresql, &result, error)) == SQL_DONE && result) {
		end = take_result(postgresql, result, call, &more, error);
		PQclear(result);
	}
	if (!more || end == SQL_REFUSED)
		hang_up(postgresql);
	return end;
}

static enum sql_end postgresql_commit(void *state, struct error *error)
{
	struct postgresql *postgresql = state;
	enum sql_end end;

	if (!postgresql->connection)
		return SQL_DONE; /* rows that were not read to their end */
	end = command(postgresql, "COMMIT", error);
	if (end == SQL_REFUSED)
		hang_up(postgresql);
	return end;
}

static bool postgresql_roll_back(void *state)
{
	struct postgresql *postgresql = state;

	if (postgresql->connection && command(postgresql, "ROLLBACK", NULL) != SQL_DONE)
		hang_up(postgresql); /* the server takes back what nobody commits */
	return true;
}

static const struct sql_driver driver = {
	.dialect = STATEMENT_POSTGRESQL,
	.create = postgresql_new,
	.free = postgresql_free,
	.is_open = is_open,
	.begin = postgresql_begin,
	.run = postgresql_run,
	.commit = postgresql_commit,
	.roll_back = postgresql_roll_back,
};

static void *postgresql_open(const struct passdb_settings *settings, struct error *error)
{
	return sql_new(&driver, settings, error);
}

static enum passdb_result postgresql_contacts(const struct passdb_settings *settings, const struct passdb_rows *rows, struct error *error)
{
	return sql_contacts(&driver, settings, rows, error);
}

const struct passdb_backend passdb_postgresql = {
	.name = "postgresql",
	.open = postgresql_open,
	.close = sql_close,
	.get = sql_get,
	.set = sql_set,
	.delete = sql_delete,
	.list = sql_list,
	.contacts = postgresql_contacts,
};

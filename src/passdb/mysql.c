/* SPDX-License-Identifier: Apache-2.0 */
/* MariaDB and MySQL by libmariadb. Its timeouts are for one packet each, so a step has a third of the patience, none begins after
 * two thirds, and the server is told to give up earlier still: all together ends in time, but for a second where patience is below
 * three. */
#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>

#include "base/memory.h"
#include "passdb/backends.h"
#include "passdb/deadline.h"
#include "passdb/pairs.h"
#include "passdb/said.h"
#include "passdb/sql.h"

enum { STEPS = 3, VALUE_MAX = 1024, PORT_MAX = 65535, WHERE_MAX = 96 };

struct mysql {
	char *host, *user, *password, *dbname, *socket, *ssl_ca;
	unsigned port;
	bool ssl;
	unsigned patience_s, step_s;
	int64_t last_begin; /* no step begins later */
	MYSQL *connection; /* NULL: none */
};

/* ---- how it is reached */

static bool take_port(struct mysql *mysql, const char *value, struct error *error)
{
	uint64_t port;

	if (!text_number(text_of(value), PORT_MAX, &port) || !port)
		return error_set(error, "'port' is no number from 1 to %d", PORT_MAX);
	mysql->port = (unsigned)port;
	return true;
}

static bool take_ssl(struct mysql *mysql, const char *value, struct error *error)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return error_set(error, "'ssl' is neither yes nor no");
	mysql->ssl = strcmp(value, "yes") == 0;
	return true;
}

static bool take(void *context, struct text name, const char *value, struct error *error)
{
	struct mysql *mysql = context;
	const struct {
		const char *name;
		char **to;
	} texts[] = {
		{ "host", &mysql->host },     { "user", &mysql->user },     { "password", &mysql->password },
		{ "dbname", &mysql->dbname }, { "socket", &mysql->socket }, { "ssl_ca", &mysql->ssl_ca },
	};

	if (text_is(name, TEXT("port")))
		return take_port(mysql, value, error);
	if (text_is(name, TEXT("ssl")))
		return take_ssl(mysql, value, error);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (text_is(name, text_of(texts[i].name))) {
			if (*texts[i].to)
				return error_set(error, "'%s' is named twice", texts[i].name);
			*texts[i].to = memory_copy(value, strlen(value));
			return true;
		}
	return error_set(error, "it knows host, port, socket, user, password, dbname, ssl and ssl_ca, nothing else");
}

static bool read_connect(struct mysql *mysql, const char *connect, struct error *error)
{
	struct error why;

	if (!connect)
		return error_set(error, "the setting 'connect' is missing: how the database is reached, as \"host=… user=… dbname=…\"");
	if (!pairs_read(text_of(connect), take, mysql, &why))
		return error_set(error, "setting 'connect': %.300s", why.text);
	if (!mysql->user || !mysql->dbname)
		return error_set(error, "setting 'connect': '%s' is missing", mysql->user ? "dbname" : "user");
	return true;
}

static void hang_up(struct mysql *mysql)
{
	if (mysql->connection)
		mysql_close(mysql->connection);
	mysql->connection = NULL;
}

static void mysql_state_free(void *state)
{
	struct mysql *mysql = state;
	char *const texts[] = { mysql->host, mysql->user, mysql->password, mysql->dbname, mysql->socket, mysql->ssl_ca };

	hang_up(mysql);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i])
			explicit_bzero(texts[i], strlen(texts[i]));
		free(texts[i]);
	}
	free(mysql);
}

static void *mysql_state_new(const struct passdb_settings *settings, struct error *error)
{
	struct mysql *mysql = memory_zero(1, sizeof *mysql);

	mysql->patience_s = settings->patience_s;
	mysql->step_s = mysql->patience_s < STEPS ? 1 : mysql->patience_s / STEPS;
	if (read_connect(mysql, settings->connect, error))
		return mysql;
	mysql_state_free(mysql);
	return NULL;
}

static bool is_open(const void *state) { return ((const struct mysql *)state)->connection; }

/* ---- what went wrong */

/* the errors whose text says something of the statement, of rights or of the server; the others like to quote values */
static bool may_be_shown(unsigned number)
{
	static const unsigned numbers[] = {
		ER_CON_COUNT_ERROR, ER_BAD_HOST_ERROR, ER_DBACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_NO_DB_ERROR,
		ER_BAD_DB_ERROR, ER_SERVER_SHUTDOWN, ER_BAD_FIELD_ERROR, ER_HOST_IS_BLOCKED, ER_HOST_NOT_PRIVILEGED,
		ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, ER_NO_SUCH_TABLE, ER_TOO_MANY_USER_CONNECTIONS,
		ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_OPTION_PREVENTS_STATEMENT,
		ER_SP_DOES_NOT_EXIST, ER_NO_DEFAULT_FOR_FIELD, ER_VIEW_INVALID, ER_STATEMENT_TIMEOUT, ER_DATA_TOO_LONG,
		ER_NON_UPDATABLE_TABLE, ER_UNKNOWN_STORAGE_ENGINE, ER_NOT_SUPPORTED_YET, ER_QUERY_INTERRUPTED,
	};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i] == number)
			return true;
	return number >= CR_MIN_ERROR && number <= CR_MAX_ERROR;
}

static bool is_gone(unsigned number)
{
	return number == CR_SERVER_GONE_ERROR || number == CR_SERVER_LOST || number == ER_SERVER_SHUTDOWN ||
	       number == ER_CONNECTION_KILLED;
}

static enum sql_end late(struct mysql *mysql, struct error *error)
{
	hang_up(mysql);
	error_set(error, "the database does not answer in time");
	return SQL_REFUSED;
}

/* whether there is time for one more step */
static bool is_time(const struct mysql *mysql) { return deadline_left_ms(mysql->last_begin) > 0; }

/* what was lost only after a whole step was waited for */
static enum sql_end refused(struct mysql *mysql, const struct sql_call *call, unsigned number, const char *message,
			    int64_t began, struct error *error)
{
	const char *secret = call ? call->values[STATEMENT_PASSWORD].p : mysql->password;
	char line[SAID_MAX] = "it does not like what is stored, or what is to be stored", where[WHERE_MAX] = "the database";

	if (is_gone(number) && clock_steady() - began >= (int64_t)mysql->step_s * 1000000)
		return late(mysql, error);
	if (number == ER_PARSE_ERROR)
		text_copy(line, sizeof line, TEXT("the statement has an error in its syntax"));
	else if (may_be_shown(number))
		said(line, message, secret);
	if (call)
		snprintf(where, sizeof where, "setting '%s': the database", call->statement->setting);
	error_set(error, "%s says: %s (%u)", where, line, number);
	if (!is_gone(number))
		return SQL_REFUSED;
	hang_up(mysql);
	return SQL_LOST;
}

/* ---- the connection */

static void set_options(struct mysql *mysql)
{
	MYSQL *connection = mysql->connection;
	const unsigned never = 0;
	const my_bool yes = 1;

	mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &mysql->step_s);
	mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &mysql->step_s);
	mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &mysql->step_s);
	mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &never); /* a server could ask for root's files */
	if (mysql->ssl || mysql->ssl_ca) {
		mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes);
		mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
	}
	if (mysql->ssl_ca)
		mysql_options(connection, MYSQL_OPT_SSL_CA, mysql->ssl_ca);
}

/* one of them is unknown to MySQL, which is no reason to stop */
static bool limit(struct mysql *mysql)
{
	static const char *const names[] = { "lock_wait_timeout", "innodb_lock_wait_timeout", "max_statement_time" };
	unsigned seconds = mysql->step_s > 1 ? mysql->step_s - 1 : 1;
	char words[96];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(words, sizeof words, "SET SESSION %s = %u", names[i], seconds);
		if (mysql_query(mysql->connection, words) != 0 && mysql_errno(mysql->connection) != ER_UNKNOWN_SYSTEM_VARIABLE)
			return false;
	}
	return true;
}

static enum sql_end connect_to(struct mysql *mysql, struct error *error)
{
	enum sql_end end;

	mysql->connection = mysql_init(NULL);
	if (!mysql->connection) {
		error_set(error, "the database cannot be reached: out of memory");
		return SQL_REFUSED;
	}
	set_options(mysql);
	if (mysql_real_connect(mysql->connection, mysql->host, mysql->user, mysql->password, mysql->dbname, mysql->port, mysql->socket,
			       CLIENT_FOUND_ROWS) && limit(mysql))
		return SQL_DONE;
	end = refused(mysql, NULL, mysql_errno(mysql->connection), mysql_error(mysql->connection), clock_steady(), error);
	hang_up(mysql);
	return end == SQL_LOST ? SQL_REFUSED : end;
}

static enum sql_end command(struct mysql *mysql, const char *words, struct error *error)
{
	int64_t began = clock_steady();

	if (!is_time(mysql))
		return late(mysql, error);
	if (mysql_query(mysql->connection, words) == 0)
		return SQL_DONE;
	return refused(mysql, NULL, mysql_errno(mysql->connection), mysql_error(mysql->connection), began, error);
}

static enum sql_end mysql_begin(void *state, int64_t deadline, bool writes, struct error *error)
{
	struct mysql *mysql = state;
	enum sql_end end = SQL_DONE;

	mysql->last_begin = mysql->patience_s < STEPS ? deadline : deadline - (int64_t)mysql->step_s * 1000000;
	if (!mysql->connection)
		end = connect_to(mysql, error);
	return end == SQL_DONE ? command(mysql, "START TRANSACTION", error) : end;
}

/* ---- one statement */

static bool bind_values(MYSQL_STMT *prepared, const struct sql_call *call)
{
	const struct statement *statement = call->statement;
	MYSQL_BIND values[STATEMENT_PLACES_MAX] = { 0 };

	for (size_t i = 0; i < statement->count; i++) {
		struct text value = call->values[statement->places[i]];

		values[i].buffer_type = MYSQL_TYPE_STRING;
		values[i].buffer = (void *)value.p;
		values[i].buffer_length = value.n;
	}
	return mysql_stmt_param_count(prepared) == statement->count && (!statement->count || mysql_stmt_bind_param(prepared, values) == 0);
}

static enum sql_end refused_statement(struct mysql *mysql, MYSQL_STMT *prepared, const struct sql_call *call, int64_t began,
				      struct error *error)
{
	char message[SAID_MAX];
	unsigned number = mysql_stmt_errno(prepared);

	text_copy(message, sizeof message, text_of(mysql_stmt_error(prepared)));
	return refused(mysql, call, number, message, began, error);
}

/* a row as it is fetched. A value that is too long comes with its true length, and is told as one that is longer than anything may be. */
struct fetched {
	size_t count, value_max;
	char *bytes; /* `value_max` for each column */
	unsigned long lengths[SQL_COLUMNS_MAX];
	my_bool nulls[SQL_COLUMNS_MAX];
	MYSQL_BIND columns[SQL_COLUMNS_MAX];
};

static void fetched_init(struct fetched *fetched, const struct sql_call *call, size_t count)
{
	*fetched = (struct fetched){ .count = count, .value_max = call->heads ? SQL_VALUE_MAX : VALUE_MAX };
	fetched->bytes = memory_zero(count, fetched->value_max);
	for (size_t i = 0; i < count; i++)
		fetched->columns[i] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_STRING, .buffer = fetched->bytes + i * fetched->value_max,
						    .buffer_length = fetched->value_max, .length = &fetched->lengths[i],
						    .is_null = &fetched->nulls[i] };
}

static void fetched_done(struct fetched *fetched)
{
	explicit_bzero(fetched->bytes, fetched->count * fetched->value_max);
	free(fetched->bytes);
}

static bool give_row(const struct fetched *fetched, struct sql_call *call)
{
	struct text values[SQL_COLUMNS_MAX];

	for (size_t i = 0; i < fetched->count; i++) {
		values[i].p = fetched->nulls[i] ? NULL : fetched->bytes + i * fetched->value_max;
		values[i].n = fetched->nulls[i] ? 0 : fetched->lengths[i] < fetched->value_max ? fetched->lengths[i] : fetched->value_max;
	}
	return call->row(call, values, fetched->count);
}

static void give_heads(MYSQL_STMT *prepared, struct sql_call *call)
{
	const char *names[SQL_COLUMNS_MAX];
	MYSQL_RES *about = mysql_stmt_result_metadata(prepared);
	unsigned count = about ? mysql_num_fields(about) : 0;

	for (unsigned i = 0; i < count; i++)
		names[i] = mysql_fetch_field_direct(about, i)->name;
	if (call->heads)
		call->heads(call, names, count);
	if (about)
		mysql_free_result(about);
}

static enum sql_end give_rows(struct mysql *mysql, MYSQL_STMT *prepared, struct sql_call *call, int64_t began, bool *more,
			      struct error *error)
{
	enum sql_end end = SQL_DONE;
	struct fetched fetched;
	int code;

	fetched_init(&fetched, call, mysql_stmt_field_count(prepared));
	give_heads(prepared, call);
	code = mysql_stmt_bind_result(prepared, fetched.columns);
	while (*more && !code && ((code = mysql_stmt_fetch(prepared)) == 0 || code == MYSQL_DATA_TRUNCATED)) {
		*more = is_time(mysql) ? give_row(&fetched, call) : false;
		end = *more || is_time(mysql) ? SQL_DONE : SQL_REFUSED;
		code = 0;
	}
	fetched_done(&fetched);
	if (end != SQL_DONE)
		return late(mysql, error);
	return code && code != MYSQL_NO_DATA ? refused_statement(mysql, prepared, call, began, error) : SQL_DONE;
}

static enum sql_end execute(struct mysql *mysql, MYSQL_STMT *prepared, struct sql_call *call, bool *more, struct error *error)
{
	int64_t began = clock_steady();

	if (mysql_stmt_prepare(prepared, call->statement->text, strlen(call->statement->text)) != 0)
		return refused_statement(mysql, prepared, call, began, error);
	if (!sql_takes_columns(call, mysql_stmt_field_count(prepared)))
		return sql_wrong(call, error, sql_other_columns(call));
	if (!bind_values(prepared, call))
		return sql_wrong(call, error, "its parameters cannot be set");
	began = clock_steady();
	if (mysql_stmt_execute(prepared) != 0)
		return refused_statement(mysql, prepared, call, began, error);
	if (!sql_takes_columns(call, mysql_stmt_field_count(prepared)) || mysql_stmt_more_results(prepared)) {
		*more = false; /* CALL, which says only now what it gives */
		return sql_wrong(call, error, "gives other rows than it should");
	}
	if (call->row)
		return give_rows(mysql, prepared, call, began, more, error);
	call->changed = mysql_stmt_affected_rows(prepared);
	return SQL_DONE;
}

/* what is not read to its end hangs up: nobody knows how much would still come */
static enum sql_end mysql_run(void *state, struct sql_call *call, struct error *error)
{
	struct mysql *mysql = state;
	MYSQL_STMT *prepared = mysql_stmt_init(mysql->connection);
	enum sql_end end;
	bool more = true;

	if (!prepared)
		return sql_wrong(call, error, "out of memory");
	if (!is_time(mysql))
		end = late(mysql, error);
	else
		end = execute(mysql, prepared, call, &more, error);
	if (!more)
		hang_up(mysql);
	mysql_stmt_close(prepared);
	return end;
}

static enum sql_end mysql_do_commit(void *state, struct error *error)
{
	struct mysql *mysql = state;

	return mysql->connection ? command(mysql, "COMMIT", error) : SQL_DONE; /* NULL: rows that were not read to their end */
}

/* a table that knows no transactions (MyISAM, Aria) is a warning, ER_WARNING_NOT_COMPLETE_ROLLBACK */
static bool mysql_roll_back(void *state)
{
	struct mysql *mysql = state;
	bool back = true;

	if (!mysql->connection)
		return true;
	if (command(mysql, "ROLLBACK", NULL) == SQL_DONE)
		back = mysql_warning_count(mysql->connection) == 0;
	else
		hang_up(mysql);
	return back;
}

static const struct sql_driver driver = {
	.dialect = STATEMENT_MYSQL,
	.create = mysql_state_new,
	.free = mysql_state_free,
	.is_open = is_open,
	.begin = mysql_begin,
	.run = mysql_run,
	.commit = mysql_do_commit,
	.roll_back = mysql_roll_back,
};

static enum passdb_result mysql_contacts(const struct passdb_settings *settings, const struct passdb_rows *rows, struct error *error)
{
	return sql_contacts(&driver, settings, rows, error);
}

static void *mysql_backend(const struct passdb_settings *settings, struct error *error)
{
	return sql_new(&driver, settings, error);
}

const struct passdb_backend passdb_mysql = {
	.name = "mysql",
	.open = mysql_backend,
	.close = sql_close,
	.get = sql_get,
	.set = sql_set,
	.delete = sql_delete,
	.list = sql_list,
	.contacts = mysql_contacts,
};

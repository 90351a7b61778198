/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/sql.h"

#include <stdlib.h>

#include "base/memory.h"
#include "passdb/deadline.h"

struct sql {
	const struct sql_driver *driver;
	void *state;
	unsigned patience_s;
	struct statement statements[STATEMENT_VERBS];
};

struct stored {
	char *to; /* of PASSWORD_HASH_MAX bytes */
	unsigned rows;
	bool is_null, is_odd;
};

struct listing {
	void (*each)(void *context, const char *account);
	void *context;
	bool began;
};

/* ---- life */

static bool read_statements(struct sql *sql, const struct passdb_settings *settings, struct error *error)
{
	const char *const texts[STATEMENT_VERBS] = { settings->get, settings->set, settings->delete, settings->list, settings->contacts };

	if (!settings->get || !settings->set)
		return error_set(error, "the setting '%s' is missing: a statement", settings->get ? "set" : "get");
	for (enum statement_verb verb = 0; verb < STATEMENT_VERBS; verb++)
		if (texts[verb] && !statement_read(&sql->statements[verb], sql->driver->dialect, verb, text_of(texts[verb]), error))
			return false;
	return true;
}

struct sql *sql_new(const struct sql_driver *driver, const struct passdb_settings *settings, struct error *error)
{
	struct sql *sql = memory_zero(1, sizeof *sql);

	sql->driver = driver;
	sql->patience_s = settings->patience_s;
	if (read_statements(sql, settings, error) && (sql->state = driver->create(settings, error)))
		return sql;
	free(sql);
	return NULL;
}

void sql_close(void *backend)
{
	struct sql *sql = backend;

	sql->driver->free(sql->state);
	free(sql);
}

/* ---- one transaction */

bool sql_takes_columns(const struct sql_call *call, size_t count)
{
	return call->heads ? count >= 1 && count <= SQL_COLUMNS_MAX : count == (call->row ? 1 : 0);
}

const char *sql_other_columns(const struct sql_call *call)
{
	if (call->heads)
		return "gives no columns, or too many";
	return call->row ? "does not give one column" : "gives rows: it may only change one";
}

enum sql_end sql_wrong(const struct sql_call *call, struct error *error, const char *why)
{
	error_set(error, "setting '%s': %s", call->statement->setting, why);
	return SQL_REFUSED;
}

static void fill(struct sql_call *call, const char *account, const char *stored)
{
	struct text whole = text_of(account), domain = whole, local = whole;

	if (!text_cut(&domain, '@', &local))
		domain = text_after(whole, whole.n);
	call->values[STATEMENT_ACCOUNT] = whole;
	call->values[STATEMENT_LOCAL] = local;
	call->values[STATEMENT_DOMAIN] = domain;
	call->values[STATEMENT_PASSWORD] = text_of(stored);
}

/* what could not be taken back is what an administrator has to know first */
static enum sql_end take_back(const struct sql *sql, const struct sql_call *call, struct error *error)
{
	bool back = sql->driver->roll_back(sql->state);

	error_set(error, "setting '%s': changed %llu rows instead of one, which %s", call->statement->setting,
		  (unsigned long long)call->changed,
		  back ? "was taken back" : "could not be taken back, for the table knows no transactions");
	return SQL_REFUSED;
}

static enum sql_end try(const struct sql *sql, struct sql_call *call, int64_t deadline, struct error *error)
{
	bool writes = !call->row;
	enum sql_end end = sql->driver->begin(sql->state, deadline, writes, error);

	if (end != SQL_DONE)
		return end;
	end = sql->driver->run(sql->state, call, error);
	if (end == SQL_DONE && writes && call->changed > 1)
		return take_back(sql, call, error);
	if (end == SQL_DONE)
		return sql->driver->commit(sql->state, error);
	if (end == SQL_REFUSED)
		sql->driver->roll_back(sql->state);
	return end;
}

/* A connection that was left open may have died of a restart or of idleness, which is seen only now. What is lost within a
 * commit is tried again as well: it does the same twice. */
static bool run(const struct sql *sql, struct sql_call *call, bool (*may_repeat)(const struct sql_call *), struct error *error)
{
	int64_t deadline = deadline_in(sql->patience_s);
	bool was_open = sql->driver->is_open(sql->state);
	enum sql_end end = try(sql, call, deadline, error);

	if (end == SQL_LOST && was_open && may_repeat(call)) {
		call->changed = 0;
		end = try(sql, call, deadline, error);
	}
	return end == SQL_DONE;
}

static bool always(const struct sql_call *call) { return true; }

static enum passdb_result result_of(enum passdb_result result, struct error *error, const char *setting, const char *why)
{
	error_set(error, "setting '%s': %s", setting, why);
	return result;
}

/* ---- get */

static bool take_stored(struct sql_call *call, const struct text *values, size_t count)
{
	const struct text *value = values->p ? values : NULL;
	struct stored *stored = call->context;

	stored->rows++;
	stored->is_null = !value;
	stored->is_odd = value && (value->n >= PASSWORD_HASH_MAX || text_find(*value, '\0') < value->n);
	if (stored->rows == 1 && value && !stored->is_odd)
		text_copy(stored->to, PASSWORD_HASH_MAX, *value);
	return stored->rows < 2;
}

static bool restart_stored(const struct sql_call *call)
{
	struct stored *stored = call->context;

	*stored = (struct stored){ .to = stored->to };
	return true;
}

static enum passdb_result judge_stored(const struct stored *stored, struct error *error)
{
	if (stored->rows == 0)
		return result_of(PASSDB_ABSENT, error, "get", "gives no row for this account");
	if (stored->rows > 1)
		return result_of(PASSDB_FAILED, error, "get", "gives more than one row for this account");
	if (stored->is_null)
		return result_of(PASSDB_NOT, error, "get", "gives NULL: this account has no password here");
	if (stored->is_odd)
		return result_of(PASSDB_FAILED, error, "get", "gives something that is no hash: it is too long, or has a byte 0");
	return PASSDB_DONE;
}

enum passdb_result sql_get(void *backend, const char *account, char stored[PASSWORD_HASH_MAX], struct error *error)
{
	const struct sql *sql = backend;
	char value[PASSWORD_HASH_MAX] = "";
	struct stored taken = { .to = value };
	struct sql_call call = { .statement = &sql->statements[STATEMENT_GET], .row = take_stored, .context = &taken };
	enum passdb_result result = PASSDB_FAILED;

	fill(&call, account, "");
	if (run(sql, &call, restart_stored, error))
		result = judge_stored(&taken, error);
	if (result == PASSDB_DONE)
		text_copy(stored, PASSWORD_HASH_MAX, text_of(value));
	explicit_bzero(value, sizeof value);
	return result;
}

/* ---- set, delete */

static enum passdb_result change(const struct sql *sql, enum statement_verb verb, const char *account, const char *stored,
				 struct error *error)
{
	struct sql_call call = { .statement = &sql->statements[verb] };

	if (!call.statement->text[0])
		return result_of(PASSDB_NOT, error, "delete", "is not named");
	fill(&call, account, stored);
	if (!run(sql, &call, always, error))
		return PASSDB_FAILED;
	return call.changed ? PASSDB_DONE : result_of(PASSDB_ABSENT, error, call.statement->setting, "changed no row");
}

enum passdb_result sql_set(void *sql, const char *account, const char *stored, struct error *error)
{
	return change(sql, STATEMENT_SET, account, stored, error);
}

enum passdb_result sql_delete(void *sql, const char *account, struct error *error)
{
	return change(sql, STATEMENT_DELETE, account, "", error);
}

/* ---- list */

static bool take_account(struct sql_call *call, const struct text *value, size_t count)
{
	struct listing *listing = call->context;
	char account[PASSDB_ACCOUNT_MAX + 1];

	listing->began = true;
	if (value->p && value->n && value->n <= PASSDB_ACCOUNT_MAX && text_find(*value, '\0') == value->n) {
		text_copy(account, sizeof account, *value);
		listing->each(listing->context, account);
	}
	return true;
}

static bool has_not_begun(const struct sql_call *call) { return !((const struct listing *)call->context)->began; }

enum passdb_result sql_list(void *backend, void (*each)(void *context, const char *account), void *context, struct error *error)
{
	const struct sql *sql = backend;
	struct listing listing = { .each = each, .context = context };
	struct sql_call call = { .statement = &sql->statements[STATEMENT_LIST], .row = take_account, .context = &listing };

	if (!call.statement->text[0])
		return result_of(PASSDB_NOT, error, "list", "is not named");
	fill(&call, "", "");
	return run(sql, &call, has_not_begun, error) ? PASSDB_DONE : PASSDB_FAILED;
}

/* ---- contacts */

static void take_heads(struct sql_call *call, const char *const *names, size_t count)
{
	const struct passdb_rows *rows = call->context;

	rows->heads(rows->context, names, count);
}

static bool take_row(struct sql_call *call, const struct text *values, size_t count)
{
	const struct passdb_rows *rows = call->context;

	return rows->row(rows->context, values, count);
}

static bool never(const struct sql_call *call) { return false; }

static enum passdb_result give_contacts(const struct sql *sql, const struct passdb_rows *rows, struct error *error)
{
	struct sql_call call = { .statement = &sql->statements[STATEMENT_CONTACTS], .row = take_row, .heads = take_heads, .context = (void *)rows };

	fill(&call, "", "");
	return run(sql, &call, never, error) ? PASSDB_DONE : PASSDB_FAILED;
}

enum passdb_result sql_contacts(const struct sql_driver *driver, const struct passdb_settings *settings, const struct passdb_rows *rows,
				struct error *error)
{
	struct sql *sql = memory_zero(1, sizeof *sql);
	enum passdb_result result = PASSDB_FAILED;

	sql->driver = driver;
	sql->patience_s = settings->patience_s;
	if (!settings->contacts)
		result = result_of(PASSDB_NOT, error, "contacts", "is not named");
	else if (statement_read(&sql->statements[STATEMENT_CONTACTS], driver->dialect, STATEMENT_CONTACTS, text_of(settings->contacts), error) &&
		 (sql->state = driver->create(settings, error))) {
		result = give_contacts(sql, rows, error);
		driver->free(sql->state);
	}
	free(sql);
	return result;
}

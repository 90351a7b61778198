/* SPDX-License-Identifier: Apache-2.0 */
/* One SQLite file. Lists of addresses stand in one column, a line each: nobody looks for an account by its address. */
#include "notice/contacts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"

enum { VERSION = 2, BUSY_MS = 5000 };

static const char *const steps[VERSION] = {
	"CREATE TABLE contacts (account TEXT PRIMARY KEY, addresses TEXT NOT NULL, aliases TEXT NOT NULL, name TEXT NOT NULL,"
	" language TEXT NOT NULL, phrase TEXT NOT NULL, source TEXT NOT NULL, changed_us INTEGER NOT NULL) WITHOUT ROWID;",

	"CREATE TABLE audit (t_us INTEGER NOT NULL, who TEXT NOT NULL, verb TEXT NOT NULL, account TEXT NOT NULL);"
	"CREATE INDEX audit_of ON audit (account, t_us);"
	"CREATE INDEX audit_when ON audit (t_us);",
};

struct contacts {
	char path[PATH_MAX];
	char who[CONTACTS_WHO_MAX];
	sqlite3 *db; /* NULL: there is no file */
	sqlite3_stmt *find, *put, *drop, *note;
};

static bool failed(const struct contacts *contacts, struct error *error)
{
	return error_set(error, "'%s': %s", contacts->path, sqlite3_errmsg(contacts->db));
}

void contacts_close(struct contacts *contacts)
{
	if (!contacts)
		return;
	sqlite3_finalize(contacts->find);
	sqlite3_finalize(contacts->put);
	sqlite3_finalize(contacts->drop);
	sqlite3_finalize(contacts->note);
	sqlite3_close(contacts->db);
	free(contacts);
}

static int version_of(sqlite3 *db)
{
	sqlite3_stmt *row = NULL;
	int version = -1;

	if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &row, NULL) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
		version = sqlite3_column_int(row, 0);
	sqlite3_finalize(row);
	return version;
}

static bool bring_up(struct contacts *contacts, bool write, struct error *error)
{
	int version = version_of(contacts->db);
	bool done = version >= 0;
	char now[40];

	if (version > VERSION)
		return error_set(error, _("'%s' is of version %d, made by a newer sekisho; this one knows %d"), contacts->path, version, VERSION);
	if (version == VERSION)
		return true;
	if (done && !write) /* from the first on rows are the same */
		return version > 0 || error_set(error, _("'%s' is of version %d, and not brought up to date yet"), contacts->path, version);
	if (!done)
		return failed(contacts, error);
	snprintf(now, sizeof now, "PRAGMA user_version = %d", VERSION);
	done = sqlite3_exec(contacts->db, "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
	for (; done && version < VERSION; version++)
		done = sqlite3_exec(contacts->db, steps[version], NULL, NULL, NULL) == SQLITE_OK;
	done = done && sqlite3_exec(contacts->db, now, NULL, NULL, NULL) == SQLITE_OK &&
	       sqlite3_exec(contacts->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
	return done || failed(contacts, error);
}

/* for the folder's owner, whoever runs this; SQLite's files beside it follow */
static bool make_file(const char *folder, const char *path, struct error *error)
{
	struct stat of_folder;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool done;

	if (fd < 0)
		return errno == EEXIST || error_set(error, "'%s': %s", path, strerror(errno));
	done = stat(folder, &of_folder) == 0 && (geteuid() != 0 || fchown(fd, of_folder.st_uid, of_folder.st_gid) == 0);
	if (!done)
		error_set(error, "'%s': %s", path, strerror(errno));
	close(fd);
	return done;
}

static struct contacts *open_file(const char *folder, bool write, struct error *error)
{
	struct contacts *contacts = memory_zero(1, sizeof *contacts);

	snprintf(contacts->path, sizeof contacts->path, "%s/contacts.db", folder);
	if (!write && access(contacts->path, F_OK) != 0 && errno == ENOENT)
		return contacts;
	if (write && !make_file(folder, contacts->path, error))
		goto closed;
	if (sqlite3_open_v2(contacts->path, &contacts->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		failed(contacts, error);
		goto closed;
	}
	sqlite3_busy_timeout(contacts->db, BUSY_MS);
	if (bring_up(contacts, write, error))
		return contacts;
closed:
	contacts_close(contacts);
	return NULL;
}

struct contacts *contacts_open(const char *folder, struct error *error) { return open_file(folder, false, error); }

static bool expire(struct contacts *contacts, struct error *error)
{
	char sql[80];

	snprintf(sql, sizeof sql, "DELETE FROM audit WHERE t_us < %lld", (long long)(clock_now() - CONTACTS_AUDIT_US));
	return sqlite3_exec(contacts->db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(contacts, error);
}

struct contacts *contacts_open_to_write(const char *folder, const char *who, struct error *error)
{
	struct contacts *contacts = open_file(folder, true, error);

	if (!contacts)
		return NULL;
	text_copy(contacts->who, sizeof contacts->who, text_of(who));
	if (expire(contacts, error))
		return contacts;
	contacts_close(contacts);
	return NULL;
}

/* ---- reading */

static struct text column(sqlite3_stmt *row, int at)
{
	const char *text = (const char *)sqlite3_column_text(row, at);

	return text ? (struct text){ text, (size_t)sqlite3_column_bytes(row, at) } : TEXT_NONE;
}

static size_t take_list(struct text list, char to[CONTACT_ADDRESSES_MAX][CONTACT_ADDRESS_MAX])
{
	size_t count = 0;

	while (list.n && count < CONTACT_ADDRESSES_MAX)
		text_copy(to[count++], CONTACT_ADDRESS_MAX, text_word(&list, '\n'));
	return count;
}

static void take_row(sqlite3_stmt *row, struct contact *contact)
{
	text_copy(contact->account, sizeof contact->account, column(row, 0));
	contact->address_count = take_list(column(row, 1), contact->addresses);
	contact->alias_count = take_list(column(row, 2), contact->aliases);
	text_copy(contact->name, sizeof contact->name, column(row, 3));
	text_copy(contact->language, sizeof contact->language, column(row, 4));
	text_copy(contact->phrase, sizeof contact->phrase, column(row, 5));
	text_copy(contact->source, sizeof contact->source, column(row, 6));
	contact->changed_us = sqlite3_column_int64(row, 7);
}

static bool prepare(struct contacts *contacts, sqlite3_stmt **statement, const char *sql, struct error *error)
{
	return *statement || sqlite3_prepare_v3(contacts->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) == SQLITE_OK ||
	       failed(contacts, error);
}

bool contacts_find(struct contacts *contacts, struct text account, bool *found, struct contact *contact, struct error *error)
{
	int code;

	*found = false;
	*contact = (struct contact){ .address_count = 0 };
	if (!contacts->db)
		return true;
	if (!prepare(contacts, &contacts->find, "SELECT account, addresses, aliases, name, language, phrase, source, changed_us FROM contacts"
						" WHERE account = ?", error))
		return false;
	sqlite3_bind_text64(contacts->find, 1, account.p, account.n, SQLITE_STATIC, SQLITE_UTF8);
	code = sqlite3_step(contacts->find);
	if (code == SQLITE_ROW) {
		*found = true;
		take_row(contacts->find, contact);
	} else if (code != SQLITE_DONE) {
		failed(contacts, error);
	}
	sqlite3_reset(contacts->find);
	return code == SQLITE_ROW || code == SQLITE_DONE;
}

bool contacts_reach(struct contacts *contacts, struct text account, bool *found, struct contact *contact, struct error *error)
{
	const char *at = memrchr(account.p, '@', account.n);

	if (!contacts_find(contacts, account, found, contact, error))
		return false;
	if (*found && contact->address_count)
		return true;
	return !at || contacts_find(contacts, text_between(at, account.p + account.n), found, contact, error);
}

size_t contacts_count(struct contacts *contacts)
{
	sqlite3_stmt *row = NULL;
	size_t count = 0;

	if (contacts->db && sqlite3_prepare_v2(contacts->db, "SELECT count(*) FROM contacts", -1, &row, NULL) == SQLITE_OK &&
	    sqlite3_step(row) == SQLITE_ROW)
		count = (size_t)sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	return count;
}

/* ---- what may be written */

static bool same(struct text one, struct text other) { return one.n == other.n && strncasecmp(one.p, other.p, one.n) == 0; }

/* one that a server takes: RFC 5321 4.1.2 without quoted names, for nobody has such a contact, and none that a program takes for an option */
static bool is_address(struct text address)
{
	const char *at = memrchr(address.p, '@', address.n);
	struct text domain = at ? text_between(at + 1, address.p + address.n) : TEXT_NONE;
	static const char others[] = ".!#$%&'*+-/=?^_`{|}~@";

	for (size_t i = 0; i < address.n; i++)
		if (!isalnum((unsigned char)address.p[i]) && (!strchr(others, address.p[i]) || !address.p[i]))
			return false;
	for (size_t i = 0; i < domain.n; i++)
		if (!isalnum((unsigned char)domain.p[i]) && domain.p[i] != '-' && domain.p[i] != '.')
			return false;
	return at && at > address.p && address.p[0] != '-' && !memchr(address.p, '@', (size_t)(at - address.p)) && domain.n && domain.p[0] != '.' &&
	       domain.p[domain.n - 1] != '.' && address.n <= 254;
}

/* without what stands behind a plus sign */
static struct text base_of(struct text address)
{
	struct text local = address;

	return text_cut(&address, '@', &local) ? text_head(local, text_find(local, '+')) : local;
}

static struct text domain_of(struct text address)
{
	const char *at = memrchr(address.p, '@', address.n);

	return at ? text_between(at + 1, address.p + address.n) : TEXT_NONE;
}

static bool is_same_mailbox(struct text one, struct text other)
{
	return same(base_of(one), base_of(other)) && same(domain_of(one), domain_of(other));
}

bool contact_is_inside(const struct contact *contact, struct text address)
{
	if (is_same_mailbox(address, text_of(contact->account)))
		return true;
	for (size_t i = 0; i < contact->alias_count; i++)
		if (is_same_mailbox(address, text_of(contact->aliases[i])))
			return true;
	return false;
}

/* it goes into headers and texts: UTF-8, nothing that ends a line */
static bool is_plain(const char *words)
{
	struct text rest = text_of(words);

	while (rest.n) {
		uint32_t code = 0;
		size_t n = text_character(rest, &code);

		if (!n || code < ' ' || code == 0x7f || (code >= 0x80 && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
		    (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
			return false;
		rest = text_after(rest, n);
	}
	return true;
}

bool contact_check(const struct contact *contact, struct error *error)
{
	bool domain = contact->account[0] == '@';

	if (!strchr(contact->account, '@') || strchr(contact->account, '@') != strrchr(contact->account, '@') ||
	    !is_plain(contact->account) || !domain_of(text_of(contact->account)).n)
		return error_set(error, _("'%s' is no account"), contact->account);
	for (size_t i = 0; i < contact->alias_count; i++)
		if (!is_address(text_of(contact->aliases[i])))
			return error_set(error, _("'%s' is no address"), contact->aliases[i]);
	for (size_t i = 0; i < contact->address_count; i++) {
		if (!is_address(text_of(contact->addresses[i])))
			return error_set(error, _("'%s' is no address"), contact->addresses[i]);
		if (!domain && contact_is_inside(contact, text_of(contact->addresses[i])))
			return error_set(error, _("'%s' leads into the mailbox of %s itself, where a thief would read it"), contact->addresses[i],
					 contact->account);
	}
	if (*contact->language && strcmp(contact->language, "ja") != 0 && strcmp(contact->language, "en") != 0)
		return error_set(error, _("'%s' is none of ja, en"), contact->language);
	if (!is_plain(contact->name))
		return error_set(error, "%s", _("the name is no plain text"));
	if (!is_plain(contact->phrase)) /* which is a secret */
		return error_set(error, "%s", _("the phrase is no plain text of one line"));
	return true;
}

/* ---- writing */

static bool run(struct contacts *contacts, const char *sql, struct error *error)
{
	return sqlite3_exec(contacts->db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(contacts, error);
}

bool contacts_begin(struct contacts *contacts, struct error *error) { return run(contacts, "BEGIN IMMEDIATE", error); }

bool contacts_end(struct contacts *contacts, bool keep, struct error *error)
{
	return run(contacts, keep ? "COMMIT" : "ROLLBACK", error);
}

static void join(const char list[CONTACT_ADDRESSES_MAX][CONTACT_ADDRESS_MAX], size_t count, char *to, size_t size)
{
	size_t n = 0;

	*to = '\0';
	for (size_t i = 0; i < count; i++)
		n += (size_t)snprintf(to + n, size - n, "%s%s", i ? "\n" : "", list[i]);
}

static bool step(struct contacts *contacts, sqlite3_stmt *statement, struct error *error)
{
	bool done = sqlite3_step(statement) == SQLITE_DONE || failed(contacts, error);

	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return done;
}

static bool note(struct contacts *contacts, const char *verb, struct text account, struct error *error)
{
	if (!prepare(contacts, &contacts->note, "INSERT INTO audit (t_us, who, verb, account) VALUES (?, ?, ?, ?)", error))
		return false;
	sqlite3_bind_int64(contacts->note, 1, clock_now());
	sqlite3_bind_text(contacts->note, 2, contacts->who, -1, SQLITE_STATIC);
	sqlite3_bind_text(contacts->note, 3, verb, -1, SQLITE_STATIC);
	sqlite3_bind_text64(contacts->note, 4, account.p, account.n, SQLITE_STATIC, SQLITE_UTF8);
	return step(contacts, contacts->note, error);
}

/* the change, and who made it, together or not at all */
static bool change(struct contacts *contacts, sqlite3_stmt *statement, const char *verb, struct text account, struct error *error)
{
	bool alone = sqlite3_get_autocommit(contacts->db) != 0, done;

	if (alone && !contacts_begin(contacts, error))
		return false;
	done = step(contacts, statement, error) && (!sqlite3_changes(contacts->db) || note(contacts, verb, account, error));
	if (!alone)
		return done;
	return contacts_end(contacts, done, done ? error : NULL) && done;
}

bool contacts_put(struct contacts *contacts, const struct contact *contact, bool keeps, struct error *error)
{
	static const char sql[] = "INSERT INTO contacts (account, addresses, aliases, name, language, phrase, source, changed_us)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (account) DO UPDATE SET addresses = excluded.addresses,"
				  " aliases = CASE WHEN ?9 AND excluded.aliases = '' THEN aliases ELSE excluded.aliases END,"
				  " name = CASE WHEN ?9 AND excluded.name = '' THEN name ELSE excluded.name END,"
				  " language = CASE WHEN ?9 AND excluded.language = '' THEN language ELSE excluded.language END,"
				  " phrase = CASE WHEN ?9 AND excluded.phrase = '' THEN phrase ELSE excluded.phrase END,"
				  " source = excluded.source, changed_us = excluded.changed_us WHERE addresses != excluded.addresses"
				  " OR (aliases != excluded.aliases AND NOT (?9 AND excluded.aliases = ''))"
				  " OR (name != excluded.name AND NOT (?9 AND excluded.name = ''))"
				  " OR (language != excluded.language AND NOT (?9 AND excluded.language = ''))"
				  " OR (phrase != excluded.phrase AND NOT (?9 AND excluded.phrase = ''))";
	char addresses[CONTACT_ADDRESSES_MAX * CONTACT_ADDRESS_MAX], aliases[sizeof addresses];
	const char *values[] = { contact->account, addresses, aliases, contact->name, contact->language, contact->phrase, contact->source };

	if (!contact_check(contact, error) || !prepare(contacts, &contacts->put, sql, error))
		return false;
	join(contact->addresses, contact->address_count, addresses, sizeof addresses);
	join(contact->aliases, contact->alias_count, aliases, sizeof aliases);
	for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
		sqlite3_bind_text(contacts->put, i + 1, values[i], -1, SQLITE_STATIC);
	sqlite3_bind_int64(contacts->put, 8, contact->changed_us ? contact->changed_us : clock_now());
	sqlite3_bind_int(contacts->put, 9, keeps);
	return change(contacts, contacts->put, strcmp(contact->source, "hand") == 0 ? "contact set" : "contact import", text_of(contact->account),
		      error);
}

bool contacts_drop(struct contacts *contacts, struct text account, struct error *error)
{
	if (!contacts->db)
		return true;
	if (!prepare(contacts, &contacts->drop, "DELETE FROM contacts WHERE account = ?", error))
		return false;
	sqlite3_bind_text64(contacts->drop, 1, account.p, account.n, SQLITE_STATIC, SQLITE_UTF8);
	return change(contacts, contacts->drop, "contact drop", account, error);
}

/* ---- what was done */

bool contacts_each_change(struct contacts *contacts, struct text account, unsigned most,
			  void (*each)(void *context, int64_t t_us, struct text who, struct text verb), void *context, struct error *error)
{
	sqlite3_stmt *row = NULL;
	int code;

	if (!contacts->db || version_of(contacts->db) < 2)
		return true;
	if (!prepare(contacts, &row, "SELECT t_us, who, verb FROM audit WHERE account = ? ORDER BY t_us DESC, rowid DESC LIMIT ?", error))
		return false;
	sqlite3_bind_text64(row, 1, account.p, account.n, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_int64(row, 2, most);
	while ((code = sqlite3_step(row)) == SQLITE_ROW)
		each(context, sqlite3_column_int64(row, 0), column(row, 1), column(row, 2));
	if (code != SQLITE_DONE)
		failed(contacts, error);
	sqlite3_finalize(row);
	return code == SQLITE_DONE;
}

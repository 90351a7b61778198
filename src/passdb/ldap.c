/* SPDX-License-Identifier: Apache-2.0 */
/* A directory (RFC 4511) by libldap: one entry is looked for with `filter` below `base_dn`, and the one value of `attribute` in
 * it (userPassword) is replaced. Referrals are not followed. Passwords and hashes go over a network only where it is encrypted.
 *
 * Hashes of crypt(3) are {CRYPT} in the directory, whatever kind they are: slapd understands it, but lets nobody in by what Dovecot
 * calls {SHA512-CRYPT}, and Dovecot reads {CRYPT} just as well. Here they have Dovecot's names. slapd by itself knows also {SSHA},
 * {SHA}, {SMD5}, {MD5}; its module argon2 says {ARGON2}, which Dovecot does not.
 *
 * `list` names the attribute that is the account; `delete = entry` lets the entry itself be deleted. */
#include <lber.h>
#include <ldap.h>
#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "passdb/backends.h"
#include "passdb/deadline.h"
#include "passdb/filter.h"
#include "passdb/said.h"

enum { PAGE_ENTRIES = 500, ENTRIES_WANTED = 2, WHAT_MAX = 64 };

struct directory {
	char *uri, *bind_dn, *bind_password, *base_dn, *filter, *attribute, *list, *ca_file;
	bool start_tls, may_delete;
	unsigned patience_s;
	int64_t deadline;
	LDAP *connection; /* NULL: none */
	bool was_lost;    /* in the call before */
};

struct entry {
	unsigned count; /* of entries */
	char *dn;       /* of the first */
	unsigned values;
	char stored[PASSWORD_HASH_MAX];
	bool is_odd;
};

/* ---- hashes: {CRYPT} there, Dovecot's names here */

static const struct {
	const char *mark, *scheme;
} crypts[] = {
	{ "$6$", "{SHA512-CRYPT}" }, { "$5$", "{SHA256-CRYPT}" }, { "$2y$", "{BLF-CRYPT}" }, { "$1$", "{MD5-CRYPT}" },
};
#define CRYPT TEXT("{CRYPT}")

static bool begins(struct text t, struct text head) { return t.n >= head.n && strncasecmp(t.p, head.p, head.n) == 0; }

/* `to` has room for PASSWORD_HASH_MAX bytes; false where it is too long */
static bool join(char *to, struct text scheme, struct text hash)
{
	if (scheme.n + hash.n >= PASSWORD_HASH_MAX)
		return false;
	memcpy(to, scheme.p, scheme.n);
	memcpy(to + scheme.n, hash.p, hash.n);
	to[scheme.n + hash.n] = '\0';
	return true;
}

static bool to_ours(struct text theirs, char ours[PASSWORD_HASH_MAX])
{
	struct text hash = begins(theirs, CRYPT) ? text_after(theirs, CRYPT.n) : TEXT_NONE;

	for (size_t i = 0; i < sizeof crypts / sizeof *crypts; i++)
		if (text_starts(hash, text_of(crypts[i].mark)))
			return join(ours, text_of(crypts[i].scheme), hash);
	return join(ours, TEXT_NONE, theirs);
}

static bool to_theirs(struct text ours, char theirs[PASSWORD_HASH_MAX])
{
	for (size_t i = 0; i < sizeof crypts / sizeof *crypts; i++) {
		struct text scheme = text_of(crypts[i].scheme);

		if (begins(ours, scheme) && text_starts(text_after(ours, scheme.n), text_of(crypts[i].mark)))
			return join(theirs, CRYPT, text_after(ours, scheme.n));
	}
	return join(theirs, TEXT_NONE, ours);
}

/* ---- life */

static bool is_near(const LDAPURLDesc *url)
{
	return strcmp(url->lud_scheme, "ldapi") == 0 || !url->lud_host || !url->lud_host[0] || strcmp(url->lud_host, "localhost") == 0 ||
	       strncmp(url->lud_host, "127.", 4) == 0 || strcmp(url->lud_host, "::1") == 0;
}

static bool check_uri(const char *uri, bool start_tls, struct error *error)
{
	LDAPURLDesc *url = NULL;
	bool encrypted, near;

	if (!uri)
		return error_set(error, "the setting 'connect' is missing: the directory's URI, as ldaps://host");
	if (ldap_url_parse(uri, &url) != LDAP_URL_SUCCESS)
		return error_set(error, "setting 'connect': is no URI of one directory (ldap://, ldaps:// or ldapi://)");
	encrypted = start_tls || strcmp(url->lud_scheme, "ldaps") == 0;
	near = is_near(url);
	ldap_free_urldesc(url);
	return encrypted || near ? true
				 : error_set(error, "setting 'connect': passwords would go over the network in the clear: ldaps://, or start_tls = yes");
}

static bool check_words(const struct passdb_settings *settings, struct error *error)
{
	if (settings->start_tls && strcmp(settings->start_tls, "yes") != 0 && strcmp(settings->start_tls, "no") != 0)
		return error_set(error, "setting 'start_tls': is neither yes nor no");
	return !settings->delete || strcmp(settings->delete, "entry") == 0
		       ? true
		       : error_set(error, "setting 'delete': of a directory is 'entry', or not named");
}

static bool check(const struct passdb_settings *settings, struct error *error)
{
	const struct {
		const char *name, *value;
	} needed[] = {
		{ "bind_dn", settings->bind_dn }, { "bind_password", settings->bind_password }, { "base_dn", settings->base_dn },
		{ "filter", settings->filter },
	};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!needed[i].value || !needed[i].value[0]) /* a bind without a password asks as nobody (RFC 4513, 5.1.2) */
			return error_set(error, "the setting '%s' is missing", needed[i].name);
	return check_words(settings, error) && filter_check(settings->filter, error) &&
	       check_uri(settings->connect, settings->start_tls && strcmp(settings->start_tls, "yes") == 0, error);
}

static char *copy(const char *text) { return text ? memory_copy(text, strlen(text)) : NULL; }

static void *ldap_backend_open(const struct passdb_settings *settings, struct error *error)
{
	struct directory *directory;

	if (!check(settings, error))
		return NULL;
	directory = memory_new(sizeof *directory);
	*directory = (struct directory){
		.uri = copy(settings->connect),
		.bind_dn = copy(settings->bind_dn),
		.bind_password = copy(settings->bind_password),
		.base_dn = copy(settings->base_dn),
		.filter = copy(settings->filter),
		.attribute = copy(settings->attribute ? settings->attribute : "userPassword"),
		.list = copy(settings->list),
		.ca_file = copy(settings->ca_file),
		.start_tls = settings->start_tls && strcmp(settings->start_tls, "yes") == 0,
		.may_delete = settings->delete,
		.patience_s = settings->patience_s,
	};
	return directory;
}

static void hang_up(struct directory *directory)
{
	if (directory->connection)
		ldap_unbind_ext(directory->connection, NULL, NULL);
	directory->connection = NULL;
}

static void ldap_backend_close(void *backend)
{
	struct directory *directory = backend;
	char *const texts[] = { directory->uri,	   directory->bind_dn,	 directory->bind_password, directory->base_dn,
				directory->filter, directory->attribute, directory->list,	   directory->ca_file };

	hang_up(directory);
	explicit_bzero(directory->bind_password, strlen(directory->bind_password));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
	free(directory);
}

/* ---- what went wrong */

/* `diagnostic`: what the server says beyond its code, NULL for nothing */
static enum passdb_result failed(struct directory *directory, int code, const char *what, const char *diagnostic, const char *secret,
				 struct error *error)
{
	char line[SAID_MAX];

	said(line, diagnostic ? diagnostic : "", secret);
	error_set(error, "%s: %s%s%s", what, ldap_err2string(code), line[0] ? ": " : "", line);
	directory->was_lost = code == LDAP_SERVER_DOWN || code == LDAP_UNAVAILABLE || code == LDAP_CONNECT_ERROR;
	if (directory->was_lost || code == LDAP_TIMEOUT || code < 0)
		hang_up(directory);
	return PASSDB_FAILED;
}

/* of the library itself */
static enum passdb_result failed_here(struct directory *directory, int code, const char *what, const char *secret, struct error *error)
{
	enum passdb_result result;
	char *diagnostic = NULL;

	if (directory->connection)
		ldap_get_option(directory->connection, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic);
	result = failed(directory, code, what, diagnostic, secret, error);
	ldap_memfree(diagnostic);
	return result;
}

/* ---- one answer */

static struct timeval left_of(const struct directory *directory)
{
	int left = deadline_left_ms(directory->deadline);

	return (struct timeval){ .tv_sec = left / 1000, .tv_usec = (suseconds_t)(left % 1000) * 1000 };
}

/* The next message of this request. NULL: failed, and the error is set. */
static LDAPMessage *next_message(struct directory *directory, int request, const char *what, struct error *error)
{
	struct timeval left = left_of(directory);
	LDAPMessage *message = NULL;
	int code = LDAP_TIMEOUT, type;

	type = ldap_result(directory->connection, request, LDAP_MSG_ONE, &left, &message);
	if (type > 0)
		return message;
	if (type < 0)
		ldap_get_option(directory->connection, LDAP_OPT_RESULT_CODE, &code);
	ldap_msgfree(message);
	failed_here(directory, code, what, NULL, error);
	return NULL;
}

/* The only answer to this request. `code` is set where one came, and the error where it is no success. */
static enum passdb_result await(struct directory *directory, int request, const char *what, const char *secret, int *code,
				struct error *error)
{
	LDAPMessage *message = next_message(directory, request, what, error);
	enum passdb_result result = PASSDB_DONE;
	char *diagnostic = NULL;
	int parsed;

	if (!message)
		return PASSDB_FAILED;
	parsed = ldap_parse_result(directory->connection, message, code, NULL, &diagnostic, NULL, NULL, 1);
	if (parsed != LDAP_SUCCESS)
		*code = parsed;
	if (*code != LDAP_SUCCESS)
		result = failed(directory, *code, what, diagnostic, secret, error);
	ldap_memfree(diagnostic);
	return result;
}

/* ---- the connection */

static int set_options(struct directory *directory)
{
	static const int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, client = 0;
	struct timeval left = left_of(directory);
	LDAP *connection = directory->connection;
	int code = ldap_set_option(connection, LDAP_OPT_PROTOCOL_VERSION, &version);

	ldap_set_option(connection, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	ldap_set_option(connection, LDAP_OPT_RESTART, LDAP_OPT_ON);
	ldap_set_option(connection, LDAP_OPT_NETWORK_TIMEOUT, &left);
	ldap_set_option(connection, LDAP_OPT_TIMEOUT, &left);
	if (code == LDAP_SUCCESS)
		code = ldap_set_option(connection, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
	if (code == LDAP_SUCCESS && directory->ca_file)
		code = ldap_set_option(connection, LDAP_OPT_X_TLS_CACERTFILE, directory->ca_file);
	return code == LDAP_SUCCESS ? ldap_set_option(connection, LDAP_OPT_X_TLS_NEWCTX, &client) : code;
}

static enum passdb_result bind_as(struct directory *directory, struct error *error)
{
	struct berval password = { strlen(directory->bind_password), directory->bind_password };
	int request, code;

	code = ldap_sasl_bind(directory->connection, directory->bind_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL, &request);
	if (code != LDAP_SUCCESS)
		return failed_here(directory, code, "the directory cannot be reached", directory->bind_password, error);
	return await(directory, request, "the directory does not take 'bind_dn' and 'bind_password'", directory->bind_password, &code,
		     error);
}

static enum passdb_result connect_to(struct directory *directory, struct error *error)
{
	enum passdb_result result = PASSDB_DONE;
	int code = ldap_initialize(&directory->connection, directory->uri);

	if (code == LDAP_SUCCESS)
		code = set_options(directory);
	if (code == LDAP_SUCCESS && directory->start_tls)
		code = ldap_start_tls_s(directory->connection, NULL, NULL);
	if (code != LDAP_SUCCESS)
		result = failed_here(directory, code, directory->start_tls ? "the directory cannot be reached with StartTLS"
									     : "the directory cannot be reached",
				     directory->bind_password, error);
	else
		result = bind_as(directory, error);
	if (result != PASSDB_DONE)
		hang_up(directory);
	return result;
}

static enum passdb_result begin(struct directory *directory, struct error *error)
{
	directory->was_lost = false;
	return directory->connection ? PASSDB_DONE : connect_to(directory, error);
}

/* ---- searching */

static void take_values(struct directory *directory, LDAPMessage *message, struct entry *entry)
{
	struct berval **values = ldap_get_values_len(directory->connection, message, directory->attribute);
	struct text value;

	entry->values = (unsigned)ldap_count_values_len(values);
	if (entry->values == 1) {
		value = (struct text){ values[0]->bv_val, values[0]->bv_len };
		entry->is_odd = text_find(value, '\0') < value.n || !to_ours(value, entry->stored);
	}
	ldap_value_free_len(values);
}

static void take_entry(struct directory *directory, LDAPMessage *message, struct entry *entry)
{
	char *dn;

	if (entry->count++)
		return;
	dn = ldap_get_dn(directory->connection, message);
	entry->dn = copy(dn ? dn : "");
	ldap_memfree(dn);
	take_values(directory, message, entry);
}

static enum passdb_result search(struct directory *directory, const char *filter, const char *attribute, LDAPControl **controls,
				 int most, int *request, struct error *error)
{
	const char *const attributes[] = { attribute, NULL };
	struct timeval left = left_of(directory);
	int code = ldap_search_ext(directory->connection, directory->base_dn, LDAP_SCOPE_SUBTREE, filter, (char **)attributes, 0,
				   controls, NULL, &left, most, request);

	if (code == LDAP_SUCCESS)
		return PASSDB_DONE;
	return failed_here(directory, code, code == LDAP_FILTER_ERROR ? "setting 'filter'" : "the directory cannot be asked", NULL, error);
}

static enum passdb_result end_of_search(struct directory *directory, LDAPMessage *message, const struct entry *entry,
					struct error *error)
{
	char *diagnostic = NULL;
	int code = LDAP_OTHER, parsed;
	enum passdb_result result = PASSDB_DONE;

	parsed = ldap_parse_result(directory->connection, message, &code, NULL, &diagnostic, NULL, NULL, 0);
	if (parsed != LDAP_SUCCESS)
		code = parsed;
	if (code != LDAP_SUCCESS && !(code == LDAP_SIZELIMIT_EXCEEDED && entry->count >= ENTRIES_WANTED))
		result = failed(directory, code, code == LDAP_NO_SUCH_OBJECT ? "setting 'base_dn'" : "the directory cannot be searched",
				diagnostic, NULL, error);
	ldap_memfree(diagnostic);
	return result;
}

static enum passdb_result read_entries(struct directory *directory, int request, struct entry *entry, struct error *error)
{
	enum passdb_result result = PASSDB_DONE;
	LDAPMessage *message;
	int type = 0;

	while (result == PASSDB_DONE && type != LDAP_RES_SEARCH_RESULT) {
		message = next_message(directory, request, "the directory does not answer", error);
		if (!message)
			return PASSDB_FAILED;
		type = ldap_msgtype(message);
		if (type == LDAP_RES_SEARCH_ENTRY)
			take_entry(directory, message, entry);
		else if (type == LDAP_RES_SEARCH_RESULT)
			result = end_of_search(directory, message, entry, error);
		ldap_msgfree(message);
	}
	return result;
}

static enum passdb_result judge(const struct directory *directory, const struct entry *entry, struct error *error)
{
	if (!entry->count) {
		error_set(error, "setting 'filter': no entry is found for this account");
		return PASSDB_ABSENT;
	}
	if (entry->count > 1)
		error_set(error, "setting 'filter': more than one entry is found for this account");
	else if (entry->values > 1)
		error_set(error, "the entry has %u values of '%.64s': each of them is a password", entry->values, directory->attribute);
	else if (entry->is_odd)
		error_set(error, "the value of '%.64s' is no hash: it is too long, or has a byte 0", directory->attribute);
	else
		return PASSDB_DONE;
	return PASSDB_FAILED;
}

/* `entry` is done away with by entry_done, whatever came of it */
static enum passdb_result find(struct directory *directory, const char *account, struct entry *entry, struct error *error)
{
	enum passdb_result result = begin(directory, error);
	char filter[FILTER_MAX];
	int request;

	if (result != PASSDB_DONE)
		return result;
	if (!filter_of(directory->filter, text_of(account), filter)) {
		error_set(error, "setting 'filter': is too long with this account");
		return PASSDB_FAILED;
	}
	result = search(directory, filter, directory->attribute, NULL, ENTRIES_WANTED, &request, error);
	if (result == PASSDB_DONE)
		result = read_entries(directory, request, entry, error);
	return result == PASSDB_DONE ? judge(directory, entry, error) : result;
}

static void entry_done(struct entry *entry)
{
	free(entry->dn);
	explicit_bzero(entry, sizeof *entry);
}

/* ---- the verbs, once more where the connection had died since the last call */

struct act {
	enum passdb_result (*once)(struct directory *directory, const struct act *act, struct error *error);
	const char *account, *stored;
	char *into;
	void (*each)(void *context, const char *account);
	void *context;
	bool *began;
};

static enum passdb_result perform(struct directory *directory, const struct act *act, struct error *error)
{
	bool was_open = directory->connection;
	enum passdb_result result;

	directory->deadline = deadline_in(directory->patience_s);
	result = act->once(directory, act, error);
	if (result == PASSDB_FAILED && was_open && directory->was_lost && !(act->began && *act->began))
		result = act->once(directory, act, error);
	return result;
}

static enum passdb_result get_once(struct directory *directory, const struct act *act, struct error *error)
{
	struct entry entry = { 0 };
	enum passdb_result result = find(directory, act->account, &entry, error);

	if (result == PASSDB_DONE && !entry.values) {
		error_set(error, "the entry has no '%.64s', or 'bind_dn' may not read it", directory->attribute);
		result = PASSDB_NOT;
	}
	if (result == PASSDB_DONE)
		text_copy(act->into, PASSWORD_HASH_MAX, text_of(entry.stored));
	entry_done(&entry);
	return result;
}

static enum passdb_result replace(struct directory *directory, const char *dn, const char *stored, struct error *error)
{
	char theirs[PASSWORD_HASH_MAX];
	struct berval value = { 0, theirs }, *values[] = { &value, NULL };
	LDAPMod modification = { .mod_op = LDAP_MOD_REPLACE | LDAP_MOD_BVALUES, .mod_type = directory->attribute,
				 .mod_bvalues = values };
	LDAPMod *modifications[] = { &modification, NULL };
	enum passdb_result result;
	int request, code;

	if (!to_theirs(text_of(stored), theirs)) {
		error_set(error, "what is to be stored is too long");
		return PASSDB_FAILED;
	}
	value.bv_len = strlen(theirs);
	code = ldap_modify_ext(directory->connection, dn, modifications, NULL, NULL, &request);
	result = code == LDAP_SUCCESS ? await(directory, request, "the directory does not change the entry", stored, &code, error)
				      : failed_here(directory, code, "the directory cannot be asked", stored, error);
	explicit_bzero(theirs, sizeof theirs);
	return result == PASSDB_FAILED && code == LDAP_NO_SUCH_OBJECT ? PASSDB_ABSENT : result;
}

static enum passdb_result set_once(struct directory *directory, const struct act *act, struct error *error)
{
	struct entry entry = { 0 };
	enum passdb_result result = find(directory, act->account, &entry, error);

	if (result == PASSDB_DONE)
		result = replace(directory, entry.dn, act->stored, error);
	entry_done(&entry);
	return result;
}

static enum passdb_result delete_once(struct directory *directory, const struct act *act, struct error *error)
{
	struct entry entry = { 0 };
	enum passdb_result result = find(directory, act->account, &entry, error);
	int request, code = LDAP_SUCCESS;

	if (result == PASSDB_DONE) {
		code = ldap_delete_ext(directory->connection, entry.dn, NULL, NULL, &request);
		result = code == LDAP_SUCCESS
				 ? await(directory, request, "the directory does not delete the entry", NULL, &code, error)
				 : failed_here(directory, code, "the directory cannot be asked", NULL, error);
		if (result == PASSDB_FAILED && code == LDAP_NO_SUCH_OBJECT)
			result = PASSDB_ABSENT;
	}
	entry_done(&entry);
	return result;
}

static enum passdb_result ldap_get(void *backend, const char *account, char stored[PASSWORD_HASH_MAX], struct error *error)
{
	return perform(backend, &(struct act){ .once = get_once, .account = account, .into = stored }, error);
}

static enum passdb_result ldap_set(void *backend, const char *account, const char *stored, struct error *error)
{
	return perform(backend, &(struct act){ .once = set_once, .account = account, .stored = stored }, error);
}

static enum passdb_result ldap_backend_delete(void *backend, const char *account, struct error *error)
{
	if (!((struct directory *)backend)->may_delete) {
		error_set(error, "setting 'delete': is not named");
		return PASSDB_NOT;
	}
	return perform(backend, &(struct act){ .once = delete_once, .account = account }, error);
}

/* ---- list, in pages (RFC 2696) where the server has them: it gives no more than so many at once */

static void give_accounts(struct directory *directory, LDAPMessage *message, const struct act *act)
{
	struct berval **values = ldap_get_values_len(directory->connection, message, directory->list);
	char account[PASSDB_ACCOUNT_MAX + 1];

	for (int i = 0; i < ldap_count_values_len(values); i++) {
		struct text value = { values[i]->bv_val, values[i]->bv_len };

		if (!value.n || value.n > PASSDB_ACCOUNT_MAX || text_find(value, '\0') < value.n)
			continue;
		text_copy(account, sizeof account, value);
		*act->began = true;
		act->each(act->context, account);
	}
	ldap_value_free_len(values);
}

/* the cookie of the next page; empty where this was the last, or the server knows no pages */
static enum passdb_result end_of_page(struct directory *directory, LDAPMessage *message, struct berval *cookie, struct error *error)
{
	enum passdb_result result = end_of_search(directory, message, &(struct entry){ 0 }, error);
	LDAPControl **controls = NULL, *page;
	ber_int_t estimate;

	ber_memfree(cookie->bv_val);
	*cookie = (struct berval){ 0 };
	if (result != PASSDB_DONE)
		return result;
	if (ldap_parse_result(directory->connection, message, NULL, NULL, NULL, NULL, &controls, 0) == LDAP_SUCCESS &&
	    (page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL)))
		ldap_parse_pageresponse_control(directory->connection, page, &estimate, cookie);
	ldap_controls_free(controls);
	return PASSDB_DONE;
}

static enum passdb_result read_page(struct directory *directory, int request, const struct act *act, struct berval *cookie,
				    struct error *error)
{
	enum passdb_result result = PASSDB_DONE;
	LDAPMessage *message;
	int type = 0;

	while (type != LDAP_RES_SEARCH_RESULT) {
		message = next_message(directory, request, "the directory does not answer", error);
		if (!message)
			return PASSDB_FAILED;
		type = ldap_msgtype(message);
		if (type == LDAP_RES_SEARCH_ENTRY)
			give_accounts(directory, message, act);
		else if (type == LDAP_RES_SEARCH_RESULT)
			result = end_of_page(directory, message, cookie, error);
		ldap_msgfree(message);
	}
	return result;
}

static enum passdb_result list_page(struct directory *directory, const char *filter, const struct act *act, struct berval *cookie,
				    struct error *error)
{
	LDAPControl *page = NULL, *controls[] = { NULL, NULL };
	enum passdb_result result;
	int request, code;

	code = ldap_create_page_control(directory->connection, PAGE_ENTRIES, cookie, 0, &page);
	if (code != LDAP_SUCCESS)
		return failed_here(directory, code, "the directory cannot be asked", NULL, error);
	controls[0] = page;
	result = search(directory, filter, directory->list, controls, LDAP_NO_LIMIT, &request, error);
	ldap_control_free(page);
	return result == PASSDB_DONE ? read_page(directory, request, act, cookie, error) : result;
}

static enum passdb_result list_once(struct directory *directory, const struct act *act, struct error *error)
{
	enum passdb_result result = begin(directory, error);
	struct berval cookie = { 0 };
	char filter[FILTER_MAX];

	if (result == PASSDB_DONE && !filter_of_all(directory->filter, filter)) {
		error_set(error, "setting 'filter': is too long");
		return PASSDB_FAILED;
	}
	while (result == PASSDB_DONE) {
		result = list_page(directory, filter, act, &cookie, error);
		if (!cookie.bv_len)
			break;
	}
	ber_memfree(cookie.bv_val);
	return result;
}

static enum passdb_result ldap_list(void *backend, void (*each)(void *context, const char *account), void *context,
				    struct error *error)
{
	bool began = false;

	if (!((struct directory *)backend)->list) {
		error_set(error, "setting 'list': is not named");
		return PASSDB_NOT;
	}
	return perform(backend, &(struct act){ .once = list_once, .each = each, .context = context, .began = &began }, error);
}

const struct passdb_backend passdb_ldap = {
	.name = "ldap",
	.open = ldap_backend_open,
	.close = ldap_backend_close,
	.get = ldap_get,
	.set = ldap_set,
	.delete = ldap_backend_delete,
	.list = ldap_list,
};

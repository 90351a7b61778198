/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/passdb.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/memory.h"
#include "passdb/account.h"
#include "passdb/compare.h"
#include "passdb/former.h"
#include "password/generate.h"

enum { SECRET_LENGTH = 32 }; /* of a scramble where only its hash is stored */

/* In front of what is stored while the account is disabled. No crypt(3) makes or takes a hash that begins so ("!" never stands in
 * one, crypt(5)); Dovecot says "Password mismatch", as for any wrong password, and asks no further. */
#define DISABLED TEXT("{CRYPT}!sekisho!")

struct passdb {
	const struct passdb_backend *backend;
	void *state;
	const struct password_scheme *scheme, *usual;
	unsigned long cost;
	unsigned random_length;
	struct former former;
};

struct kept {
	bool disabled;
	char stored[PASSWORD_HASH_MAX]; /* without DISABLED */
};

/* ---- life */

static const struct passdb_backend *backend_of(const char *name)
{
	for (size_t i = 0; i < passdb_backend_count; i++)
		if (strcmp(passdb_backends[i]->name, name) == 0)
			return passdb_backends[i];
	return NULL;
}

static bool choose(struct passdb *passdb, const struct passdb_settings *settings, struct error *error)
{
	passdb->backend = backend_of(settings->backend);
	passdb->scheme = password_scheme_find(text_of(settings->scheme));
	passdb->usual = password_scheme_find(text_of(settings->default_scheme ? settings->default_scheme : "CRYPT"));
	passdb->cost = settings->cost;
	passdb->random_length = settings->random_length;
	if (!passdb->backend)
		return error_set(error, "backend: there is no '%.64s'", settings->backend);
	if (!passdb->scheme || !passdb->scheme->make)
		return error_set(error, "scheme: '%.64s' is none that passwords can be written with", settings->scheme);
	if (!passdb->usual)
		return error_set(error, "default_scheme: '%.64s' is none that is known", settings->default_scheme);
	return true;
}

struct passdb *passdb_open(const struct passdb_settings *settings, struct error *error)
{
	struct passdb *passdb = memory_zero(1, sizeof *passdb);

	if (sodium_init() < 0)
		error_set(error, "libsodium cannot be used");
	else if (choose(passdb, settings, error) && former_open(&passdb->former, settings->former_folder, error)) {
		if ((passdb->state = passdb->backend->open(settings, error)))
			return passdb;
		former_close(&passdb->former);
	}
	free(passdb);
	return NULL;
}

void passdb_close(struct passdb *passdb)
{
	if (!passdb)
		return;
	passdb->backend->close(passdb->state);
	former_close(&passdb->former);
	free(passdb);
}

/* ---- what is stored now */

static enum passdb_result cannot(struct error *error, const char *why)
{
	error_set(error, "%s", why);
	return PASSDB_NOT;
}

static enum passdb_result failed(struct error *error, const char *why)
{
	error_set(error, "%s", why);
	return PASSDB_FAILED;
}

static bool keeps_hashes(const struct passdb *passdb) { return passdb->backend->get && passdb->backend->set; }

static enum passdb_result check(const char *account, struct error *error)
{
	return account_is_sound(text_of(account)) ? PASSDB_DONE : cannot(error, "that is no name of an account");
}

static enum passdb_result look(const struct passdb *passdb, const char *account, struct kept *kept, struct error *error)
{
	char stored[PASSWORD_HASH_MAX] = "";
	enum passdb_result result = check(account, error);
	struct text text;

	if (result == PASSDB_DONE)
		result = passdb->backend->get(passdb->state, account, stored, error);
	if (result != PASSDB_DONE)
		return result;
	text = text_of(stored);
	kept->disabled = text_starts(text, DISABLED);
	text_copy(kept->stored, sizeof kept->stored, kept->disabled ? text_after(text, DISABLED.n) : text);
	explicit_bzero(stored, sizeof stored);
	return text_find(text_of(kept->stored), '\n') == strlen(kept->stored) ? PASSDB_DONE
									       : failed(error, "what is stored has several lines");
}

static enum passdb_result put(const struct passdb *passdb, const char *account, const struct kept *kept, struct error *error)
{
	char stored[PASSWORD_HASH_MAX];
	enum passdb_result result;

	if ((kept->disabled ? DISABLED.n : 0) + strlen(kept->stored) >= sizeof stored)
		return failed(error, "what is stored is too long");
	snprintf(stored, sizeof stored, "%s%s", kept->disabled ? DISABLED.p : "", kept->stored);
	result = passdb->backend->set(passdb->state, account, stored, error);
	explicit_bzero(stored, sizeof stored);
	return result;
}

/* whether what is stored is a scramble of ours, and what was stored before it */
static bool is_scramble(const struct passdb *passdb, const struct kept *kept, const struct former_kept *former)
{
	char print[PASSDB_PRINT_MAX];

	former_print(&passdb->former, kept->stored, print);
	return strcmp(print, former->scrambled) == 0;
}

/* ---- what was stored before, for renewals */

/* a hash of it, unless there is one already */
static void remember_clear(const struct passdb *passdb, struct former_past *past, struct text password)
{
	char stored[PASSWORD_HASH_MAX];
	struct error error; /* one that this scheme cannot take cannot be set again either */
	bool known = false;

	for (size_t i = 0; i < past->count && !known; i++)
		if (password_matches(password, text_of(past->stored[i]), passdb->usual) == PASSWORD_RIGHT) {
			text_copy(stored, sizeof stored, text_of(past->stored[i]));
			known = true;
		}
	if (known || password_hash(passdb->scheme, password, passdb->cost, stored, &error))
		former_past_put(past, text_of(stored));
	explicit_bzero(stored, sizeof stored);
}

/* With its scheme: the usual one may be another some day. What is damaged is no password. */
static void remember(const struct passdb *passdb, struct former_past *past, const char *stored)
{
	struct text text = text_of(stored), clear = TEXT_NONE;
	char named[PASSWORD_HASH_MAX] = "";
	struct password_stored read;
	enum password_state state = password_read(text, passdb->usual, &read);

	if (state == PASSWORD_READY)
		clear = password_clear(&read);
	if (clear.n)
		remember_clear(passdb, past, clear);
	else if (state != PASSWORD_DAMAGED && text_starts(text, TEXT("{")))
		former_past_put(past, text);
	else if (state != PASSWORD_DAMAGED && text.n &&
		 (size_t)snprintf(named, sizeof named, "{%s}%s", passdb->usual->name, stored) < sizeof named)
		former_past_put(past, text_of(named));
	explicit_bzero(named, sizeof named);
	explicit_bzero(&read, sizeof read);
}

/* What the account's passwords were, the one that is stored now included; a scramble was nobody's. FAILED where some of it cannot be read:
 * what can is there. */
static enum passdb_result recall(const struct passdb *passdb, const char *account, const struct kept *kept, struct former_past *past,
				 struct error *error)
{
	struct former_kept former = { 0 };
	enum passdb_result result = former_past_find(&passdb->former, account, past, error);
	enum passdb_result found = former_find(&passdb->former, account, &former, error);

	if (found == PASSDB_DONE)
		remember(passdb, past, former.stored);
	if (found != PASSDB_DONE || !is_scramble(passdb, kept, &former))
		remember(passdb, past, kept->stored);
	explicit_bzero(&former, sizeof former);
	return found == PASSDB_FAILED ? PASSDB_FAILED : result;
}

/* What is scrambled may outlast PASSDB_FORMER_DAYS, and must not be taken then either. Where it cannot be noted it is scrambled all the same. */
static void note_past(const struct passdb *passdb, const char *account, const struct kept *kept)
{
	struct former_past past = { 0 };
	struct error error;

	recall(passdb, account, kept, &past, &error);
	(void)!former_past_keep(&passdb->former, account, &past, &error);
	explicit_bzero(&past, sizeof past);
}

static enum passdb_result compare(const struct passdb *passdb, const char *password, const struct former_past *past, struct error *error)
{
	bool found = false;

	if (!compare_with_past(text_of(password), past, passdb->usual, PASSDB_COMPARE_S * (int64_t)1000000, &found, error))
		return PASSDB_FAILED;
	if (found)
		error_set(error, "it was the password of this account before");
	return found ? PASSDB_FORMER : PASSDB_DONE;
}

/* ---- change */

static enum passdb_result tell(const struct passdb *passdb, const char *account, const char *password, struct error *error)
{
	enum passdb_result result = check(account, error);

	if (result != PASSDB_DONE)
		return result;
	return passdb->backend->change ? passdb->backend->change(passdb->state, account, password, error)
				       : cannot(error, "this back end cannot change a password");
}

/* `kept` is what is stored, and becomes what is stored then; a password that was forced is stored whatever becomes of the notes */
static enum passdb_result replace(const struct passdb *passdb, const char *account, const char *password, bool forced, struct kept *kept,
				  struct error *error)
{
	struct former_past past = { 0 };
	struct kept fresh = { .disabled = kept->disabled };
	enum passdb_result result = PASSDB_DONE;

	if (!password_hash(passdb->scheme, text_of(password), passdb->cost, fresh.stored, error))
		return PASSDB_FAILED;
	if (recall(passdb, account, kept, &past, error) == PASSDB_FAILED && !forced)
		result = PASSDB_FAILED;
	if (result == PASSDB_DONE && !forced)
		result = compare(passdb, password, &past, error);
	if (result == PASSDB_DONE && !former_past_keep(&passdb->former, account, &past, error) && !forced)
		result = PASSDB_FAILED;
	if (result == PASSDB_DONE)
		result = put(passdb, account, &fresh, error);
	*kept = fresh;
	explicit_bzero(&past, sizeof past);
	explicit_bzero(&fresh, sizeof fresh);
	return result;
}

static enum passdb_result change_hash(const struct passdb *passdb, const char *account, const char *password, bool forced,
				      char print[PASSDB_PRINT_MAX], struct error *error)
{
	struct kept kept = { 0 };
	enum passdb_result result = look(passdb, account, &kept, error);

	if (result == PASSDB_DONE)
		result = replace(passdb, account, password, forced, &kept, error);
	if (result == PASSDB_DONE)
		former_print(&passdb->former, kept.stored, print);
	explicit_bzero(&kept, sizeof kept);
	return result;
}

static enum passdb_result change(struct passdb *passdb, const char *account, const char *password, bool forced, char print[PASSDB_PRINT_MAX],
				 struct error *error)
{
	enum passdb_result result;

	print[0] = '\0';
	if (!account_password_is_sound(text_of(password)))
		return cannot(error, "that is no password");
	result = keeps_hashes(passdb) ? change_hash(passdb, account, password, forced, print, error)
				      : tell(passdb, account, password, error);
	if (result == PASSDB_DONE)
		former_forget(&passdb->former, account);
	return result;
}

enum passdb_result passdb_change(struct passdb *passdb, const char *account, const char *password, char print[PASSDB_PRINT_MAX],
				 struct error *error)
{
	return change(passdb, account, password, true, print, error);
}

enum passdb_result passdb_renew(struct passdb *passdb, const char *account, const char *password, char print[PASSDB_PRINT_MAX],
				struct error *error)
{
	return change(passdb, account, password, false, print, error);
}

/* ---- scramble and restore */

static bool make_secret(unsigned length, struct password_made *made, struct error *error)
{
	const struct password_recipe recipe = { .length = length, .classes = PASSWORD_ALL, .symbols = "-.," };

	return password_generate(&recipe, made, error);
}

/* hashes a password that is forgotten at once */
static enum passdb_result make_scramble(const struct passdb *passdb, struct kept *kept, struct error *error)
{
	struct password_made made;
	bool done = make_secret(SECRET_LENGTH, &made, error) &&
		    password_hash(passdb->scheme, text_of(made.text), passdb->cost, kept->stored, error);

	explicit_bzero(&made, sizeof made);
	return done ? PASSDB_DONE : PASSDB_FAILED;
}

/* `kept` is what is stored; killed anywhere in here, it can be done again and be restored */
static enum passdb_result scramble_hash(const struct passdb *passdb, const char *account, struct kept *kept, struct error *error)
{
	struct former_kept former;
	enum passdb_result result;

	text_copy(former.stored, sizeof former.stored, text_of(kept->stored));
	note_past(passdb, account, kept);
	result = make_scramble(passdb, kept, error);
	if (result == PASSDB_DONE) {
		former_print(&passdb->former, kept->stored, former.scrambled);
		result = former_keep(&passdb->former, account, &former, error) ? put(passdb, account, kept, error) : PASSDB_FAILED;
	}
	explicit_bzero(&former, sizeof former);
	return result;
}

static enum passdb_result tell_random(const struct passdb *passdb, const char *account, struct error *error)
{
	struct password_made made;
	enum passdb_result result = make_secret(passdb->random_length, &made, error) ? tell(passdb, account, made.text, error)
										       : PASSDB_FAILED;

	explicit_bzero(&made, sizeof made);
	return result;
}

enum passdb_result passdb_scramble(struct passdb *passdb, const char *account, char print[PASSDB_PRINT_MAX], struct error *error)
{
	struct former_kept former = { 0 };
	struct kept kept = { 0 };
	enum passdb_result result, found;

	print[0] = '\0';
	if (!keeps_hashes(passdb))
		return tell_random(passdb, account, error);
	result = look(passdb, account, &kept, error);
	if (result == PASSDB_DONE) {
		found = former_find(&passdb->former, account, &former, error); /* what is damaged is written anew */
		if (found != PASSDB_DONE || !is_scramble(passdb, &kept, &former))
			result = scramble_hash(passdb, account, &kept, error);
	}
	if (result == PASSDB_DONE)
		former_print(&passdb->former, kept.stored, print);
	explicit_bzero(&former, sizeof former);
	explicit_bzero(&kept, sizeof kept);
	return result;
}

static enum passdb_result put_back(const struct passdb *passdb, const char *account, struct kept *kept,
				   const struct former_kept *former, struct error *error)
{
	if (strcmp(kept->stored, former->stored) == 0)
		return PASSDB_DONE;
	if (!is_scramble(passdb, kept, former))
		return cannot(error, "another password was stored since");
	text_copy(kept->stored, sizeof kept->stored, text_of(former->stored));
	return put(passdb, account, kept, error);
}

enum passdb_result passdb_restore(struct passdb *passdb, const char *account, char print[PASSDB_PRINT_MAX], struct error *error)
{
	struct former_kept former = { 0 };
	struct kept kept = { 0 };
	enum passdb_result result;

	print[0] = '\0';
	if (!keeps_hashes(passdb))
		return cannot(error, "what was stored before is not known: this back end is only told passwords");
	result = look(passdb, account, &kept, error);
	if (result == PASSDB_DONE) {
		result = former_find(&passdb->former, account, &former, error);
		if (result == PASSDB_ABSENT)
			result = cannot(error, "there is nothing to restore");
	}
	if (result == PASSDB_DONE)
		result = put_back(passdb, account, &kept, &former, error);
	if (result == PASSDB_DONE)
		former_print(&passdb->former, kept.stored, print);
	explicit_bzero(&former, sizeof former);
	explicit_bzero(&kept, sizeof kept);
	return result;
}

/* ---- the rest */

enum passdb_result passdb_fingerprint(struct passdb *passdb, const char *account, char print[PASSDB_PRINT_MAX], struct error *error)
{
	struct kept kept = { 0 };
	enum passdb_result result;

	print[0] = '\0';
	if (!keeps_hashes(passdb))
		return check(account, error);
	result = look(passdb, account, &kept, error);
	if (result == PASSDB_DONE)
		former_print(&passdb->former, kept.stored, print);
	explicit_bzero(&kept, sizeof kept);
	return result;
}

enum passdb_result passdb_stored(struct passdb *passdb, const char *account, char stored[PASSWORD_HASH_MAX], char print[PASSDB_PRINT_MAX],
				 struct error *error)
{
	struct kept kept = { 0 };
	enum passdb_result result;

	if (!keeps_hashes(passdb))
		return cannot(error, "this back end keeps no hashes that could be read");
	result = look(passdb, account, &kept, error);
	if (result == PASSDB_DONE) {
		text_copy(stored, PASSWORD_HASH_MAX, text_of(kept.stored));
		former_print(&passdb->former, kept.stored, print);
	}
	explicit_bzero(&kept, sizeof kept);
	return result;
}

const struct password_scheme *passdb_usual_scheme(const struct passdb *passdb) { return passdb->usual; }

static enum passdb_result mark(const struct passdb *passdb, const char *account, bool disabled, struct error *error)
{
	struct kept kept = { 0 };
	enum passdb_result result = look(passdb, account, &kept, error);

	if (result == PASSDB_DONE && kept.disabled != disabled) {
		kept.disabled = disabled;
		result = put(passdb, account, &kept, error);
	}
	explicit_bzero(&kept, sizeof kept);
	return result;
}

/* one that is given nothing but the account */
static enum passdb_result simply(const struct passdb *passdb, enum passdb_result (*act)(void *, const char *, struct error *),
				 const char *account, const char *otherwise, struct error *error)
{
	enum passdb_result result = check(account, error);

	if (result != PASSDB_DONE)
		return result;
	return act ? act(passdb->state, account, error) : cannot(error, otherwise);
}

enum passdb_result passdb_disable(struct passdb *passdb, const char *account, struct error *error)
{
	return keeps_hashes(passdb) ? mark(passdb, account, true, error)
				    : simply(passdb, passdb->backend->disable, account, "this back end cannot disable", error);
}

enum passdb_result passdb_enable(struct passdb *passdb, const char *account, struct error *error)
{
	return keeps_hashes(passdb) ? mark(passdb, account, false, error)
				    : simply(passdb, passdb->backend->enable, account, "this back end cannot enable", error);
}

enum passdb_result passdb_delete(struct passdb *passdb, const char *account, struct error *error)
{
	enum passdb_result result = simply(passdb, passdb->backend->delete, account, "this back end cannot delete", error);

	if (result == PASSDB_DONE || result == PASSDB_ABSENT) {
		former_forget(&passdb->former, account);
		former_past_forget(&passdb->former, account);
	}
	return result;
}

struct listing {
	void (*each)(void *context, const char *account);
	void *context;
};

/* what nobody could ask for is not listed */
static void list_one(void *context, const char *account)
{
	const struct listing *listing = context;

	if (account_is_sound(text_of(account)))
		listing->each(listing->context, account);
}

enum passdb_result passdb_list(struct passdb *passdb, void (*each)(void *context, const char *account), void *context,
			       struct error *error)
{
	struct listing listing = { each, context };

	return passdb->backend->list ? passdb->backend->list(passdb->state, list_one, &listing, error)
				     : cannot(error, "this back end cannot list");
}

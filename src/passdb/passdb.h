/* SPDX-License-Identifier: Apache-2.0 */
/* Where passwords live, and what may be done to them there. Used by sekisho-passdb(8) alone, a root service of its own: the
 * daemon can neither read a hash nor a database's password, it can only ask (containment/keys.h) for these few things.
 *
 * A back end is a row in backends.c and a file. Two kinds: those that keep hashes (passwd-file, SQL, LDAP) can be read and
 * written; those that are told passwords (commands of a panel) can only be told. Everything else is made of that, here:
 *
 *   fingerprint   a keyed hash of the password that is stored, which names nothing: two that differ mean that it was changed. That
 *                 the account is disabled does not show in it.
 *   scramble      the password becomes a random one that nobody is told; what was stored is kept, for RESTORE
 *   restore       what was stored before the scramble, as long as nothing else was stored since
 *   change        the password becomes this one
 *   renew         the same, unless it was the account's before: it is what is stored, or what was stored before the scramble, or one of the
 *                 FORMER_PAST_MAX (passdb/former.h) that were stored before these. All are compared, in any scheme of password/hash.h (one that is
 *                 not known there is passed over), in PASSDB_COMPARE_S at most: where that is not enough it fails, as where one cannot be
 *                 read. Who asks learns nothing but that, and a guess that is wrong changes the password, where it can be changed at all. A back
 *                 end that is only told passwords has none to compare with: there it is a change.
 *   disable       no password is right, until `enable`, whatever is stored meanwhile; mail goes on to arrive. Where hashes are kept,
 *                 "{CRYPT}!sekisho!" is put in front of what is stored.
 *   delete        the account is no more
 *
 * Each can be done twice (a renewal is refused the second time), and be interrupted anywhere. What was stored before a scramble lies in
 * `former_folder` (passdb/former.h), for root alone, for PASSDB_FORMER_DAYS; it is deleted once the password was changed. The hashes that renewals
 * are compared with lie there, too, for PASSDB_PAST_DAYS. Back ends see nothing but sound accounts (passdb/account.h). Nothing here is thread-safe.
 * No password and no hash stands in an error's text. */
#ifndef SEKISHO_PASSDB_PASSDB_H
#define SEKISHO_PASSDB_PASSDB_H
#include "passdb/settings.h"
#include "password/hash.h"

enum { PASSDB_ACCOUNT_MAX = 320, PASSDB_PRINT_MAX = 33, PASSDB_FORMER_DAYS = 30, PASSDB_PAST_DAYS = 365, PASSDB_COMPARE_S = 10 };

enum passdb_result {
	PASSDB_DONE,
	PASSDB_ABSENT, /* there is no such account */
	PASSDB_NOT,    /* this back end cannot do it, or there is nothing to restore */
	PASSDB_FAILED, /* it could not be done now; the error says why */
	PASSDB_FORMER, /* of a renewal: it was the account's before */
};

/* a table, as it comes: the names of the columns, then row by row; `p` is NULL where a value is NULL. `row` false: no more. */
struct passdb_rows {
	void (*heads)(void *context, const char *const *names, size_t count);
	bool (*row)(void *context, const struct text *values, size_t count);
	void *context;
};

struct passdb_backend {
	const char *name; /* in passdb.conf: "passwd-file", "sqlite", "postgresql", "mysql", "ldap", "command" */
	/* NULL with a sentence that names the setting. A server that is away is no failure here: it is asked when it is needed. */
	void *(*open)(const struct passdb_settings *settings, struct error *error);
	void (*close)(void *backend);
	/* those that keep hashes, else NULL */
	enum passdb_result (*get)(void *backend, const char *account, char stored[PASSWORD_HASH_MAX],
				  struct error *error);
	enum passdb_result (*set)(void *backend, const char *account, const char *stored, struct error *error);
	/* those that are told passwords, else NULL */
	enum passdb_result (*change)(void *backend, const char *account, const char *password, struct error *error);
	enum passdb_result (*disable)(void *backend, const char *account, struct error *error);
	enum passdb_result (*enable)(void *backend, const char *account, struct error *error);
	/* both; NULL or PASSDB_NOT where the operator named no way */
	enum passdb_result (*delete)(void *backend, const char *account, struct error *error);
	enum passdb_result (*list)(void *backend, void (*each)(void *context, const char *account), void *context,
				   struct error *error);
	/* Where owners are reached, by the statement `contacts`; needs none of the other settings, and nothing opened. NULL: it knows none. */
	enum passdb_result (*contacts)(const struct passdb_settings *settings, const struct passdb_rows *rows, struct error *error);
};

extern const struct passdb_backend *const passdb_backends[];
extern const size_t passdb_backend_count;

struct passdb;

struct passdb *passdb_open(const struct passdb_settings *settings, struct error *error)
	__attribute__((warn_unused_result));
void passdb_close(struct passdb *passdb);

/* `print` is of what is stored now, "" where the back end cannot tell */
enum passdb_result passdb_fingerprint(struct passdb *passdb, const char *account, char print[PASSDB_PRINT_MAX],
				      struct error *error);
enum passdb_result passdb_scramble(struct passdb *passdb, const char *account, char print[PASSDB_PRINT_MAX],
				   struct error *error);
enum passdb_result passdb_restore(struct passdb *passdb, const char *account, char print[PASSDB_PRINT_MAX],
				  struct error *error);
/* Where it was done, and could not be noted for renewals, *error says so. */
enum passdb_result passdb_change(struct passdb *passdb, const char *account, const char *password,
				 char print[PASSDB_PRINT_MAX], struct error *error);
enum passdb_result passdb_renew(struct passdb *passdb, const char *account, const char *password,
				char print[PASSDB_PRINT_MAX], struct error *error);
enum passdb_result passdb_disable(struct passdb *passdb, const char *account, struct error *error);
enum passdb_result passdb_enable(struct passdb *passdb, const char *account, struct error *error);
enum passdb_result passdb_delete(struct passdb *passdb, const char *account, struct error *error);
/* What is stored, without the mark of a disabled account, and its fingerprint: for the audit alone, in a process that nobody asks anything;
 * wipe both. */
enum passdb_result passdb_stored(struct passdb *passdb, const char *account, char stored[PASSWORD_HASH_MAX], char print[PASSDB_PRINT_MAX],
				 struct error *error);
/* in which scheme a hash is that names none (`default_scheme`) */
const struct password_scheme *passdb_usual_scheme(const struct passdb *passdb);
enum passdb_result passdb_list(struct passdb *passdb, void (*each)(void *context, const char *account), void *context,
			       struct error *error);
#endif

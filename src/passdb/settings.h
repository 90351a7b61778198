/* SPDX-License-Identifier: Apache-2.0 */
/* /etc/sekisho/passdb.conf: where passwords live, and who may ask. A file that belongs to root and that nobody else can write or
 * read, for it may contain the password of a database; lines `name = value` and remarks (#), a list by naming it again. */
#ifndef SEKISHO_PASSDB_SETTINGS_H
#define SEKISHO_PASSDB_SETTINGS_H
#include <sys/types.h>

#include "base/error.h"

enum { PASSDB_WORDS_MAX = 32 };

/* the words of a command, an array and never a shell's line; %u in a word is the account, %n what is before its @, %d its
 * domain; the password is its standard input, or the environment's PASSWORD where it says so */
struct passdb_command {
	char *words[PASSDB_WORDS_MAX + 1]; /* ends with NULL; words[0] is an absolute path; all NULL: none */
};

struct passdb_settings {
	char *backend;       /* enum by name */
	uid_t user;          /* who may ask, beside root */
	char *scheme;        /* of new hashes: SHA512-CRYPT if not named */
	unsigned long cost;  /* 0: the scheme's usual */
	char *former_folder; /* /var/lib/sekisho-passdb */
	char *file;          /* passwd-file and sqlite: its absolute path */
	char *connect; /* postgresql: a conninfo string; mysql: "host=… user=… password=… dbname=…"; ldap: a URI */
	char *get, *set, *delete, *list; /* SQL: the operator's own statements, with :account and :password */
	char *bind_dn, *bind_password, *base_dn, *filter, *attribute; /* ldap; the filter with %u */
	char *start_tls, *ca_file; /* ldap: "yes" or "no"; the certificates that are trusted, else the system's */
	struct passdb_command change_command, disable_command, enable_command, delete_command, list_command;
	char *secret_in;     /* command: "stdin" or "environment" */
	unsigned patience_s; /* how long a server or a command may take: 30 */
};

bool passdb_settings_read(struct passdb_settings *settings, const char *path, struct error *error)
	__attribute__((warn_unused_result));
void passdb_settings_done(struct passdb_settings *settings);
#endif

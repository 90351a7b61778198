/* SPDX-License-Identifier: Apache-2.0 */
/* /etc/sekisho/passdb.conf: where passwords live, and who may ask. A file of root's that nobody else can even read
 * (helper/rootfile.h), for it may contain the password of a database. A list is made by naming it again, a word each time. */
#ifndef SEKISHO_PASSDB_SETTINGS_H
#define SEKISHO_PASSDB_SETTINGS_H
#include "helper/rootfile.h"

enum { PASSDB_WORDS_MAX = 32, PASSDB_VARIABLE_MAX = 64, PASSDB_PATIENCE_MAX_S = 300, PASSDB_LENGTH_LEAST = 12, PASSDB_LENGTH_MAX = 64 };

/* the words of a command, an array and never a shell's line; %u in a word is the account, %n what is before its @, %d its
 * domain, %% a %; the password is its standard input, or the environment where `secret_in` says so */
struct passdb_command {
	char *words[PASSDB_WORDS_MAX + 1]; /* ends with NULL; words[0] is an absolute path; all NULL: none */
};

/* a text that was not named is NULL, but for those whose usual value is said */
struct passdb_settings {
	char *backend;         /* enum by name */
	uid_t user;            /* who may ask, beside root: sekisho */
	char *scheme;          /* of new hashes: SHA512-CRYPT */
	unsigned long cost;    /* 0: the scheme's usual */
	char *default_scheme;  /* of what is stored without one: CRYPT, as for Dovecot */
	char *former_folder;   /* /var/lib/sekisho-passdb */
	unsigned random_length; /* characters of what a command is told at a scramble: 15 */
	bool all_are_read; /* by an audit, one account after the other: what can be kept in memory meanwhile is. Not in the file of settings */
	char *file;            /* passwd-file and sqlite: its absolute path; of a passwd-file with %d, %n and %u */
	char *entry;           /* passwd-file: what stands for an account in it, %u; %n where each domain has a file */
	char *connect; /* postgresql: a conninfo string; mysql: "host=… user=… password=… dbname=…"; ldap: a URI */
	char *get, *set, *delete, *list; /* SQL: the operator's own statements, with :account and :password */
	char *contacts;        /* likewise: where owners are reached, for `sekisho contact import --database` */
	char *bind_dn, *bind_password, *base_dn, *filter, *attribute; /* ldap; the filter with %u */
	char *start_tls, *ca_file; /* ldap: "yes" or "no"; the certificates that are trusted, else the system's */
	struct passdb_command change_command, disable_command, enable_command, delete_command, list_command;
	/* the company's and the operator's, that the audit tries for passwords. Here, and never in a request: who may ask would else have any
	 * word tried. */
	struct passdb_command names;
	char *secret_in;     /* command: "stdin" or "environment"; stdin */
	char *secret_name;   /* the variable of the environment: PASSWORD */
	unsigned patience_s; /* how long a server or a command may take: 30 */
};

/* On failure there is nothing to be done away with. Programs are checked: they have to belong to root alone. */
bool passdb_settings_read(struct passdb_settings *settings, const char *path, struct error *error)
	__attribute__((warn_unused_result));
/* wipes what it frees */
void passdb_settings_done(struct passdb_settings *settings);
#endif

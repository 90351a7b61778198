/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho contact import|show|set|drop: where owners are reached outside the mailbox. Writes `contacts.db` itself, so it is for root, and the
 * daemon's user. */
#ifndef SEKISHO_CLI_CONTACT_H
#define SEKISHO_CLI_CONTACT_H
#include "cli/cli.h"
#include "cli/output.h"
#include "event/accounts.h"
#include "notice/contacts.h"

enum { CONTACT_FAULTS_TOLD = 20 };

struct contact_command {
	/* asked for */
	enum output_form form;
	const char *output, *config_file, *sqlite, *sql, *database;
	const char *mails[CONTACT_ADDRESSES_MAX], *aliases[CONTACT_ADDRESSES_MAX];
	size_t mail_count, alias_count;
	const char *name, *language;
	bool phrase, no_phrase, dry_run;
	char **words;
	int word_count;
	/* at work */
	struct config config;
	struct accounts *accounts; /* for the normal form of names alone */
	uint64_t rows, taken, faults;
	char who[CONTACTS_WHO_MAX];
};

enum { CONTACT_CHANGES_TOLD = 10 };

/* whoever calls, as the daemon writes those who ask it: "carol(1000)" */
const char *contact_who(char who[CONTACTS_WHO_MAX]);

/* ---- contact_import.c */
int contact_import(struct contact_command *command);
/* the normal form of an account's name, or of "@domain"; empty for none */
struct text contact_account(const struct contact_command *command, struct text name, char to[ACCOUNT_NAME_MAX]);
/* "a@b; c@d" or "a@b c@d"; false where there are too many, or one is too long */
bool contact_take_addresses(struct text list, char to[CONTACT_ADDRESSES_MAX][CONTACT_ADDRESS_MAX], size_t *count, struct error *error)
	__attribute__((warn_unused_result));
#endif

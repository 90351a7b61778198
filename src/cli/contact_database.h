/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's database of contacts, read by sekisho-passdb (passdb/contacts_main.h) as a child: its libraries of database servers, and
 * the database's password, never come into this process. What it has to say of what is wrong it says on our standard error. */
#ifndef SEKISHO_CLI_CONTACT_DATABASE_H
#define SEKISHO_CLI_CONTACT_DATABASE_H
#include <stdio.h>
#include <sys/types.h>

#include "base/error.h"

struct contact_database {
	FILE *rows; /* CSV */
	pid_t child;
};

/* `settings`: in the form of passdb.conf, root's alone */
bool contact_database_open(struct contact_database *database, const char *settings, struct error *error) __attribute__((warn_unused_result));
/* Once what was opened is read to its end, or given up. False where it was the database that did not give all. */
bool contact_database_close(struct contact_database *database) __attribute__((warn_unused_result));
#endif

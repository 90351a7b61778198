/* SPDX-License-Identifier: Apache-2.0 */
/* `sekisho-passdb --contacts`: where owners are reached, from the operator's database, by the statement `contacts` of a file of settings.
 * As CSV (RFC 4180) on the standard output, for `sekisho contact import --database`: what knows the libraries of the database servers, and
 * their passwords, is this program alone. */
#ifndef SEKISHO_PASSDB_CONTACTS_MAIN_H
#define SEKISHO_PASSDB_CONTACTS_MAIN_H

/* the exit status: 0 all rows were given; 1 not; 2 wrong usage */
int contacts_main(int argc, char **argv);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The back ends: one row in backends.c, one file each. */
#ifndef SEKISHO_PASSDB_BACKENDS_H
#define SEKISHO_PASSDB_BACKENDS_H
#include "passdb/passdb.h"

extern const struct passdb_backend passdb_passwd_file, passdb_sqlite, passdb_postgresql, passdb_mysql, passdb_ldap, passdb_commands;
#endif

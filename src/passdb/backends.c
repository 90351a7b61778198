/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/backends.h"

const struct passdb_backend *const passdb_backends[] = {
	&passdb_passwd_file,
	&passdb_sqlite,
	&passdb_postgresql,
	&passdb_mysql,
	&passdb_ldap,
	&passdb_commands,
};

const size_t passdb_backend_count = sizeof passdb_backends / sizeof *passdb_backends;

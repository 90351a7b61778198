/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot's passwd-file (doc.dovecot.org, Passwd-file): `user:password:uid:gid:gecos:home:shell:extra`, lines that are empty or
 * begin with : or # left out; of a name that stands twice the first line counts, as for Dovecot. Only views here; who reads and
 * writes the file is passwd_file.c. */
#ifndef SEKISHO_PASSDB_PASSWD_FILE_H
#define SEKISHO_PASSDB_PASSWD_FILE_H
#include "base/text.h"

enum { PASSWD_FILE_BYTES_MAX = 64 * 1024 * 1024, PASSWD_FILE_PATH_MAX = 4096 };

struct passwd_line {
	struct text whole;    /* with its line end, where it has one */
	struct text name;
	struct text password; /* empty, at the end of the line, where there is no second field */
	bool has_password;    /* there is such a field */
};

/* the next line that names somebody, taken off the front; false at the end */
bool passwd_next(struct text *rest, struct passwd_line *line) __attribute__((warn_unused_result));
bool passwd_find(struct text file, struct text name, struct passwd_line *line) __attribute__((warn_unused_result));
/* What may stand in the field: no colon, no line end and no other control character. */
bool passwd_may_hold(struct text password);
#endif

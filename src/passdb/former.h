/* SPDX-License-Identifier: Apache-2.0 */
/* What was stored before: a folder that only root can look into, and in it up to two files an account, named by a keyed hash of it, each
 * written whole or not at all, and synced. One has what was stored before a scramble, byte for byte, to be put back; it is written before the
 * scramble. The other has the last hashes of the account, to know its former passwords by: never clear text. The key lies there, too; prints of
 * what is stored are made with it. */
#ifndef SEKISHO_PASSDB_FORMER_H
#define SEKISHO_PASSDB_FORMER_H
#include "passdb/passdb.h"

enum {
	FORMER_KEY_BYTES = 32,
	FORMER_PAST_MAX = 3,                       /* hashes that are kept */
	FORMER_COMPARED_MAX = FORMER_PAST_MAX + 2, /* and with what is stored, and what was before a scramble */
	FORMER_PAST_FILE_MAX = 8 + FORMER_PAST_MAX * PASSWORD_HASH_MAX,
};

struct former {
	int folder;
	unsigned char key[FORMER_KEY_BYTES];
};

struct former_kept {
	char stored[PASSWORD_HASH_MAX];     /* before */
	char scrambled[PASSDB_PRINT_MAX]; /* print of what was stored instead */
};

/* of former passwords, newest first; each with its "{SCHEME}" */
struct former_past {
	char stored[FORMER_COMPARED_MAX][PASSWORD_HASH_MAX];
	size_t count;
};

/* Makes the folder, not those above it; deletes what is older than PASSDB_FORMER_DAYS, and hashes of PASSDB_PAST_DAYS. */
bool former_open(struct former *former, const char *path, struct error *error) __attribute__((warn_unused_result));
void former_close(struct former *former);

void former_print(const struct former *former, const char *stored, char print[PASSDB_PRINT_MAX]);
bool former_keep(const struct former *former, const char *account, const struct former_kept *kept, struct error *error)
	__attribute__((warn_unused_result));
/* DONE, ABSENT or FAILED; wipe what it gave */
enum passdb_result former_find(const struct former *former, const char *account, struct former_kept *kept, struct error *error);
void former_forget(const struct former *former, const char *account);

/* as the newest, once; the oldest goes where there is no room */
void former_past_put(struct former_past *past, struct text stored);
/* The first FORMER_PAST_MAX of them. Nothing is written where they are kept already. */
bool former_past_keep(const struct former *former, const char *account, const struct former_past *past, struct error *error)
	__attribute__((warn_unused_result));
/* DONE, with none where there are none, or FAILED; wipe what it gave */
enum passdb_result former_past_find(const struct former *former, const char *account, struct former_past *past, struct error *error);
void former_past_forget(const struct former *former, const char *account);
/* a file's bytes: "1", then a hash a line */
bool former_past_parse(struct text text, struct former_past *past) __attribute__((warn_unused_result));
#endif

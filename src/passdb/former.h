/* SPDX-License-Identifier: Apache-2.0 */
/* What was stored before a scramble: a folder that only root can look into, a file an account, named by a keyed hash of it, written
 * whole or not at all, and synced before the scramble. The key lies there, too; prints of what is stored are made with it. */
#ifndef SEKISHO_PASSDB_FORMER_H
#define SEKISHO_PASSDB_FORMER_H
#include "passdb/passdb.h"

enum { FORMER_KEY_BYTES = 32 };

struct former {
	int folder;
	unsigned char key[FORMER_KEY_BYTES];
};

struct former_kept {
	char stored[PASSWORD_HASH_MAX];     /* before */
	char scrambled[PASSDB_PRINT_MAX]; /* print of what was stored instead */
};

/* Makes the folder, not those above it; deletes what is older than PASSDB_FORMER_DAYS. */
bool former_open(struct former *former, const char *path, struct error *error) __attribute__((warn_unused_result));
void former_close(struct former *former);

void former_print(const struct former *former, const char *stored, char print[PASSDB_PRINT_MAX]);
bool former_keep(const struct former *former, const char *account, const struct former_kept *kept, struct error *error)
	__attribute__((warn_unused_result));
/* DONE, ABSENT or FAILED; wipe what it gave */
enum passdb_result former_find(const struct former *former, const char *account, struct former_kept *kept, struct error *error);
void former_forget(const struct former *former, const char *account);
#endif

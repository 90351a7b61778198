/* SPDX-License-Identifier: Apache-2.0 */
/* Of the ledger's own (store/ledger.h): the folder: which files it has, what they are called, and the key beside them. */
#ifndef SEKISHO_STORE_LEDGER_FOLDER_H
#define SEKISHO_STORE_LEDGER_FOLDER_H
#include <sys/types.h>

#include "base/error.h"
#include "base/when.h"

enum { LEDGER_KEY_BYTES = 16, LEDGER_PATH_MAX = 4096, LEDGER_FILE_MAX = 64, LEDGER_DAY_MAX = 2932896 /* 9999-12-31 */ };

/* days since 1970, UTC; negative where no file can be of it */
static inline int32_t ledger_day_of(int64_t t_us)
{
	return t_us < 0 || t_us / DAY_US > LEDGER_DAY_MAX ? -1 : (int32_t)(t_us / DAY_US);
}

/* "ledger-2026-11-22.db" */
char *ledger_file_name(int32_t day, char name[LEDGER_FILE_MAX]);
/* with the folder before it and `ending` behind it */
bool ledger_path(const char *folder, int32_t day, const char *ending, char path[LEDGER_PATH_MAX], struct error *error)
	__attribute__((warn_unused_result));

struct ledger_listed {
	int32_t day;
	ino_t inode;
};

/* the files of days that are there, newest first; *days is to be freed */
bool ledger_list(const char *folder, struct ledger_listed **days, size_t *count, struct error *error)
	__attribute__((warn_unused_result));
/* deletes all of this day and of days before it, also what was set aside */
void ledger_unlink_until(const char *folder, int32_t day);
/* renames a damaged file so that a new one can be begun; its new name is told */
bool ledger_set_aside(const char *folder, int32_t day, char name[LEDGER_FILE_MAX], struct error *error)
	__attribute__((warn_unused_result));

/* reads `ledger.key`, or makes it */
bool ledger_key(const char *folder, unsigned char key[LEDGER_KEY_BYTES], struct error *error)
	__attribute__((warn_unused_result));
/* SipHash-2-4 of the text; `kind` keeps apart what is hashed under the same key: 'p' people and subjects, 'q' queue ids,
 * 'm' Message-IDs. Of longer texts than LEDGER_ID_MAX the beginning counts. Never 0. */
uint64_t ledger_hash_text(const unsigned char *key, char kind, struct text text);
/* the same of kind 'p'; 0 for an empty text */
uint64_t ledger_hash_known(const unsigned char *key, struct text text);
#endif

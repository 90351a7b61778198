/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the programs that are root: a file that belongs to root and that nobody else can write, or, where it may contain a
 * secret, not even read; lines `name = value` and remarks (#). What it names as a program has to belong to root alone, too.
 * (Who runs such a program without being root is held against themselves.) */
#ifndef SEKISHO_HELPER_ROOTFILE_H
#define SEKISHO_HELPER_ROOTFILE_H
#include <sys/types.h>

#include "base/error.h"
#include "base/text.h"

enum { ROOTFILE_BYTES_MAX = 65536, ROOTFILE_PATH_MAX = 4096 };
enum rootfile_secrecy { ROOTFILE_PUBLIC, ROOTFILE_SECRET };

/* `take` for each line, until it says no with a sentence; what it gets are views, trimmed. The error names the file and the line. */
bool rootfile_read(const char *path, enum rootfile_secrecy secrecy,
		   bool (*take)(void *context, struct text name, struct text value, struct error *error), void *context,
		   struct error *error) __attribute__((warn_unused_result));

/* values */
bool rootfile_is_path(struct text value, struct error *error) __attribute__((warn_unused_result)); /* absolute, no NUL */
/* a name or a number */
bool rootfile_user(struct text value, uid_t *user, struct error *error) __attribute__((warn_unused_result));
bool rootfile_check_program(const char *path, struct error *error) __attribute__((warn_unused_result));
#endif

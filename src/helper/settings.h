/* SPDX-License-Identifier: Apache-2.0 */
/* What the helper may do for whom: a file of root's (helper/rootfile.h).
 *
 *   postsuper, postqueue, postconf   programs by their absolute paths, /usr/sbin/… if not named
 *   postfix                          a folder with a main.cf; named again for each further Postfix
 *   user                             who may ask: a name or a number, sekisho if not named
 *
 * The programs, too, have to belong to root alone, for they are run as root. */
#ifndef SEKISHO_HELPER_SETTINGS_H
#define SEKISHO_HELPER_SETTINGS_H
#include "helper/rootfile.h"

enum { SETTINGS_PATH_MAX = ROOTFILE_PATH_MAX, SETTINGS_POSTFIXES_MAX = 16 };

struct settings {
	char postsuper[SETTINGS_PATH_MAX], postqueue[SETTINGS_PATH_MAX], postconf[SETTINGS_PATH_MAX];
	char postfix[SETTINGS_POSTFIXES_MAX][SETTINGS_PATH_MAX];
	size_t postfix_count;
	uid_t user;
};

bool settings_read(struct settings *settings, const char *path, struct error *error) __attribute__((warn_unused_result));
#endif

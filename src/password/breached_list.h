/* SPDX-License-Identifier: Apache-2.0 */
/* One line of a list of breached passwords:
 *
 *   21BD12DC183F740EE76F27B78EB39C8AD972A757:52579   the SHA-1 in hexadecimal digits, and how often it was seen, or nothing
 *   2DC183F740EE76F27B78EB39C8AD972A757:52579        the same in a file of a range, whose name begins with the first five digits
 *   P@ssw0rd                                         the password itself, in a list of plain words
 *
 * as https://haveibeenpwned.com/API/v3#PwnedPasswords has them. What was seen zero times is padding there. A blank, and carriage returns
 * at the end of a line are left out. Nothing is kept. */
#ifndef SEKISHO_PASSWORD_BREACHED_LIST_H
#define SEKISHO_PASSWORD_BREACHED_LIST_H
#include "base/text.h"

enum { BREACHED_PREFIX_DIGITS = 5 };

struct breached_list {
	bool plain;
	uint64_t at_least; /* what was seen less often is left out; a line that does not say how often counts as once */
	char prefix[BREACHED_PREFIX_DIGITS + 1]; /* "": the file is none of a range */
};

enum breached_line {
	BREACHED_TAKEN,
	BREACHED_LEFT_OUT, /* too rare, empty, or no password (PASSWORD_MAX) */
	BREACHED_NO_HASH,
	BREACHED_NO_PREFIX, /* a line of a range, in a file whose name is not that of one */
	BREACHED_NO_COUNT
};

/* takes the prefix from the last part of the path: "21BD1", "21BD1.txt", "21bd1.gz" */
void breached_list_file(struct breached_list *list, const char *path);
/* `digest` is written where it is taken */
enum breached_line breached_list_line(const struct breached_list *list, struct text line, unsigned char digest[20]);
/* what is wrong with it, in the reader's language */
const char *breached_line_fault(enum breached_line line);
#endif

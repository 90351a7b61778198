/* SPDX-License-Identifier: Apache-2.0 */
/* A notice as a mail (RFC 5322): plain text and HTML with the same words (RFC 2046 5.1.4), names and subject as encoded words (RFC 2047), no line
 * longer than 998 bytes, told to be a machine's (RFC 3834), with our mark. Whatever name, subject or address holds, it begins no field of
 * its own. */
#ifndef SEKISHO_NOTICE_LETTER_H
#define SEKISHO_NOTICE_LETTER_H
#include "notice/draft.h"
#include "notice/mark.h"

struct letter_order {
	const struct draft *draft;
	const char *from, *from_name;   /* an address; "" for no name */
	const char *to, *to_name;
	const char *message_id;         /* without its brackets */
	int64_t t_us;                   /* of the notice: a letter that is sent again is the same */
	const char *code;               /* of the mark */
	const struct notice_keys *keys; /* NULL: no mark */
};

enum { LETTER_ID_MAX = 200 };

/* CRLF ends, terminated; the caller's to wipe and free */
char *letter_make(const struct letter_order *order) __attribute__((malloc));
/* "notice.7.3f2a…@mail.example.org": the same for the same notice and recipient */
void letter_id(uint64_t notice, const char *to, const char *host, char id[LETTER_ID_MAX]);
#endif

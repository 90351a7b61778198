/* SPDX-License-Identifier: Apache-2.0 */
/* A mail that somebody forwards within the text, as mail programs do: what they write themselves, then lines such as "From:", "Sent:", "To:",
 * "Subject:" in the language of their program, then what that mail said. No id of it is there, only whose name it bears. A conversation
 * that is quoted looks the same; who is answered is for the reader to tell. */
#ifndef SEKISHO_MAIL_FORWARDED_H
#define SEKISHO_MAIL_FORWARDED_H
#include "base/arena.h"

enum { FORWARDED_LINES_MAX = 2000 }; /* that are looked at for its beginning */

/* views of the text */
struct forwarded {
	struct text own;                     /* what stands before it, with the line that announces it */
	struct text from, to, subject, date; /* as they are written; may be empty but for from and subject */
	struct text body;                    /* quoted as it was */
};

/* the first; it has "From" and "Subject", and one of the others, within a few lines */
bool forwarded_find(struct text text, struct forwarded *forwarded);
/* does a subject say so of itself ("Fwd: …", "転送: …")? */
bool forwarded_subject(struct text subject);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What an IMAP server says (RFC 3501, 9051), cut into responses, without any I/O. A response is a line, in which literals may stand; the
 * first literal is kept apart, the others are passed over. Of a line more than IMAP_LINE_MAX bytes, and of a literal more than
 * IMAP_LITERAL_MAX, are cut off, never refused: the rest is passed over. */
#ifndef SEKISHO_INTAKE_IMAP_H
#define SEKISHO_INTAKE_IMAP_H
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { IMAP_LINE_MAX = 64 << 10, IMAP_LITERAL_MAX = 4 << 20, IMAP_QUOTED_MAX = 512 };

struct imap_response {
	struct text line;    /* without its end and without literals, each of which leaves its length in braces */
	struct text literal; /* empty where there was none */
	bool has_literal;
};

/* good until it returns */
typedef void imap_hear(void *context, const struct imap_response *response);

struct imap;

struct imap *imap_new(imap_hear *hear, void *context);
void imap_free(struct imap *imap);
void imap_take(struct imap *imap, struct text bytes);

/* ---- what lines say */

enum imap_end { IMAP_NOT_YET, IMAP_OK, IMAP_NO };

/* is it the end of the command with that tag, and how did it end? */
enum imap_end imap_end_of(struct text line, struct text tag);
/* the number behind `name`, as UIDVALIDITY in "* OK [UIDVALIDITY 7] valid"; false where it does not stand there */
bool imap_number_of(struct text line, struct text name, uint64_t *number);
/* The numbers of a "* SEARCH" line, each once in the order of the server, beyond `above`, at most `room`; how many. A line that was cut may
 * end within a number: the last one counts where something follows it. */
size_t imap_found(struct text line, uint64_t above, uint64_t *numbers, size_t room);
/* does it tell that there is a mail more or less ("* 7 EXISTS")? */
bool imap_tells_of_mails(struct text line);
/* a name as a quoted string; false where it cannot be one, or is too long */
bool imap_quote(struct text name, char quoted[IMAP_QUOTED_MAX]);
#endif

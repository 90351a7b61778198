/* SPDX-License-Identifier: Apache-2.0 */
/* Content-Type and Content-Disposition (RFC 2045 5.1, RFC 2183): the word in front, and parameters, also those of RFC 2231 (in another
 * set, in pieces) and those that break rules: unquoted blanks, missing semicolons, encoded words. */
#ifndef SEKISHO_MAIL_CONTENT_H
#define SEKISHO_MAIL_CONTENT_H
#include "base/arena.h"
#include "mail/charset.h"

/* in small letters, without what follows it; "text/plain" where it is no type and subtype */
struct text content_type(struct arena *arena, struct text value);
/* "attachment", in small letters; empty for nothing */
struct text content_word(struct arena *arena, struct text value);
/* of that name (in small letters): its bytes as they are, quotes gone; empty without one */
struct text content_parameter(struct arena *arena, struct text value, const char *name);
/* the same in UTF-8, with its pieces joined, its set and its encoded words decoded */
struct text content_readable(struct charset *charset, struct arena *arena, struct text value, const char *name);
#endif

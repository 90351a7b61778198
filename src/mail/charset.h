/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of any mail to UTF-8. What is UTF-8 already (ASCII included) stays a view of itself. Else the name that the mail
 * gives decides, unless the bytes cannot be that: ISO-2022-JP shows itself by its escapes, Shift_JIS and EUC-JP by what is
 * well-formed in them; names that nobody knows are treated like none. What cannot be converted becomes U+FFFD, a NUL or an escape that
 * means nothing a blank. It never fails. */
#ifndef SEKISHO_MAIL_CHARSET_H
#define SEKISHO_MAIL_CHARSET_H
#include "base/arena.h"

/* keeps ICU's converters open; one thread each */
struct charset;
struct charset *charset_new(void) __attribute__((warn_unused_result));
void charset_free(struct charset *charset);
/* a view of `bytes`, or a copy in the arena; `name` may be empty */
struct text charset_utf8(struct charset *charset, struct arena *arena, struct text bytes, struct text name);
bool charset_is_utf8(struct text bytes); /* well-formed, without NUL and without the escapes of ISO-2022 */
#endif

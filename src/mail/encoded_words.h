/* SPDX-License-Identifier: Apache-2.0 */
/* Encoded words in header fields (RFC 2047): =?ISO-2022-JP?B?…?=. As mails really have them: with blanks missing around them, within
 * quotes, with a character split over two words of the same set (decoded together), with a language behind the set (RFC 2231 5).
 * What is none stays as it is. The result is UTF-8, in the arena or a view of `value`, and bounded by it. */
#ifndef SEKISHO_MAIL_ENCODED_WORDS_H
#define SEKISHO_MAIL_ENCODED_WORDS_H
#include "base/arena.h"
#include "mail/charset.h"

struct text encoded_words(struct charset *charset, struct arena *arena, struct text value);
/* %41 and the like (RFC 2231 4, also of URLs); `to` has room for text.n bytes; how many there are then */
size_t percent_decoded(struct text text, char *to);
#endif

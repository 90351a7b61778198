/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as they stand in mails: "Name" <a@b>, rfc822;a@b, <a@b> (expanded from …), a@b. Of what is found only the
 * addr-spec counts (RFC 5322 3.4.1; RFC 6531 lets it be UTF-8): its domain in small letters, its local part as it was
 * written, quotes that it does not need gone. docomo's and au's forms that the RFC forbids (a..b@, .a@, a.@) are taken. */
#ifndef SEKISHO_MAIL_ADDRESS_H
#define SEKISHO_MAIL_ADDRESS_H
#include "base/arena.h"

enum { ADDRESS_MAX = 320 };

/* The address in a field's value or a piece of a line, in angle brackets if there is one so, else the first that stands
 * free; false (and *address empty) without one. A copy in the arena. */
bool address_in(struct arena *arena, struct text text, struct text *address);
/* the next address that stands in *rest, bracketed or free; *rest goes on behind it */
bool address_next(struct arena *arena, struct text *rest, struct text *address);
bool address_is(struct text text); /* the whole text is one address and nothing else */
bool address_same(struct text a, struct text b); /* in any case of letters */
#endif

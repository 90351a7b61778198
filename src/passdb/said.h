/* SPDX-License-Identifier: Apache-2.0 */
/* What a server says of itself, fit to be told on: one line of valid UTF-8, at most SAID_MAX - 1 bytes, and nothing of what is
 * secret. Servers like to quote the row that they refuse; which of their messages may be asked for at all is each driver's affair. */
#ifndef SEKISHO_PASSDB_SAID_H
#define SEKISHO_PASSDB_SAID_H
#include "base/text.h"

enum { SAID_MAX = 200, SAID_SECRET_PART = 12 };

/* `secret`, NULL for none: where the message has SAID_SECRET_PART bytes of it in a row (all of it, if it is shorter), only that is said */
void said(char line[SAID_MAX], const char *message, const char *secret);
#endif

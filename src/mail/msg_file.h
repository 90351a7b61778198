/* SPDX-License-Identifier: Apache-2.0 */
/* A mail that Outlook saved (.msg, MS-OXMSG: a compound file, MS-CFB): the header lines as they came over the wire
 * (PidTagTransportMessageHeaders) and the text. libgsf opens the file. */
#ifndef SEKISHO_MAIL_MSG_FILE_H
#define SEKISHO_MAIL_MSG_FILE_H
#include "base/arena.h"

enum { MSG_FILE_MAX = 8 << 20, MSG_FILE_TEXT_MAX = 256 << 10 };

/* headers, an empty line, the text; false for what is no such file, or has no headers. A mail that never went over the wire has
 * none. */
bool msg_file_read(struct arena *arena, struct text bytes, struct text *mail) __attribute__((warn_unused_result));
#endif

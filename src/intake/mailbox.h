/* SPDX-License-Identifier: Apache-2.0 */
/* The mails of one file: a mail alone, or an mbox (mboxo, mboxrd), plain or packed with gzip, bzip2, xz or zstd; "-" is the
 * standard input. A file is an mbox if its first line is that of a separator (RFC 4155): "From ", whoever, a date. Another
 * separator counts where an empty line or a closing boundary is in front of it and a header field behind it. The ">" of
 * ">From " is taken off again. Files of old Macs, with bare CRs, are read as others are.
 *
 * No more than MAILBOX_MAIL_MAX bytes of one mail are in memory; the rest of it is passed over, whatever is behind it is read. */
#ifndef SEKISHO_INTAKE_MAILBOX_H
#define SEKISHO_INTAKE_MAILBOX_H
#include "base/error.h"
#include "mail/message.h"

enum { MAILBOX_MAIL_MAX = MESSAGE_BYTES_MAX + 1 }; /* one more, so that a mail that is cut is known to be */

struct mailbox;
struct mailbox *mailbox_new(void) __attribute__((warn_unused_result));
void mailbox_free(struct mailbox *mailbox);
/* `single`: it is one mail whatever its first line says, as files of a Maildir are; closes what was open before */
bool mailbox_open(struct mailbox *mailbox, const char *path, bool single, struct error *error) __attribute__((warn_unused_result));
/* 1: the next mail, good until the next call; its number in an mbox of several, from 1, else 0. 0: there are no more.
 * -1: cannot go on; what could be read was handed out, and 0 comes next. A file without a byte holds one empty mail. */
int mailbox_next(struct mailbox *mailbox, struct text *mail, uint64_t *number, struct error *error) __attribute__((warn_unused_result));
#endif

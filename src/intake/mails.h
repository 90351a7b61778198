/* SPDX-License-Identifier: Apache-2.0 */
/* All mails that the arguments of a command stand for: files (intake/mailbox.h), "-", folders of files, Maildirs. In the order of the
 * arguments; in a folder by name, folders within it too, MAILS_DEPTH_MAX deep. A folder with cur and new is a Maildir: its mails are
 * those in cur and new, and in the folders below it. Hidden files in other folders are none, and symbolic links in folders are not followed. */
#ifndef SEKISHO_INTAKE_MAILS_H
#define SEKISHO_INTAKE_MAILS_H
#include "base/error.h"
#include "base/text.h"

enum { MAILS_DEPTH_MAX = 16 };

struct mail {
	const char *file;   /* the argument, or what lies below it */
	uint64_t number;    /* in an mbox of several, from 1; else 0 */
	struct text bytes;  /* good until `take` returns */
	const char *fault;  /* instead of bytes: why it cannot be read; NULL */
};

struct mails;
struct mails *mails_new(bool (*take)(void *context, const struct mail *mail), void *context) __attribute__((warn_unused_result));
void mails_free(struct mails *mails);
/* how many bytes there are to be read, as far as that can be known before: for a progress bar */
uint64_t mails_bytes(struct mails *mails, const char *argument);
/* hands out every mail, and what cannot be read; false once `take` said so */
bool mails_read(struct mails *mails, const char *argument) __attribute__((warn_unused_result));
#endif

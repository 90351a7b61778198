/* SPDX-License-Identifier: Apache-2.0 */
/* A user's folders, through doveadm's HTTP API (doc.dovecot.org, Doveadm HTTP API; fetch, move, mailboxCreate; search queries as
 * doveadm-search-query(7) has them). Blocks: for a command, or for a thread of its own.
 *
 * Mails are named by their UID in a folder (RFC 3501 2.3.1.1) and by their GUID, which stays the same when Dovecot moves one. A mail's
 * text is asked for in batches of MAILBOX_BATCH_BYTES; one that is longer than MAILBOX_MAIL_MAX is not asked for. Bytes that
 * are no UTF-8 come as U+FFFD: enough for ids and addresses, not for a copy.
 *
 * One thread each. Errors name the user and what was asked. */
#ifndef SEKISHO_CONTAINMENT_MAILBOX_H
#define SEKISHO_CONTAINMENT_MAILBOX_H
#include "base/error.h"
#include "base/text.h"

enum {
	MAILBOX_BATCH_BYTES = 4 << 20, MAILBOX_MAIL_MAX = 16 << 20, MAILBOX_ANSWER_MAX = 64 << 20,
	MAILBOX_TOGETHER = 2000,    /* mails of one question */
	MAILBOX_LISTED_MAX = 1000000, MAILBOX_GUID_MAX = 128, MAILBOX_PATIENCE_MS = 60000,
};

struct mailbox_mail {
	uint32_t uid;
	uint64_t bytes;
	char guid[MAILBOX_GUID_MAX];
};

struct mailbox;

/* nothing is asked yet; `user` as Dovecot names it. The key is copied, and wiped at the end. */
struct mailbox *mailbox_new(const char *url, const char *key, const char *user, struct error *error) __attribute__((warn_unused_result));
void mailbox_free(struct mailbox *mailbox); /* NULL is fine */

/* Mails of the folder from this UID on, saved since then (seconds since 1970, 0: ever), by UID; the caller frees *mails. A folder that is not there has
 * none. */
bool mailbox_list(struct mailbox *mailbox, const char *folder, uint32_t from_uid, int64_t since, struct mailbox_mail **mails, size_t *count,
		  struct error *error) __attribute__((warn_unused_result));
/* `each` for every mail of them that is still there and not too long, with its text, good for the call */
bool mailbox_fetch(struct mailbox *mailbox, const char *folder, const struct mailbox_mail *mails, size_t count,
		   void (*each)(void *context, uint32_t uid, struct text mail), void *context, struct error *error)
	__attribute__((warn_unused_result));
/* makes the folder, and shows it to the owner's programs; one that is there is fine */
bool mailbox_create(struct mailbox *mailbox, const char *folder, struct error *error) __attribute__((warn_unused_result));
/* those of them that are still there; UIDs ascending, as mailbox_list has them */
bool mailbox_move(struct mailbox *mailbox, const char *from, const char *to, const uint32_t *uids, size_t count, struct error *error)
	__attribute__((warn_unused_result));
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A user's folders, through doveadm's HTTP API (doc.dovecot.org, Doveadm HTTP API; fetch, move, flagsAdd, mailboxCreate …; search queries as
 * doveadm-search-query(7) has them). Blocks: for a command, or for a thread of its own.
 *
 * Mails are named by their UID in a folder (RFC 3501 2.3.1.1) and by their GUID, which stays the same when Dovecot moves one. A mail's
 * text is asked for in batches of FOLDERS_BATCH_BYTES; one that is longer than FOLDERS_MAIL_MAX is not asked for. Bytes that
 * are no UTF-8 come as U+FFFD: enough for ids and addresses, not for a copy.
 *
 * One thread each. Errors name the user and what was asked. */
#ifndef SEKISHO_CONTAINMENT_FOLDERS_H
#define SEKISHO_CONTAINMENT_FOLDERS_H
#include "base/error.h"
#include "base/text.h"

enum {
	FOLDERS_BATCH_BYTES = 4 << 20, FOLDERS_MAIL_MAX = 16 << 20, FOLDERS_ANSWER_MAX = 64 << 20,
	FOLDERS_TOGETHER = 2000,    /* mails of one question */
	FOLDERS_LISTED_MAX = 1000000, FOLDERS_GUID_MAX = 128, FOLDERS_PATIENCE_MS = 60000,
};

struct folders_mail {
	uint32_t uid;
	uint64_t bytes;
	char guid[FOLDERS_GUID_MAX];
};

struct folders;

struct folders_state {
	bool there;
	uint32_t validity; /* while it stays the same, so do UIDs (RFC 3501 2.3.1.1) */
	uint32_t next_uid, mails;
};

/* nothing is asked yet; `user` as Dovecot names it. The key is copied, and wiped at the end. */
struct folders *folders_new(const char *url, const char *key, const char *user, struct error *error) __attribute__((warn_unused_result));
void folders_free(struct folders *folders); /* NULL is fine */

/* Does Dovecot know the user? Where it does not and the domain is the default one, it is asked without, and from then on so named. */
bool folders_find_user(struct folders *folders, const char *default_domain, bool *found, struct error *error)
	__attribute__((warn_unused_result));
bool folders_state(struct folders *folders, const char *folder, struct folders_state *state, struct error *error)
	__attribute__((warn_unused_result));

/* Mails of the folder from this UID on, saved since then (seconds since 1970, 0: ever), by UID; the caller frees *mails. A folder that
 * is not there has none. */
bool folders_list(struct folders *folders, const char *folder, uint32_t from_uid, int64_t since, struct folders_mail **mails, size_t *count,
		  struct error *error) __attribute__((warn_unused_result));
/* the same, of those with this keyword (RFC 3501 2.3.2) */
bool folders_list_marked(struct folders *folders, const char *folder, const char *mark, struct folders_mail **mails, size_t *count,
			 struct error *error) __attribute__((warn_unused_result));
/* `each` for every mail of them that is still there and not too long, with its text, good for the call */
bool folders_fetch(struct folders *folders, const char *folder, const struct folders_mail *mails, size_t count,
		   void (*each)(void *context, uint32_t uid, struct text mail), void *context, struct error *error)
	__attribute__((warn_unused_result));

/* makes the folder, and shows it to the owner's programs; one that is there is fine */
bool folders_create(struct folders *folders, const char *folder, struct error *error) __attribute__((warn_unused_result));
/* one with mail in it stays */
bool folders_remove_empty(struct folders *folders, const char *folder, struct error *error) __attribute__((warn_unused_result));
/* those of them that are still there; UIDs ascending, as folders_list has them. Keywords go along. */
bool folders_move(struct folders *folders, const char *from, const char *to, const uint32_t *uids, size_t count, struct error *error)
	__attribute__((warn_unused_result));
bool folders_mark(struct folders *folders, const char *folder, const char *mark, const uint32_t *uids, size_t count, struct error *error)
	__attribute__((warn_unused_result));
/* all that have it */
bool folders_unmark(struct folders *folders, const char *folder, const char *mark, struct error *error) __attribute__((warn_unused_result));
#endif

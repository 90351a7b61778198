/* SPDX-License-Identifier: Apache-2.0 */
/* The table that holds locks while the daemon is away: FOLDER/locked, text for people, and FOLDER/locked.db, made of it by
 * postmap. Postfix looks at it only when the policy service does not answer (share/postfix/main.cf): each login in it is
 * answered with AWAY_ACTION. So a lock becomes wider while the daemon is away, for the owner is shut out too, and never open.
 *
 * A change is written AWAY_MOMENT_MS later, with all that came meanwhile, on a thread of libuv's pool: beside the old table,
 * synced, and renamed over it, which Postfix sees at the next session. What cannot be written is tried again, with pauses of a second to
 * a minute. Nothing is written before away_set was told what is locked; it makes the table also where nobody is: a
 * table that is missing turns everybody's mail away (451) while the daemon is.
 *
 * Postfix compares without regard to capital letters. Where a login may come without its domain, `default_domain`
 * (NULL: none) is left away in a second line. */
#ifndef SEKISHO_CONTAINMENT_AWAY_H
#define SEKISHO_CONTAINMENT_AWAY_H
#include <uv.h>

#include "base/error.h"
#include "base/text.h"

enum { AWAY_LOGINS_MAX = 20000, AWAY_LOGIN_MAX = 512, AWAY_MOMENT_MS = 200 };
#define AWAY_ACTION "421 4.7.0 This account is locked. Please call your mail administrator."

struct away;

struct away_options {
	const char *folder;         /* made where it is missing, mode 0750 */
	const char *postmap;        /* its absolute path */
	const char *default_domain; /* all copied */
	/* the table is as it was told (NULL), or could not be written; called from the loop */
	void (*told)(void *context, const struct error *error);
	void *context;
};

struct away *away_new(uv_loop_t *loop, const struct away_options *options);
/* false for a login that the table cannot hold: longer than AWAY_LOGIN_MAX, not UTF-8, with blanks, control characters, quotes
 * or backslashes, or beginning with #; or one too many */
bool away_put(struct away *away, struct text login, struct error *error) __attribute__((warn_unused_result));
void away_drop(struct away *away, struct text login);
/* these and no others; how many the table cannot hold, and, where there are some, why the first */
size_t away_set(struct away *away, const struct text *logins, size_t count, struct error *error);
size_t away_count(const struct away *away);
/* no word is given any more; what was not written is left as it is. Frees itself once the loop has run.
 * NULL is fine. */
void away_close(struct away *away);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The table that holds locks while the daemon is away: FOLDER/locked, text for people, and FOLDER/locked.db, made of it by
 * postmap: a roster (containment/roster.h). Postfix looks at it only when the policy service does not answer
 * (share/postfix/main.cf): each login in it is answered with AWAY_ACTION. So a lock becomes wider while the daemon is away, for the
 * owner is shut out too, and never open. Postfix sees a change at the next session; a table that is missing turns everybody's
 * mail away (451) while the daemon is.
 *
 * Postfix compares without regard to capital letters. */
#ifndef SEKISHO_CONTAINMENT_AWAY_H
#define SEKISHO_CONTAINMENT_AWAY_H
#include "containment/roster.h"

enum { AWAY_LOGINS_MAX = ROSTER_LOGINS_MAX, AWAY_LOGIN_MAX = ROSTER_LOGIN_MAX, AWAY_MOMENT_MS = 20 };
#define AWAY_ACTION "421 4.7.0 This account is locked. Please call your mail administrator."

struct away_options {
	const char *folder;         /* made where it is missing, mode 0750 */
	const char *postmap;        /* its absolute path */
	const char *default_domain; /* all copied */
	/* the table is as it was told (NULL), or could not be written; called from the loop */
	void (*told)(void *context, const struct error *error);
	void *context;
};

struct roster *away_new(uv_loop_t *loop, const struct away_options *options);
#endif

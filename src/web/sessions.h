/* SPDX-License-Identifier: Apache-2.0 */
/* Who proved to be the owner of an account, for SESSION_US. A session is known by a random number of 256 bits, which only the browser
 * has (a cookie that no script can read, and no other site can make it send); here stands a keyed hash of it, in memory alone, so a
 * restart ends all of them. With each step up there is a new number, so nobody can have planted it.
 *
 * Forms carry a token that is made of the number: so another site cannot post them (CSRF). Visitors who proved nothing yet have a number,
 * too, but no session behind it: they cost no memory. One thread. */
#ifndef SEKISHO_WEB_SESSIONS_H
#define SEKISHO_WEB_SESSIONS_H
#include "base/text.h"
#include "base/when.h"
#include "event/accounts.h"

enum {
	SESSIONS_MAX = 4096,       /* the oldest goes */
	SESSIONS_OF_ACCOUNT = 4,   /* the same */
	SESSION_NUMBER_BYTES = 32,
	SESSION_ID_MAX = 2 * SESSION_NUMBER_BYTES + 1, /* hexadecimal, and the end */
};
#define SESSION_US (30 * MINUTE_US)

struct sessions;

struct session {
	unsigned char hash[SESSION_NUMBER_BYTES];
	char account[ACCOUNT_NAME_MAX];
	int64_t until_us; /* 0: not in use */
	int64_t begun_us;
};

struct sessions *sessions_new(void);
void sessions_free(struct sessions *sessions);

/* a number behind which there is nothing yet */
void session_number(char id[SESSION_ID_MAX]);
/* a new one, with the number that the browser is to be given */
void session_begin(struct sessions *sessions, struct text account, int64_t now_us, char id[SESSION_ID_MAX]);
/* NULL where there is none, or not any more; good until the next begin or end */
struct session *session_find(struct sessions *sessions, struct text id, int64_t now_us);
void session_end(struct session *session);
/* all of an account's, be they begun by whom they may */
void sessions_end_of(struct sessions *sessions, struct text account);

/* of the forms on pages that are given to whoever has this number */
void session_token(const struct sessions *sessions, struct text id, char token[SESSION_ID_MAX]);
/* in constant time */
bool session_token_fits(const struct sessions *sessions, struct text id, struct text token);
#endif

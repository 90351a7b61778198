/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot's own doors: its doveadm HTTP API (doc.dovecot.org, Doveadm HTTP API; kick, who, authCacheFlush), which an ordinary
 * user may ask with a key, and the socket on which it answers IMAP and Postfix about logins (the Dovecot authentication protocol,
 * version 1.x), on which a deny list can be tried.
 *
 * On a libuv loop; one request to doveadm at a time, on a thread of libuv's pool. Questions that come together go together, in one
 * request; at most DOVECOT_WAITING_MAX wait. Each is answered once, from the loop, never from within the asking call; where
 * Dovecot is away or says nothing for DOVECOT_PATIENCE_MS all that wait are answered with DOVECOT_FAILED and why. An answer has
 * DOVECOT_ANSWER_MAX bytes at most. The key is sent in a header and is never in a log.
 *
 * To doveadm a user is a mask. A name with * or ? or a blank is never kicked. One that reads as an address or a network (127.1,
 * 1/0, ::/0) would mean everybody from there: of such a name one letter becomes a ?, another one as long as sessions of
 * others fit, and nobody is kicked where no letter will do. A user is named as Dovecot names it: where that leaves the domain
 * away, so has the asker. */
#ifndef SEKISHO_CONTAINMENT_DOVECOT_H
#define SEKISHO_CONTAINMENT_DOVECOT_H
#include <uv.h>

#include "base/error.h"
#include "base/text.h"

enum { DOVECOT_WAITING_MAX = 100000, DOVECOT_TOGETHER_MAX = 200, DOVECOT_PATIENCE_MS = 10000 };
enum { DOVECOT_USER_MAX = 512, DOVECOT_SAYS_MAX = 256, DOVECOT_ANSWER_MAX = 512 * 1024 }; /* bytes */

enum dovecot_verb {
	DOVECOT_KICK,  /* every session of this user ends, within milliseconds; count: how many there were just before, 0 is fine */
	DOVECOT_WHO,   /* count: sessions that this user has now */
	DOVECOT_FLUSH, /* the cache of passwords forgets this user; count: entries */
};

enum dovecot_result { DOVECOT_DONE, DOVECOT_FAILED };

struct dovecot_options {
	const char *doveadm_url; /* "http://127.0.0.1:8080/doveadm/v1"; NULL or "": not set up */
	const char *doveadm_key; /* copied, wiped at the end */
	const char *auth_socket; /* "/run/dovecot/auth-client"; NULL or "": not set up */
};

struct dovecot;

struct dovecot *dovecot_new(uv_loop_t *loop, const struct dovecot_options *options);
/* `says`: why it failed; the count in words otherwise */
void dovecot_ask(struct dovecot *dovecot, enum dovecot_verb verb, struct text user,
		 void (*done)(void *context, enum dovecot_result result, uint32_t count, const char *says),
		 void *context);

enum dovecot_trial {
	TRIAL_DENIED, /* a deny list has this user: no password would do */
	TRIAL_WRONG,  /* the password was wrong: so a right one would do */
	TRIAL_LET_IN, /* any password does, it seems */
	TRIAL_FAILED, /* nobody answered, or not now, or the auth policy refused before a list was looked at */
};
/* A login as this user with a random password, over `service` ("imap", "smtp"), from 127.0.0.1, which Dovecot does not hold against
 * that address. It takes Dovecot's failure delay, 2 s, or no time where a list says nodelay (containment/deny.h). Dovecot
 * logs it as a failed login, and asks its auth policy first: whoever answers there has to let a trial pass, and not count it. At
 * most DOVECOT_WAITING_MAX wait. */
void dovecot_try(struct dovecot *dovecot, const char *service, struct text user,
		 void (*done)(void *context, enum dovecot_trial trial, const char *says), void *context);
/* is this session, as the auth policy is told of it, a trial of ours? Nobody else can know its name. */
bool dovecot_is_trial(const struct dovecot *dovecot, struct text session);
/* tells nobody any more; frees itself once the loop has run. NULL is fine. */
void dovecot_close(struct dovecot *dovecot);
#endif

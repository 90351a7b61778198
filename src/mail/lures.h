/* SPDX-License-Identifier: Apache-2.0 */
/* The words with which phishing makes people hurry to a link, in English and Japanese, and those of our own notices and of providers',
 * by which an imitation is known. Each is told of a matter: two words of one matter say no more than one. Folded (mail/catchwords.h). */
#ifndef SEKISHO_MAIL_LURES_H
#define SEKISHO_MAIL_LURES_H
#include <stddef.h>

enum lure_matter {
	LURE_ACCOUNT,   /* suspended, limited, will be closed */
	LURE_INTRUDER,  /* somebody signed in, used the card */
	LURE_IDENTITY,  /* confirm who you are */
	LURE_PAYMENT,   /* unpaid, could not be charged, a refund */
	LURE_PARCEL,    /* could not be delivered */
	LURE_MAILBOX,   /* full, password expires, messages held back */
	LURE_SENDING,   /* mass sending from your account */
	LURE_PRIZE,
	LURE_DEADLINE,  /* within 24 hours */
	LURE_CALL,      /* click here, log in */
	/* which say nothing alone (sign_demand.c) */
	LURE_SECRET,    /* a password, a card, a number that proves who one is */
	LURE_ENTER,     /* type it, register it, sign in with it */
	LURE_MONEY,     /* a fee, an amount that is owed */
	LURE_SOON,      /* today, by tomorrow, in three days */
	LURE_THREAT,    /* or else */
	LURE_GREETING,  /* to nobody by name */
	LURE_MATTERS,
};

struct lure_row {
	enum lure_matter matter;
	float bits;
	const char *phrases; /* separated by "|" */
};

/* What stands for a sender who has no name: a function that the recipient's own house has (HOUSE; MAIL: over its mail), or that anybody may have */
enum sender_role { ROLE_NONE, ROLE_NOBODY, ROLE_HOUSE, ROLE_MAIL, ROLES };
extern const char *const role_names[ROLES]; /* separated by "|" */

extern const struct lure_row lure_rows[];
extern const size_t lure_rows_count;
/* what the matter says, for people (msgid); NULL for those that only add to others */
const char *lure_sentence(enum lure_matter matter);

/* phrases of notices on a locked account; so many different ones of them and a mail poses as such a notice */
enum { NOTICE_PHRASES_LEAST = 3 };
extern const char *const notice_phrases[];
extern const size_t notice_phrases_count;
#endif

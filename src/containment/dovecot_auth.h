/* SPDX-License-Identifier: Apache-2.0 */
/* One line that Dovecot's auth socket says to a client (the Dovecot authentication protocol, version 1.x): words with tabs between
 * them. */
#ifndef SEKISHO_CONTAINMENT_DOVECOT_AUTH_H
#define SEKISHO_CONTAINMENT_DOVECOT_AUTH_H
#include "containment/dovecot.h"

enum dovecot_auth_kind {
	AUTH_VERSION, /* 1.x */
	AUTH_PLAIN,   /* the mechanism PLAIN is there */
	AUTH_DONE,    /* the greeting is over */
	AUTH_VERDICT, /* of a login */
	AUTH_OTHER,   /* what need not be known */
};

struct dovecot_auth_line {
	enum dovecot_auth_kind kind;
	uint32_t id; /* of AUTH_VERDICT, as all below */
	enum dovecot_trial trial;
	char says[DOVECOT_SAYS_MAX];
};

/* false for one that breaks the protocol, or wants more of a login than PLAIN has */
bool dovecot_auth_parse(struct text line, struct dovecot_auth_line *parsed) __attribute__((warn_unused_result));
#endif

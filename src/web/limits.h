/* SPDX-License-Identifier: Apache-2.0 */
/* How often one address may ask for what, in memory that never grows: counters that leak, found by keyed hashes of the address (of the
 * /64, for IPv6), several for each; the lowest counts. So strangers who share one are hardly ever held against each other, and nobody can
 * choose whom they share with. One thread. */
#ifndef SEKISHO_WEB_LIMITS_H
#define SEKISHO_WEB_LIMITS_H
#include "base/ip.h"

enum limit_kind {
	LIMIT_REQUEST, /* anything */
	LIMIT_CODE,    /* codes asked for */
	LIMIT_TRY,     /* codes tried, of owners and of notices */
	LIMIT_PANEL,   /* words of the panel */
	LIMIT_CHANGE,  /* new passwords */
	LIMIT_KINDS
};

struct limits;

struct limits *limits_new(void);
void limits_free(struct limits *limits);
/* counts this one, too; false: too many */
bool limits_allow(struct limits *limits, enum limit_kind kind, const struct ip *ip, int64_t now_us) __attribute__((warn_unused_result));
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The beginning of a queue file of Postfix: records of a type (one byte), a length (seven bits a byte, the lowest first)
 * and as many bytes. What strangers chose (a sender, a login that does not exist here) stands in records like the rest; none of it
 * can make another record. */
#ifndef SEKISHO_HELPER_ENVELOPE_H
#define SEKISHO_HELPER_ENVELOPE_H
#include "base/text.h"

enum { ENVELOPE_HEAD_BYTES = 8192 }; /* all that is looked for stands within, but for absurd senders */

/* views of the head */
struct envelope {
	int64_t arrival_s;    /* the transaction began */
	uint64_t recipients;  /* of the message when it was queued */
	struct text sender, login; /* empty: the null sender, nobody logged in, or beyond the head */
};

/* false where there is no arrival time: it is no queue file */
bool envelope_parse(struct text head, struct envelope *envelope) __attribute__((warn_unused_result));
#endif

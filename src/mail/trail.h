/* SPDX-License-Identifier: Apache-2.0 */
/* The trail that a mail left on its way: the queue ids that servers gave it (Received, RFC 5321 4.4; X-Postfix-Queue-ID in
 * delivery reports), and Message-IDs (RFC 5322 3.6.4), also those of mails within it, as bounces and complaints have them.
 * Whatever looks like such a header counts, in the order of the text: all of it may be forged, so it says where to look,
 * and nothing else. Texts are views into the mail. */
#ifndef SEKISHO_MAIL_TRAIL_H
#define SEKISHO_MAIL_TRAIL_H
#include "base/when.h"

enum {
	TRAIL_BYTES_MAX = 4 << 20, /* of a mail that are looked at */
	TRAIL_IDS_MAX = 64,
	TRAIL_ID_MAX = 250,        /* longer ones are passed over */
};

struct trail_id {
	struct text text;    /* a Message-ID stands without its brackets */
	int64_t t_us;        /* when that server says it had it; WHEN_NONE: it does not */
	bool is_message_id;
	struct text by;      /* of Received: the server that says so; empty where it does not say its name */
	bool local;          /* … and that it was handed in on that server itself, by a user or a program, without a connection */
};

/* how many; each is told once */
size_t trail_read(struct text mail, struct trail_id ids[TRAIL_IDS_MAX]);
/* a date of RFC 5322, with a comment behind it or not */
bool trail_date(struct text text, int64_t *t_us) __attribute__((warn_unused_result));
#endif

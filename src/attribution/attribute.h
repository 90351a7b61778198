/* SPDX-License-Identifier: Apache-2.0 */
/* Whose is a mail that came back? What it says of itself (mail/original.h) may be forged, so it only says where to look; the ledger
 * answers. In this order, the first that is found: the queue id near the mail's time, the Message-ID, the milter's trace header, the
 * Received chain, the sender. Only what the ledger has is certain, and only where the recipient that came back, if both know one, is among
 * those that the ledger has.
 *
 * Blocks on the ledger's files; one thread each. */
#ifndef SEKISHO_ATTRIBUTION_ATTRIBUTE_H
#define SEKISHO_ATTRIBUTION_ATTRIBUTE_H
#include "mail/inspection.h"
#include "store/ledger.h"

enum owner_verdict {
	OWNER_UNKNOWN,    /* older than the ledger, or the ledger cannot be asked */
	OWNER_HIJACKED,   /* we sent it, not from the owner's usual places */
	OWNER_OWN,        /* we sent it, from the owner's usual places */
	OWNER_SPOOFED,    /* it never passed here: backscatter */
	OWNER_WEB_SCRIPT, /* we sent it, and nobody had logged in: look at the site */
	OWNER_VERDICTS,
};

enum attribution_by { BY_NOTHING, BY_LEDGER, BY_TRACE_HEADER, BY_QUEUE_ID, BY_MESSAGE_ID, BY_RECEIVED, BY_FROM, BY_WAYS };

enum { ATTRIBUTION_ACCOUNT_MAX = 256 };

struct attribution {
	enum owner_verdict verdict;
	enum attribution_by by;
	bool certain;
	char account[ATTRIBUTION_ACCOUNT_MAX]; /* in its normal form; empty: not known */
	char queue_id[64];
	int64_t sent_us;   /* WHEN_NONE: not known */
	struct ip ip;      /* from where it was given to us */
	bool has_ip;
	char why[512];     /* a sentence, in the language of the reader: the evidence, and what helps */
};

struct attribution_hosts {
	const struct text *names; /* our own servers, as they stand in Received: "mx.example.jp" */
	size_t count;
};

/* `ledger` may be NULL: then the sender is all there is, and nothing is certain. `to`: the recipients that came back. */
void attribute(struct ledger_reader *ledger, const struct attribution_hosts *hosts, const struct original *original, const struct text *to,
	       size_t to_count, struct attribution *attribution);

const char *owner_verdict_name(enum owner_verdict verdict);   /* "hijacked" */
const char *attribution_by_name(enum attribution_by by);      /* contracts.md: "ledger", "message_id" */
#endif

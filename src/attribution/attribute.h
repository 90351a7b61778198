/* SPDX-License-Identifier: Apache-2.0 */
/* Whose is a mail that came back? What it says of itself (mail/original.h, mail/trail.h) may be forged, so it only says where to
 * look; the ledger answers. In this order, the first that is certain, else the first that is found:
 *
 *   the queue id, near the mail's time      the Message-ID      the milter's signed header
 *   queue ids of the Received chain         what the sender wrote to that recipient within an hour of the mail's date
 *   a server of ours in the chain, which took it without a login
 *   the sender's name: then only whether it is spoofed can be said
 *
 * Certain is what the ledger has under an id that fits in time, and where the recipient that came back, if both know one, is among those
 * that the ledger has: whoever once got a mail from here knows its ids, but no other recipients. By sender and recipient alone it is
 * only certain where no ids came back. It is certainly spoofed where
 * servers of others say they had it, at a time that the ledger has, and the ledger has none of their ids.
 *
 * Blocks on the ledger's files; one thread at a time. */
#ifndef SEKISHO_ATTRIBUTION_ATTRIBUTE_H
#define SEKISHO_ATTRIBUTION_ATTRIBUTE_H
#include "attribution/seal.h"
#include "mail/trail.h"
#include "store/ledger.h"

enum owner_verdict {
	OWNER_UNKNOWN,    /* older than the ledger, nothing to look for, or the ledger cannot be asked */
	OWNER_HIJACKED,   /* we sent it, not from the owner's usual places */
	OWNER_OWN,        /* we sent it, from the owner's usual places */
	OWNER_SPOOFED,    /* it never passed here: backscatter */
	OWNER_WEB_SCRIPT, /* we sent it, and nobody had logged in: look at the site */
	OWNER_VERDICTS,
};

enum attribution_by { BY_NOTHING, BY_LEDGER, BY_TRACE_HEADER, BY_QUEUE_ID, BY_MESSAGE_ID, BY_RECEIVED, BY_FROM, BY_WAYS };

enum {
	ATTRIBUTION_ACCOUNT_MAX = SEAL_ACCOUNT_MAX,
	ATTRIBUTION_ROWS_MAX = 20000, /* of the sender's that are looked at for a recipient */
};
#define ATTRIBUTION_NEAR_US (2 * DAY_US) /* a queue id further from its time is another mail's */
#define ATTRIBUTION_DATE_US HOUR_US      /* the same where only sender and recipient are known */

/* what we know; all of it may be missing, then nothing is certain */
struct attribution_ground {
	struct ledger_reader *ledger;
	char *const *hosts;        /* our own servers' names, as they stand in Received */
	size_t host_count;
	int64_t now_us;            /* for mails without a date */
	/* the number of the incident in which this was the attacker's mail, 0 for none */
	uint64_t (*incident_of)(void *context, const struct ledger_row *row);
	bool (*verify)(void *context, struct text trace, struct seal *seal); /* is the milter's header genuine? NULL: none is */
	void *context;
};

/* what came back says */
struct attribution_question {
	struct text queue_id, message_id, from, trace;
	int64_t date_us;             /* WHEN_NONE: not known */
	const struct trail_id *trail; /* of the original alone: the ids of the report itself are those of somebody else's mail */
	size_t trail_count;
	const struct text *to;       /* the recipients that came back */
	size_t to_count;
	bool *fits;                  /* NULL, or as long as `to`: true where the ledger has that recipient, or kept none to compare */
};

struct attribution {
	enum owner_verdict verdict;
	enum attribution_by by;
	bool certain;
	char account[ATTRIBUTION_ACCOUNT_MAX]; /* in its normal form; empty: not known */
	char queue_id[64];
	int64_t sent_us;      /* WHEN_NONE: not known */
	struct ip ip;         /* from where it was given to us; may be unknown */
	uint32_t recipients;  /* of that mail */
	uint8_t familiar;     /* enum profile_familiar of the source */
	uint64_t incident;    /* 0: none */
	bool other_recipient; /* the one that came back is not among them */
	int64_t ledger_us;    /* the ledger goes back to this; WHEN_NONE: it was not asked, or is empty */
	uint32_t looked_for;  /* ids that were asked for */
};

/* false where the ledger cannot be read: *attribution is then OWNER_UNKNOWN, as far as it got */
bool attribute(const struct attribution_ground *ground, const struct attribution_question *question, struct attribution *attribution,
	       struct error *error);

/* the evidence, and what helps, in one or two sentences in the language of the reader */
void attribution_say(const struct attribution *attribution, char *to, size_t size);

const char *owner_verdict_name(enum owner_verdict verdict);   /* "hijacked", "unknown" */
const char *attribution_by_name(enum attribution_by by);      /* contracts.md: "ledger", "message_id"; "" for BY_NOTHING */
/* the reverse; OWNER_UNKNOWN and BY_NOTHING for others */
enum owner_verdict owner_verdict_of(struct text name);
enum attribution_by attribution_by_of(struct text name);
#endif

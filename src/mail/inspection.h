/* SPDX-License-Identifier: Apache-2.0 */
/* What one mail is, whose it is about, and what it proves (contracts.md, `inspect`). `inspect_mail` asks, in this order, and the
 * first that knows the mail decides its kind:
 *
 *   a challenge of a spam filter                                 mail/challenge.h  challenge
 *   a delivery report or a bounce in some server's own words     mail/bounce.h     bounce, delay, delivered
 *   a complaint: ARF, XARF, JMRP, or a person's own words        mail/complaint.h  complaint
 *   an answer of a machine                                       mail/auto_reply.h auto_reply
 *   a notice that imitates a provider's or ours                  mail/phishing.h   notice
 *   none of them                                                                   other
 *
 * What it is about (`original`) and signs of phishing are looked for whatever the kind; in what came back too, since that is
 * what the account sent.
 *
 * Everything lives in the message's arena: good until its next message_read. Absent texts are empty. */
#ifndef SEKISHO_MAIL_INSPECTION_H
#define SEKISHO_MAIL_INSPECTION_H
#include "base/ip.h"
#include "base/when.h"
#include "mail/message.h"

enum mail_kind { MAIL_OTHER, MAIL_BOUNCE, MAIL_DELAY, MAIL_DELIVERED, MAIL_AUTO_REPLY, MAIL_COMPLAINT, MAIL_CHALLENGE, MAIL_NOTICE };

/* why a recipient was not reached; names are those of contracts.md (`return_reason_name`) */
enum return_reason {
	RETURN_NONE, /* delivered, or nothing known to have failed */
	RETURN_USER_UNKNOWN, RETURN_HOST_UNKNOWN, RETURN_MAILBOX_FULL, RETURN_MAILBOX_DISABLED, RETURN_BLOCKED, RETURN_SPAM, RETURN_POLICY,
	RETURN_AUTH_FAILURE, RETURN_TOO_BIG, RETURN_CONTENT, RETURN_RATE_LIMITED, RETURN_SYSTEM, RETURN_NETWORK, RETURN_EXPIRED,
	RETURN_RELAYING_DENIED, RETURN_NO_SUCH_RELAY, RETURN_MOVED, RETURN_OTHER,
	RETURN_REASONS,
};

enum return_action { RETURN_FAILED, RETURN_DELAYED, RETURN_DELIVERED, RETURN_RELAYED, RETURN_EXPANDED }; /* RFC 3464 2.3.3 */

enum { RETURNED_MAX = 1000, ORIGINAL_IDS_MAX = 16 }; /* recipients of one report; queue ids of one mail */

/* one recipient of a report */
struct returned {
	struct text address, original_address;
	struct text status;      /* RFC 3463, "5.1.1" */
	int smtp_code;           /* RFC 5321 4.2, 0: not known */
	enum return_action action;
	bool permanent;
	enum return_reason reason;
	struct text remote_mta;  /* a host's name, or an address */
	struct text diagnostic;  /* what the server said, one line */
};

/* the mail that it is about */
struct original {
	struct text message_id;  /* without its brackets */
	struct text queue_id, from, to, subject, date, auth_user; /* from and to: addresses */
	const struct text *queue_ids; /* all that its servers gave it: the likeliest to be ours first, `queue_id` is the first */
	size_t queue_id_count;
	struct text trace;       /* the value of the milter's signed header, where it came back */
	bool has_ip;
	struct ip received_from_ip; /* who gave it to the first server that names a client */
	int64_t date_us;         /* WHEN_NONE: not known */
	int part;                /* number of the part that holds it, or -1 */
	struct text body;        /* what of its text came back */
};

enum auto_reply_kind { AUTO_REPLY_VACATION, AUTO_REPLY_ADDRESS_CHANGED, AUTO_REPLY_OTHER };
struct auto_reply {
	enum auto_reply_kind kind;
	struct text new_address;
};

enum complaint_format { COMPLAINT_ARF, COMPLAINT_XARF, COMPLAINT_FREEFORM, COMPLAINT_JMRP };
enum { COMPLAINT_ACCOUNTS_MAX = 64 };
struct complaint {
	enum complaint_format format;
	const char *type;        /* a word of contracts.md, static */
	bool has_ip;
	struct ip source_ip;
	struct text reported_domain;
	int64_t arrival_us;      /* WHEN_NONE: not said */
	const struct text *accounts; /* addresses that may be meant, the likeliest first */
	size_t account_count;
};

/* one reason to call it phishing */
struct phishing_sign {
	const char *name;        /* a stable word, static */
	float bits;
	struct text text;        /* a sentence for people, in the language of the reader; links in it are defanged */
};
enum { PHISHING_SIGNS_MAX = 32, PHISHING_URLS_MAX = 64 };
struct phishing {
	float bits;              /* 0: nothing speaks for it */
	const struct phishing_sign *signs; /* the heaviest first */
	size_t sign_count;
	const struct text *urls; /* defanged, each once */
	size_t url_count;
};

struct inspection {
	enum mail_kind kind;
	const struct returned *recipients;
	size_t recipient_count;
	struct original original;
	struct auto_reply auto_reply;   /* of MAIL_AUTO_REPLY */
	struct complaint complaint;     /* of MAIL_COMPLAINT */
	struct phishing phishing;       /* of the mail itself */
	struct phishing returned_phishing; /* of the original, which an account of ours may have sent */
	const char *family;             /* who wrote the report, "postfix"; NULL: not known */
	bool cut;                       /* something was beyond a limit (message_cut) */
};

struct phishing_rules; /* mail/phishing.h */

/* false, with a sentence, where it is no mail; *inspection is then MAIL_OTHER. `rules` may be NULL: no domain
 * but those of the brands is official. */
bool inspect_mail(struct message *message, struct text bytes, const struct phishing_rules *rules, struct inspection *inspection,
		  struct error *error) __attribute__((warn_unused_result));

const char *mail_kind_name(enum mail_kind kind);
const char *return_reason_name(enum return_reason reason);
const char *return_action_name(enum return_action action);
const char *auto_reply_kind_name(enum auto_reply_kind kind);
const char *complaint_format_name(enum complaint_format format);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The one form of everything that happens to an account, whoever saw it: a line of a log, a policy request,
 * a line of a trace. Events are values; the pointers in one are borrowed for the call.
 *
 * Texts that are only ever compared (recipients, senders, subjects, client software) are carried as hashes. */
#ifndef SEKISHO_EVENT_EVENT_H
#define SEKISHO_EVENT_EVENT_H
#include "base/ip.h"
#include "base/when.h"

enum event_kind {
	EVENT_AUTH,       /* a login that worked or failed */
	EVENT_SUBMIT,     /* a message was accepted from an account */
	EVENT_OUTCOME,    /* one recipient of such a message: sent, bounced, deferred */
	EVENT_BOUNCE,     /* a bounce came in from outside */
	EVENT_AUTO_REPLY,
	EVENT_COMPLAINT,
	EVENT_VERIFIED,   /* the owner proved who they are, or has a new password */
	EVENT_TICK,       /* time passes */
	EVENT_CONTENT,    /* a message that was accepted was read; what was found is `spam` */
	EVENT_KINDS,
};

enum event_protocol { PROTOCOL_UNKNOWN, PROTOCOL_SMTP, PROTOCOL_IMAP, PROTOCOL_POP3, PROTOCOL_WEBMAIL, PROTOCOL_SIEVE };
enum event_result { RESULT_SENT, RESULT_BOUNCED, RESULT_DEFERRED };

/* why a recipient failed, as far as the detector cares */
enum event_reason {
	REASON_NONE,
	REASON_UNKNOWN_USER, /* 5.1.x and its wordings: invented or dead addresses */
	REASON_SPAM,         /* refused for content or reputation */
	REASON_OTHER,        /* full, greylisted, network: says nothing about the sender */
};

/* AUTH that failed: with a password that failed on this account before? Told by who knows what was tried (state/wrong_passwords.h). */
enum event_repeat { REPEAT_NOT, REPEAT_ELSEWHERE, REPEAT_HERE /* … from this very network */ };

enum { ACCOUNT_NONE = 0 };

/* where an address is: filled in by the geo room, or by whoever made the event */
struct event_place {
	char country[2]; /* ISO 3166-1, "\0\0" unknown */
	uint32_t asn;    /* 0 unknown */
};

enum event_net { NET_UNKNOWN, NET_ISP, NET_MOBILE, NET_OFFICE, NET_HOSTING };

/* what a live gate or a trace knows of a login or a message, and a log does not. Hashes; 0 where unknown. */
struct event_detail {
	const uint64_t *rcpts;  /* SUBMIT: the recipients, each once */
	uint32_t rcpt_count;
	uint32_t client;        /* software */
	uint64_t subject, link; /* SUBMIT: subject, and the first domain that it links to */
	uint8_t net;            /* kind of network */
	bool foreign_from;      /* SUBMIT: sent under another name than the account's own */
	uint32_t dead_before;   /* OUTCOME: dead recipients of the same message so far */
	bool filtered;          /* SUBMIT: a content filter looked at it; its word is `spam` */
};

struct event {
	int64_t t_us;
	uint8_t kind, protocol, result, reason;
	uint8_t repeat;    /* AUTH: enum event_repeat */
	bool ok;           /* AUTH */
	bool again;        /* OUTCOME: this recipient had a first outcome before */
	bool late;         /* … another server had taken it, and sent it back */
	bool unannounced;  /* OUTCOME: the submission did not say how many recipients there are; this is one of them */
	bool place_silent; /* the address says nothing about the client: webmail host, content filter */
	bool spam;         /* SUBMIT: word of an upstream content filter; CONTENT: it is phishing; OUTCOME, BOUNCE, COMPLAINT: … what came back is */
	bool listed;       /* OUTCOME: the submission named its recipients */
	uint32_t count;    /* AUTH: attempts in this line; SUBMIT: recipients announced */
	uint32_t account;  /* id in struct accounts; ACCOUNT_NONE for a name that is no account of ours */
	uint32_t message;  /* number of the message in this run, from 1; 0: it never passed here */
	struct event_place place;
	uint64_t account_key; /* hash of the normal form, also where `account` is none */
	uint64_t rcpt;        /* OUTCOME, BOUNCE: hash of the recipient */
	uint64_t from;        /* SUBMIT: hash of the envelope sender */
	struct ip ip;
	const struct event_detail *detail; /* NULL where there is none */
};
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The world of bench/maillog.c: networks, names, and what the servers say. */
#ifndef SEKISHO_BENCH_MAILLOG_WORLD_H
#define SEKISHO_BENCH_MAILLOG_WORLD_H
#include <stdint.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define SECOND ((int64_t)1000000) /* microseconds */
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

enum kind {
	IMAP, POP3, INBOUND, SUBMIT, GUESS, WRONG, POSTSCREEN, REJECT, PROBE, BACKSCATTER, /* drawn by their shares */
	DELIVER, RETURN, RETURN_AWAY, ATTACK, ARRIVAL,
};

struct network {
	uint16_t high; /* the upper half of its addresses */
	const char *name;
};

/* ---- the world. /16 networks as their registries have them, so that a geo database agrees */
#define NET(a, b, name) { (a) << 8 | (b), name }
static const struct network homes[] = {
	NET(153, 160, "ocn"), NET(126, 15, "softbank"), NET(118, 238, "so-net"), NET(60, 56, "eonet"),
	NET(133, 209, "biglobe"), NET(210, 20, "jcom"), NET(87, 140, "dtag"), NET(73, 42, "comcast"),
	NET(90, 12, "orange"), NET(86, 150, "bt"),
};
static const struct network mobiles[] = { /* of the same countries, row by row */
	NET(1, 66, "spmode"), NET(126, 208, "softbank-mobile"), NET(106, 133, "au-net"), NET(49, 98, "spmode"),
	NET(106, 133, "au-net"), NET(1, 72, "spmode"), NET(80, 187, "dtag-mobile"), NET(172, 56, "tmobile"),
	NET(92, 184, "orange-mobile"), NET(213, 205, "ee"),
};
static const struct network abroad[] = { NET(58, 96, "exetel"), NET(124, 120, "trueinternet"), NET(61, 216, "hinet") };
static const struct network botnet[] = {
	NET(177, 25, "vivo"), NET(187, 56, "vivo"), NET(14, 161, "vnpt"), NET(113, 160, "vnpt"), NET(117, 195, "bsnl"),
	NET(95, 28, "beeline"), NET(36, 70, "telkom"), NET(181, 45, "telecentro"), NET(181, 51, "telmex"),
	NET(41, 34, "tedata"), NET(105, 112, "airtel"), NET(46, 118, "kyivstar"), NET(83, 8, "orange-pl"),
	NET(78, 165, "ttnet"), NET(179, 6, "claro"), NET(105, 66, "wana"),
};
static const char *const given[] = {
	"sato", "suzuki", "takahashi", "tanaka", "ito", "h.watanabe", "yamamoto", "nakamura", "k.kobayashi", "kato", "yoshida",
	"info", "yamada", "m.sasaki", "yuki", "haruka", "kenji", "shop", "naoko", "anna", "b.meier", "claire", "david", "office",
};
static const char *const ours[] = {
	"kumo.example.jp", "hana-dental.example.jp", "minato.example.jp", "fuji-print.example.jp", "koto.example.com",
	"sakura-club.example.jp", "yama.example.com", "ishikawa.example.jp", "umi.example.jp", "tsubame.example.com",
	"matsu-law.example.jp", "hoshi.example.jp", "kaze.example.com",
};
static const char *const theirs[] = {
	"freemail.example.net", "keitai.example.net", "bigmail.example.org", "uni.example.org", "bank.example.net",
	"post.example.org", "town.example.net", "webmail.example.org", "works.example.net", "school.example.org",
	"telecom.example.net",
};
static const uint8_t rhythm[24] = { 4, 3, 2, 2, 2, 3, 5, 8, 13, 16, 16, 15, 13, 15, 16, 15, 14, 13, 12, 11, 10, 9, 8, 6 };

/* ---- what they say. The letters behind '%' are explained at put_field(); a line that begins with '?' is said
 * in three of four sessions */
static const char *const say_imap[] = {
	"dovecot: imap-login: Login: user=<%a>, method=PLAIN, rip=%i, lip=192.0.2.25, mpid=%p, TLS, session=<%s>",
	"dovecot: imap(%a)<%p><%s>: Disconnected: Logged out in=%4 out=%6 deleted=%1 expunged=%1 trashed=0 hdr_count=%2 "
	"hdr_bytes=%5 body_count=%1 body_bytes=%6",
	NULL };
static const char *const say_pop3[] = {
	"dovecot: pop3-login: Login: user=<%a>, method=PLAIN, rip=%i, lip=192.0.2.25, mpid=%p, TLS, session=<%s>",
	"dovecot: pop3(%a)<%p><%s>: Disconnected: Logged out top=0/0, retr=%1/%6, del=%1/%3, size=%7", NULL };
static const char *const say_inbound[] = {
	"postfix/smtpd[%p]: connect from %h[%i]",
	"?postfix/smtpd[%p]: Anonymous TLS connection established from %h[%i]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 "
	"(256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256",
	"postfix/smtpd[%p]: %q: client=%h[%i]",
	"postfix/cleanup[%c]: %q: message-id=<%s@%m>",
	"postfix/qmgr[1177]: %q: from=<%t>, size=%5, nrcpt=1 (queue active)",
	"postfix/smtpd[%p]: disconnect from %h[%i] ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7",
	"dovecot: lmtp(%a)<%c><%s>: sieve: msgid=<%s@%m>: stored mail into mailbox 'INBOX'",
	"postfix/lmtp[%c]: %q: to=<%a>, relay=mx1.kumo.example.jp[private/dovecot-lmtp], delay=1.%2, delays=0.9/0/0.01/0.%2, "
	"dsn=2.0.0, status=sent (250 2.0.0 <%a> %s Saved)",
	"postfix/qmgr[1177]: %q: removed", NULL };
static const char *const say_backscatter[] = {
	"postfix/smtpd[%p]: connect from %h[%i]",
	"postfix/smtpd[%p]: %q: client=%h[%i]",
	"postfix/cleanup[%c]: %q: message-id=<%s@%m>",
	"postfix/qmgr[1177]: %q: from=<>, size=%4, nrcpt=1 (queue active)",
	"postfix/smtpd[%p]: disconnect from %h[%i] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5",
	"postfix/lmtp[%c]: %q: to=<%a>, relay=mx1.kumo.example.jp[private/dovecot-lmtp], delay=0.%2, delays=0.2/0/0.01/0.%2, "
	"dsn=2.0.0, status=sent (250 2.0.0 <%a> %s Saved)",
	"postfix/qmgr[1177]: %q: removed", NULL };
static const char *const say_guess[] = {
	"postfix/submission/smtpd[%p]: connect from %h[%i]",
	"postfix/submission/smtpd[%p]: warning: %h[%i]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=%a",
	"?postfix/submission/smtpd[%p]: lost connection after AUTH from %h[%i]",
	"postfix/submission/smtpd[%p]: disconnect from %h[%i] ehlo=1 auth=0/1 commands=1/2", NULL };
static const char *const say_wrong[] = {
	"?dovecot: auth: passwd-file(%a,%i,<%s>): Password mismatch",
	"dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in %1 secs): user=<%a>, method=PLAIN, "
	"rip=%i, lip=192.0.2.25, TLS, session=<%s>",
	NULL };
static const char *const say_postscreen[] = {
	"postfix/postscreen[1301]: CONNECT from [%i]:%4 to [192.0.2.25]:25",
	"postfix/dnsblog[%c]: addr %i listed by domain dnsbl.example.org as 127.0.0.4",
	"postfix/postscreen[1301]: DNSBL rank 4 for [%i]:%4",
	"?postfix/postscreen[1301]: NOQUEUE: reject: RCPT from [%i]:%4: 550 5.7.1 Service unavailable; client [%i] blocked using "
	"dnsbl.example.org; from=<%t>, to=<%a>, proto=ESMTP, helo=<%m>",
	"postfix/postscreen[1301]: DISCONNECT [%i]:%4", NULL };
static const char *const say_reject[] = {
	"postfix/smtpd[%p]: connect from %h[%i]",
	"?postfix/smtpd[%p]: warning: hostname %m does not resolve to address %i: Name or service not known",
	"postfix/smtpd[%p]: NOQUEUE: reject: RCPT from %h[%i]: 550 5.1.1 <%a>: Recipient address rejected: User unknown in "
	"virtual mailbox table; from=<%t> to=<%a> proto=ESMTP helo=<%m>",
	"postfix/smtpd[%p]: disconnect from %h[%i] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4", NULL };
static const char *const say_probe[] = {
	"postfix/smtpd[%p]: connect from %h[%i]",
	"postfix/smtpd[%p]: lost connection after EHLO from %h[%i]",
	"postfix/smtpd[%p]: disconnect from %h[%i] ehlo=1 commands=1", NULL };
/* a bounce of our own mail on its way into the sender's mailbox */
static const char *const say_return[] = {
	"postfix/cleanup[%c]: %q: message-id=<%q@mx1.kumo.example.jp>",
	"postfix/bounce[%c]: %Q: sender non-delivery notification: %q",
	"postfix/qmgr[1177]: %q: from=<>, size=%4, nrcpt=1 (queue active)",
	"postfix/lmtp[%c]: %q: to=<%a>, relay=mx1.kumo.example.jp[private/dovecot-lmtp], delay=0.%2, delays=0/0/0.01/0.%2, "
	"dsn=2.0.0, status=sent (250 2.0.0 <%a> %s Saved)",
	"postfix/qmgr[1177]: %q: removed", NULL };

static const char *const say_return_away[] = {
	"postfix/cleanup[%c]: %q: message-id=<%q@mx1.kumo.example.jp>",
	"postfix/bounce[%c]: %Q: sender non-delivery notification: %q",
	"postfix/qmgr[1177]: %q: from=<>, size=%4, nrcpt=1 (queue active)",
	"postfix/smtp[%c]: %q: to=<%t>, relay=%m[203.0.113.%n]:25, delay=1.%2, delays=0.1/0/0.5/0.%2, dsn=2.0.0, "
	"status=sent (250 2.0.0 Ok: queued as %s)",
	"postfix/qmgr[1177]: %q: removed", NULL };

/* the session's share in a thousand arrivals, its script, and the longest wait between two of its lines */
static const struct {
	int share;
	const char *const *script;
	int64_t gap_us;
} plain[] = {
	[IMAP] = { 340, say_imap, 10 * MINUTE },    [POP3] = { 50, say_pop3, 4 * SECOND },
	[INBOUND] = { 160, say_inbound, SECOND },   [SUBMIT] = { 125, NULL, 0 },
	[GUESS] = { 85, say_guess, 5 * SECOND },    [WRONG] = { 77, say_wrong, 2 * SECOND },
	[POSTSCREEN] = { 70, say_postscreen, 6 * SECOND }, [REJECT] = { 60, say_reject, SECOND },
	[PROBE] = { 30, say_probe, 10 * SECOND },   [BACKSCATTER] = { 3, say_backscatter, SECOND },
	[DELIVER] = { 0, NULL, 0 },                 [RETURN] = { 0, say_return, SECOND / 2 },
	[RETURN_AWAY] = { 0, say_return_away, SECOND / 2 },
};

static const char *const say_sent =
	"postfix/smtp[%c]: %q: to=<%t>, relay=%m[203.0.113.%n]:25, delay=1.%2, delays=0.1/0/0.5/0.%2, dsn=2.0.0, "
	"status=sent (250 2.0.0 Ok: queued as %s)";
static const char *const say_stored =
	"postfix/lmtp[%c]: %q: to=<%o>, relay=mx1.kumo.example.jp[private/dovecot-lmtp], delay=0.%2, delays=0.1/0/0.01/0.%2, "
	"dsn=2.0.0, status=sent (250 2.0.0 <%o> %s Saved)";
static const char *const say_unknown[] = {
	"postfix/smtp[%c]: %q: to=<%t>, relay=%m[203.0.113.%n]:25, delay=1.%2, delays=0.1/0/0.5/0.%2, dsn=5.1.1, "
	"status=bounced (host %m[203.0.113.%n] said: 550 5.1.1 <%t>: Recipient address rejected: User unknown "
	"(in reply to RCPT TO command))",
	"postfix/smtp[%c]: %q: to=<%t>, relay=%m[203.0.113.%n]:25, delay=0.%2, delays=0.1/0/0.3/0.%2, dsn=5.1.1, "
	"status=bounced (host %m[203.0.113.%n] said: 550-5.1.1 The address that you wrote to has no mailbox here. Please look "
	"for typing errors 550 5.1.1 in <%t> and try again %s (in reply to RCPT TO command))",
	("postfix/smtp[%c]: %q: to=<%t>, relay=%m[203.0.113.%n]:25, delay=2.%2, delays=0.1/0/0.8/0.%2, dsn=5.0.0, "
	 "status=bounced (host %m[203.0.113.%n] said: 550 Unknown user %t (in reply to RCPT TO command))"),
};
static const char *const say_spam =
	"postfix/smtp[%c]: %q: to=<%t>, relay=%m[203.0.113.%n]:25, delay=3.%2, delays=0.1/0/0.5/2.%2, dsn=5.7.1, "
	"status=bounced (host %m[203.0.113.%n] said: 554 5.7.1 Message refused: it looks like spam %s (in reply to end of DATA "
	"command))";
static const char *const say_deferred[] = {
	"postfix/smtp[%c]: %q: to=<%t>, relay=%m[203.0.113.%n]:25, delay=%4, delays=%3/0.01/0.5/0.%2, dsn=4.7.1, "
	"status=deferred (host %m[203.0.113.%n] said: 450 4.7.1 <%t>: Recipient address rejected: Greylisted, please try again "
	"later (in reply to RCPT TO command))",
	"postfix/smtp[%c]: %q: to=<%t>, relay=%m[203.0.113.%n]:25, delay=%4, delays=%3/0.01/0.5/0.%2, dsn=4.7.0, "
	"status=deferred (host %m[203.0.113.%n] said: 421 4.7.0 Too many messages from 192.0.2.25, slow down "
	"(in reply to MAIL FROM command))",
};
#endif

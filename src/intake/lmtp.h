/* SPDX-License-Identifier: Apache-2.0 */
/* One session of LMTP (RFC 2033), the server's side, without any I/O: for mail of abuse@ and postmaster@, and for copies of bounces.
 * Whoever it is for is taken; what is to become of the mail its keeper says when it is whole, and each recipient is then answered alike.
 *
 * The end of a mail is CRLF, a dot, CRLF, and nothing else (so that nobody smuggles a second one in). Of a mail longer than
 * LMTP_MAIL_MAX the beginning is kept: it is a copy, and a refusal would only make one more bounce. */
#ifndef SEKISHO_INTAKE_LMTP_H
#define SEKISHO_INTAKE_LMTP_H
#include <stdbool.h>

#include "base/text.h"

enum {
	LMTP_LINE_MAX = 2048,
	LMTP_MAIL_MAX = 4 << 20,
	LMTP_RECIPIENTS_MAX = 100, /* of one mail; more are put off, as RFC 5321 4.5.3.1.10 has it */
	LMTP_FAULTS_MAX = 20,      /* commands that are none, until the session is ended */
};

struct lmtp_handler {
	void (*say)(void *context, struct text lines); /* to the client; with its line ends */
	void (*mail)(void *context, struct text bytes); /* whole: lmtp_answer is called at once or later; good until then */
	void *context;
};

struct lmtp;

/* says hello */
struct lmtp *lmtp_new(const struct lmtp_handler *handler);
void lmtp_free(struct lmtp *lmtp);
/* How many bytes it took: not all where a mail waits for its answer (the rest is to be given again), or the session is over. */
size_t lmtp_take(struct lmtp *lmtp, struct text bytes);
/* `taken` false: the client keeps it and tries again */
void lmtp_answer(struct lmtp *lmtp, bool taken);
bool lmtp_waits(const struct lmtp *lmtp);
bool lmtp_is_over(const struct lmtp *lmtp); /* to be closed once everything is said */
#endif

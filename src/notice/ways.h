/* SPDX-License-Identifier: Apache-2.0 */
/* The ways by which a notice leaves the house: mail by SMTP (RFC 5321, with TLS unless the server is on this machine) or by sendmail(1), a
 * webhook, a command. Each try says what became of it: what is certain, and what is not. One thread.
 *
 * The webhook is a POST of JSON with
 *   Sekisho-Timestamp: <seconds since 1970>
 *   Sekisho-Signature: sha256=<hexadecimal HMAC-SHA256 of the timestamp, a dot, and the body>
 *   Idempotency-Key: <the notice's>, the same when it is sent again
 * The command gets the same JSON on its standard input; it has done its work where it ends with 0. */
#ifndef SEKISHO_NOTICE_WAYS_H
#define SEKISHO_NOTICE_WAYS_H
#include "config/config.h"

enum way_result {
	WAY_SENT,
	WAY_REFUSED, /* this address, or this mail, will never be taken */
	WAY_LATER,   /* for now; it was not sent */
	WAY_UNKNOWN, /* it may have been sent: the answer did not come */
};

enum { WAYS_SAYS_MAX = 200, WAYS_KEY_MAX = 256 };
#define WAYS_PATIENCE_US (60 * SECOND_US)

struct ways_outcome {
	enum way_result result;
	char says[WAYS_SAYS_MAX]; /* the server's answer, or what is wrong; no secret */
};

struct ways;

/* Reads the files with login and key. The config outlives it. */
struct ways *ways_new(const struct config *config, struct error *error) __attribute__((warn_unused_result));
void ways_free(struct ways *ways); /* wipes; NULL is fine */
/* Are all settings of notices right, the operator's texts among them? For the daemon and `config check`; a fault names file, line and setting. */
bool ways_check(const struct config *config, struct error *error) __attribute__((warn_unused_result));
/* Are the files there that only a notice on its way needs? For `config check`; one that this user may not see is left alone. */
bool ways_check_files(const struct config *config, struct error *error) __attribute__((warn_unused_result));
/* is there any way at all? */
bool ways_any(const struct config *config);
bool ways_has_mail(const struct config *config);

/* `about_to` is called before it can be taken: from then on nobody knows what became of it until the answer */
void ways_mail(struct ways *ways, const char *to, const char *letter, void (*about_to)(void *context), void *context,
	       struct ways_outcome *outcome);
void ways_webhook(struct ways *ways, const char *json, const char *key, int64_t now_us, void (*about_to)(void *context), void *context,
		  struct ways_outcome *outcome);
void ways_command(struct ways *ways, const char *json, void (*about_to)(void *context), void *context, struct ways_outcome *outcome);
/* of the timestamp and the body, in hexadecimal */
enum { WAYS_SIGNATURE_MAX = 65 };
void ways_sign(struct text key, int64_t seconds, struct text body, char signature[WAYS_SIGNATURE_MAX]);
#endif

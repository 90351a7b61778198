/* SPDX-License-Identifier: Apache-2.0 */
/* Postfix policy delegation (SMTPD_POLICY_README): a request is lines `name=value`, ended by an empty line; the answer is
 * `action=…` and an empty line. Any client may connect to the socket, so nothing here trusts it.
 *
 * policy_parse reads one request into views of it. A policy_letters gathers what RCPT said, for END-OF-MESSAGE, where
 * Postfix no longer names several recipients: by `instance`, at most POLICY_LETTERS_MAX messages and POLICY_LETTERS_BYTES
 * at a time, the longest silent forgotten first, and any that was silent for POLICY_LETTER_US; POLICY_RCPTS_MAX recipients
 * and POLICY_LETTER_BYTES each, what is beyond is left out.
 *
 * What strangers choose (sender, recipient, helo) may hold any byte but NUL: were that a fault, their mail would pass
 * unjudged. What the servers write themselves, sasl_username among it, holds no control characters. */
#ifndef SEKISHO_INTAKE_POLICY_H
#define SEKISHO_INTAKE_POLICY_H
#include "base/error.h"
#include "base/ip.h"
#include "base/when.h"

enum {
	POLICY_REQUEST_MAX = 64 * 1024, /* bytes, with the empty line */
	POLICY_VALUE_MAX = 8 * 1024,    /* of one value */
	POLICY_LETTERS_MAX = 65536,
	POLICY_LETTERS_BYTES = 64 * 1024 * 1024,
	POLICY_LETTER_BYTES = 4 * 1024 * 1024, /* of the recipients' texts */
	POLICY_RCPTS_MAX = 10000,
	POLICY_SESSIONS_MAX = 131072, /* remembered, twice over */
};
#define POLICY_LETTER_US (2 * HOUR_US)
#define POLICY_SESSION_US (30 * MINUTE_US) /* so long a silent session is remembered, at most twice as long */

enum policy_state { POLICY_OTHER, POLICY_RCPT, POLICY_DATA, POLICY_END_OF_MESSAGE };

/* views of the request */
struct policy_request {
	enum policy_state state;
	struct text login;       /* sasl_username, empty without one */
	struct text sender, recipient, queue_id, instance, helo, client_address, client_port;
	struct ip ip;            /* all zero where it is none */
	uint32_t recipient_count;
	uint64_t size_bytes;
	bool encrypted;
};

enum policy_found { POLICY_PARTIAL, POLICY_WHOLE, POLICY_FAULTY };

/* Looks for the first request in what came in. PARTIAL: its end has not come. WHOLE: *used bytes, with the empty line. FAULTY:
 * a sentence names the attribute; what follows cannot be trusted either. Of the first `known` bytes it is known that they
 * are PARTIAL. Lines may end in CRLF, unknown attributes are passed over, and of one that is said twice the last counts. */
enum policy_found policy_parse(struct text bytes, size_t known, struct policy_request *request, size_t *used,
			       struct error *error) __attribute__((warn_unused_result));

/* ---- recipients, by message */

struct policy_letters;

struct policy_letter {
	const struct text *rcpts; /* as they were said, each once */
	const uint64_t *hashes;   /* hash_text(HASH_FIXED, rcpt) | 1, as logs give them */
	uint32_t rcpt_count;      /* at most POLICY_RCPTS_MAX */
	bool session_begins;      /* nobody asked about this session (address, port, login) before */
};

struct policy_letters *policy_letters_new(void);
void policy_letters_free(struct policy_letters *letters);
/* tells of a RCPT; true when this is the first word of the session (its client, port and login) */
bool policy_letters_rcpt(struct policy_letters *letters, const struct policy_request *request, int64_t now_us);
/* takes what was gathered of that message; good until the next call. Where nothing was (the service came up in between)
 * it has the one recipient that END-OF-MESSAGE names, or none. */
struct policy_letter policy_letters_take(struct policy_letters *letters, const struct policy_request *request);
size_t policy_letters_bytes(const struct policy_letters *letters);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the milter writes into mail that somebody logged in to send, as X-Sekisho-Trace: which account, which queue id, when. Sealed under a
 * key of this server's (XSalsa20-Poly1305): nobody else can make one, and nobody else can read whose mail it is. It comes back in a bounce
 * or a complaint where queue id and Message-ID were cut off or rewritten.
 *
 * Whoever got a mail has its seal, and can put it into what he forges: it says where to look in the ledger, and the ledger decides, as with
 * a queue id (attribution/attribute.h).
 *
 *   1 <base64url of a random nonce and the box of: seconds since 1970, queue id, account> */
#ifndef SEKISHO_ATTRIBUTION_SEAL_H
#define SEKISHO_ATTRIBUTION_SEAL_H
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { SEAL_ACCOUNT_MAX = 256, SEAL_QUEUE_ID_MAX = 64, SEAL_KEY_BYTES = 32, SEAL_VALUE_MAX = 520 };

struct seal {
	char account[SEAL_ACCOUNT_MAX], queue_id[SEAL_QUEUE_ID_MAX];
	int64_t t_us; /* whole seconds */
};

/* false where a name is longer than there is room for; libsodium has to be ready */
bool seal_make(const unsigned char key[SEAL_KEY_BYTES], struct text account, struct text queue_id, int64_t t_us, char value[SEAL_VALUE_MAX])
	__attribute__((warn_unused_result));
/* as it came back, folded or not; false where it is none of ours */
bool seal_open(const unsigned char key[SEAL_KEY_BYTES], struct text value, struct seal *seal) __attribute__((warn_unused_result));
#endif

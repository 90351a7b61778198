/* SPDX-License-Identifier: Apache-2.0 */
/* What one try at a stored hash costs, as the hash itself says (crypt(5); PHC strings for Argon2), read before anything is tried: a hash
 * that asks for hours or gigabytes is not begun with. A try may take about a second of one core, and COST_MEMORY_MOST. */
#ifndef SEKISHO_PASSWORD_COST_H
#define SEKISHO_PASSWORD_COST_H
#include "base/text.h"

enum cost_form {
	COST_SOUND,
	COST_DAMAGED, /* no password has this hash: it is cut off, or none at all */
	COST_TOO_HIGH,
};

/* the most that is tried; usual are bcrypt 5 to 12, 5,000 to 656,000 rounds, 64 MiB */
enum {
	COST_BCRYPT_MOST = 14,
	COST_ROUNDS_MOST = 1000000, /* of SHA*-CRYPT, PBKDF2, SCRAM, and what else counts its rounds */
	COST_MEMORY_MOST = 256 << 20, /* bytes, of Argon2, scrypt and yescrypt */
	COST_PASSES_MOST = 4, /* over so much memory; more over less */
};

/* `us`: about so long a try takes on a core of today; for putting the quick before the slow. Set where it is COST_SOUND. */
enum cost_form cost_of_crypt(struct text hash, uint64_t *us) __attribute__((warn_unused_result));
enum cost_form cost_of_argon(struct text hash, uint64_t *us) __attribute__((warn_unused_result));
enum cost_form cost_of_rounds(uint64_t rounds, uint64_t *us) __attribute__((warn_unused_result));
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A password that works, and that a guesser would try among the first: seen at login. Dovecot hands over
 * SHA-256(nonce ‖ login ‖ 0x00 ‖ password) where auth_policy_hash_truncate is 0; whoever knows the nonce can hash the likely passwords of that
 * account (password/likely.h) himself and compare. Of Dovecot's usual 12 bits nothing is concluded: of 4,096 words one would fit anybody's
 * password.
 *
 * Tried on a thread of libuv's pool, one account at a time, once for each password of an account; while GUESSABLE_WAITING_MAX wait, more are
 * left for their next login. The hash is wiped as soon as it was tried; what is remembered is a 64-bit digest of it under a key of this
 * process, 9 bytes an account, to know that it is the same password still. What is told is by which rule it would be refused, and nothing
 * else. */
#ifndef SEKISHO_GATE_GUESSABLE_H
#define SEKISHO_GATE_GUESSABLE_H
#include <uv.h>

#include "password/likely.h"

enum { GUESSABLE_WAITING_MAX = 1000, GUESSABLE_NONCE_MAX = 256, GUESSABLE_HASH_DIGITS = 64 };

struct guessable;

/* `names`: the operator's, ends with NULL, outlives it. `nonce` is copied. `found`: on the loop, only where it is not as it was before;
 * PASSWORD_FAULTS: it cannot be guessed (any more). */
struct guessable *guessable_new(uv_loop_t *loop, const char *nonce, const char *const *names,
				void (*found)(void *context, uint32_t account, enum password_fault fault), void *context)
	__attribute__((malloc, returns_nonnull, warn_unused_result));
/* A login with this hash worked. `name`: the account's in its normal form; `login`: as it was hashed. False where that is no whole hash. */
bool guessable_login(struct guessable *guessable, uint32_t account, struct text name, struct text login, struct text pwhash);
/* as it was known before a restart; with PASSWORD_FAULTS: it has another password by now */
void guessable_note(struct guessable *guessable, uint32_t account, enum password_fault fault);
/* PASSWORD_FAULTS: none, or not known */
enum password_fault guessable_fault(const struct guessable *guessable, uint32_t account);
/* what is being tried is given up, and nobody is told any more. Frees itself once the loop has run. NULL is fine. */
void guessable_close(struct guessable *guessable);
#endif

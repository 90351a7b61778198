/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes of passwords as Dovecot writes them: "{SCHEME}hash" (doc.dovecot.org, Password Schemes). Made by libxcrypt and
 * libsodium, with a salt of their own each time; read by these and by nettle. Passwords are bytes without NUL, at most
 * PASSWORD_MAX of them. Whoever asks has called sodium_init. Copies that are made on the way are wiped. Nothing is kept.
 *
 * Not known are DIGEST-MD5, whose hash needs the name of the user, and OTP. */
#ifndef SEKISHO_PASSWORD_HASH_H
#define SEKISHO_PASSWORD_HASH_H
#include "base/error.h"
#include "base/text.h"
#include "password/cost.h"

enum { PASSWORD_MAX = 256, PASSWORD_HASH_MAX = 512 };

struct password_scheme {
	const char *name; /* without its braces: "SHA512-CRYPT" */
	bool weak;        /* quickly guessed: CRYPT with DES, MD5, SHA without rounds, PLAIN, … */
	/* `password` and `hash` end with NUL. NULL: can be read, and is not written any more. */
	bool (*make)(const char *password, unsigned long cost, char hash[PASSWORD_HASH_MAX], struct error *error);
	bool (*matches)(const char *password, const char *hash);
	enum cost_form (*look)(const struct password_scheme *scheme, struct text hash, uint64_t *us);
	/* of a digest, whose bytes are written in hexadecimal or base64; 0: what is stored is text */
	unsigned digest_bytes;
};

extern const struct password_scheme password_schemes[];
extern const size_t password_scheme_count;

/* without regard to capitals, with "BCRYPT" for BLF-CRYPT, and without an encoding (".HEX", ".B64", ".BASE64"); NULL where there is none */
const struct password_scheme *password_scheme_find(struct text name);
/* what is stored is the password itself, or its beginning: PLAIN, CLEAR, CLEARTEXT, PLAIN-TRUNC */
bool password_scheme_is_clear(const struct password_scheme *scheme);
/* `cost`: rounds of SHA*-CRYPT, the exponent of BLF-CRYPT, passes of ARGON2*, yescrypt's cost for CRYPT; 0: the usual. BLF-CRYPT
 * looks at 72 bytes alone, so more are refused. */
bool password_hash(const struct password_scheme *scheme, struct text password, unsigned long cost,
		   char stored[PASSWORD_HASH_MAX], struct error *error) __attribute__((warn_unused_result));

/* what is stored, made ready to be tried at; whoever has one wipes it */
struct password_stored {
	const struct password_scheme *scheme;
	char hash[PASSWORD_HASH_MAX]; /* without scheme and encoding */
	uint64_t us; /* about so long does a try take (password/cost.h) */
};

enum password_state { PASSWORD_READY, PASSWORD_UNKNOWN_SCHEME, PASSWORD_DAMAGED, PASSWORD_TOO_SLOW };
/* `stored` with its "{SCHEME}"; without one `usual` is its scheme (NULL: none). Nothing of it is tried. `read`: untouched but by
 * PASSWORD_READY, and its scheme where that is known. */
enum password_state password_read(struct text stored, const struct password_scheme *usual, struct password_stored *read)
	__attribute__((warn_unused_result));
/* the password itself, out of `stored`, where that is clear; empty: it is not */
struct text password_clear(const struct password_stored *stored);
/* takes as long as was read, which is about a second at most */
bool password_is(const struct password_stored *stored, struct text password) __attribute__((warn_unused_result));

enum password_match { PASSWORD_WRONG, PASSWORD_RIGHT, PASSWORD_NOT_TRIED };
/* both at once */
enum password_match password_matches(struct text password, struct text stored, const struct password_scheme *usual);
#endif

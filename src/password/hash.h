/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes of passwords as Dovecot writes them: "{SCHEME}hash" (doc.dovecot.org, Password Schemes). Made by libxcrypt and
 * libsodium, with a salt of their own each time. Passwords are bytes without NUL, at most PASSWORD_MAX of them. */
#ifndef SEKISHO_PASSWORD_HASH_H
#define SEKISHO_PASSWORD_HASH_H
#include "base/error.h"
#include "base/text.h"

enum { PASSWORD_MAX = 256, PASSWORD_HASH_MAX = 512 };

struct password_scheme {
	const char *name; /* without its braces: "SHA512-CRYPT" */
	bool weak;        /* can be read, and must not be written any more: CRYPT with DES, MD5, PLAIN, … */
	bool (*make)(struct text password, unsigned long cost, char hash[PASSWORD_HASH_MAX],
		     struct error *error); /* NULL: weak */
	bool (*matches)(struct text password, const char *hash);
};

extern const struct password_scheme password_schemes[];
extern const size_t password_scheme_count;

/* without regard to capitals; with "BCRYPT" for BLF-CRYPT; NULL where there is none. ".HEX" and ".B64" are not known. */
const struct password_scheme *password_scheme_find(struct text name);
/* `cost`: rounds of crypt, the exponent of BLF-CRYPT, the passes of ARGON2*; 0: the usual */
bool password_hash(const struct password_scheme *scheme, struct text password, unsigned long cost,
		   char stored[PASSWORD_HASH_MAX], struct error *error) __attribute__((warn_unused_result));

enum password_match { PASSWORD_WRONG, PASSWORD_RIGHT, PASSWORD_UNKNOWN_SCHEME };
/* `stored` with its "{SCHEME}"; without one `usual` is its scheme */
enum password_match password_matches(struct text password, struct text stored, const struct password_scheme *usual);
#endif

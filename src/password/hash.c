/* SPDX-License-Identifier: Apache-2.0 */
#include "password/hash.h"

#include <crypt.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "password/digest.h"

enum { BLF_BYTES = 72, BLF_COST = 10, PASSES = 3, PASSES_OF_I = 4 };

/* ---- crypt(3) */

/* NULL where libxcrypt takes no such setting; freed by crypt_done */
static const char *crypt_begin(const char *password, const char *setting, struct crypt_data **data)
{
	*data = memory_zero(1, sizeof **data);
	return crypt_rn(password, setting, *data, (int)sizeof **data);
}

static void crypt_done(struct crypt_data *data)
{
	explicit_bzero(data, sizeof *data);
	free(data);
}

static bool make_crypt(const char *prefix, const char *password, unsigned long cost, char hash[PASSWORD_HASH_MAX], struct error *error)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *data;
	const char *made;

	if (!crypt_gensalt_rn(prefix, cost, NULL, 0, setting, sizeof setting))
		return error_set(error, "a cost of %lu cannot be had: %s", cost, strerror(errno));
	made = crypt_begin(password, setting, &data);
	if (made)
		text_copy(hash, PASSWORD_HASH_MAX, text_of(made));
	else
		error_set(error, "crypt(3): %s", strerror(errno));
	crypt_done(data);
	return made != NULL;
}

static bool matches_crypt(const char *password, const char *hash)
{
	struct crypt_data *data;
	const char *made = crypt_begin(password, hash, &data);
	bool same = made && *hash && digest_is_same(made, strlen(made), hash, strlen(hash));

	crypt_done(data);
	return same;
}

static bool make_sha512_crypt(const char *password, unsigned long cost, char hash[PASSWORD_HASH_MAX], struct error *error)
{
	return make_crypt("$6$", password, cost, hash, error);
}

static bool make_sha256_crypt(const char *password, unsigned long cost, char hash[PASSWORD_HASH_MAX], struct error *error)
{
	return make_crypt("$5$", password, cost, hash, error);
}

static bool make_yescrypt(const char *password, unsigned long cost, char hash[PASSWORD_HASH_MAX], struct error *error)
{
	return make_crypt("$y$", password, cost, hash, error);
}

static bool make_blf_crypt(const char *password, unsigned long cost, char hash[PASSWORD_HASH_MAX], struct error *error)
{
	if (strlen(password) > BLF_BYTES)
		return error_set(error, "BLF-CRYPT takes no password of more than %d bytes", BLF_BYTES);
	return make_crypt("$2y$", password, cost ? cost : BLF_COST, hash, error);
}

/* "MD5" is either of two */
static bool matches_md5(const char *password, const char *hash)
{
	return text_starts(text_of(hash), TEXT("$1$")) ? matches_crypt(password, hash) : digest_is_md5(password, hash);
}

/* ---- Argon2 */

static bool make_argon(const char *password, unsigned long passes, size_t memory, int kind, char hash[PASSWORD_HASH_MAX],
		       struct error *error)
{
	if (crypto_pwhash_str_alg(hash, password, strlen(password), passes, memory, kind) == 0)
		return true;
	return error_set(error, "Argon2 with %lu passes and %zu MiB cannot be had", passes, memory / 1048576);
}

static bool make_argon2id(const char *password, unsigned long cost, char hash[PASSWORD_HASH_MAX], struct error *error)
{
	return make_argon(password, cost ? cost : PASSES, crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13, hash,
			  error);
}

static bool make_argon2i(const char *password, unsigned long cost, char hash[PASSWORD_HASH_MAX], struct error *error)
{
	return make_argon(password, cost ? cost : PASSES_OF_I, crypto_pwhash_argon2i_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2I13,
			  hash, error);
}

static bool matches_argon(const char *password, const char *hash)
{
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

/* ---- none at all */

static bool matches_plain(const char *password, const char *hash)
{
	return digest_is_same(password, strlen(password), hash, strlen(hash));
}

/* ---- the schemes */

const struct password_scheme password_schemes[] = {
	{ "SHA512-CRYPT", false, make_sha512_crypt, matches_crypt },
	{ "SHA256-CRYPT", false, make_sha256_crypt, matches_crypt },
	{ "BLF-CRYPT", false, make_blf_crypt, matches_crypt },
	{ "ARGON2ID", false, make_argon2id, matches_argon },
	{ "ARGON2I", false, make_argon2i, matches_argon },
	{ "CRYPT", false, make_yescrypt, matches_crypt },
	{ "PBKDF2", false, NULL, digest_is_pbkdf2 },
	{ "SCRAM-SHA-256", false, NULL, digest_is_scram_sha256 },
	{ "SCRAM-SHA-1", true, NULL, digest_is_scram_sha1 },
	{ "SSHA512", true, NULL, digest_is_salted_sha512 },
	{ "SSHA256", true, NULL, digest_is_salted_sha256 },
	{ "SSHA", true, NULL, digest_is_salted_sha1 },
	{ "SHA512", true, NULL, digest_is_sha512 },
	{ "SHA256", true, NULL, digest_is_sha256 },
	{ "SHA1", true, NULL, digest_is_sha1 },
	{ "SHA", true, NULL, digest_is_sha1 },
	{ "SMD5", true, NULL, digest_is_salted_md5 },
	{ "LDAP-MD5", true, NULL, digest_is_md5 },
	{ "PLAIN-MD5", true, NULL, digest_is_md5 },
	{ "MD5", true, NULL, matches_md5 },
	{ "MD5-CRYPT", true, NULL, matches_crypt },
	{ "DES-CRYPT", true, NULL, matches_crypt },
	{ "CRAM-MD5", true, NULL, digest_is_cram_md5 },
	{ "HMAC-MD5", true, NULL, digest_is_cram_md5 },
	{ "PLAIN", true, NULL, matches_plain },
	{ "CLEAR", true, NULL, matches_plain },
	{ "CLEARTEXT", true, NULL, matches_plain },
};

const size_t password_scheme_count = sizeof password_schemes / sizeof *password_schemes;

static bool is_named(struct text name, const char *other)
{
	return name.n == strlen(other) && strncasecmp(name.p, other, name.n) == 0;
}

static struct text without_encoding(struct text name)
{
	size_t at = text_find(name, '.');
	struct text encoding = text_after(name, at);

	return is_named(encoding, ".HEX") || is_named(encoding, ".B64") || is_named(encoding, ".BASE64") ? text_head(name, at) : name;
}

const struct password_scheme *password_scheme_find(struct text name)
{
	name = is_named(name, "BCRYPT") ? TEXT("BLF-CRYPT") : without_encoding(name);
	for (size_t i = 0; i < password_scheme_count; i++)
		if (is_named(name, password_schemes[i].name))
			return &password_schemes[i];
	return NULL;
}

bool password_scheme_is_clear(const struct password_scheme *scheme) { return scheme->matches == matches_plain; }

static bool copy(char to[PASSWORD_MAX + 1], struct text password)
{
	if (password.n > PASSWORD_MAX || text_find(password, '\0') < password.n)
		return false;
	text_copy(to, PASSWORD_MAX + 1, password);
	return true;
}

bool password_hash(const struct password_scheme *scheme, struct text password, unsigned long cost, char stored[PASSWORD_HASH_MAX],
		   struct error *error)
{
	char plain[PASSWORD_MAX + 1], hash[PASSWORD_HASH_MAX] = "";
	bool done;

	if (!scheme->make)
		return error_set(error, "passwords are not written as %s any more", scheme->name);
	if (!copy(plain, password))
		return error_set(error, "a password has at most %d bytes, and none that is zero", PASSWORD_MAX);
	done = scheme->make(plain, cost, hash, error);
	explicit_bzero(plain, sizeof plain);
	if (done && (size_t)snprintf(stored, PASSWORD_HASH_MAX, "{%s}%s", scheme->name, hash) >= PASSWORD_HASH_MAX)
		done = error_set(error, "a hash of %s is too long", scheme->name);
	explicit_bzero(hash, sizeof hash);
	return done;
}

/* takes "{SCHEME}" off the front; false where it is none that is known */
static bool take_scheme(struct text *stored, const struct password_scheme **scheme)
{
	struct text name = TEXT_NONE;

	if (!text_starts(*stored, TEXT("{")))
		return *scheme != NULL;
	*stored = text_after(*stored, 1);
	*scheme = text_cut(stored, '}', &name) ? password_scheme_find(name) : NULL;
	return *scheme != NULL;
}

enum password_match password_matches(struct text password, struct text stored, const struct password_scheme *usual)
{
	char plain[PASSWORD_MAX + 1], hash[PASSWORD_HASH_MAX];
	const struct password_scheme *scheme = usual;
	bool same;

	if (!take_scheme(&stored, &scheme))
		return PASSWORD_UNKNOWN_SCHEME;
	if (stored.n >= sizeof hash || text_find(stored, '\0') < stored.n || !copy(plain, password))
		return PASSWORD_WRONG;
	text_copy(hash, sizeof hash, stored);
	same = scheme->matches(plain, hash);
	explicit_bzero(plain, sizeof plain);
	explicit_bzero(hash, sizeof hash);
	return same ? PASSWORD_RIGHT : PASSWORD_WRONG;
}

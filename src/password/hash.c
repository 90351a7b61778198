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

/* "BYTES-PASSWORD": of one that was cut off at so many bytes, what is behind them is not looked at */
static bool take_length(struct text *hash, uint64_t *length)
{
	struct text digits;

	return text_cut(hash, '-', &digits) && text_number(digits, PASSWORD_HASH_MAX, length);
}

static bool matches_truncated(const char *password, const char *hash)
{
	struct text rest = text_of(hash);
	size_t n = strlen(password);
	uint64_t length;

	if (!take_length(&rest, &length))
		return false;
	return digest_is_same(password, rest.n == length && n > length ? rest.n : n, rest.p, rest.n);
}

/* ---- what one try at them costs */

static enum cost_form look_crypt(const struct password_scheme *scheme, struct text hash, uint64_t *us) { return cost_of_crypt(hash, us); }
static enum cost_form look_argon(const struct password_scheme *scheme, struct text hash, uint64_t *us) { return cost_of_argon(hash, us); }
static enum cost_form look_pbkdf2(const struct password_scheme *scheme, struct text hash, uint64_t *us) { return digest_look_pbkdf2(hash, us); }
static enum cost_form look_scram_1(const struct password_scheme *scheme, struct text hash, uint64_t *us) { return digest_look_scram(hash, 20, us); }
static enum cost_form look_scram_256(const struct password_scheme *scheme, struct text hash, uint64_t *us) { return digest_look_scram(hash, 32, us); }

static enum cost_form look_digest(const struct password_scheme *scheme, struct text hash, uint64_t *us)
{
	return digest_look(hash, scheme->digest_bytes, false, us);
}

static enum cost_form look_salted(const struct password_scheme *scheme, struct text hash, uint64_t *us)
{
	return digest_look(hash, scheme->digest_bytes, true, us);
}

static enum cost_form look_md5(const struct password_scheme *scheme, struct text hash, uint64_t *us)
{
	return text_starts(hash, TEXT("$1$")) ? cost_of_crypt(hash, us) : digest_look(hash, 16, false, us);
}

static enum cost_form look_plain(const struct password_scheme *scheme, struct text hash, uint64_t *us)
{
	return hash.n ? cost_of_rounds(1, us) : COST_DAMAGED;
}

static enum cost_form look_truncated(const struct password_scheme *scheme, struct text hash, uint64_t *us)
{
	uint64_t length;

	return take_length(&hash, &length) && hash.n ? cost_of_rounds(1, us) : COST_DAMAGED;
}

/* ---- the schemes */

const struct password_scheme password_schemes[] = {
	{ "SHA512-CRYPT", false, make_sha512_crypt, matches_crypt, look_crypt, 0 },
	{ "SHA256-CRYPT", false, make_sha256_crypt, matches_crypt, look_crypt, 0 },
	{ "BLF-CRYPT", false, make_blf_crypt, matches_crypt, look_crypt, 0 },
	{ "ARGON2ID", false, make_argon2id, matches_argon, look_argon, 0 },
	{ "ARGON2I", false, make_argon2i, matches_argon, look_argon, 0 },
	{ "CRYPT", false, make_yescrypt, matches_crypt, look_crypt, 0 },
	{ "PBKDF2", false, NULL, digest_is_pbkdf2, look_pbkdf2, 0 },
	{ "SCRAM-SHA-256", false, NULL, digest_is_scram_sha256, look_scram_256, 0 },
	{ "SCRAM-SHA-1", true, NULL, digest_is_scram_sha1, look_scram_1, 0 },
	{ "SSHA512", true, NULL, digest_is_salted_sha512, look_salted, 64 },
	{ "SSHA256", true, NULL, digest_is_salted_sha256, look_salted, 32 },
	{ "SSHA", true, NULL, digest_is_salted_sha1, look_salted, 20 },
	{ "SHA512", true, NULL, digest_is_sha512, look_digest, 64 },
	{ "SHA256", true, NULL, digest_is_sha256, look_digest, 32 },
	{ "SHA1", true, NULL, digest_is_sha1, look_digest, 20 },
	{ "SHA", true, NULL, digest_is_sha1, look_digest, 20 },
	{ "SMD5", true, NULL, digest_is_salted_md5, look_salted, 16 },
	{ "LDAP-MD5", true, NULL, digest_is_md5, look_digest, 16 },
	{ "PLAIN-MD5", true, NULL, digest_is_md5, look_digest, 16 },
	{ "PLAIN-MD4", true, NULL, digest_is_md4, look_digest, 16 },
	{ "MD5", true, NULL, matches_md5, look_md5, 0 },
	{ "MD5-CRYPT", true, NULL, matches_crypt, look_crypt, 0 },
	{ "DES-CRYPT", true, NULL, matches_crypt, look_crypt, 0 },
	{ "CRAM-MD5", true, NULL, digest_is_cram_md5, look_digest, 32 },
	{ "HMAC-MD5", true, NULL, digest_is_cram_md5, look_digest, 32 },
	{ "PLAIN", true, NULL, matches_plain, look_plain, 0 },
	{ "CLEAR", true, NULL, matches_plain, look_plain, 0 },
	{ "CLEARTEXT", true, NULL, matches_plain, look_plain, 0 },
	{ "PLAIN-TRUNC", true, NULL, matches_truncated, look_truncated, 0 },
};

const size_t password_scheme_count = sizeof password_schemes / sizeof *password_schemes;

static bool is_named(struct text name, const char *other)
{
	return name.n == strlen(other) && strncasecmp(name.p, other, name.n) == 0;
}

enum encoding { ENCODING_NONE, ENCODING_HEX, ENCODING_BASE64, ENCODING_UNKNOWN };

/* takes it off the name */
static enum encoding take_encoding(struct text *name)
{
	size_t at = text_find(*name, '.');
	struct text encoding = text_after(*name, at);

	*name = text_head(*name, at);
	if (!encoding.n)
		return ENCODING_NONE;
	if (is_named(encoding, ".HEX"))
		return ENCODING_HEX;
	return is_named(encoding, ".B64") || is_named(encoding, ".BASE64") ? ENCODING_BASE64 : ENCODING_UNKNOWN;
}

static const struct password_scheme *find_scheme(struct text name, enum encoding *encoding)
{
	*encoding = take_encoding(&name);
	if (*encoding == ENCODING_UNKNOWN)
		return NULL;
	if (is_named(name, "BCRYPT"))
		name = TEXT("BLF-CRYPT");
	for (size_t i = 0; i < password_scheme_count; i++)
		if (is_named(name, password_schemes[i].name))
			return &password_schemes[i];
	return NULL;
}

const struct password_scheme *password_scheme_find(struct text name)
{
	enum encoding encoding;

	return find_scheme(name, &encoding);
}

bool password_scheme_is_clear(const struct password_scheme *scheme)
{
	return scheme->matches == matches_plain || scheme->matches == matches_truncated;
}

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
static bool take_scheme(struct text *stored, const struct password_scheme **scheme, enum encoding *encoding)
{
	struct text name = TEXT_NONE;

	*encoding = ENCODING_NONE;
	if (!text_starts(*stored, TEXT("{")))
		return *scheme != NULL;
	*stored = text_after(*stored, 1);
	*scheme = text_cut(stored, '}', &name) ? find_scheme(name, encoding) : NULL;
	return *scheme != NULL;
}

/* the bytes of a digest as they are usually written */
static bool encode(const struct password_scheme *scheme, const unsigned char *bytes, size_t n, char hash[PASSWORD_HASH_MAX])
{
	if (2 * n >= PASSWORD_HASH_MAX)
		return false;
	if (scheme->look == look_salted)
		sodium_bin2base64(hash, PASSWORD_HASH_MAX, bytes, n, sodium_base64_VARIANT_ORIGINAL);
	else
		sodium_bin2hex(hash, PASSWORD_HASH_MAX, bytes, n);
	return true;
}

/* takes the encoding off that the scheme's name says */
static bool decode(struct text stored, enum encoding encoding, const struct password_scheme *scheme, char hash[PASSWORD_HASH_MAX])
{
	unsigned char bytes[PASSWORD_HASH_MAX];
	size_t n = 0;
	bool good;

	if (stored.n >= PASSWORD_HASH_MAX)
		return false;
	if (encoding == ENCODING_NONE) {
		text_copy(hash, PASSWORD_HASH_MAX, stored);
		return text_find(stored, '\0') == stored.n;
	}
	good = (encoding == ENCODING_HEX ? digest_decode_hex(stored, bytes, &n) : digest_decode_base64(stored, bytes, &n)) && n < sizeof bytes;
	if (good && scheme->digest_bytes) {
		good = encode(scheme, bytes, n, hash);
	} else if (good) {
		text_copy(hash, PASSWORD_HASH_MAX, (struct text){ (char *)bytes, n });
		good = strlen(hash) == n;
	}
	explicit_bzero(bytes, sizeof bytes);
	return good;
}

enum password_state password_read(struct text stored, const struct password_scheme *usual, struct password_stored *read)
{
	const struct password_scheme *scheme = usual;
	enum cost_form form = COST_DAMAGED;
	struct password_stored whole;
	enum encoding encoding;

	if (!take_scheme(&stored, &scheme, &encoding))
		return PASSWORD_UNKNOWN_SCHEME;
	read->scheme = whole.scheme = scheme;
	if (decode(stored, encoding, scheme, whole.hash))
		form = scheme->look(scheme, text_of(whole.hash), &whole.us);
	if (form == COST_SOUND)
		*read = whole;
	explicit_bzero(&whole, sizeof whole);
	return form == COST_SOUND ? PASSWORD_READY : form == COST_TOO_HIGH ? PASSWORD_TOO_SLOW : PASSWORD_DAMAGED;
}

struct text password_clear(const struct password_stored *stored)
{
	struct text clear = text_of(stored->hash);
	uint64_t length;

	if (!password_scheme_is_clear(stored->scheme) || (stored->scheme->matches == matches_truncated && !take_length(&clear, &length)))
		return TEXT_NONE;
	return clear;
}

bool password_is(const struct password_stored *stored, struct text password)
{
	char plain[PASSWORD_MAX + 1];
	bool same;

	if (!copy(plain, password))
		return false;
	same = stored->scheme->matches(plain, stored->hash);
	explicit_bzero(plain, sizeof plain);
	return same;
}

enum password_match password_matches(struct text password, struct text stored, const struct password_scheme *usual)
{
	struct password_stored read;
	bool same;

	if (password_read(stored, usual, &read) != PASSWORD_READY)
		return PASSWORD_NOT_TRIED;
	same = password_is(&read, password);
	explicit_bzero(&read, sizeof read);
	return same ? PASSWORD_RIGHT : PASSWORD_WRONG;
}

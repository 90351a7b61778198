/* SPDX-License-Identifier: Apache-2.0 */
#include "password/digest.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sodium.h>

#include "password/hash.h"

enum { ROUNDS_MAX = 10000000, CONTEXT_MAX = 512 };

bool digest_is_same(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
	return a_bytes == b_bytes && sodium_memcmp(a, b, a_bytes) == 0;
}

/* ---- digests: in hexadecimal, or in base64 */

static bool decode_hex(struct text hash, unsigned char bytes[PASSWORD_HASH_MAX], size_t *n)
{
	const char *end;

	return sodium_hex2bin(bytes, PASSWORD_HASH_MAX, hash.p, hash.n, NULL, n, &end) == 0 && end == hash.p + hash.n;
}

static bool decode_base64(struct text hash, unsigned char bytes[PASSWORD_HASH_MAX], size_t *n)
{
	return sodium_base642bin(bytes, PASSWORD_HASH_MAX, hash.p, hash.n, NULL, n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 ||
	       sodium_base642bin(bytes, PASSWORD_HASH_MAX, hash.p, hash.n, NULL, n, NULL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0;
}

/* a digest in base64 that has digits of hexadecimal alone does not come up */
static bool decode(struct text hash, size_t least, unsigned char bytes[PASSWORD_HASH_MAX], size_t *n)
{
	return (decode_hex(hash, bytes, n) && *n >= least) || (decode_base64(hash, bytes, n) && *n >= least);
}

static bool is_digest(const struct nettle_hash *kind, bool salted, const char *password, const char *hash)
{
	unsigned char wanted[PASSWORD_HASH_MAX], made[SHA512_DIGEST_SIZE];
	_Alignas(16) unsigned char context[CONTEXT_MAX];
	size_t size = kind->digest_size, n;

	if (kind->context_size > sizeof context || !decode(text_of(hash), size, wanted, &n) || (!salted && n != size))
		return false;
	kind->init(context);
	kind->update(context, strlen(password), (const uint8_t *)password);
	kind->update(context, n - size, wanted + size);
	kind->digest(context, size, made);
	return digest_is_same(made, size, wanted, size);
}

bool digest_is_md5(const char *password, const char *hash) { return is_digest(&nettle_md5, false, password, hash); }
bool digest_is_sha1(const char *password, const char *hash) { return is_digest(&nettle_sha1, false, password, hash); }
bool digest_is_sha256(const char *password, const char *hash) { return is_digest(&nettle_sha256, false, password, hash); }
bool digest_is_sha512(const char *password, const char *hash) { return is_digest(&nettle_sha512, false, password, hash); }
bool digest_is_salted_md5(const char *password, const char *hash) { return is_digest(&nettle_md5, true, password, hash); }
bool digest_is_salted_sha1(const char *password, const char *hash) { return is_digest(&nettle_sha1, true, password, hash); }
bool digest_is_salted_sha256(const char *password, const char *hash) { return is_digest(&nettle_sha256, true, password, hash); }
bool digest_is_salted_sha512(const char *password, const char *hash) { return is_digest(&nettle_sha512, true, password, hash); }

/* ---- rounds */

/* "$1$SALT$ROUNDS$HEX", HMAC-SHA-1 */
bool digest_is_pbkdf2(const char *password, const char *hash)
{
	unsigned char wanted[PASSWORD_HASH_MAX], made[SHA1_DIGEST_SIZE];
	struct text rest = text_of(hash), salt, rounds;
	uint64_t count;
	size_t n;

	if (!text_starts(rest, TEXT("$1$")))
		return false;
	rest = text_after(rest, 3);
	if (!text_cut(&rest, '$', &salt) || !text_cut(&rest, '$', &rounds) || !text_number(rounds, ROUNDS_MAX, &count) || !count ||
	    !decode_hex(rest, wanted, &n) || n != sizeof made)
		return false;
	pbkdf2_hmac_sha1(strlen(password), (const uint8_t *)password, (unsigned)count, salt.n, (const uint8_t *)salt.p, sizeof made, made);
	return digest_is_same(made, sizeof made, wanted, n);
}

/* "ROUNDS,SALT,STORED KEY,SERVER KEY" */
struct scram {
	uint64_t rounds;
	unsigned char salt[PASSWORD_HASH_MAX], key[PASSWORD_HASH_MAX];
	size_t salt_bytes, key_bytes;
};

static bool parse_scram(struct text hash, struct scram *scram)
{
	struct text rounds, salt, key;

	return text_cut(&hash, ',', &rounds) && text_cut(&hash, ',', &salt) && text_cut(&hash, ',', &key) &&
	       text_number(rounds, ROUNDS_MAX, &scram->rounds) && scram->rounds && decode_base64(salt, scram->salt, &scram->salt_bytes) &&
	       decode_base64(key, scram->key, &scram->key_bytes);
}

static const char client_key[] = "Client Key";

bool digest_is_scram_sha1(const char *password, const char *hash)
{
	unsigned char salted[SHA1_DIGEST_SIZE], key[SHA1_DIGEST_SIZE];
	struct hmac_sha1_ctx hmac;
	struct sha1_ctx sha;
	struct scram scram;

	if (!parse_scram(text_of(hash), &scram))
		return false;
	pbkdf2_hmac_sha1(strlen(password), (const uint8_t *)password, (unsigned)scram.rounds, scram.salt_bytes, scram.salt, sizeof salted,
			 salted);
	hmac_sha1_set_key(&hmac, sizeof salted, salted);
	hmac_sha1_update(&hmac, sizeof client_key - 1, (const uint8_t *)client_key);
	hmac_sha1_digest(&hmac, sizeof key, key);
	sha1_init(&sha);
	sha1_update(&sha, sizeof key, key);
	sha1_digest(&sha, sizeof key, key);
	return digest_is_same(key, sizeof key, scram.key, scram.key_bytes);
}

bool digest_is_scram_sha256(const char *password, const char *hash)
{
	unsigned char salted[SHA256_DIGEST_SIZE], key[SHA256_DIGEST_SIZE];
	struct hmac_sha256_ctx hmac;
	struct sha256_ctx sha;
	struct scram scram;

	if (!parse_scram(text_of(hash), &scram))
		return false;
	pbkdf2_hmac_sha256(strlen(password), (const uint8_t *)password, (unsigned)scram.rounds, scram.salt_bytes, scram.salt,
			   sizeof salted, salted);
	hmac_sha256_set_key(&hmac, sizeof salted, salted);
	hmac_sha256_update(&hmac, sizeof client_key - 1, (const uint8_t *)client_key);
	hmac_sha256_digest(&hmac, sizeof key, key);
	sha256_init(&sha);
	sha256_update(&sha, sizeof key, key);
	sha256_digest(&sha, sizeof key, key);
	return digest_is_same(key, sizeof key, scram.key, scram.key_bytes);
}

/* ---- CRAM-MD5: what HMAC-MD5 (RFC 2104) has computed of the key alone, outside first, each word its lowest byte first */

static void put_words(const uint32_t words[4], unsigned char *to)
{
	for (unsigned i = 0; i < 16; i++)
		to[i] = (unsigned char)(words[i / 4] >> (8 * (i % 4)));
}

bool digest_is_cram_md5(const char *password, const char *hash)
{
	unsigned char wanted[PASSWORD_HASH_MAX], made[32];
	struct hmac_md5_ctx hmac;
	size_t n;

	if (!decode_hex(text_of(hash), wanted, &n))
		return false;
	hmac_md5_set_key(&hmac, strlen(password), (const uint8_t *)password);
	put_words(hmac.outer.state, made);
	put_words(hmac.inner.state, made + 16);
	explicit_bzero(&hmac, sizeof hmac);
	return digest_is_same(made, sizeof made, wanted, n);
}

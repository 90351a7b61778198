/* SPDX-License-Identifier: Apache-2.0 */
#include "password/digest.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/md4.h>
#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sodium.h>

#include "password/hash.h"

enum { CONTEXT_MAX = 512 };
#define ROUNDS_MAX ((uint64_t)UINT32_MAX)

bool digest_is_same(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
	return a_bytes == b_bytes && sodium_memcmp(a, b, a_bytes) == 0;
}

/* ---- digests: in hexadecimal, or in base64 */

bool digest_decode_hex(struct text hash, unsigned char *bytes, size_t *n)
{
	const char *end;

	return sodium_hex2bin(bytes, PASSWORD_HASH_MAX, hash.p, hash.n, NULL, n, &end) == 0 && end == hash.p + hash.n;
}

bool digest_decode_base64(struct text hash, unsigned char *bytes, size_t *n)
{
	return sodium_base642bin(bytes, PASSWORD_HASH_MAX, hash.p, hash.n, NULL, n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 ||
	       sodium_base642bin(bytes, PASSWORD_HASH_MAX, hash.p, hash.n, NULL, n, NULL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0;
}

/* as Dovecot tells them apart: by the length where that is known, and a salted one is in base64 */
static bool decode(struct text hash, size_t size, bool salted, unsigned char bytes[PASSWORD_HASH_MAX], size_t *n)
{
	if (salted)
		return digest_decode_base64(hash, bytes, n) && *n > size;
	return (hash.n == 2 * size ? digest_decode_hex(hash, bytes, n) : digest_decode_base64(hash, bytes, n)) && *n == size;
}

enum cost_form digest_look(struct text hash, size_t bytes, bool salted, uint64_t *us)
{
	unsigned char decoded[PASSWORD_HASH_MAX];
	size_t n;
	bool sound = decode(hash, bytes, salted, decoded, &n);

	explicit_bzero(decoded, sizeof decoded);
	return sound ? cost_of_rounds(1, us) : COST_DAMAGED;
}

static bool is_digest(const struct nettle_hash *kind, bool salted, const char *password, const char *hash)
{
	unsigned char wanted[PASSWORD_HASH_MAX], made[SHA512_DIGEST_SIZE];
	_Alignas(16) unsigned char context[CONTEXT_MAX];
	size_t size = kind->digest_size, n;

	if (kind->context_size > sizeof context || !decode(text_of(hash), size, salted, wanted, &n))
		return false;
	kind->init(context);
	kind->update(context, strlen(password), (const uint8_t *)password);
	kind->update(context, n - size, wanted + size);
	kind->digest(context, size, made);
	return digest_is_same(made, size, wanted, size);
}

bool digest_is_md4(const char *password, const char *hash) { return is_digest(&nettle_md4, false, password, hash); }
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
struct pbkdf2 {
	struct text salt;
	uint64_t rounds;
	unsigned char key[PASSWORD_HASH_MAX];
};

static bool parse_pbkdf2(struct text rest, struct pbkdf2 *pbkdf2)
{
	struct text rounds;
	size_t n;

	if (!text_starts(rest, TEXT("$1$")))
		return false;
	rest = text_after(rest, 3);
	return text_cut(&rest, '$', &pbkdf2->salt) && text_cut(&rest, '$', &rounds) && text_number(rounds, ROUNDS_MAX, &pbkdf2->rounds) &&
	       pbkdf2->rounds && digest_decode_hex(rest, pbkdf2->key, &n) && n == SHA1_DIGEST_SIZE;
}

bool digest_is_pbkdf2(const char *password, const char *hash)
{
	unsigned char made[SHA1_DIGEST_SIZE];
	struct pbkdf2 wanted;

	if (!parse_pbkdf2(text_of(hash), &wanted))
		return false;
	pbkdf2_hmac_sha1(strlen(password), (const uint8_t *)password, (unsigned)wanted.rounds, wanted.salt.n, (const uint8_t *)wanted.salt.p,
			 sizeof made, made);
	return digest_is_same(made, sizeof made, wanted.key, sizeof made);
}

enum cost_form digest_look_pbkdf2(struct text hash, uint64_t *us)
{
	struct pbkdf2 pbkdf2;

	return parse_pbkdf2(hash, &pbkdf2) ? cost_of_rounds(pbkdf2.rounds, us) : COST_DAMAGED;
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
	       text_number(rounds, ROUNDS_MAX, &scram->rounds) && scram->rounds && digest_decode_base64(salt, scram->salt, &scram->salt_bytes) &&
	       digest_decode_base64(key, scram->key, &scram->key_bytes);
}

enum cost_form digest_look_scram(struct text hash, size_t bytes, uint64_t *us)
{
	struct scram scram;

	return parse_scram(hash, &scram) && scram.key_bytes == bytes ? cost_of_rounds(scram.rounds, us) : COST_DAMAGED;
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

	if (!decode(text_of(hash), sizeof made, false, wanted, &n))
		return false;
	hmac_md5_set_key(&hmac, strlen(password), (const uint8_t *)password);
	put_words(hmac.outer.state, made);
	put_words(hmac.inner.state, made + 16);
	explicit_bzero(&hmac, sizeof hmac);
	return digest_is_same(made, sizeof made, wanted, n);
}

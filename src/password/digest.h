/* SPDX-License-Identifier: Apache-2.0 */
/* Schemes that are only read: digests with and without salt, PBKDF2, SCRAM (RFC 5802, 7677), CRAM-MD5. */
#ifndef SEKISHO_PASSWORD_DIGEST_H
#define SEKISHO_PASSWORD_DIGEST_H
#include <stdbool.h>
#include <stddef.h>

#include "password/cost.h"

bool digest_is_md4(const char *password, const char *hash);
bool digest_is_md5(const char *password, const char *hash);
bool digest_is_sha1(const char *password, const char *hash);
bool digest_is_sha256(const char *password, const char *hash);
bool digest_is_sha512(const char *password, const char *hash);
/* what follows the digest is its salt, hashed behind the password */
bool digest_is_salted_md5(const char *password, const char *hash);
bool digest_is_salted_sha1(const char *password, const char *hash);
bool digest_is_salted_sha256(const char *password, const char *hash);
bool digest_is_salted_sha512(const char *password, const char *hash);
bool digest_is_pbkdf2(const char *password, const char *hash);
bool digest_is_scram_sha1(const char *password, const char *hash);
bool digest_is_scram_sha256(const char *password, const char *hash);
bool digest_is_cram_md5(const char *password, const char *hash);
/* whether it is a digest of that many bytes; salted: with at least one more of salt */
enum cost_form digest_look(struct text hash, size_t bytes, bool salted, uint64_t *us);
enum cost_form digest_look_pbkdf2(struct text hash, uint64_t *us);
/* `bytes`: of its keys */
enum cost_form digest_look_scram(struct text hash, size_t bytes, uint64_t *us);
/* base64 and hexadecimal, whole or not at all; `bytes` has room for PASSWORD_HASH_MAX */
bool digest_decode_hex(struct text hash, unsigned char *bytes, size_t *n);
bool digest_decode_base64(struct text hash, unsigned char *bytes, size_t *n);
/* the same bytes; only their number shows in how long it takes */
bool digest_is_same(const void *a, size_t a_bytes, const void *b, size_t b_bytes);
#endif

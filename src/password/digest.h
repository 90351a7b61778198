/* SPDX-License-Identifier: Apache-2.0 */
/* Schemes that are only read: digests with and without salt, PBKDF2, SCRAM (RFC 5802, 7677), CRAM-MD5. */
#ifndef SEKISHO_PASSWORD_DIGEST_H
#define SEKISHO_PASSWORD_DIGEST_H
#include <stdbool.h>
#include <stddef.h>

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
/* the same bytes; only their number shows in how long it takes */
bool digest_is_same(const void *a, size_t a_bytes, const void *b, size_t b_bytes);
#endif

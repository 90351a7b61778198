/* SPDX-License-Identifier: Apache-2.0 */
/* 64-bit hashes of short texts, after wyhash (W. Yi, 2019): two multiplications for up to 16 bytes.
 * Tables that hold text from outside use hash_seed(), which differs in every process, so that nobody can
 * choose colliding keys; what must come out alike in every run uses HASH_FIXED. */
#ifndef SEKISHO_BASE_HASH_H
#define SEKISHO_BASE_HASH_H
#include "base/text.h"

#define HASH_FIXED 0x2d358dccaa6c78a5ull

uint64_t hash_seed(void);

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_load(const char *p, size_t n)
{
	uint64_t value = 0;

	memcpy(&value, p, n);
	return value;
}

static inline uint64_t hash_text(uint64_t seed, struct text t)
{
	const char *p = t.p;
	size_t n = t.n;
	uint64_t a, b;

	seed ^= 0x8bb84b93962eacc9ull;
	for (; n > 16; n -= 16, p += 16)
		seed = hash_mix(hash_load(p, 8) ^ 0x4b33a62ed433d4a3ull, hash_load(p + 8, 8) ^ seed);
	if (n >= 8) {
		a = hash_load(p, 8);
		b = hash_load(p + n - 8, 8);
	} else if (n >= 4) {
		a = hash_load(p, 4);
		b = hash_load(p + n - 4, 4);
	} else {
		a = n ? (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 |
				    (unsigned char)p[n - 1]
		      : 0;
		b = 0;
	}
	return hash_mix(0x4d5a2da51de1aa47ull ^ t.n, hash_mix(a ^ 0x4b33a62ed433d4a3ull, b ^ seed));
}

static inline uint64_t hash_pair(uint64_t a, uint64_t b)
{
	return hash_mix(a ^ 0x9e3779b97f4a7c15ull, b ^ 0xe7037ed1a0b428dbull);
}
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <sys/random.h>

uint64_t hash_seed(void)
{
	static uint64_t seed;

	if (seed == 0 && getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		seed = HASH_FIXED;
	return seed |= 1;
}

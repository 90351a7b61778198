/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a sealed header: none is one of ours; and what we sealed is read again whatever the names are. */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#include "attribution/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char key[SEAL_KEY_BYTES] = { 7 };
	struct text all = { (const char *)data, size };
	char value[SEAL_VALUE_MAX];
	struct seal seal;

	if (sodium_init() < 0 || !size)
		return 0;
	assert(!seal_open(key, all, &seal));
	if (text_find(all, '\0') != all.n || !seal_make(key, all, TEXT("4ZQ"), 0, value))
		return 0;
	assert(seal_open(key, text_of(value), &seal));
	assert(text_is(text_of(seal.account), all));
	return 0;
}

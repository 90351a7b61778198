/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what is kept of former passwords: what is taken has no more than was asked for, and one more does not overrun it. */
#include <assert.h>

#include "passdb/former.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct former_past past;
	struct text text = { (const char *)data, size };

	if (!former_past_parse(text, &past))
		return 0;
	assert(past.count && past.count <= FORMER_PAST_MAX && size < FORMER_PAST_FILE_MAX);
	for (size_t i = 0; i < past.count; i++)
		assert(*past.stored[i] && strnlen(past.stored[i], PASSWORD_HASH_MAX) < PASSWORD_HASH_MAX);
	for (size_t i = 0; i < FORMER_COMPARED_MAX; i++)
		former_past_put(&past, text_of(past.stored[past.count - 1]));
	assert(past.count <= FORMER_PAST_MAX);
	for (char c = 'a'; c < 'a' + FORMER_COMPARED_MAX + 1; c++)
		former_past_put(&past, (struct text){ &c, 1 });
	assert(past.count == FORMER_COMPARED_MAX && past.stored[0][0] == 'a' + FORMER_COMPARED_MAX);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes defanged: never more than three times as long, no scheme that a program would follow is left, and a second time changes nothing. */
#include <assert.h>

#include "mail/defang.h"
#include "mail/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct text text = { (const char *)data, size }, once = defang(&arena, text), twice = defang(&arena, once);

	assert(once.n <= size * 3 && once.p[once.n] == '\0');
	assert(text_is(once, twice));
	assert(!text_starts(once, TEXT("http://")) && !text_holds(once, TEXT(" https://")));
	arena_done(&arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the place where a log was left: what is taken can be written, and read again as the same. */
#include <assert.h>

#include "intake/follow_place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const struct follow_place *a, const struct follow_place *b)
{
	assert(a->journal == b->journal && a->device == b->device && a->inode == b->inode && a->offset == b->offset);
	assert(a->head_bytes == b->head_bytes && a->head_hash == b->head_hash && a->last_us == b->last_us);
	assert(!a->journal || text_is(a->cursor, b->cursor));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct follow_place place, again;
	char written[FOLLOW_PLACE_MAX];

	if (!follow_place_parse((struct text){ (const char *)data, size }, &place))
		return 0;
	assert(place.head_bytes <= FOLLOW_HEAD_MAX && place.offset <= INT64_MAX && place.last_us >= 0);
	assert(follow_place_write(&place, written)[0]);
	assert(follow_place_parse(text_of(written), &again));
	same(&place, &again);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a mail: its trail lies within it, is short, and each id is told once. */
#include <assert.h>

#include "mail/trail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text mail = { (const char *)data, size };
	struct trail_id ids[TRAIL_IDS_MAX];
	size_t count = trail_read(mail, ids);

	assert(count <= TRAIL_IDS_MAX);
	for (size_t i = 0; i < count; i++) {
		assert(ids[i].text.p >= mail.p && ids[i].text.p + ids[i].text.n <= mail.p + mail.n);
		assert(ids[i].text.n && ids[i].text.n <= TRAIL_ID_MAX);
		assert(!ids[i].by.n || (ids[i].by.p >= mail.p && ids[i].by.p + ids[i].by.n <= mail.p + mail.n));
		for (size_t j = 0; j < i; j++)
			assert(ids[i].is_message_id != ids[j].is_message_id || !text_is(ids[i].text, ids[j].text));
	}
	return 0;
}

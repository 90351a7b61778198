/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what an IMAP server says, in pieces of a size that the first byte says: the same responses come out as from one piece, none
 * longer than it may be. */
#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "intake/imap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(void *context, const struct imap_response *response)
{
	uint64_t *hash = context, number, found[16];
	size_t count = imap_found(response->line, 3, found, 16);
	char quoted[IMAP_QUOTED_MAX];

	assert(response->line.n <= IMAP_LINE_MAX && response->literal.n <= IMAP_LITERAL_MAX && count <= 16);
	for (size_t i = 0; i < count; i++)
		assert(found[i] > 3 && found[i] <= UINT32_MAX);
	*hash = hash_pair(*hash, hash_text(HASH_FIXED, response->line));
	*hash = hash_pair(*hash, hash_text(HASH_FIXED, response->literal) + response->has_literal);
	if (imap_number_of(response->line, TEXT("[UIDNEXT"), &number))
		*hash += number;
	*hash += (uint64_t)imap_end_of(response->line, TEXT("s1")) + imap_tells_of_mails(response->line) + imap_quote(response->line, quoted);
}

static uint64_t listen(struct text all, size_t piece)
{
	uint64_t hash = 0;
	struct imap *imap = imap_new(hear, &hash);

	while (all.n) {
		size_t n = all.n < piece ? all.n : piece;

		imap_take(imap, text_head(all, n));
		all = text_after(all, n);
	}
	imap_free(imap);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text all = { (const char *)data + 1, size - 1 };

	if (size)
		assert(listen(all, all.n + 1) == listen(all, (size_t)data[0] + 1));
	return 0;
}

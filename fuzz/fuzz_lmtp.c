/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a session, in pieces of a size that the first byte says: the same mails come out as from one piece, and none is too long. */
#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "intake/lmtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t hash;
	size_t said;
};

static void say(void *context, struct text lines) { ((struct seen *)context)->said += lines.n; }

static void take(void *context, struct text bytes)
{
	struct seen *seen = context;

	assert(bytes.n <= LMTP_MAIL_MAX);
	seen->hash = hash_pair(seen->hash, hash_text(HASH_FIXED, bytes));
}

static struct seen talk(struct text all, size_t piece)
{
	struct seen seen = { 0 };
	struct lmtp *lmtp = lmtp_new(&(struct lmtp_handler){ say, take, &seen });

	while (all.n && !lmtp_is_over(lmtp)) {
		size_t used = lmtp_take(lmtp, text_head(all, all.n < piece ? all.n : piece));

		assert(used <= all.n && (used || lmtp_waits(lmtp)));
		all = text_after(all, used);
		if (lmtp_waits(lmtp))
			lmtp_answer(lmtp, used % 2);
	}
	lmtp_free(lmtp);
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text all = { (const char *)data + 1, size - 1 };
	struct seen one, other;

	if (!size)
		return 0;
	one = talk(all, all.n + 1);
	other = talk(all, (size_t)data[0] + 1);
	assert(one.hash == other.hash);
	return 0;
}

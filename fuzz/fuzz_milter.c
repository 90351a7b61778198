/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a milter's connection, in pieces of a size that the first byte says: the same mails come out as from one piece, and none is
 * too long. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "intake/milter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t hash;
	size_t said;
};

static void say(void *context, struct text bytes)
{
	struct seen *seen = context;

	assert(bytes.n >= 5);
	seen->said += bytes.n;
}

static void take(void *context, struct text bytes)
{
	struct seen *seen = context;

	assert(bytes.n <= MILTER_MAIL_MAX);
	seen->hash = hash_pair(seen->hash, hash_text(HASH_FIXED, bytes));
}

static bool trace(void *context, struct text login, struct text queue_id, char value[MILTER_TRACE_MAX])
{
	assert(login.n && login.n < MILTER_TEXT_MAX && queue_id.n < MILTER_TEXT_MAX);
	snprintf(value, MILTER_TRACE_MAX, "%.*s %.*s", TEXT_ARG(login), TEXT_ARG(queue_id));
	return true;
}

static bool wants(void *context, struct text login, struct text queue_id)
{
	assert(login.n && login.n < MILTER_TEXT_MAX && queue_id.n && queue_id.n < MILTER_TEXT_MAX);
	return login.p[0] & 1;
}

static void take_sent(void *context, struct text login, struct text queue_id, struct text bytes)
{
	assert(login.p[0] & 1);
	take(context, queue_id);
	take(context, bytes);
}

static struct seen talk(struct text all, size_t piece)
{
	struct seen seen = { 0 };
	struct milter *milter = milter_new(&(struct milter_handler){ say, take, trace, "X-Trace", wants, take_sent, &seen });

	while (all.n && !milter_is_over(milter)) {
		size_t n = all.n < piece ? all.n : piece;

		milter_take(milter, text_head(all, n));
		all = text_after(all, n);
	}
	milter_free(milter);
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
	assert(one.hash == other.hash && one.said == other.said);
	return 0;
}

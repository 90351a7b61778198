/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the head of a queue file, and what the helper tells of it as a line that the asking side reads. */
#include <assert.h>

#include "base/quoted.h"
#include "containment/queue_answer.h"
#include "helper/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_begin(struct text plain, struct text told) { return told.n <= plain.n && text_starts(plain, told); }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char login[QUEUE_TEXT_MAX], sender[QUEUE_TEXT_MAX], plain[2][QUEUE_TEXT_MAX], line[3 * QUEUE_TEXT_MAX];
	struct queue_message message;
	struct envelope envelope;
	int n;

	if (!envelope_parse((struct text){ (const char *)data, size }, &envelope))
		return 0;
	assert(envelope.arrival_s > 0 && envelope.sender.n <= size && envelope.login.n <= size);
	n = snprintf(line, sizeof line, "message 0A1B2C hold %lld %u %s %s", (long long)envelope.arrival_s,
		     (unsigned)envelope.recipients, quoted_write(envelope.login, login, sizeof login),
		     quoted_write(envelope.sender, sender, sizeof sender));
	assert(queue_message_parse((struct text){ line, (size_t)n }, plain[0], plain[1], &message));
	assert(message.arrival_us == envelope.arrival_s * SECOND_US && message.recipients == envelope.recipients);
	assert(same_begin(envelope.login, message.login) && same_begin(envelope.sender, message.sender));
	return 0;
}

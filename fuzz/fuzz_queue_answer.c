/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what the queue's helper says. */
#include <assert.h>

#include "containment/queue_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct text line)
{
	static char login[QUEUE_TEXT_MAX], sender[QUEUE_TEXT_MAX];
	struct queue_message message;
	enum queue_result result;
	struct text id;

	if (queue_answer_parse(line, &id, &result))
		assert(result <= QUEUE_FAILED && id.p >= line.p && id.p + id.n <= line.p + line.n);
	if (queue_message_parse(line, login, sender, &message))
		assert(message.login.n < QUEUE_TEXT_MAX && message.sender.n < QUEUE_TEXT_MAX && message.arrival_us >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = { (const char *)data, size }, line;

	while (text_cut(&rest, '\n', &line))
		take(line);
	take(rest);
	return 0;
}

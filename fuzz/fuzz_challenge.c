/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a mail: the same mail is the same twice. */
#include <assert.h>

#include "mail/challenge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message *message;
	struct error error;
	bool first;

	message = message ? message : message_new();
	if (!message_read(message, (struct text){ (const char *)data, size }, &error))
		return 0;
	first = challenge_read(message);
	assert(challenge_read(message) == first);
	return 0;
}

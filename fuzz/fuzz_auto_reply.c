/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a mail: a new address is an address, and only told of one that changed. */
#include <assert.h>

#include "mail/address.h"
#include "mail/auto_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message *message;
	struct error error;
	struct auto_reply reply;

	message = message ? message : message_new();
	if (!message_read(message, (struct text){ (const char *)data, size }, &error) || !auto_reply_read(message, &reply))
		return 0;
	assert(reply.kind <= AUTO_REPLY_OTHER && reply.new_address.n <= ADDRESS_MAX);
	assert(!reply.new_address.n || (reply.kind == AUTO_REPLY_ADDRESS_CHANGED && memchr(reply.new_address.p, '@', reply.new_address.n)));
	return 0;
}

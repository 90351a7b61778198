/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what doveadm's HTTP API answers. */
#include <assert.h>

#include "containment/dovecot_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(void *context, const struct dovecot_reply *reply)
{
	uint32_t own, others;

	assert(reply->tag && strlen(reply->fault) < DOVECOT_FAULT_MAX && reply->exit_code >= 0 && reply->exit_code < 256);
	for (const char *c = reply->fault; *c; c++)
		assert(*c >= ' ' && *c <= '~');
	dovecot_reply_sessions(reply, TEXT("taro@provider.test"), &own, &others);
	(void)dovecot_reply_rows(reply, "result");
	(void)dovecot_reply_number(reply, "entries");
	++*(size_t *)context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = { "" };
	size_t count = 0;

	if (!dovecot_answer_each((struct text){ (const char *)data, size }, look, &count, &error))
		assert(error.text[0]);
	assert(count <= size);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the body of each command: what is taken is within its limits and whole, what is not has a reason, and the
 * same bytes say the same again. */
#include <assert.h>

#include "base/memory.h"
#include "intake/auth_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_text(struct text text)
{
	assert(text.p && text.n <= AUTH_POLICY_TEXT_MAX);
	assert(!text.n || ((unsigned char)text.p[0] & 0xc0) != 0x80);
}

static void hear(enum auth_policy_command command, struct text body)
{
	struct auth_policy_parser *parser = auth_policy_parser_new(), *other = auth_policy_parser_new();
	struct auth_policy_request request, again;
	struct error error = { "" };

	if (!auth_policy_parse(parser, command, body, &request, &error)) {
		assert(error.text[0]);
	} else {
		assert(request.command == command && request.protocol <= PROTOCOL_SIEVE);
		look_at_text(request.login);
		look_at_text(request.session);
		look_at_text(request.device);
		look_at_text(request.pwhash);
		look_at_text(request.fail);
		assert(auth_policy_parse(other, command, body, &again, &error));
		assert(text_is(request.login, again.login) && text_is(request.device, again.device));
		assert(ip_equal(&request.ip, &again.ip) && request.success == again.success);
	}
	auth_policy_parser_free(parser);
	auth_policy_parser_free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text body = { (const char *)data, size };

	auth_policy_command(body);
	hear(AUTH_POLICY_ALLOW, body);
	hear(AUTH_POLICY_REPORT, body);
	hear(AUTH_POLICY_RESET, body);
	return 0;
}

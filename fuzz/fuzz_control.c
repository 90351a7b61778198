/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as requests on the control socket, a line each: what is taken is within its limits, what is not says why. */
#include <assert.h>

#include "gate/control_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(struct text line)
{
	struct control_request request;
	struct error error = { "" };

	if (!control_request_read(line, &request, &error)) {
		assert(error.text[0] && !request.root);
		return;
	}
	assert(strlen(request.verb) <= CONTROL_VERB_MAX && strlen(request.mode) <= CONTROL_VERB_MAX);
	assert(strlen(request.account) <= CONTROL_NAME_MAX && strlen(request.domain) <= CONTROL_NAME_MAX);
	assert(strlen(request.scope) <= CONTROL_VERB_MAX && strlen(request.why) <= CONTROL_ID_MAX);
	assert(strlen(request.password) <= CONTROL_PASSWORD_MAX && request.action_count <= CONTROL_ACTIONS_MAX);
	for (size_t i = 0; i < request.action_count; i++)
		assert(strlen(request.actions[i]) <= CONTROL_VERB_MAX);
	assert(request.id_count <= CONTROL_IDS_MAX);
	for (size_t i = 0; i < request.id_count; i++) {
		assert(*request.ids[i].text && strlen(request.ids[i].text) <= CONTROL_ID_MAX);
		assert(request.ids[i].near_us == WHEN_NONE || request.ids[i].near_us >= 0);
	}
	control_request_done(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = { (const char *)data, size }, line;

	while (text_cut(&rest, '\n', &line))
		hear(line);
	hear(rest);
	return 0;
}

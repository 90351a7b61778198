/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as lines for the queue's helper: what is taken says nothing that postsuper could take for more than one id. */
#include <assert.h>

#include "helper/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct text line)
{
	struct request request = request_parse(line);
	struct text id = text_of(request.id);

	assert(request.verb <= REQUEST_FAULTY);
	if (request.verb == REQUEST_FAULTY) {
		assert(request.fault && !id.n);
		return;
	}
	assert(line.n < REQUEST_LINE_MAX);
	if (request.verb == REQUEST_LIST || request.verb == REQUEST_PING) {
		assert(!id.n);
		return;
	}
	assert(id.n >= REQUEST_ID_LEAST && id.n < REQUEST_ID_MAX && text_holds(line, id));
	for (size_t i = 0; i < id.n; i++)
		assert((id.p[i] >= '0' && id.p[i] <= '9') || (id.p[i] >= 'A' && id.p[i] <= 'Z') ||
		       (id.p[i] >= 'a' && id.p[i] <= 'z'));
	assert(request.t_s >= 0 && request.t_s <= REQUEST_T_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = { (const char *)data, size }, line;

	while (text_cut(&rest, '\n', &line))
		take(line);
	take(rest);
	return 0;
}

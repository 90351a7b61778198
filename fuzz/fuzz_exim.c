/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as lines of exim, into a real life room. */
#include "intake/life.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void forget(struct event_sink *sink)
{
	sink->count = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event events[16];
	struct event_sink sink = { .items = events, .room = 16, .full = forget };
	struct accounts *accounts = accounts_new("example.org");
	struct life *life = life_new(accounts, &sink, &(struct life_options){ .webmail_host_count = 0 });
	struct text rest = { (const char *)data, size };
	struct line line = { .host = 1, .pid = 1, .program = TEXT("exim") };

	while (text_cut(&rest, '\n', &line.text))
		format_exim.read(life, &line);
	line.text = rest;
	format_exim.read(life, &line);
	life_free(life);
	accounts_free(accounts);
	return 0;
}

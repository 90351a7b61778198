/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as lines of Dovecot, into a real life room. */
#include "watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct watch watch;
	struct text rest = { (const char *)data, size };
	struct line line = { .t_us = 1000 * DAY_US, .host = 1, .program = TEXT("dovecot") };

	watch_begin(&watch);
	while (text_cut(&rest, '\n', &line.text)) {
		line.t_us += SECOND_US;
		format_dovecot.read(watch.life, &line);
		watch_look(&watch);
	}
	line.text = rest;
	format_dovecot.read(watch.life, &line);
	watch_look(&watch);
	watch_end(&watch);
	return 0;
}

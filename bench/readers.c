/* SPDX-License-Identifier: Apache-2.0 */
/* The readers alone: lines to events, events counted and thrown away. Prints what bench/run.py reads.
 *
 *   sekisho-readers FILE */
#include <stdio.h>

#include "base/clock.h"
#include "intake/reader.h"

static uint64_t events;

static void count(struct event_sink *sink)
{
	events += sink->count;
	sink->count = 0;
}

int main(int argc, char **argv)
{
	static struct event batch[1024];
	struct event_sink sink = { .items = batch, .room = 1024, .full = count };
	struct accounts *accounts = accounts_new(NULL);
	struct reader *reader = reader_new(accounts, &sink, &(struct reader_options){
		.since_us = WHEN_NONE, .until_us = WHEN_NONE, .now_us = clock_now(),
	});
	struct reader_source source = { .path = argc == 2 ? argv[1] : "-", .first_us = WHEN_NONE };
	const struct reader_tally *tally = &source.tally;
	int64_t began_us = clock_cpu();

	reader_read(reader, &source, 1);
	count(&sink);
	if (source.failed)
		fprintf(stderr, "%s\n", source.why.text);
	printf("lines=%llu events=%llu bytes=%llu unparsed=%llu cpu_seconds=%.3f\n", (unsigned long long)tally->lines,
	       (unsigned long long)events, (unsigned long long)tally->bytes, (unsigned long long)tally->unparsed,
	       (double)(clock_cpu() - began_us) / 1e6);
	reader_free(reader);
	accounts_free(accounts);
	return source.failed;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A bar on standard error, only where that is a terminal, and only once the work has taken more than a second. */
#ifndef SEKISHO_CLI_PROGRESS_H
#define SEKISHO_CLI_PROGRESS_H
#include <stdbool.h>
#include <stdint.h>

struct progress {
	uint64_t whole; /* bytes of all files */
	int64_t began_us, shown_us;
	bool terminal, shown;
};

void progress_begin(struct progress *progress, uint64_t bytes);
/* as struct reader_options wants it; `context` is the progress */
void progress_show(void *context, uint64_t done_bytes);
void progress_end(struct progress *progress);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A bar on standard error, only where that is a terminal, and only once the work has taken more than a second. */
#ifndef SEKISHO_CLI_PROGRESS_H
#define SEKISHO_CLI_PROGRESS_H
#include <stdbool.h>
#include <stdint.h>

struct progress {
	uint64_t whole, passed; /* bytes of all files; of those that are done */
	int64_t began_us, shown_us;
	bool terminal, shown;
};

void progress_begin(struct progress *progress, uint64_t bytes);
/* as struct reader_options wants it; `context` is the progress */
void progress_show(void *context, const char *path, uint64_t done, uint64_t size);
void progress_passed(struct progress *progress, uint64_t bytes);
void progress_end(struct progress *progress);
#endif

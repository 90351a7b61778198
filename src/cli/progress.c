/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/when.h"

enum { WIDTH = 30 };

void progress_begin(struct progress *progress, uint64_t bytes)
{
	*progress = (struct progress){ .whole = bytes, .began_us = clock_steady(), .terminal = isatty(STDERR_FILENO) };
}

void progress_show(void *context, uint64_t done_bytes)
{
	static const char full[] = "##############################", empty[] = "..............................";
	struct progress *progress = context;
	int64_t now_us;
	int filled, percent;

	if (!progress->terminal || !progress->whole)
		return;
	now_us = clock_steady();
	if (now_us - progress->began_us < SECOND_US || now_us - progress->shown_us < SECOND_US / 10)
		return;
	percent = (int)(100.0 * (double)done_bytes / (double)progress->whole);
	percent = percent > 100 ? 100 : percent;
	filled = percent * WIDTH / 100;
	fprintf(stderr, "\r[%.*s%.*s] %3d %%", filled, full, WIDTH - filled, empty, percent);
	progress->shown_us = now_us;
	progress->shown = true;
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now(void) { return read_clock(CLOCK_REALTIME); }
int64_t clock_steady(void) { return read_clock(CLOCK_MONOTONIC); }

static int64_t began_us, began_steady_us;

__attribute__((constructor)) static void begin(void)
{
	began_us = clock_now();
	began_steady_us = clock_steady();
}

int64_t clock_patient(void)
{
	int64_t lived_us = began_us + clock_steady() - began_steady_us, now_us = clock_now();

	return now_us < lived_us ? now_us : lived_us;
}

int64_t clock_cpu(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

/* SPDX-License-Identifier: Apache-2.0 */
/* Lets a day pass in minutes: loaded in front of libc, the clock of the day begins at SOON_FROM and runs SOON_TIMES as fast as
 * it does. The steady clock, by which programs wait, is left alone. SOON_BEGAN is when that was agreed upon (microseconds, all of
 * them). The file SOON_STANDS holds two numbers that whoever plays the day changes meanwhile: for how long the clock stood still, and
 * the time of the day at which it stands still until it is told to go on. Who knows all of these reads the same time (soak). */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct stands {
	_Atomic int64_t stood_us, until_us;
};

static int64_t began_us, from_us, times;
static struct stands *stands;

static int64_t number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoll(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void agree(void)
{
	began_us = number("SOON_BEGAN");
	from_us = number("SOON_FROM");
	times = number("SOON_TIMES");
	int file = getenv("SOON_STANDS") ? open(getenv("SOON_STANDS"), O_RDONLY | O_CLOEXEC) : -1;

	stands = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *stands, PROT_READ, MAP_SHARED, file, 0);
	if (times && stands == MAP_FAILED)
		abort();
	close(file);
}

int clock_gettime(clockid_t which, struct timespec *now)
{
	int status = (int)syscall(SYS_clock_gettime, which, now);
	int64_t us;

	if (status != 0 || which != CLOCK_REALTIME || !times)
		return status;
	us = from_us + (now->tv_sec * (int64_t)1000000 + now->tv_nsec / 1000 - began_us - stands->stood_us) * times;
	if (us > stands->until_us)
		us = stands->until_us;
	now->tv_sec = us / 1000000;
	now->tv_nsec = us % 1000000 * 1000;
	return 0;
}

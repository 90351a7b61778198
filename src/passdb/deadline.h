/* SPDX-License-Identifier: Apache-2.0 */
/* One act of a back end has so many seconds (`patience`), from finding the server to its last word. */
#ifndef SEKISHO_PASSDB_DEADLINE_H
#define SEKISHO_PASSDB_DEADLINE_H
#include "base/clock.h"

static inline int64_t deadline_in(unsigned seconds) { return clock_steady() + (int64_t)seconds * 1000000; }

/* never below 0; whole milliseconds, rounded up, so that 0 is over */
static inline int deadline_left_ms(int64_t deadline)
{
	int64_t left = deadline - clock_steady();

	return left > 0 ? (int)((left + 999) / 1000) : 0;
}
#endif

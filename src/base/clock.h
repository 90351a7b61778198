/* SPDX-License-Identifier: Apache-2.0 */
/* The only place that reads a clock. */
#ifndef SEKISHO_BASE_CLOCK_H
#define SEKISHO_BASE_CLOCK_H
#include <stdint.h>

int64_t clock_now(void);         /* microseconds since 1970 */
int64_t clock_steady(void);      /* microseconds, never goes back: for spans */
/* As clock_now, but what it was set ahead by while the program runs does not count: for what is thrown away once it is old
 * enough, lest a clock that is wrong throws it away early. */
int64_t clock_patient(void);
int64_t clock_cpu(void);         /* microseconds of processor time of this process */
#endif

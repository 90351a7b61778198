/* SPDX-License-Identifier: Apache-2.0 */
/* The only place that reads a clock. */
#ifndef SEKISHO_BASE_CLOCK_H
#define SEKISHO_BASE_CLOCK_H
#include <stdint.h>

int64_t clock_now(void);         /* microseconds since 1970 */
int64_t clock_steady(void);      /* microseconds, never goes back: for spans */
int64_t clock_cpu(void);         /* microseconds of processor time of this process */
#endif

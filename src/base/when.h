/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time: int64 microseconds since 1970 UTC, no leap seconds. Only base/clock reads the clock; what is
 * here turns text into points and back. WHEN_NONE means unknown. */
#ifndef SEKISHO_BASE_WHEN_H
#define SEKISHO_BASE_WHEN_H
#include "base/text.h"

#define WHEN_NONE INT64_MIN
#define SECOND_US ((int64_t)1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

enum { WHEN_TEXT_MAX = 40 };

struct civil {
	int year, month, day, hour, minute, second; /* month and day from 1 */
};

int64_t when_from_civil(const struct civil *civil); /* as UTC */
void when_to_civil(int64_t t_us, struct civil *civil);

/* RFC 3339 (also with ' ' for 'T', a comma before the fraction, "+0900", or no offset at all, which then is
 * `offset_s` seconds east); *used tells how many bytes it took */
bool when_parse_rfc3339(struct text text, int offset_s, int64_t *t_us, size_t *used)
	__attribute__((warn_unused_result));
/* what people write in --since: RFC 3339, a date, "2 hours ago", "3d" before `now_us` */
bool when_parse_people(struct text text, int64_t now_us, int offset_s, int64_t *t_us)
	__attribute__((warn_unused_result));

/* RFC 3339 with the offset of the local zone at that time, in whole seconds */
char *when_format(int64_t t_us, char to[WHEN_TEXT_MAX]);
/* "2 h 05 min", "3 d 0 h" */
char *when_format_span(int64_t span_us, char to[WHEN_TEXT_MAX]);
/* seconds that the local zone is east of Greenwich at that time */
int when_local_offset(int64_t t_us);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The hours in which what can wait is not sent: "22:00-07:00" in local time, also over midnight; "" for none. */
#ifndef SEKISHO_NOTICE_QUIET_H
#define SEKISHO_NOTICE_QUIET_H
#include "base/error.h"
#include "base/when.h"

struct quiet {
	int from_minutes, to_minutes; /* of the day; both the same: never */
};

bool quiet_read(struct text words, struct quiet *quiet, struct error *error) __attribute__((warn_unused_result));
/* `offset_s`: seconds that local time is east of Greenwich then */
bool quiet_is(const struct quiet *quiet, int64_t t_us, int offset_s);
#endif

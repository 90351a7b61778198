/* SPDX-License-Identifier: Apache-2.0 */
/* What came back counts once: each recipient of a message, whether the log said that the mail was refused, or a bounce of it was read
 * here, or the same bounce twice; and of one message no more than it had recipients, for whoever got one knows its ids and could
 * forge bounces of it.
 *
 * Two generations of RETURNS_MAX, each for RETURNS_US at most, so that none is forgotten early and all are in the end. */
#ifndef SEKISHO_GATE_RETURNS_H
#define SEKISHO_GATE_RETURNS_H
#include "base/text.h"
#include "base/when.h"

enum { RETURNS_MAX = 500 * 1000 };
#define RETURNS_US (7 * DAY_US)

struct returns;

struct returns *returns_new(void);
void returns_free(struct returns *returns);
/* is this the first time that `what` (a hash) comes back of this message, and are there not `most` already (0: any number)? */
bool returns_first(struct returns *returns, struct text queue_id, uint64_t what, uint32_t most, int64_t now_us);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/audit_lanes.h"

#include <stdlib.h>

#include "base/memory.h"
#include "password/likely.h"

enum { FIRST = 10, SECOND = 30, STEP = 100 };

/* a try in lane i takes less than this; longer ones are in the last. In the first making the list takes longer than trying it. */
static const uint64_t lane_us[AUDIT_LANES - 1] = { 50, 5000, 100000 };

unsigned audit_round_after(unsigned tried)
{
	unsigned bound = tried < FIRST ? FIRST : tried < SECOND ? SECOND : (tried / STEP + 1) * STEP;

	return bound < LIKELY_MAX ? bound : LIKELY_MAX;
}

static unsigned lane_of(const struct audit_subject *subject)
{
	unsigned lane = 0;

	while (lane < AUDIT_LANES - 1 && subject->us >= lane_us[lane])
		lane++;
	return lane;
}

void audit_lanes_init(struct audit_lanes *lanes, const struct audit_subjects *subjects, unsigned depth)
{
	*lanes = (struct audit_lanes){ .depth = depth };
	for (size_t i = 0; i < subjects->count; i++) {
		struct audit_lane *lane = &lanes->lanes[lane_of(&subjects->items[i])];

		if (subjects->items[i].settled)
			continue;
		MEMORY_ROOM(lane->members, lane->count, lane->room);
		lane->members[lane->count++] = &subjects->items[i];
	}
	for (size_t i = 0; i < AUDIT_LANES; i++) {
		lanes->lanes[i].bound = FIRST;
		lanes->lanes[i].done = lanes->lanes[i].count == 0;
	}
}

void audit_lanes_done(struct audit_lanes *lanes)
{
	for (size_t i = 0; i < AUDIT_LANES; i++)
		free(lanes->lanes[i].members);
	*lanes = (struct audit_lanes){ 0 };
}

bool audit_lanes_over(const struct audit_lanes *lanes)
{
	for (size_t i = 0; i < AUDIT_LANES; i++)
		if (!lanes->lanes[i].done)
			return false;
	return true;
}

/* false: this round has been given out */
static bool find_next(struct audit_lane *lane)
{
	while (lane->next < lane->count) {
		const struct audit_subject *subject = lane->members[lane->next];

		if (!subject->settled && subject->result.tried < lane->bound)
			return true;
		lane->next++;
	}
	return false;
}

/* a round begins when the one before is over for everybody in it */
static bool has_work(struct audit_lanes *lanes, struct audit_lane *lane)
{
	while (!lane->done && !find_next(lane)) {
		if (lane->going)
			return false;
		lane->done = lane->bound >= lanes->depth;
		lane->bound = lane == lanes->lanes && lane->bound >= STEP ? LIKELY_MAX : audit_round_after(lane->bound);
		lane->next = 0;
		lanes->rounds++;
	}
	return !lane->done;
}

/* the least deep that has something to do; `behind`: how deep the least is, whether it has or not */
static struct audit_lane *least_deep(struct audit_lanes *lanes, unsigned *behind)
{
	struct audit_lane *found = NULL;

	*behind = LIKELY_MAX;
	for (size_t i = 0; i < AUDIT_LANES; i++) {
		struct audit_lane *lane = &lanes->lanes[i];
		bool ready = has_work(lanes, lane);

		if (!lane->done && lane->bound < *behind)
			*behind = lane->bound;
		if (ready && (!found || lane->bound < found->bound))
			found = lane;
	}
	return found;
}

static struct audit_lane *further_than(struct audit_lanes *lanes, unsigned bound)
{
	struct audit_lane *found = NULL;

	for (size_t i = 0; i < AUDIT_LANES; i++) {
		struct audit_lane *lane = &lanes->lanes[i];

		if (lane->bound > bound && has_work(lanes, lane) && (!found || lane->bound < found->bound))
			found = lane;
	}
	return found;
}

bool audit_lanes_take(struct audit_lanes *lanes, struct audit_turn *turn)
{
	unsigned behind;
	struct audit_lane *lane = least_deep(lanes, &behind), *further;

	if (!lane)
		return false;
	if (lanes->ahead_us * AUDIT_AHEAD_PART < lanes->worked_us && (further = further_than(lanes, behind)))
		lane = further;
	*turn = (struct audit_turn){ lane->members[lane->next++], lane, lane->bound, lane->bound > behind };
	lane->going++;
	return true;
}

void audit_lanes_give_back(struct audit_lanes *lanes, const struct audit_turn *turn, uint64_t took_us)
{
	turn->lane->going--;
	lanes->worked_us += took_us;
	lanes->ahead_us += turn->ahead ? took_us : 0;
}
